import Envelope
import Foundation
import GRDB
import NodeTestSupport
import TestSupport
import Testing

@testable import Gateway

extension Flows {
    @Suite("What befalls the flows at the receiver's system, and flow 2 when nobody is there")
    struct TechnicalRejectionTests {
        @Test(
            "one receiver's system refuses it: the sender sees which, with the codes, and is told; the others have it all the same",
            arguments: Flow.allCases)
        func refused(flow: Flow) async throws {
            let site = try Site([.gp, .bup, .oslo], filesItself: false)
            let nodes = try Site.Name.allCases.map { try site.open($0) }
            let sender = try #require(nodes.first { $0.settings.node.name == flow.sender.rawValue })
            let refusing = flow.receivers[0]
            try await site.serving(nodes) {
                let taken = try await sender.intake.submit(flow.submission(from: sender))
                for message in taken {
                    try await site.steps.first {
                        $0.node == flow.sender.rawValue && $0.step.what == "delivered"
                            && $0.message.messageID == message.messageID
                    }
                }
                let node = try #require(nodes.first { $0.settings.parties.hosted.contains { $0.value == refusing } })
                _ = try await node.intake.submit(Submission(document: Self.refusal(at: node, for: refusing)))
                try await site.steps.first("rejected", flow.sender.rawValue, receiver: refusing)
                for message in taken {
                    let report = try sender.store.status(of: message.messageID).messages[0]
                    #expect(report.state == (message.receiver.value == refusing ? .rejected : .delivered))
                    #expect((report.receipts.rejected != nil) == (message.receiver.value == refusing))
                }
            }
            let alerts = try sender.store.listAlerts().filter { $0.kind == .documentRejected }
            #expect(alerts.map(\.subject.codes) == [["E10"]] && alerts.first?.subject.receiver == refusing)
        }

        @Test("the referrer's system refuses the status of a rejection: BUP is told; the family's letters arrive all the same")
        func refusedAnswer() async throws {
            let site = try Site([.gp, .bup, .oslo], filesItself: false, settings: Answers.mailbox)
            let nodes = try Site.Name.allCases.map { try site.open($0) }
            let (gp, bup) = (nodes[0], nodes[1])
            try await Later.post(Referral.document(), to: bup)
            try await site.serving(nodes) {
                let given = try await AnswerDesk(bup, converter: Answers.converter).give(Answers.rejection(), to: "#1")
                for message in given.messages {
                    try await site.steps.first {
                        $0.node == "bup" && $0.step.what == "delivered" && $0.message.messageID == message.messageID
                    }
                }
                _ = try await gp.intake.submit(Submission(document: Self.refusal(at: gp, for: Referral.sender)))
                try await site.steps.first("rejected", "bup", receiver: Referral.sender)
                let states = try given.messages.map { try bup.store.status(of: $0.messageID).messages[0].state }
                #expect(states == [.rejected, .delivered, .delivered])
            }
            #expect(try Later.alerts(bup).contains("documentRejected"))
        }

        @Test(
            "a rejection waits three days for referrer and mailbox that are away; each gets its own, and BUP was told meanwhile")
        func away() async throws {
            let site = try Site([.gp, .bup, .oslo], filesItself: true, settings: Answers.mailbox)
            let bup = try site.open(.bup)
            try await Later.post(Referral.document(), to: bup)
            let given = try await site.serving([bup]) {
                let given = try await AnswerDesk(bup, converter: Answers.converter).give(Answers.rejection(), to: "#1")
                for receiver in ["80000601", "80000120"] {
                    try await site.steps.first("postponed", "bup", receiver: receiver)
                }
                return given
            }
            site.clock.advance(by: 3 * 86_400)
            let again = try site.open(.bup)
            try await site.serving([again]) {
                try await site.steps.first { $0.node == "bup" && $0.step.what == "postponed" && $0.step.at >= site.clock.now }
            }
            #expect(try Later.alerts(again).contains("deliveryLate"))
            // Longer than a destination that does not answer is left alone.
            site.clock.advance(by: 4 * 3600)
            let nodes = try Site.Name.allCases.map { try site.open($0) }
            try await site.serving(nodes) {
                for message in given.messages {
                    try await site.steps.first {
                        $0.node == "bup" && $0.step.what == "accepted" && $0.message.messageID == message.messageID
                    }
                }
            }
        }

        /// The negative AppRec of whoever got the last document at that node.
        private static func refusal(at node: Node, for receiver: String) throws -> [UInt8] {
            let message = try #require(node.inbox.list().first { $0.receiver == receiver })
            let summary = try ClinicalDocument(parsing: node.store.receivedDocument(message)).summary
            let addresses = [summary.receiver] + summary.copyReceivers
            return try AppRec.answering(
                summary, status: .rejected, errors: [CodedValue("E10", "Ugyldig meldingsidentifikator")],
                id: "refusal-\(receiver)",
                generated: DocumentTime(TestPKI.now), as: addresses.first { $0.communicationHERID == receiver }
            ).encoded()
        }
    }
}
