import Foundation
import GRDB
import Native

/// How database files of the store are opened: with check values on their pages, so that what the disk changed is an error and
/// never an answer.
enum StoreFile {
    static let remedy = "Put the store back from a backup ('msggw restore'); see 'A damaged store' in docs/KEEPING.md"

    static func configuration(readonly: Bool = false, checksReferences: Bool = true) -> Configuration {
        _ = PageGuard.install()
        var configuration = Configuration()
        configuration.label = "msggw"
        configuration.busyMode = .timeout(20)
        // GRDB would ask for more, which only an administrator's process gets; libdispatch complains of each thread.
        configuration.qos = .default
        configuration.readonly = readonly
        configuration.foreignKeysEnabled = checksReferences
        return configuration
    }

    /// What to say of a page that does not fit its check value; nil when the error is another.
    static func damage(_ error: DatabaseError) -> StoreError? {
        guard error.extendedResultCode == .SQLITE_IOERR_DATA else { return nil }
        let place = PageGuard.refused ?? "a page of the store"
        return StoreError(
            .damaged,
            reason:
                "\(place) is not as it was written: the disk changed it, or a program that is not msggw wrote into the store. \(remedy)"
        )
    }

    // MARK: - Stores of versions that had no check values

    /// Whether a database was made without room for check values.
    static func isWithoutRoom(_ path: String) throws(StoreError) -> Bool {
        guard PageGuard.install(), FileManager.default.fileExists(atPath: path) else { return false }
        let header = try FileReader(path, followsLinks: true).read(100)
        return header.starts(with: Array("SQLite format 3\0".utf8)) && header.count == 100 && header[20] == 0
    }

    /// Brings an older store up to date and writes it anew, with room for check values. Nobody else can have it open meanwhile.
    ///
    /// Each step is a transaction. The new pages go through a log that holds nothing else: whoever finds it after a kill finds all of
    /// them or none.
    ///
    /// - Throws: ``StoreError`` `.inUse` when others are at the store.
    static func giveRoom(_ path: String) throws {
        var configuration = configuration()
        // Before the first look: then the connection has the database for itself.
        configuration.prepareDatabase { try $0.execute(sql: "PRAGMA locking_mode = EXCLUSIVE; PRAGMA synchronous = FULL") }
        let database = try DatabaseQueue(path: path, configuration: configuration)
        try database.writeWithoutTransaction { database in
            _ = try Row.fetchOne(database, sql: "PRAGMA journal_mode = WAL")
            try database.execute(sql: "PRAGMA synchronous = FULL")
        }
        try StoreSchema.migrator.migrate(database)
        try database.writeWithoutTransaction { database in
            try putLogAway(database)
            if try !isGuarded(database) { try database.execute(sql: "VACUUM") }
            try putLogAway(database)
            guard try isGuarded(database) else {
                throw StoreError(.cannotOpen, reason: "the pages of the store could not be given check values")
            }
        }
        try database.close()
    }

    /// Copies the log into the database and empties it.
    ///
    /// - Throws: ``StoreError`` `.inUse` when others read.
    private static func putLogAway(_ database: Database) throws {
        let result = try Row.fetchOne(database, sql: "PRAGMA wal_checkpoint(TRUNCATE)")
        guard result?[0] == 0 else {
            throw StoreError(.inUse, reason: "the store is kept busy by another process; try again later")
        }
    }

    /// Whether the pages of this connection's database are checked.
    static func isGuarded(_ database: Database) throws -> Bool {
        try String.fetchOne(database, sql: "PRAGMA page_guard") == "on"
    }
}
