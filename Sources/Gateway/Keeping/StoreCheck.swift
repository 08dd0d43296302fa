import Foundation
import GRDB

/// Whether a store is as it was written: the database, every payload's seal, and files against rows.
public struct StoreCheck: Sendable, Hashable, Codable {
    public enum Kind: String, Sendable, CaseIterable, Codable {
        /// SQLite finds its own structure damaged.
        case database
        /// A row refers to one that is not there.
        case reference
        /// A payload does not carry its seal.
        case payload
        /// A file that a row names is not there.
        case missing
        /// A file that no row names. It costs room, and ``OrphanSweep`` deletes it.
        case orphan
    }

    public struct Finding: Sendable, Hashable, Codable {
        public let kind: Kind
        /// Names messages by number, and files.
        public let what: String
    }

    public internal(set) var messages = 0
    public internal(set) var payloads = 0
    public internal(set) var bytes = 0
    /// In a backup: payloads whose keys have been destroyed since it was made.
    public internal(set) var destroyed = 0
    /// The first of them.
    public internal(set) var findings: [Finding] = []
    /// How many there are in all.
    public internal(set) var count = 0

    /// Whether nothing is wrong. Orphans are untidy, not wrong.
    public var isGood: Bool { !findings.contains { $0.kind != .orphan } }

    static let mostListed = 200

    mutating func found(_ kind: Kind, _ what: String) {
        count += 1
        if findings.count < Self.mostListed { findings.append(Finding(kind: kind, what: what)) }
    }
}

extension GatewayStore {
    /// Checks the whole store while it is in use. It reads everything there is.
    public func check() throws -> StoreCheck { try inspect { try $0.run() } }

    /// Checks the database's pages and structure alone.
    func checkPages() throws -> StoreCheck { try inspect { try $0.runPages() } }

    private func inspect(_ body: (inout StoreInspection) throws -> StoreCheck) throws -> StoreCheck {
        var inspection = StoreInspection(database: database, vault: vault, spool: spool)
        do { return try body(&inspection) } catch let error as DatabaseError { throw unreadable(error) }
    }
}

/// The work of a ``StoreCheck``, on a store in use, in a backup, or just restored.
struct StoreInspection {
    /// Where the keys of payloads lie.
    enum Keys: String {
        case own = "LEFT JOIN contentKey ON contentKey.payload = payload.id"
        /// In a database attached as `kept`.
        case apart = "LEFT JOIN kept.contentKey AS contentKey ON contentKey.name = payload.name"
    }

    let database: any DatabaseReader
    let vault: PayloadVault
    let spool: Spool
    var keys = Keys.own
    /// Files younger than this may still get their rows.
    var orphanAge: TimeInterval? = OrphanSweep.age
    private var check = StoreCheck()

    init(database: any DatabaseReader, vault: PayloadVault, spool: Spool, keys: Keys = .own) {
        (self.database, self.vault, self.spool, self.keys) = (database, vault, spool, keys)
    }

    mutating func run() throws -> StoreCheck {
        guard try structure() else { return check }
        try references()
        try payloads()
        try spooled()
        try orphans()
        return check
    }

    mutating func runPages() throws -> StoreCheck {
        _ = try structure()
        return check
    }

    /// - Returns: whether it makes sense to go on.
    private mutating func structure() throws -> Bool {
        let said: [String]
        do {
            said = try database.read { try String.fetchAll($0, sql: "PRAGMA integrity_check(\(StoreCheck.mostListed))") }
        } catch let error as DatabaseError {
            guard let damage = StoreFile.damage(error) else { throw error }
            check.found(.database, damage.reason)
            return false
        }
        if said == ["ok"] { return true }
        for line in said { check.found(.database, line) }
        return false
    }

    private mutating func references() throws {
        let (rows, messages) = try database.read { database in
            (
                try Row.fetchAll(database, sql: "PRAGMA foreign_key_check").prefix(StoreCheck.mostListed).map { row in
                    "\(row["table"] as String) \((row["rowid"] as Int64?).map { "row \($0)" } ?? "") refers to \(row["parent"] as String)"
                },
                try Int.fetchOne(database, sql: "SELECT count(*) FROM message") ?? 0
            )
        }
        check.messages = messages
        for row in rows { check.found(.reference, row) }
    }

    // MARK: - Payloads

    private mutating func payloads() throws {
        var last: Int64 = 0
        while true {
            let page = try database.read { [keys] database in
                try Row.fetchAll(
                    database,
                    sql: """
                        SELECT payload.id, payload.name, payload.length, payload.sealed, payload.file, contentKey.wrapped,
                          (SELECT message FROM part WHERE part.payload = payload.id LIMIT 1) AS message
                        FROM payload \(keys.rawValue) WHERE payload.id > ? ORDER BY payload.id LIMIT 64
                        """, arguments: [last]
                ).map { (id: $0["id"] as Int64, message: $0["message"] as Int64?, payload: StoredPayload(row: $0)) }
            }
            for one in page { try inspect(one.id, one.message, one.payload) }
            guard let end = page.last else { return }
            last = end.id
        }
    }

    private mutating func inspect(_ id: Int64, _ message: Int64?, _ payload: StoredPayload) throws {
        let owner = message.map { "message #\($0)" } ?? "payload \(id), which no message has"
        if case .file(let name) = payload.place, !FileManager.default.fileExists(atPath: vault.path(name)) {
            // Retention may have taken it since the row was read.
            let isThere = try database.read { database in
                try Bool.fetchOne(database, sql: "SELECT EXISTS (SELECT 1 FROM payload WHERE id = ?)", arguments: [id]) ?? false
            }
            if isThere { check.found(.missing, "\(owner): payloads/\(name) is not there") }
            return
        }
        var length = 0
        do {
            try vault.read(payload) { length += $0.count }
            guard length == payload.length else {
                check.found(.payload, "\(owner): has \(length) bytes where its row says \(payload.length)")
                return
            }
        } catch let error as StoreError where error.code == .destroyed && keys == .apart {
            check.destroyed += 1
            return
        } catch { check.found(.payload, "\(owner): \(error)") }
        check.payloads += 1
        check.bytes += length
    }

    // MARK: - Files

    private mutating func spooled() throws {
        let needed = try database.read { try WireMessage.spooledFilesNeeded($0) }
        for message in Set(needed.map(\.message)).sorted() {
            guard let wire = try database.read({ try WireMessage.fetch($0, message: message) }) else { continue }
            do { check.bytes += try Self.length(of: WireBody(wire, spool: spool)) } catch {
                // Delivered since the row was read: then it went.
                let isNeeded = try database.read { try WireMessage.spooledFilesNeeded($0).contains { $0.message == message } }
                guard isNeeded else { continue }
                let isThere = wire.spooledFiles.allSatisfy { FileManager.default.fileExists(atPath: spool.path($0)) }
                check.found(isThere ? .payload : .missing, "message #\(message): \(error)")
            }
        }
    }

    private static func length(of body: consuming WireBody) throws(StoreError) -> Int {
        var length = 0
        while let piece = try body.next() { length += piece.count }
        return length
    }

    private mutating func orphans() throws {
        let limit = orphanAge.map { Date() - $0 }
        let named = try database.read { try String.fetchSet($0, sql: "SELECT file FROM payload WHERE file IS NOT NULL") }
        let needed = Set(try database.read { try WireMessage.spooledFilesNeeded($0) }.map(\.file))
        for (folder, known, place) in [(vault.folder, named, "payloads"), (spool.folder, needed, "spool")] {
            for name in try FileManager.default.contentsOfDirectory(atPath: folder).sorted() where !known.contains(name) {
                let facts = try? FileManager.default.attributesOfItem(atPath: folder + "/" + name)
                guard let written = facts?[.modificationDate] as? Date, limit.map({ written < $0 }) ?? true else { continue }
                check.found(.orphan, "\(place)/\(name)")
            }
        }
    }
}

extension WireMessage {
    /// Spooled files of messages that may still have to be sent. One that its receiver has on its disk never goes out again.
    static func spooledFilesNeeded(_ database: Database) throws -> [(message: Int64, file: String)] {
        let rows = try Row.fetchCursor(
            database,
            sql: """
                SELECT message.id, wire.layout FROM message JOIN wire ON wire.message = message.id
                WHERE (message.due IS NOT NULL OR message.state NOT IN ('delivered', 'accepted', 'rejected')) AND wire.layout <> ''
                ORDER BY message.id
                """)
        var files: [(message: Int64, file: String)] = []
        while let row = try rows.next() {
            let id: Int64 = row["id"]
            files += try spooledFiles(ofLayout: row["layout"]).map { (id, $0) }
        }
        return files
    }
}
