import Foundation
import GRDB
import NodeTestSupport
import Practice
import TestSupport
import Testing

@testable import Gateway

@Suite("The version with one row for what is asked of a message", .serialized, .timeLimit(.minutes(5)))
struct SharingSchemaTests {
    private static let looking = "SELECT message FROM sharing WHERE child = ?"

    @Test("a store of the version before finds the messages about a child that it found, by an index")
    func upgraded() async throws {
        let site = try SharingTests.site("warn")
        let mark = try await site.with(.gp) { node in
            _ = try await node.intake.submit(Submission(document: Referral.document()))
            return try #require(try ChildMark.best(of: Consented.record().child, under: node.store.vault.key)).data
        }
        var configuration = Configuration()
        configuration.foreignKeysEnabled = false
        let queue = try DatabaseQueue(path: site.store(.gp) + "/gateway.sqlite", configuration: configuration)
        let text = try String(
            contentsOf: Repository.root.appending(path: "Harness/keeping/old/to-21.sql"), encoding: .utf8)
        try await queue.write { try $0.execute(sql: text) }
        #expect(try await queue.read { try Data.fetchAll($0, sql: "SELECT child FROM sharingChild") } == [mark])
        try queue.close()
        try await site.with(.gp) { node in
            try node.store.read { database in
                #expect(try Int64.fetchAll(database, sql: Self.looking, arguments: [mark]) == [1])
                let plan = try Row.fetchAll(database, sql: "EXPLAIN QUERY PLAN " + Self.looking, arguments: [mark])
                #expect(plan.contains { ($0["detail"] as String).contains("sharingByChild (child=?)") })
                #expect(try !database.tableExists("sharingChild"))
            }
        }
    }
}
