import Envelope
import Foundation
import GRDB
import Native
import NodeTestSupport
import TestSupport
import Testing

@testable import Gateway

extension Flows {
    @Suite("A message to a node that answers")
    struct DirectFlowTests {
        private static let second = "7c0d7a52-1111-4d0b-9a35-2f6b3c1e7a02"

        private func submit(_ id: String, to node: Node) async throws {
            let document = try Referral.document(replacing: [Referral.documentID: id])
            _ = try await node.intake.submit(Submission(document: document))
        }

        @Test("is taken, sealed and leased in one commit, and goes out as the bytes that lie in the store")
        func oneCommit() async throws {
            let site = try Site()
            let peer = Peer([Replies.acknowledgment])
            try await site.with(.gp) { gp in
                try await site.serving([gp], stubs: [.bup: peer]) {
                    try await submit(Referral.documentID, to: gp)
                    try await site.steps.first("delivered", "gp")
                    let seen = site.steps.events.count
                    site.clock.advance(by: 1)
                    try await submit(Self.second, to: gp)
                    try await site.steps.first("delivered", "gp", after: seen)
                }
                let (trail, wire) = try gp.store.read { database in
                    (try AuditTrail.records(of: 2, in: database), try WireMessage.fetch(database, message: 2))
                }
                #expect(trail.map(\.action) == ["taken", "sealed", "delivered"])
                #expect(trail.map(\.state) == ["taken", "sealed", "delivered"])
                // One after the other, at the same time: nothing came between them.
                #expect(trail[0].sequence + 1 == trail[1].sequence && trail[0].at == trail[1].at)
                #expect(trail[1].digest == Digest.of(try #require(wire).soap, .sha256))
                #expect(peer.received.last?.body == wire?.body)
                #expect(peer.received.count == 2)
            }
        }

        @Test("has its signed header in its bytes alone; it is read and kept as it was signed, as one that lies beside them is")
        func header() async throws {
            let site = try Site()
            try await site.with(.gp) { gp in
                try await site.serving([gp], stubs: [.bup: Peer([Replies.acknowledgment])]) {
                    try await submit(Referral.documentID, to: gp)
                    try await site.steps.first("delivered", "gp")
                }
                let now = site.clock.now
                @Sendable func kept(_ database: Database) throws -> [Data] {
                    _ = try DestroyedContent.destroy(database, message: 1, at: now)
                    return try Data.fetchAll(database, sql: "SELECT bytes FROM receipt WHERE kind = 'header'")
                }
                try await gp.store.commit { database in
                    let sealed = try AuditTrail.records(of: 1, in: database).first { $0.action == "sealed" }
                    let soap = try #require(try WireMessage.fetch(database, message: 1)).soap
                    #expect(sealed?.digest == Digest.of(soap, .sha256))
                    #expect(try Int.fetchOne(database, sql: "SELECT length(soap) FROM wire") == 0)
                    try database.inSavepoint {
                        let headers = try kept(database)
                        #expect(headers == [Data(soap)])
                        return .rollback
                    }
                    // As the versions before 23 stored it.
                    try database.execute(
                        sql: """
                            UPDATE wire SET soap = substr(body, soapStart + 1, soapLength), soapStart = NULL, soapLength = NULL
                            """)
                    #expect(try WireMessage.fetch(database, message: 1)?.soap == soap)
                    #expect(try kept(database) == [Data(soap)])
                }
            }
        }

        @Test("carries what that commit found settled about sharing, and is asked about where somebody had said something")
        func sharing() async throws {
            let site = try Site(settings: ["consent.check": "warn"])
            let peer = Peer([Replies.acknowledgment])
            let ids = [Referral.documentID, Self.second, "7c0d7a52-1111-4d0b-9a35-2f6b3c1e7a03"]
            try await site.with(.gp) { gp in
                try await site.serving([gp], stubs: [.bup: peer]) {
                    for id in ids {
                        let seen = site.steps.events.count
                        if id == ids[2] { try await Consented.record(on: gp) }
                        try await submit(id, to: gp)
                        try await site.steps.first("delivered", "gp", after: seen)
                        site.clock.advance(by: 1)
                    }
                }
                let (verdicts, trail) = try gp.store.read { database in
                    (
                        try [2, 3].map { try ConsentRows.verdicts(of: $0, in: database) },
                        try [2, 3].map { try AuditTrail.records(of: $0, in: database).map(\.at) }
                    )
                }
                for verdicts in verdicts { #expect(verdicts.map(\.checkpoint) == ["submission", "sending"]) }
                #expect(verdicts[0].map(\.decision) == ["needs", "needs"])
                #expect(verdicts[0].map(\.at) == Array(trail[0].prefix(2)))
                #expect(verdicts[1].map(\.decision) == ["allowed", "allowed"])
                #expect(verdicts[1].map(\.consents?.count) == [2, 2])
            }
        }

        @Test("that is refused as a repeat leaves nothing, and the next one goes out")
        func repeated() async throws {
            let site = try Site()
            let peer = Peer([Replies.acknowledgment])
            try await site.with(.gp) { gp in
                try await site.serving([gp], stubs: [.bup: peer]) {
                    try await submit(Referral.documentID, to: gp)
                    try await site.steps.first("delivered", "gp")
                    for _ in 0..<40 {
                        await #expect(throws: SubmissionError(.duplicate, "")) { try await submit(Referral.documentID, to: gp) }
                    }
                    let seen = site.steps.events.count
                    try await submit(Self.second, to: gp)
                    try await site.steps.first("delivered", "gp", after: seen)
                }
                let count = try gp.store.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM wire") }
                #expect(count == 2 && peer.received.count == 2)
            }
        }
    }
}
