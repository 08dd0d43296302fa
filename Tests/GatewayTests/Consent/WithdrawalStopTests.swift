import Envelope
import Foundation
import GRDB
import NodeTestSupport
import Practice
import TestSupport
import Testing

@testable import Gateway

@Suite("A consent that is taken back", .serialized, .timeLimit(.minutes(5)))
struct WithdrawalStopTests {
    static func taken(_ node: Node) async throws -> MessageRecord {
        try await Consented.record(on: node)
        _ = try await node.intake.submit(Submission(document: Referral.document()))
        return try #require(try node.store.read { try MessageRecord.fetch($0, id: 1) })
    }

    static func withdraw(_ node: Node, receivers: [HERID] = []) async throws -> [WithdrawnConsent.Message.Step] {
        try await node.consents.withdraw(Consented.share, by: .guardian, how: "muntlig, notert av lege 1", receivers: receivers)
            .messages.map(\.step)
    }

    static func state(_ node: Node) throws -> MessageRecord? { try node.store.read { try MessageRecord.fetch($0, id: 1) } }

    @Test("stops what waits, in the commit that stores it, and answers it as stopped", arguments: ["warn", "require"])
    func queued(mode: String) async throws {
        let site = try Site(settings: ["consent.check": mode])
        try await site.with(.gp) { node in
            _ = try await Self.taken(node)
            #expect(try await Self.withdraw(node) == [.stopped])
            #expect(try Self.state(node)?.state == .cancelled)
            #expect(try Self.state(node)?.due == nil)
            #expect(try Self.state(node)?.failure == WithdrawalStop.reason)
            let answer = try #require(try node.store.read { try Data.fetchOne($0, sql: "SELECT bytes FROM withdrawalAnswer") })
            #expect(try WithdrawalAnswer(parsing: Array(answer)).outcome == .stopped)
        }
    }

    @Test("asks back what is being sent at this moment, and says that its receiver must be told")
    func leased() async throws {
        let site = try Site()
        try await site.with(.gp) { node in
            let message = try await Self.taken(node)
            try await node.store.commit { database in
                _ = try Ledger.apply(
                    .leased(by: 1, until: TestPKI.now + 60), to: message.id, at: TestPKI.now, by: .node, in: database)
            }
            #expect(try await Self.withdraw(node) == [.stoppedTell])
            let wish = try #require(try Self.state(node)?.wish.flatMap { MessageWish($0) })
            #expect(wish.kind == .withdraw)
            guard case .cancelled(let reason) = wish.event else { return }
            #expect(reason == WithdrawalStop.reason)
        }
    }

    @Test("a message that rests on nothing of it, or goes to another receiver, is left alone")
    func others() async throws {
        let site = try Site()
        try await site.with(.gp) { node in
            _ = try await Self.taken(node)
            let other = try #require(HERID("80000402"))
            #expect(try await Self.withdraw(node, receivers: [other]).isEmpty)
            #expect(try Self.state(node)?.state == .taken)
            #expect(try node.consents.list().map(\.state) == [.active, .active])
        }
    }

    @Test("what is held because of it is stopped too")
    func held() async throws {
        let site = try Site()
        try await site.with(.gp) { node in
            let message = try await Self.taken(node)
            try await node.store.commit { database in
                _ = try Ledger.apply(.held(reason: "test"), to: message.id, at: TestPKI.now, by: .node, in: database)
            }
            #expect(try await Self.withdraw(node) == [.stopped])
            #expect(try Self.state(node)?.state == .cancelled)
        }
    }

    @Test("a referral stopped so can be handed in again when there is a new consent")
    func again() async throws {
        let site = try Site(settings: ["consent.check": "require"])
        try await site.with(.gp) { node in
            _ = try await Self.taken(node)
            _ = try await Self.withdraw(node)
            await #expect(throws: SubmissionError(.notShareable, "")) {
                _ = try await node.intake.submit(Submission(document: Referral.document()))
            }
            _ = try await node.consents.record(
                Consented.record {
                    ($0.id, $0.givenAt) = ("0b8f5a3e-4a52-4c7b-9a10-6b1f0c2d3e07", TestPKI.now)
                }.bytes())
            _ = try await node.intake.submit(Submission(document: Referral.document()))
        }
    }

    @Test("with the content of a message goes what was asked about it, and the verdict with its record")
    func retention() async throws {
        let site = try Site()
        try await site.with(.gp) { node in
            _ = try await Self.taken(node)
            try await node.store.commit { database in _ = try DestroyedContent.destroy(database, message: 1, at: TestPKI.now) }
            let left = try node.store.read { database in
                try ["sharing", "answeredChecklist", "consentVerdict"].map { table in
                    try Int.fetchOne(database, sql: "SELECT count(*) FROM \(table)") ?? -1
                }
            }
            #expect(left == [0, 0, 1])
            try await node.store.commit { try RecordRows.delete($0, message: 1) }
            let bound = try node.store.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM consentBinding") }
            #expect(bound == 0)
        }
    }
}
