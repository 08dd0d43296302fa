import Foundation
import GRDB
import Native
import NodeTestSupport
import TestSupport
import Testing

@testable import Gateway

@Suite("The signed header of what goes out", .serialized, .timeLimit(.minutes(5)))
struct StoredOnceTests {
    /// As the versions before 23 stored it.
    private static let asBefore =
        "UPDATE wire SET soap = substr(body, soapStart + 1, soapLength), soapStart = NULL, soapLength = NULL"
    private static let headers = "SELECT bytes FROM receipt WHERE kind = 'header' AND message = ?"

    @Test("lies in the body alone, and is read and kept as it was signed, as is one that lies beside the body")
    func inBody() async throws {
        let site = try Site()
        try await site.with(.gp) { node in
            _ = try await node.intake.submit(Submission(document: Referral.document()))
            try await node.store.commit { database in
                let sealed = try #require(try AuditTrail.records(of: 1, in: database).last { $0.action == "sealed" })
                func signed() throws -> [UInt8] { try #require(try WireMessage.fetch(database, message: 1)).soap }
                let soap = try signed()
                #expect(Digest.of(soap, .sha256) == sealed.digest)
                #expect(try Int.fetchOne(database, sql: "SELECT length(soap) FROM wire") == 0)
                try database.inSavepoint {
                    _ = try DestroyedContent.destroy(database, message: 1, at: site.clock.now)
                    #expect(try Data.fetchAll(database, sql: Self.headers, arguments: [1]) == [Data(soap)])
                    return .rollback
                }
                try database.execute(sql: Self.asBefore)
                #expect(try signed() == soap)
                _ = try DestroyedContent.destroy(database, message: 1, at: site.clock.now)
                #expect(try Data.fetchAll(database, sql: Self.headers, arguments: [1]) == [Data(soap)])
            }
        }
    }

    @Test("is stored by itself when it goes out in other bytes than its own")
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

    @Test("has its names found, and a message without a document has no empty one")
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
