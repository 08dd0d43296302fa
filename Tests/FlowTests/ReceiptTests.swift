import Envelope
import Foundation
import Gateway
import NodeTestSupport
import TestSupport
import Testing

extension Flows {
    @Suite("Receipts that come as messages of their own")
    struct ReceiptTests {
        /// The AppRec that BUP sends for the referral, as a letter to the GP.
        private func appRec(
            _ status: AppRec.Status, errors: [CodedValue] = [], from: String = Referral.receiver,
            about document: [UInt8]? = nil, change: (inout LetterWriter) throws -> Void = { _ in }
        ) throws -> Letter {
            let summary = try ClinicalDocument(parsing: document ?? Referral.document()).summary
            let receipt = try AppRec.answering(
                summary, status: status, errors: errors, id: UUID().uuidString.lowercased(), generated: DocumentTime(TestPKI.now))
            var writer = LetterWriter(document: try receipt.encoded())
            (writer.from, writer.to) = (from, Referral.sender)
            (writer.signer, writer.encryptedTo) = ("314000013/p256/signing", "314000005/p256/encryption")
            try change(&writer)
            return try writer.write()
        }

        /// A GP's node whose referral is sealed; BUP's node had no time for it yet.
        private func afterSealing(_ body: (Site, Node) async throws -> Void) async throws {
            let site = try Site([.gp, .bup, .oslo])
            try await site.with(.gp) { gp in
                try await site.serving([gp], stubs: [.bup: Peer([Replies.unavailable])]) {
                    _ = try await gp.intake.submit(Submission(document: Referral.document()))
                    try await site.steps.first("postponed", "gp")
                }
            }
            try await site.with(.gp) { gp in try await body(site, gp) }
        }

        private func state(_ gp: Node) throws -> StatusReport.Message {
            try #require(try gp.store.status(of: Referral.documentID).messages.first)
        }

        @Test("an AppRec before the Acknowledgment proves delivery too, and nothing is sent any more")
        func overtaking() async throws {
            try await afterSealing { site, gp in
                #expect(try await appRec(.ok).post(to: gp).isAcknowledgment)
                #expect(try state(gp).state == .accepted)
                let peer = Peer([Replies.acknowledgment])
                // BUP's node had asked for time.
                site.clock.advance(by: 31)
                try await site.serving([gp], stubs: [.bup: peer]) {
                    _ = try await gp.intake.submit(Submission(document: Dialog.document()))
                    try await site.steps.first("delivered", "gp", kind: Dialog.kind)
                }
                #expect(peer.received.count == 1)
                #expect(try state(gp).state == .accepted)
            }
        }

        @Test("a rejected AppRec says so with its codes, and a later positive one counts; never the other way")
        func rejected() async throws {
            try await afterSealing { _, gp in
                let errors = [CodedValue("E10", "Ugyldig meldingsidentifikator"), CodedValue("Blåklokke", "Annet")]
                #expect(try await appRec(.rejected, errors: errors).post(to: gp).isAcknowledgment)
                let message = try state(gp)
                #expect(message.state == .rejected)
                #expect(message.steps.last?.what == "rejected")
                #expect(message.steps.last?.detail == "E10, an unknown code")
                _ = try await appRec(.ok).post(to: gp)
                #expect(try state(gp).state == .accepted)
                _ = try await appRec(.rejected, errors: errors).post(to: gp)
                #expect(try state(gp).state == .accepted)
            }
        }

        @Test("an AppRec of a status that nobody knows accepts nothing and asks for a person")
        func unknownStatus() async throws {
            try await afterSealing { _, gp in
                let letter = try appRec(.ok) { writer in
                    let text = String(decoding: writer.document, as: UTF8.self)
                    let known = try #require(text.firstRange(of: "V=\"1\" DN=\"OK\""))
                    writer.document = Array(text.replacingCharacters(in: known, with: "V=\"7\" DN=\"OK\"").utf8)
                }
                #expect(try await letter.post(to: gp).isAcknowledgment)
                let message = try state(gp)
                #expect(message.state == .sealed && message.nextAttempt != nil)
                #expect(message.steps.last?.what == "answered")
            }
        }

        @Test("an AppRec from somebody else than the receiver moves nothing")
        func somebodyElse() async throws {
            try await afterSealing { _, gp in
                // BUP Syd is a party of the same hospital, and not the one that the referral went to.
                let other = try Referral.document(replacing: ["<Id>80000401</Id>": "<Id>80000402</Id>"])
                #expect(try await appRec(.ok, from: "80000402", about: other).post(to: gp).isAcknowledgment)
                #expect(try state(gp).state == .sealed)
                // One about a message that was never sent.
                let never = try Referral.document(replacing: [Referral.documentID: "00000000-5b0f-4d0b-9a35-2f6b3c1e7a01"])
                #expect(try await appRec(.ok, about: never).post(to: gp).isAcknowledgment)
                #expect(try state(gp).state == .sealed)
                // One that the document says is from BUP, in an envelope from elsewhere.
                let forged = try appRec(.ok) { writer in
                    writer.from = "80000110"
                    writer.signer = "314000021/p256/signing"
                    writer.cpaID = "msggw-test-80000100-80000600"
                }
                #expect(try await forged.post(to: gp).errorCodes == ["SecurityFailure"])
                #expect(try state(gp).state == .sealed)
            }
        }

        @Test("a signal that proves nothing changes nothing: not the state, not the history, not the next attempt")
        func forgedSignals() async throws {
            let site = try Site()
            let peer = Peer([Replies.unavailable])
            try await site.with(.gp) { gp in
                try await site.serving([gp], stubs: [.bup: peer]) {
                    _ = try await gp.intake.submit(Submission(document: Referral.document()))
                    try await site.steps.first("postponed", "gp")
                }
            }
            let sent = try #require(peer.received.first)
            site.clock.advance(by: 20)
            try await site.with(.gp) { gp in
                let before = try state(gp)
                let signals = [
                    try Replies.unsigned(Replies.acknowledge(sent).soap), try Replies.unsigned(Replies.refuse(sent).soap),
                    try Replies.acknowledge(sent, by: "314000021/p256/signing").soap,
                    try Replies.refuse(sent, by: "314000021/p256/signing").soap,
                ]
                for soap in signals {
                    let answer = try await Exchange(contentType: "text/xml", body: soap).post(to: gp)
                    // A signal is never answered.
                    #expect(answer.reply.status == 204 && answer.reply.body.isEmpty)
                }
                let after = try state(gp)
                #expect(after.state == .sealed && after.nextAttempt == before.nextAttempt)
                #expect(after.attempts == before.attempts && after.steps == before.steps)
                // The right one, by the same way, delivers.
                _ = try await Exchange(contentType: "text/xml", body: Replies.acknowledge(sent).soap).post(to: gp)
                #expect(try state(gp).state == .delivered)
                // And a refusal after it takes nothing back.
                _ = try await Exchange(contentType: "text/xml", body: Replies.refuse(sent).soap).post(to: gp)
                #expect(try state(gp).state == .delivered)
            }
        }
    }
}
