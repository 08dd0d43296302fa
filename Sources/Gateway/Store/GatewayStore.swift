import Foundation
import GRDB
import Native

/// Everything a node knows, in one folder: `gateway.sqlite`, `payloads/` (sealed), `spool/` (what is on the wire, encrypted
/// by its sender for its receiver).
///
/// One writer commits in groups, readers see the last commit. A commit that returned is on the disk.
public final class GatewayStore: Sendable {
    let folder: String
    let database: any DatabaseWriter
    /// For reads of one statement; nil when the rows lie in no file.
    private let reader: DatabaseQueue?
    let writer: GroupCommit
    /// nil when the rows lie in no file, or somebody else gives the turns.
    let checkpoints: LogCheckpoints?
    let vault: PayloadVault
    let said = SaidSoFar()
    let spool: Spool
    /// Where everything is pinned that someone must be told of.
    public let alerts = AlertBoard()
    /// How long each kind of message may take.
    public let deadlines: DeadlineTable
    /// Whether the disk can be trusted; as a service it ends the daemon when it cannot.
    let disk = DiskFault()

    /// Opens the store, making it when the folder is empty.
    ///
    /// - Parameters:
    ///   - folder: made with owner-only permissions when it is not there.
    ///   - key: the store key. A store made with another key is refused, before anything is read or written.
    ///   - deadlines: what messages get that come into the store.
    ///   - surroundings: a simulation's rows lie in its memory; everybody else's in a file that waits for the disk.
    /// - Throws: ``StoreError`` `.cannotOpen`, `.wrongKey`, `.notDurable`.
    public init(
        folder: URL, key: StoreKey, deadlines: DeadlineTable = DeadlineTable(), surroundings: Surroundings = .system
    ) throws(StoreError) {
        self.deadlines = deadlines
        let path = folder.path
        self.folder = path
        for name in ["", "/payloads", "/spool"] {
            do {
                try FileManager.default.createDirectory(
                    atPath: path + name, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            } catch {
                throw StoreError(
                    .cannotOpen,
                    reason:
                        "cannot make the folder \(path + name): \(error.localizedDescription) Correct store.folder, or let the user that runs msggw write there"
                )
            }
        }
        do {
            if let simulated = surroundings.database {
                database = simulated
            } else {
                let name = path + "/gateway.sqlite"
                let isCut = try LogCheck.refuseDamaged(database: name)
                try StoreSchema.refuseUnsuitable(name)
                if try StoreFile.isWithoutRoom(name) { try Self.giveRoom(folder: path) }
                let file = try Self.openDatabase(name)
                if isCut { try file.writeWithoutTransaction { _ = try $0.checkpoint(.truncate) } }
                try Self.assertDurable(file)
                database = file
            }
            try Self.migrate(database, folder: path)
            try Self.checkKey(key, in: database)
            reader = surroundings.database == nil ? try Self.openReader(path + "/gateway.sqlite") : nil
        } catch let error as StoreError {
            throw error
        } catch {
            throw Self.refusal(to: path, error)
        }
        database.add(transactionObserver: alerts)
        let isOurs = surroundings.database == nil && surroundings.turns == nil
        checkpoints = isOurs ? LogCheckpoints(path: path + "/gateway.sqlite", writer: database, disk: disk) : nil
        writer = GroupCommit(
            database, disk: disk, checkpoints: checkpoints, turns: surroundings.turns, observation: surroundings.observation)
        vault = PayloadVault(folder: path + "/payloads", key: key.aead, disk: disk, observation: surroundings.observation)
        spool = Spool(folder: path + "/spool", store: path, disk: disk)
    }

    /// What only needs time or room is no fault of the settings: systemd does not start a node again that says 78.
    static func refusal(to path: String, _ error: any Error) -> StoreError {
        if let damage = (error as? DatabaseError).flatMap(StoreFile.damage) { return damage }
        return switch (error as? DatabaseError)?.resultCode {
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            StoreError(.inUse, reason: "the store in \(path) is kept busy by another process (\(reason(error))); try again later")
        case .SQLITE_FULL, .SQLITE_IOERR, .SQLITE_NOMEM:
            StoreError(
                .diskFailed,
                reason: "cannot open the store in \(path): \(reason(error)); look at the disk (space, errors), then start again")
        default:
            StoreError(
                .cannotOpen,
                reason: "cannot open the store in \(path): \(reason(error)); the user that runs msggw must be able to write it")
        }
    }

    /// Each migration is a transaction: one that was interrupted has not begun. A store with messages in it changes its tables only
    /// while nobody serves it: a daemon of the version before would wait for the change, and not know the tables after it.
    private static func migrate(_ database: any DatabaseWriter, folder: String) throws {
        let (isNew, isCurrent) = try database.read { database in
            (
                try StoreSchema.migrator.appliedIdentifiers(database).isEmpty,
                try StoreSchema.migrator.hasCompletedMigrations(database)
            )
        }
        if isCurrent { return }
        let claimed = isNew ? nil : try StoreLock(folder: folder)
        try withExtendedLifetime(claimed) { try StoreSchema.migrator.migrate(database) }
    }

    /// A store of a version without check values gets them at its first opening, while nobody serves it.
    private static func giveRoom(folder: String) throws {
        let claimed = try StoreLock(folder: folder)
        try withExtendedLifetime(claimed) { try StoreFile.giveRoom(folder + "/gateway.sqlite") }
    }

    /// The connection that writes is the last to close: only then does SQLite put the log into the database and delete it.
    deinit {
        checkpoints?.close()
        try? reader?.close()
    }

    /// Makes the tables, for whoever keeps the rows somewhere else and copies them.
    package static func prepare(_ database: any DatabaseWriter) throws { try StoreSchema.migrator.migrate(database) }

    private static func openDatabase(_ path: String) throws -> DatabasePool {
        var configuration = StoreFile.configuration()
        configuration.maximumReaderCount = 4
        // Health data lies sealed, but identifiers of parties and messages do not: nobody else may read them either.
        if !FileManager.default.fileExists(atPath: path) {
            guard FileManager.default.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0o600]) else {
                throw StoreError(.cannotOpen, reason: "cannot make \(path)")
            }
        }
        let database = try DatabasePool(path: path, configuration: configuration)
        // GRDB sets NORMAL when it turns WAL on, after `prepareDatabase`; FULL set there would be lost.
        try database.writeWithoutTransaction { database in
            try database.execute(sql: "PRAGMA synchronous = FULL")
            // Less than 64 MB: the default of 1000 pages makes the checkpoint the slowest commit by ten times. Most of these are
            // in the database by then; see LogCheckpoints.
            try database.execute(sql: "PRAGMA wal_autocheckpoint = 14000")
            // What is freed is overwritten with zeros.
            try database.execute(sql: "PRAGMA secure_delete = ON")
        }
        return database
    }

    private static func openReader(_ path: String) throws -> DatabaseQueue {
        var configuration = StoreFile.configuration(readonly: true)
        configuration.label = "msggw.reader"
        return try DatabaseQueue(path: path, configuration: configuration)
    }

    /// SQLite must say itself that a commit waits for the disk.
    static func assertDurable(_ database: DatabasePool) throws {
        let (journal, synchronous) = try database.writeWithoutTransaction { database in
            (try String.fetchOne(database, sql: "PRAGMA journal_mode"), try Int.fetchOne(database, sql: "PRAGMA synchronous"))
        }
        guard journal == "wal", synchronous == 2 else {
            throw StoreError(
                .notDurable,
                reason:
                    "the store would not wait for the disk (journal_mode \(journal ?? "?"), synchronous \(synchronous ?? -1); wal and 2 are needed)"
            )
        }
    }

    private static func checkKey(_ key: StoreKey, in database: any DatabaseWriter) throws {
        let fingerprint = key.fingerprint
        try database.write { database in
            if let known = try String.fetchOne(database, sql: "SELECT value FROM fact WHERE name = 'storeKey'") {
                guard known == fingerprint else {
                    throw StoreError(
                        .wrongKey,
                        reason: "the store key is not the one this store was made with; put back the key file that belongs to it")
                }
            } else {
                try database.execute(sql: "INSERT INTO fact (name, value) VALUES ('storeKey', ?)", arguments: [fingerprint])
            }
        }
    }

    /// Reads at the last commit.
    func read<Result>(_ body: (Database) throws -> Result) throws -> Result {
        do {
            // Rows in memory have one connection, and nobody writes beside a read; a read of GRDB's makes its statements anew.
            return try reader == nil ? database.unsafeRead(body) : database.read(body)
        } catch let error as DatabaseError {
            throw unreadable(error)
        }
    }

    /// Reads with one statement at the last commit. It is asked for every message that comes in: a transaction of its own and
    /// a connection out of the pool would cost several times the statement.
    func look<Result>(_ body: (Database) throws -> Result) throws -> Result {
        guard let reader else { return try read(body) }
        do { return try reader.unsafeRead(body) } catch let error as DatabaseError {
            throw unreadable(error)
        }
    }

    func unreadable(_ error: DatabaseError) -> StoreError {
        disk.note(error)
        return StoreFile.damage(error) ?? StoreError(.cannotOpen, reason: "the store cannot be read: \(Self.reason(error))")
    }

    /// What SQLite says, without the statement: its arguments are none of a log's business.
    private static func reason(_ error: any Error) -> String {
        guard let error = error as? DatabaseError else { return error.localizedDescription }
        return error.message ?? "\(error.resultCode)"
    }

    /// Tells the daemon that runs on this store, if one does, to look for what a command has put there.
    public func wakeDaemon() { WakePipe.poke(folder: folder) }

    /// Commits `body` together with whatever else is waiting; returns when it is on the disk.
    func commit<Result: Sendable>(_ body: @escaping @Sendable (Database) throws -> Result) async throws -> Result {
        try await writer.commit(body)
    }

    /// Shows that the store takes commits. A transaction that writes nothing reaches no disk, and would succeed on a full one; this
    /// one writes unless that was shown within the last ten seconds.
    func proveThatItCommits(at now: Date) async throws {
        try await commit { try Self.proveThatItCommits(at: now, in: $0) }
    }

    /// Returns when everything that the store shows at this moment is on the disk.
    ///
    /// Mostly it is. But the first who opens a store after the last process has ended is shown whatever the log holds: also a commit
    /// that nobody was told of, because its process died before it was synchronised, or because the disk failed it.
    func confirm(at now: Date) async throws { try await commit { try Fact.set($0, .provedToCommit, now) } }

    static func proveThatItCommits(at now: Date, in database: Database) throws {
        if let last = try Fact.date(database, .provedToCommit), abs(now.timeIntervalSince(last)) < 10 { return }
        try Fact.set(database, .provedToCommit, now)
    }
}

/// Where ciphertext lies: parts being received, and parts of messages that are being sent.
struct Spool: Sendable {
    let folder: String
    /// The store's folder.
    let store: String
    var disk: DiskFault?
    /// Bytes that arriving parts must leave free; nil for ``DiskRoom``'s own figure.
    var reserve: UInt64?

    func path(_ name: String) -> String { folder + "/" + name }

    /// Deletes a file that no message needs any more; while a backup is being made, ``OrphanSweep`` does it later.
    func delete(_ name: String) {
        if !KeepingLock.isHeld(store: store) { try? FileManager.default.removeItem(atPath: path(name)) }
    }
}
