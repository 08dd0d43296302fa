import Foundation
import GRDB
import TestSupport
import Testing

@testable import Gateway

@Suite("The audit trail")
struct AuditTrailTests {
    @Test("has a record for every event, each after the one before it")
    func chained() async throws {
        let fixture = try LedgerFixture()
        try await fixture.store.commit { database in
            for state in MessageState.allCases { _ = try LedgerFixture.message(in: state, database) }
        }
        let records = try fixture.store.read { database in
            try Row.fetchAll(database, sql: "SELECT * FROM audit ORDER BY id").map { AuditRecord($0) }
        }
        #expect(records.count > MessageState.allCases.count)
        var hash = AuditRecord.beginning
        for (index, record) in records.enumerated() {
            #expect(record.sequence == Int64(index + 1))
            hash = record.hash(after: hash)
            #expect(record.hash == hash)
        }
    }

    @Test(
        "refuses to be changed, cut or written over through SQLite",
        arguments: [
            "UPDATE audit SET detail = 'x' WHERE id = 2", "DELETE FROM audit WHERE id = 3", "DELETE FROM audit",
            "INSERT OR REPLACE INTO audit SELECT * FROM audit WHERE id = 2",
            "INSERT INTO audit SELECT id + 5, at, actor, action, message, messageID, state, detail, purpose, digest, hash FROM audit",
        ])
    func appendOnly(sql: String) async throws {
        let fixture = try LedgerFixture()
        try await fixture.store.commit { database in _ = try LedgerFixture.message(in: .accepted, database) }
        let error = await #expect(throws: DatabaseError.self) {
            try await fixture.store.commit { database in try database.execute(sql: sql) }
        }
        #expect(error?.message?.contains("audit trail") == true)
    }

    @Test("takes over the steps of a store of an earlier version, in their order")
    func migrated() throws {
        let scratch = try ScratchFolder()
        let pool = try DatabasePool(path: scratch.path + "/old.sqlite")
        try StoreSchema.migrator.migrate(pool, upTo: "3 delivery, deadlines, alerts, audit trail")
        try pool.write { database in
            try database.execute(
                sql: """
                    INSERT INTO message (id, direction, state, kind, messageID, conversationID, documentID, documentGenerated, cpaID,
                      sender, receiver, protection, created, updated)
                    VALUES (4, 'out', 'sealed', 'HENVISNING', 'm4', 'c', '', '', '', '1', '2', 'strong', 1, 1),
                           (5, 'in', 'opened', 'HENVISNING', 'm5', 'c', '', '', '', '2', '1', 'strong', 1, 1);
                    INSERT INTO step (message, at, what, detail)
                    VALUES (4, 10, 'taken', NULL), (5, 20, 'opened', '1 deviations tolerated'), (4, 15, 'sealed', 'strong, 9 bytes')
                    """)
        }
        try StoreSchema.migrator.migrate(pool)
        let records = try pool.read { database in
            try Row.fetchAll(database, sql: "SELECT * FROM audit ORDER BY id").map { AuditRecord($0) }
        }
        #expect(records.map(\.action) == ["taken", "opened", "sealed"])
        #expect(records.map(\.messageID) == ["m4", "m5", "m4"])
        #expect(records.map(\.microseconds) == [10, 20, 15])
        #expect(records.map(\.sequence) == [1, 2, 3])
        var hash = AuditRecord.beginning
        for record in records {
            hash = record.hash(after: hash)
            #expect(record.hash == hash)
        }
        #expect(try pool.read { try $0.tableExists("step") } == false)
    }

    @Test("has other bytes for every other record, also when text moves from one field to the next")
    func canonical() {
        var record = AuditRecord(at: TestPKI.now, by: .node, action: "ab", detail: "c")
        record.sequence = 1
        var moved = record
        (moved.action, moved.detail) = ("a", "bc")
        var empty = record
        empty.purpose = ""
        let bytes = [record, moved, empty].map { $0.canonicalBytes(after: AuditRecord.beginning) }
        #expect(Set(bytes).count == 3)
    }
}
