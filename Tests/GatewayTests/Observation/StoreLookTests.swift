import Foundation
import GRDB
import TestSupport
import Testing

@testable import Gateway

@Suite("What the store says about itself")
struct StoreLookTests {
    private let scratch: ScratchFolder
    private let store: GatewayStore
    private let events: EventCount
    private let now = Date(timeIntervalSince1970: 1_795_000_000)

    init() throws {
        scratch = try ScratchFolder()
        let key = try StoreKey(bytes: [UInt8](repeating: 7, count: 32))
        store = try GatewayStore(folder: URL(filePath: scratch.path + "/store"), key: key)
        events = try store.read { try EventCount(after: $0) }
    }

    /// Puts a row there, with nothing but what is counted.
    private static func insert(
        _ database: Database, _ direction: String, _ state: String, kind: String = "HENVISNING", to destination: String = "",
        created: Date
    ) throws {
        try database.execute(
            sql: """
                INSERT INTO message (direction, state, kind, messageID, conversationID, documentID, documentGenerated, cpaID,
                  sender, receiver, protection, created, updated, due, destination)
                VALUES (?, ?, ?, '', '', '', '', '', '', '', 'strong', ?, 0, ?, ?)
                """,
            arguments: [
                direction, state, kind, created.microseconds, ["taken", "sealed"].contains(state) ? 0 : nil, destination,
            ])
    }

    private func look() throws -> LookedUp {
        var looked = LookedUp()
        try store.read { try StoreLook.look($0, events, at: now, into: &looked) }
        return looked
    }

    private static func values(_ samples: [Sample]) -> [[String]: Double] {
        Dictionary(uniqueKeysWithValues: samples.map { ($0.labels, $0.value) })
    }

    /// Counted row by row.
    private static func counted(_ database: Database) throws -> [[String]: Int] {
        let rows = try Row.fetchAll(
            database,
            sql: """
                SELECT direction, state, kind IN ('APPREC', 'Acknowledgment', 'MessageError') AS isReceipt, destination,
                  count(*) AS count
                FROM message GROUP BY 1, 2, 3, 4
                """)
        return Dictionary(
            uniqueKeysWithValues: rows.map { (["\($0[0] as String)", $0[1], "\($0[2] as Int)", $0[3]], $0["count"]) })
    }

    /// As the triggers have counted it.
    private static func kept(_ database: Database) throws -> [[String]: Int] {
        let rows = try Row.fetchAll(database, sql: "SELECT * FROM tally WHERE count <> 0")
        return Dictionary(
            uniqueKeysWithValues: rows.map {
                (
                    ["\($0["direction"] as String)", $0["state"], "\($0["isReceipt"] as Int)", $0["destination"]],
                    $0["count"] as Int
                )
            })
    }

    @Test("the counts are those of the rows, whatever is put in, changed, undone and deleted")
    func tallies() async throws {
        var random = SystemRandomNumberGenerator()
        for _ in 1...20 {
            let steps = (1...50).map { _ in (UInt8.random(in: 0...4, using: &random), Int.random(in: 0..<60, using: &random)) }
            try await store.commit { [now] database in
                for (what, number) in steps {
                    let state = MessageState.allCases[number % MessageState.allCases.count].rawValue
                    let destination = ["", "https://a.example:443", "https://b.example:443"][number % 3]
                    switch what {
                    case 0, 1:
                        try Self.insert(
                            database, number % 2 == 0 ? "in" : "out", state,
                            kind: ["HENVISNING", "APPREC", "Acknowledgment", "MessageError"][number / 2 % 4],
                            to: destination, created: now)
                    case 2:
                        try database.execute(sql: "UPDATE message SET state = ? WHERE id % 60 = ?", arguments: [state, number])
                    case 3:
                        try database.execute(
                            sql: "UPDATE message SET destination = ?, updated = 1 WHERE id % 60 = ?",
                            arguments: [destination, number])
                    default: try database.execute(sql: "DELETE FROM message WHERE id % 60 = ?", arguments: [number])
                    }
                }
            }
            struct Undone: Error {}
            await #expect(throws: Undone.self) {
                try await store.commit { [now] database in
                    try Self.insert(database, "out", "taken", created: now)
                    throw Undone()
                }
            }
        }
        let (counted, kept) = try store.read { (try Self.counted($0), try Self.kept($0)) }
        #expect(counted.count > 5)
        #expect(kept == counted)
    }

    @Test("the queue is told by destination and state, with the age of the oldest; what has ended is not in it")
    func queue() async throws {
        try await store.commit { [now] database in
            for (state, destination, age) in [
                ("sealed", "https://a.example:443", 60.0), ("sealed", "https://a.example:443", 30), ("taken", "", 5),
                ("held", "https://b.example:443", 86_400), ("delivered", "https://a.example:443", 9e6),
            ] { try Self.insert(database, "out", state, to: destination, created: now - age) }
            try Self.insert(database, "in", "opened", created: now - 7200)
            try Self.insert(database, "in", "filed", created: now - 9e6)
            try Self.insert(database, "out", "delivered", kind: "APPREC", created: now)
        }
        let looked = try look()
        #expect(
            Self.values(looked[.queueDepth]) == [
                ["https://a.example:443", "sealed"]: 2, ["unknown", "taken"]: 1, ["https://b.example:443", "held"]: 1,
            ])
        #expect(
            Self.values(looked[.queueOldest]) == [
                ["https://a.example:443"]: 60, ["unknown"]: 5,
            ])
        #expect(Self.values(looked[.heldOldest]) == [[]: 86_400])
        #expect(Self.values(looked[.inboxOldest]) == [[]: 7200])
        // An AppRec that was delivered waits for no AppRec.
        #expect(Self.values(looked[.receiptsOutstanding]) == [["Acknowledgment"]: 2, ["AppRec"]: 1])
        #expect(Self.values(looked[.messages])[["out", "delivered", "receipt"]] == 1)
    }

    @Test("beyond a number of destinations the further ones are one line")
    func manyDestinations() async throws {
        let many = StoreLook.largestNumberOfDestinations + 50
        try await store.commit { [now] database in
            for number in 1...many {
                try Self.insert(database, "out", "sealed", to: "https://\(number).example:443", created: now - Double(number))
            }
            try Self.insert(database, "out", "sealed", to: "https://7.example:443", created: now)
        }
        let depth = Self.values(try look()[.queueDepth])
        #expect(depth.count == StoreLook.largestNumberOfDestinations + 1)
        #expect(depth[["other", "sealed"]] == 50)
        #expect(depth[["https://7.example:443", "sealed"]] == 2)
    }

    @Test("an empty store has nothing to tell, and says so")
    func empty() throws {
        let looked = try look()
        #expect(looked[.queueDepth].isEmpty)
        #expect(Self.values(looked[.inboxOldest]) == [[]: 0])
        #expect(Self.values(looked[.receiptsOutstanding]) == [["Acknowledgment"]: 0, ["AppRec"]: 0])
        #expect(Self.values(looked[.auditRecords]) == [[]: 0])
    }

    @Test("no question reads the table of messages or the audit trail from end to end")
    func plans() throws {
        let statements = Traced()
        try store.read { database in
            database.trace { statements.add($0.expandedDescription) }
            var looked = LookedUp()
            try StoreLook.look(database, events, at: now, into: &looked)
            database.trace(options: [])
        }
        _ = try store.read { database in
            for statement in statements.all where statement.uppercased().contains("SELECT") {
                for step in try Row.fetchAll(database, sql: "EXPLAIN QUERY PLAN " + statement) {
                    let detail: String = step["detail"]
                    let scans = ["SCAN message", "SCAN audit"].contains { detail.hasPrefix($0) }
                    #expect(!scans, "\(statement): \(detail)")
                }
            }
        }
        #expect(statements.all.count > 4)
    }

    private final class Traced: @unchecked Sendable {
        // Filled and read on this test's task only; GRDB's closure is not sendable by its type.
        private(set) var all: [String] = []
        func add(_ statement: String) { all.append(statement) }
    }

    @Test("a store made before the counts were kept has them counted when it is opened")
    func migrated() throws {
        let path = scratch.path + "/old.sqlite"
        let old = try DatabaseQueue(path: path)
        try StoreSchema.migrator.migrate(old, upTo: "5 since when delivery is tried")
        try old.write { database in
            for number in 1...5 {
                try Self.insert(
                    database, number % 2 == 0 ? "in" : "out", number == 5 ? "sealed" : "filed",
                    kind: number < 3 ? "APPREC" : "HENVISNING", to: number == 5 ? "https://a.example:443" : "", created: now)
            }
        }
        try StoreSchema.migrator.migrate(old)
        let (counted, kept) = try old.read { (try Self.counted($0), try Self.kept($0)) }
        #expect(counted.values.reduce(0, +) == 5)
        #expect(kept == counted)
    }
}
