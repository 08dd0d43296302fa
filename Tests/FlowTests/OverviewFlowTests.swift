import Foundation
import Gateway
import NodeTestSupport
import TestSupport
import Testing

extension Flows {
    @Suite("What is known of a child, after a referral and its answer")
    struct OverviewFlowTests {
        private static func overview(_ node: Node) async throws -> ChildOverview {
            let reading = Reading(by: .command(), purpose: ReadingPurpose("oppfølging"), at: TestPKI.now)
            return try await node.overview(for: reading).overview(of: .message(Referral.documentID))
        }

        @Test("both sides see what was shared, the answer with whom to call, and who has opened it")
        func answered() async throws {
            let site = try Site([.gp, .bup, .oslo], filesItself: false, settings: Answers.mailbox)
            let nodes = [try site.open(.gp), try site.open(.bup), try site.open(.oslo)]
            let (gp, bup) = (nodes[0], nodes[1])
            try await site.serving(nodes) {
                _ = try await gp.intake.submit(Submission(document: Referral.document()))
                try await site.steps.first("delivered", "gp")
                let before = try #require(try await Self.overview(bup).messages.first)
                #expect(
                    before.nextStep == .ourAnswer && before.deadline != nil && before.opened.isEmpty && before.answered == nil)
                _ = try await bup.store.receivedDocument(
                    Referral.documentID, for: Reading(by: .command(), purpose: ReadingPurpose("vurdering"), at: TestPKI.now))
                let given = try await AnswerDesk(bup, converter: Answers.converter).give(
                    Answers.acceptance(), to: Referral.documentID)
                for message in given.messages {
                    try await site.steps.first { $0.step.what == "opened" && $0.message.messageID == message.messageID }
                }
                let referral = try #require(try await Self.overview(bup).messages.first)
                #expect(referral.answered?.kind == "acceptance" && referral.nextStep == .file)
                #expect(referral.opened.map(\.purpose) == ["vurdering"])
                #expect(referral.contact?.phone != nil && referral.contact?.role != nil)
                let theirs = try await Self.overview(gp)
                #expect(theirs.messages.map(\.direction) == [.out, .in])
                #expect(theirs.messages.map(\.title) == ["Henvisning BUP", "Status på henvisning"])
                #expect(theirs.messages[0].nextStep != .theirAnswer && theirs.messages[0].basis != nil)
                for word in ["17831490128", "Blåklokke"] { #expect(!theirs.text.contains(word)) }
            }
        }
    }
}
