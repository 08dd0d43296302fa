import Envelope
import Foundation
import NodeTestSupport
import Practice
import TestSupport
import Testing

@testable import Gateway

extension Flows {
    @Suite("A consent that goes along with its message")
    struct ConsentTravelTests {
        private let reading = Reading(by: .node, purpose: nil, at: TestPKI.now)

        /// Sends a referral from the GP to BUP, and looks at what came along.
        private func carried(
            _ mode: String = "require", _ prepare: (Node, inout Submission) async throws -> Void
        ) async throws -> (found: [CarriedConsent], remarks: [String]) {
            let site = try Site([.gp, .bup], filesItself: false, settings: ["consent.check": mode])
            let (gp, bup) = (try site.open(.gp), try site.open(.bup))
            return try await site.serving([gp, bup]) {
                var submission = Submission(document: try Referral.document())
                try await prepare(gp, &submission)
                let taken = try await gp.intake.submit(submission)
                try await site.steps.first("opened", "bup", kind: Referral.kind)
                return (try await bup.consents.carried(by: Referral.documentID, for: reading), taken[0].remarks)
            }
        }

        @Test("is the one that was signed, bound to the document, and the receiver's node says that it holds")
        func holds() async throws {
            let (found, _) = try await carried { gp, submission in
                try await Consented.record(on: gp)
                submission.carriesConsent = true
            }
            #expect(found.map(\.finding) == [.holds, .holds])
            #expect(Set(found.compactMap(\.consent?.scope)) == ["patient-privacy", "treatment"])
            #expect(found.allSatisfy { $0.consent?.state == .active && $0.summary?.isEmpty == false })
        }

        @Test("stays at home unless somebody wants it to go")
        func notAsked() async throws {
            let (found, remarks) = try await carried { gp, _ in try await Consented.record(on: gp) }
            #expect(found.isEmpty && !remarks.contains { $0.contains("lagt ved") })
        }

        @Test("is missed aloud where the message relies on none")
        func none() async throws {
            let (found, remarks) = try await carried("warn") { _, submission in submission.carriesConsent = true }
            #expect(found.isEmpty && remarks.contains { $0.contains("ikke på noe samtykke") })
        }

        /// What a sender could put together of what it has.
        private func forged(
            _ change: @escaping @Sendable (SignedBytes, ConsentBinding) throws -> ConsentLetter.Item
        ) async throws -> [CarriedConsent.Finding] {
            try await carried { gp, submission in
                try await Consented.record(on: gp)
                let book = gp.consents.book
                let rows = try gp.store.read { try ConsentRows.all(in: $0) }
                let row = try #require(rows.first)
                let binding = ConsentBinding(messageID: Referral.documentID, consent: try book.consent(row))
                let letter = ConsentLetter(consents: [try change(try book.signedBytes(row), binding)])
                submission.attachments = [try NodeNotice.attachment(letter, titled: ConsentLetter.title)]
            }.found.map(\.finding)
        }

        @Test("that was changed after it was signed does not hold")
        func changed() async throws {
            let found = try await forged { signed, binding in
                var text = String(decoding: signed.bytes, as: UTF8.self)
                text = text.replacing("permit", with: "deny")
                let other = SignedBytes(Array(text.utf8), signed.consentSignature)
                #expect(other != signed)
                return ConsentLetter.Item(signed: other, binding: Data(binding.bytes))
            }
            #expect(found == [.signatureDoesNotHold])
        }

        @Test("that was bound to another document does not hold for this one")
        func bound() async throws {
            let found = try await forged { signed, binding in
                let text = String(decoding: binding.bytes, as: UTF8.self).replacing(Referral.documentID, with: "another")
                return ConsentLetter.Item(signed: signed, binding: Data(text.utf8))
            }
            #expect(found == [.boundToAnother])
        }

        @Test("that is nothing of the kind is said to be unreadable")
        func unreadable() async throws {
            let found = try await forged { signed, binding in
                ConsentLetter.Item(
                    signed: SignedBytes(Array("{}".utf8), signed.consentSignature), binding: Data(binding.bytes))
            }
            #expect(found == [.unreadable])
        }
    }
}
