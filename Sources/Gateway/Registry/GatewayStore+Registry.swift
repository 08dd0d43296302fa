import Foundation
import GRDB
import Practice

/// A change of the registry that waits for somebody's word, or that got it.
public struct HeldChange: Sendable, Hashable, Encodable {
    /// HER-id, or `lists` for what a registry holds beside its parties.
    public let subject: String
    public let summary: String
    public let suspicions: [String]
    public let source: String
    public let seen: Date
    /// `approved`, `rejected`, `superseded`; absent while it waits.
    public let decision: String?
    public let decidedBy: String?
    public let decidedAt: Date?
}

/// What a version of the registry changed about one party.
public struct RegistryHistoryLine: Sendable, Hashable, Encodable {
    public let version: Int
    public let day: String
    public let at: Date
    public let source: String
    public let actor: String
    public let change: String
}

extension GatewayStore {
    /// The number of the newest version of the registry in the store; nil while there is none.
    public func registryVersion() throws -> Int? { try look { try RegistryRows.version($0) } }

    /// What the newest version says.
    ///
    /// - Throws: ``RegistryError`` when it cannot be read.
    public func registryBook() throws -> DoorBook { try RegistryRows.book(try read { try RegistryRows.contents($0) }) }

    /// Changes that wait for somebody's word, in the order of their HER-ids.
    public func heldRegistryChanges() throws -> [HeldChange] {
        try read { database in
            try Row.fetchAll(database, sql: "SELECT * FROM registryHeld WHERE decision IS NULL ORDER BY herId").map(
                HeldChange.init)
        }
    }

    /// Every version that changed the party, oldest first, and every change of it that was held.
    public func registryHistory(of party: HERID) throws -> (versions: [RegistryHistoryLine], held: [HeldChange]) {
        let number = DoorID(party).number
        let (rows, held) = try read { database in
            (
                try Row.fetchAll(
                    database,
                    sql: """
                        SELECT registryVersion.*, registryDoor.json FROM registryDoor
                        JOIN registryVersion ON registryVersion.number = registryDoor.version
                        WHERE registryDoor.herId = ? ORDER BY version
                        """, arguments: [number]),
                try Row.fetchAll(database, sql: "SELECT * FROM registryHeld WHERE herId = ? ORDER BY id", arguments: [number])
                    .map(HeldChange.init)
            )
        }
        var before: [Door] = []
        let versions = try rows.map { row in
            let after = try (row["json"] as Data?).map { try RegistryRows.door($0) }
            let change = RegistryDifference(from: before, to: [after].compactMap(\.self)).changes.first
            before = [after].compactMap(\.self)
            return RegistryHistoryLine(
                version: row["number"], day: row["day"], at: Date(microseconds: row["at"]), source: row["source"],
                actor: row["actor"], change: change?.summary ?? "as before")
        }
        return (versions, held)
    }

    /// What is under way: messages that have not left, have not been opened or have not been answered, by the door whose they are.
    /// The same as the day of a reform moves.
    public func inFlight() throws -> [InFlight] {
        try read { try HolderRows.all($0).map(\.inFlight) }
    }
}

extension HeldChange {
    init(_ row: Row) {
        let number: Int64 = row["herId"]
        self.init(
            subject: number == 0 ? RegistryRows.lists : String(number), summary: row["summary"],
            suspicions: (row["suspicions"] as String).split(separator: ",").map(String.init), source: row["source"],
            seen: Date(microseconds: row["seen"]), decision: row["decision"], decidedBy: row["decidedBy"],
            decidedAt: (row["decidedAt"] as Int64?).map { Date(microseconds: $0) })
    }
}

/// Reads and writes the registry's rows, in somebody's transaction.
enum RegistryRows {
    /// What the lists beside the parties are called where a HER-id stands otherwise.
    static let lists = "lists"

    static func version(_ database: Database) throws -> Int? {
        try Int.fetchOne(database, sql: "SELECT max(number) FROM registryVersion")
    }

    /// The newest version as two files of our format: the parties, and everything else.
    struct Contents: Sendable {
        let version: Int
        var doors: [UInt8]
        let lists: [UInt8]?
    }

    static func contents(_ database: Database) throws -> Contents {
        var doors = Array(#"{"parties": ["#.utf8)
        var isFirst = true
        let rows = try Row.fetchCursor(
            database,
            sql: """
                SELECT json FROM registryDoor AS door WHERE json IS NOT NULL
                  AND version = (SELECT max(version) FROM registryDoor WHERE herId = door.herId) ORDER BY herId
                """)
        while let row = try rows.next() {
            if !isFirst { doors.append(UInt8(ascii: ",")) }
            isFirst = false
            doors += row["json"] as Data
        }
        doors += Array("]}".utf8)
        let lists = try Data.fetchOne(
            database, sql: "SELECT lists FROM registryVersion WHERE lists IS NOT NULL ORDER BY number DESC LIMIT 1")
        return Contents(version: try version(database) ?? 0, doors: doors, lists: lists.map { [UInt8]($0) })
    }

    static func book(_ contents: Contents) throws(RegistryError) -> DoorBook {
        let name = "version \(contents.version) of the registry in the store"
        return try RegistryFiles.book([contents.doors] + [contents.lists].compactMap(\.self), names: [name, name], folders: [])
    }

    static func door(_ json: Data) throws(DoorError) -> Door {
        try DoorFile.door([UInt8](json), certificates: StatedCertificates().reading)
    }

    /// A registry without its parties: one text for the same lists.
    static func lists(of book: DoorBook) -> [UInt8] {
        var rest = book
        rest.doors = []
        return DoorFile.written(rest)
    }

    static let noLists = lists(of: DoorBook())

    /// Writes a version and returns its number.
    static func insert(
        _ changes: [DoorChange], lists: [UInt8]?, source: String, by actor: AuditActor, at now: Date, in database: Database
    ) throws -> Int {
        try database.execute(
            sql: "INSERT INTO registryVersion (at, day, source, actor, lists) VALUES (?, ?, ?, ?, ?)",
            arguments: [now.microseconds, DoorDay(inOsloAt: now).description, source, actor.text, lists.map { Data($0) }])
        let number = Int(database.lastInsertedRowID)
        let statement = try database.cachedStatement(sql: "INSERT INTO registryDoor (herId, version, json) VALUES (?, ?, ?)")
        for change in changes {
            try statement.execute(arguments: [change.door.number, number, change.after.map { Data(DoorFile.written($0)) }])
        }
        return number
    }

    /// Holds a change; one about the same party that waits already gives way, unless it is the same.
    static func hold(_ held: Held, source: String, at now: Date, in database: Database) throws {
        let row = try Row.fetchOne(
            database, sql: "SELECT id, json, base FROM registryHeld WHERE herId = ? AND decision IS NULL",
            arguments: [held.number])
        if let row, row["json"] as Data? == held.json, row["base"] as Data? == held.base { return }
        if row != nil { try decide(held.number, "superseded", by: nil, at: now, in: database) }
        try database.execute(
            sql: """
                INSERT INTO registryHeld (herId, base, json, summary, suspicions, source, seen) VALUES (?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [held.number, held.base, held.json, held.summary, held.suspicions, source, now.microseconds])
    }

    static func decide(
        _ number: Int64, _ decision: String, by actor: AuditActor?, at now: Date, in database: Database
    ) throws {
        try database.execute(
            sql: "UPDATE registryHeld SET decision = ?, decidedBy = ?, decidedAt = ? WHERE herId = ? AND decision IS NULL",
            arguments: [decision, actor?.text, now.microseconds, number])
    }

    /// One alert while anything is held, told anew when more comes.
    static func tellOfHeld(at now: Date, in database: Database) throws {
        let open = try Int.fetchAll(database, sql: "SELECT id FROM registryHeld WHERE decision IS NULL ORDER BY id")
        let cause = open.last.map { (AlertSubject.thing("registry", figure: open.count), $0) }
        try AlertBoard.keep(.registryHeld, [cause].compactMap(\.self), at: now, in: database)
    }

    /// What is written of a change that is held.
    struct Held: Sendable {
        let number: Int64
        let base: Data?
        let json: Data?
        let summary: String
        let suspicions: String

        init(_ doubt: AnswerReview.Doubt) {
            number = doubt.change.door.number
            base = doubt.change.before.map { Data(DoorFile.written($0)) }
            json = doubt.change.after.map { Data(DoorFile.written($0)) }
            summary = doubt.change.summary
            suspicions = doubt.suspicions.map(\.rawValue).joined(separator: ",")
        }

        init(lists: [UInt8], base: [UInt8], summary: String) {
            (number, self.base, json) = (0, Data(base), Data(lists))
            (self.summary, suspicions) = (summary, "listsChanged")
        }
    }
}

extension DoorChange {
    var before: Door? {
        switch kind {
        case .added: nil
        case .removed(let door), .changed(let door, _, _): door
        }
    }

    var after: Door? {
        switch kind {
        case .added(let door), .changed(_, let door, _): door
        case .removed: nil
        }
    }
}
