import Envelope
import Foundation
import Gateway
import NodeTestSupport
import TestSupport
import Testing

extension Flows {
    @Suite("Flow 1: a GP's referral to BUP")
    struct FlowOneTests {
        struct Form: Sendable, CustomTestStringConvertible {
            let keys: DemoSite.KeySet
            let protection: String

            var testDescription: String { "\(protection) with \(keys)" }
        }

        static let forms = [
            Form(keys: .rsa3072, protection: "strong"), Form(keys: .p256, protection: "strong"),
            Form(keys: .rsa3072, protection: "national"),
        ]

        @Test("arrives with its attachments byte for byte, and the receipt comes back", arguments: forms)
        func whole(form: Form) async throws {
            let site = try Site(
                keys: form.keys, protection: form.protection == "strong" ? nil : form.protection, filesItself: false)
            let (gp, bup) = (try site.open(.gp), try site.open(.bup))
            let taken = try await site.serving([gp, bup]) {
                let taken = try await gp.intake.submit(
                    Submission(
                        document: Referral.document(), attachments: Referral.attachments.map { SubmittedAttachment(path: $0) }))
                try await site.steps.first("delivered", "gp")
                _ = try await bup.inbox.save(taken[0].messageID, to: site.folder(.bup) + "/filed/" + Referral.receiver)
                try await site.steps.first("accepted", "gp")
                try await site.steps.first("delivered", "bup", kind: "APPREC")
                return taken
            }
            #expect(taken.map(\.receiver.value) == [Referral.receiver])
            #expect(site.steps.steps("gp", .out, Referral.kind) == ["taken", "sealed", "delivered", "accepted"])
            #expect(site.steps.steps("bup", .in, Referral.kind) == ["opened", "filed"])
            // The receipt is not answered with a receipt, at either end.
            #expect(site.steps.steps("bup", .out, "APPREC") == ["taken", "sealed", "delivered"])
            #expect(site.steps.steps("gp", .in, "APPREC") == ["opened"])
            #expect(site.steps.steps("gp", .out, "APPREC").isEmpty && site.steps.steps("bup", .in, "APPREC").isEmpty)
            // What was delivered waits for nothing any more.
            for name in [Site.Name.gp, .bup] { #expect(try !site.storedFiles(name).contains { $0.hasPrefix("spool/") }) }
            try await checkCopy(of: site, at: bup)
            try checkStatus(taken[0], gp, bup)
        }

        private func checkCopy(of site: Site, at bup: Node) async throws {
            let entry = try #require(try bup.inbox.list().first)
            let folder = site.folder(.bup) + "/filed/\(Referral.receiver)/\(entry.id)-HENVISNING_BUP"
            let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
            #expect(names == ["document.xml", "pedagogisk-rapport.pdf", "spoerreskjema.jpg"])
            for path in Referral.attachments {
                let name = try #require(path.split(separator: "/").last)
                #expect(FileManager.default.contents(atPath: "\(folder)/\(name)") == FileManager.default.contents(atPath: path))
            }
            #expect(try await bup.inbox.show(String(entry.id)).attachments.map(\.mediaType) == ["application/pdf", "image/jpeg"])
        }

        private func checkStatus(_ taken: TakenMessage, _ gp: Node, _ bup: Node) throws {
            for name in [taken.messageID, Referral.documentID, taken.conversationID, "1"] {
                let sent = try gp.store.status(of: name).messages[0]
                #expect(sent.state == .accepted && sent.direction == .out && sent.failure == nil && sent.nextAttempt == nil)
                #expect(sent.steps.map(\.what) == ["taken", "sealed", "delivered", "accepted"])
                let received = try bup.store.status(of: name).messages[0]
                #expect(received.state == .filed && received.direction == .in && received.messageID == taken.messageID)
            }
            #expect(throws: StoreError(.notFound, reason: "")) { try gp.store.status(of: "nobody knows this") }
        }

        @Test("with signals of their own, the Acknowledgment is a message and nothing answers it")
        func separateSignals() async throws {
            let site = try Site { $0 = $0.replacing("\"synchronous\"", with: "\"separate\"") }
            let (gp, bup) = (try site.open(.gp), try site.open(.bup))
            try await site.serving([gp, bup]) {
                _ = try await gp.intake.submit(Submission(document: Referral.document()))
                try await site.steps.first("delivered", "gp")
                try await site.steps.first("accepted", "gp")
                // Both messages' Acknowledgments, the referral's and the AppRec's.
                try await site.steps.first("sent", "bup", kind: "Acknowledgment")
                try await site.steps.first("sent", "gp", kind: "Acknowledgment")
                try await site.steps.first("delivered", "bup", kind: "APPREC")
            }
            #expect(try gp.store.status(of: Referral.documentID).messages.first?.state == .accepted)
            for node in ["gp", "bup"] { #expect(site.steps.steps(node, .out, "Acknowledgment") == ["sent"]) }
        }

        @Test("a copy receiver gets a message and a fate of its own, and one that cannot be reached delays nobody")
        func copyReceiver() async throws {
            let site = try Site([.gp, .bup, .oslo])
            let (gp, bup) = (try site.open(.gp), try site.open(.bup))
            try await site.serving([gp, bup]) {
                let taken = try await gp.intake.submit(Submission(document: Dialog.document(copyTo: ["80000110"])))
                #expect(Set(taken.map(\.receiver.value)) == ["80000401", "80000110"])
                #expect(Set(taken.map(\.messageID)).count == 2)
                try await site.steps.first("accepted", "gp", receiver: "80000401")
                try await site.steps.first("postponed", "gp", receiver: "80000110")
                let states = try gp.store.status(of: taken[0].conversationID).messages.filter { $0.direction == .out }
                    .map { [$0.receiver: $0.state] }
                #expect(states == [["80000401": .accepted], ["80000110": .sealed]])

                let oslo = try site.open(.oslo)
                try await site.serving([oslo]) {
                    site.clock.advance(by: 3600)
                    try await site.steps.first("accepted", "gp", receiver: "80000110")
                }
            }
            #expect(site.steps.steps("oslo", .in, Dialog.kind) == ["opened", "filed"])
            let first = site.steps.steps("gp", .out, Dialog.kind, receiver: "80000401")
            // The AppRec may overtake the Acknowledgment.
            #expect(first.filter { $0 != "delivered" } == ["taken", "sealed", "accepted"])
        }
    }
}
