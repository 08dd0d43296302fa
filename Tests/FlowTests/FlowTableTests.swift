import Foundation
import GRDB
import NodeTestSupport
import TestSupport
import Testing

@testable import Gateway

extension Flows {
    @Suite("What befalls each of the flows")
    struct FlowTableTests {
        @Test(
            "receivers who are away for three days get it when they are back, and people were told meanwhile",
            arguments: Flow.allCases)
        func threeDays(flow: Flow) async throws {
            let site = try Site([.gp, .bup, .oslo], filesItself: true)
            let sender = try site.open(flow.sender)
            let taken = try await site.serving([sender]) {
                let taken = try await sender.intake.submit(flow.submission(from: sender))
                // One is tried for all that wait for the same node.
                try await site.steps.first("postponed", flow.sender.rawValue)
                return taken
            }
            site.clock.advance(by: 3 * 86_400)
            let again = try site.open(flow.sender)
            try await site.serving([again]) {
                try await site.steps.first {
                    $0.node == flow.sender.rawValue && $0.step.what == "postponed" && $0.step.at >= site.clock.now
                }
            }
            // Longer than a destination that does not answer is left alone.
            site.clock.advance(by: 4 * 3600)
            let nodes = try Site.Name.allCases.map { try site.open($0) }
            let last = try #require(nodes.first { $0.settings.node.name == flow.sender.rawValue })
            try await site.serving(nodes) {
                for message in taken {
                    try await site.steps.first {
                        $0.step.what == "accepted" && $0.message.messageID == message.messageID
                    }
                }
            }
            for message in taken {
                #expect(try last.store.status(of: message.messageID).messages[0].state == .accepted)
            }
            let told = try last.store.read {
                try Int.fetchOne($0, sql: "SELECT count(*) FROM alert WHERE kind IN ('deliveryLate', 'destinationUnreachable')")
            }
            #expect((told ?? 0) > 0)
        }

        @Test("what was handed in once is refused when it is handed in again, and nobody gets it twice", arguments: Flow.allCases)
        func duplicate(flow: Flow) async throws {
            let site = try Site([.gp, .bup, .oslo], filesItself: true)
            try await site.with(flow.sender) { sender in
                let taken = try await sender.intake.submit(flow.submission(from: sender))
                await #expect(throws: SubmissionError(.duplicate, "")) {
                    try await sender.intake.submit(flow.submission(from: sender))
                }
                #expect(taken.map(\.receiver.value) == flow.receivers)
                #expect(try sender.store.queue(QueueFilter()).count == flow.receivers.count)
            }
        }

        @Test("a file that no reader could open stops the whole before anything is kept, and is named", arguments: Flow.allCases)
        func attachmentRefused(flow: Flow) async throws {
            let site = try Site([.gp, .bup, .oslo], filesItself: true)
            let locked = try site.attachment("laast.pdf", Array("%PDF-1.7\ntrailer <</Root 1 0 R /Encrypt 12 0 R>>\n%%EOF".utf8))
            try await site.with(flow.sender) { sender in
                let error = await #expect(throws: SubmissionError.self) {
                    try await sender.intake.submit(flow.submission(from: sender, extra: locked))
                }
                let refusal = try #require(error)
                #expect(refusal.code == .attachmentUnreadable && refusal.reason.contains("laast.pdf"))
                let (waiting, files) = (try sender.store.queue(QueueFilter()), try site.storedFiles(flow.sender))
                #expect(waiting.isEmpty && files.isEmpty)
            }
        }
    }
}
