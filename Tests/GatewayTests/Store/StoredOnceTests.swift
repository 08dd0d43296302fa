import GRDB
import NodeTestSupport
import TestSupport
import Testing

@testable import Gateway

@Suite("What a message's rows say once", .serialized, .timeLimit(.minutes(5)))
struct StoredOnceTests {
    @Test("the signed header is stored by itself when it goes out in other bytes than its own")
    func besideBody() async throws {
        let site = try Site()
        try await site.with(.gp) { node in
            _ = try await node.intake.submit(Submission(document: Referral.document()))
            try await node.store.commit { database in
                try WireMessage.delete(database, message: 1)
                try WireMessage(headers: [], pieces: [], body: [1, 2, 3], soap: [4, 5]).insert(database, message: 1)
                let wire = try #require(try WireMessage.fetch(database, message: 1))
                #expect(wire.soap == [4, 5] && wire.body == [1, 2, 3] && wire.soapStart == nil)
            }
        }
    }

    @Test("a message has its names, and one without a document has no empty one")
    func names() async throws {
        let site = try Site()
        try await site.with(.gp) { node in
            _ = try await node.intake.submit(Submission(document: Referral.document()))
            try await node.store.commit { database in
                var record = try #require(try MessageRecord.fetch(database, id: 1))
                func kinds(_ id: Int64) throws -> [String] {
                    try String.fetchAll(database, sql: "SELECT kind FROM name WHERE message = ? ORDER BY kind", arguments: [id])
                }
                #expect(try kinds(1) == ["conversation", "document", "message"])
                (record.documentID, record.state) = ("", .sealed)
                let other = try Ledger.insert(record, .taken, at: site.clock.now, by: .node, in: database)
                #expect(try kinds(other.message.id) == ["conversation", "message"])
            }
        }
    }
}
