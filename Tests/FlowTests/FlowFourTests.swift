import Envelope
import Foundation
import Gateway
import NodeTestSupport
import TestSupport
import Testing

extension Flows {
    @Suite("Flow 4: a discharge summary to everybody who must follow up")
    struct FlowFourTests {
        private static let receivers = ["80000601", "80000203", "80000303", "80000110"]

        private static func epikrise() throws -> Submission {
            Submission(document: Array(try Data(contentsOf: Repository.root.appending(path: "samples/flow4/epikrise.xml"))))
        }

        @Test("the sample is valid by the official schema", .enabled(if: Schema.all != nil, "the schemas are not here"))
        func valid() throws { #expect(try Schema.complaint(about: try Self.epikrise().document) == nil) }

        @Test("reaches referrer, bydel, school health service and PPT, each with its own receipts")
        func everybody() async throws {
            let site = try Site([.gp, .bup, .oslo], filesItself: true)
            let (gp, bup, oslo) = (try site.open(.gp), try site.open(.bup), try site.open(.oslo))
            let taken = try await site.serving([gp, bup, oslo]) {
                let taken = try await bup.intake.submit(Self.epikrise())
                for receiver in Self.receivers { try await site.steps.first("accepted", "bup", receiver: receiver) }
                return taken
            }
            #expect(taken.map(\.receiver.value) == Self.receivers && Set(taken.map(\.messageID)).count == 4)
            for message in taken { #expect(try bup.store.status(of: message.messageID).messages[0].state == .accepted) }
            #expect(try oslo.inbox.list().count == 3 && gp.inbox.list().count == 1)
        }

        @Test("where consent is required, a summary that one receiver may not have without it is refused whole, and says which")
        func noConsent() async throws {
            let site = try Site([.gp, .bup, .oslo], settings: ["consent.check": "require"])
            try await site.with(.bup) { bup in
                let submission = try Self.epikrise()
                let error = await #expect(throws: SubmissionError.self) { try await bup.intake.submit(submission) }
                #expect(error?.code == .notShareable)
                // Whoever referred has it by law; the first that does not is named.
                #expect(error?.reason.contains("80000601") == false && error?.reason.contains("Blåklokke") == false)
                #expect(Self.receivers.dropFirst().contains { error?.reason.contains($0) == true }, "\(error?.reason ?? "")")
                #expect(try bup.store.queue(QueueFilter()).isEmpty)
            }
        }

        @Test("one receiver that nobody reaches holds up none of the others, and the sender sees which it is")
        func oneAway() async throws {
            let site = try Site([.gp, .bup, .oslo], filesItself: true)
            let (bup, oslo) = (try site.open(.bup), try site.open(.oslo))
            let taken = try await site.serving([bup, oslo]) {
                let taken = try await bup.intake.submit(Self.epikrise())
                for receiver in Self.receivers.dropFirst() { try await site.steps.first("accepted", "bup", receiver: receiver) }
                return taken
            }
            let states = try taken.map { try bup.store.status(of: $0.messageID).messages[0].state }
            #expect(states.dropFirst().allSatisfy { $0 == .accepted })
            #expect([MessageState.taken, .sealed].contains(states[0]))
        }
    }
}
