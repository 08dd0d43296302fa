import Envelope
import Foundation
import GRDB
import NodeTestSupport
import TestSupport
import Testing

@testable import Gateway

extension Flows {
    @Suite("A message that comes twice")
    struct DuplicateTests {
        @Test("the same bytes again are answered with the stored Acknowledgment, byte for byte, and shown once")
        func again() async throws {
            let site = try Site()
            let letter = try Wrong.writer().write()
            let first = try await site.with(.bup) { bup in
                let first = try await letter.post(to: bup)
                #expect(first.isAcknowledgment)
                site.clock.advance(by: 3600)
                #expect(try await letter.post(to: bup).reply == first.reply)
                #expect(try bup.inbox.list().count == 1)
                return first
            }
            // After a restart too, and a month later.
            site.clock.advance(by: 30 * 86_400)
            try await site.with(.bup) { bup in
                let again = try await letter.post(to: bup)
                #expect(again.reply == first.reply)
                #expect(try bup.inbox.list().count == 1)
                #expect(try site.storedFiles(.bup).count == 1)
            }
        }

        @Test("an Acknowledgment that is asked for again goes where its partner is by now, not where it was sent")
        func partnerMoved() async throws {
            let site = try Site { $0 = $0.replacing("\"synchronous\"", with: "\"separate\"") }
            try await site.with(.bup) { bup in
                let letter = try Wrong.writer().write()
                #expect(try await letter.post(to: bup).reply.status == 202)
                let signal = "FROM message WHERE direction = 'out' AND kind = 'Acknowledgment'"
                let destination = try bup.store.read { try String.fetchOne($0, sql: "SELECT destination \(signal)") }
                // Sent while its partner was elsewhere.
                try await bup.store.commit {
                    try $0.execute(
                        sql: """
                            UPDATE message SET state = 'sent', due = NULL, destination = 'https://before.invalid:443'
                            WHERE direction = 'out' AND kind = 'Acknowledgment'
                            """)
                }
                #expect(try await letter.post(to: bup).reply.status == 202)
                let row = try bup.store.read { try Row.fetchOne($0, sql: "SELECT destination, due \(signal)") }
                #expect(destination != nil && row?["destination"] == destination)
                #expect(row?["due"] as Int64? != nil)
            }
        }

        @Test("is answered only when the disk has what the store shows")
        func onFailingDisk() async throws {
            let site = try Site()
            try await site.with(.bup) { bup in
                let letter = try Wrong.writer().write()
                let first = try await letter.post(to: bup)
                // The disk lets nothing be written: nobody knows whether it has what the log shows.
                try await bup.store.commit {
                    try $0.execute(sql: "CREATE TEMP TRIGGER full BEFORE INSERT ON fact BEGIN SELECT RAISE(ABORT, 'full'); END")
                }
                #expect(try await letter.post(to: bup).reply.status == 503)
                try await bup.store.commit { try $0.execute(sql: "DROP TRIGGER full") }
                #expect(try await letter.post(to: bup).reply == first.reply)
            }
        }

        @Test("eight times at once: one is stored, and all are answered alike")
        func atOnce() async throws {
            let site = try Site()
            try await site.with(.bup) { bup in
                let letter = try Wrong.writer().write()
                let replies = try await withThrowingTaskGroup(of: Answer.self) { group in
                    for _ in 0..<8 { group.addTask { try await letter.post(to: bup) } }
                    return try await group.reduce(into: []) { $0.append($1.reply) }
                }
                #expect(Set(replies).count == 1)
                #expect(replies[0].status == 200)
                #expect(try bup.inbox.list().count == 1)
                // Nothing of the seven others stays: one large attachment lies in a file.
                #expect(try site.storedFiles(.bup).count == 1)
                #expect(site.steps.steps("bup", .in, Referral.kind) == ["opened"])
            }
        }

        @Test("the same MessageId with other content is refused and not stored")
        func otherContent() async throws {
            let site = try Site()
            try await site.with(.bup) { bup in
                var writer = try Wrong.writer()
                let first = try await writer.write().post(to: bup)
                writer.document = try Referral.document(replacing: ["TSH": "tsh"])
                let second = try await writer.write().post(to: bup)
                #expect(second.errorCodes == ["Inconsistent"])
                // The same content sealed anew is other bytes, so it is not the same message either.
                writer.document = try Referral.document()
                #expect(try await writer.write().post(to: bup).errorCodes == ["Inconsistent"])
                #expect(try bup.inbox.list().count == 1)
                #expect(try site.storedFiles(.bup).count == 1)
                #expect(first.isAcknowledgment)
            }
        }

        @Test("the same parts under a signature made anew are the same message, and get a receipt for that signature")
        func signedAnew() async throws {
            let site = try Site()
            try await site.with(.bup) { bup in
                var writer = try Wrong.writer()
                let first = try writer.write()
                let answer = try await first.post(to: bup)
                writer.timestamp = TestPKI.now + 600
                let again = try await writer.sign(first.parts).post(to: bup)
                #expect(again.isAcknowledgment && again.reply != answer.reply)
                // What was signed the second time is what the receipt is for.
                let receipt = try #require(again.message)
                let sent = try writer.sign(first.parts).soap
                let verified = try SignatureVerifier.verify(receipt, signedBy: try TestKeys.signing("314000013/p256/signing"))
                #expect(verified.refToMessageID == writer.messageID)
                #expect(sent != first.soap)
                // The first bytes are still answered with the first receipt.
                #expect(try await first.post(to: bup).reply == answer.reply)
                #expect(try bup.inbox.list().count == 1)
                #expect(try site.storedFiles(.bup).count == 1)
                // Another conversation, or one part less, is another message.
                writer.conversationID = UUID().uuidString.lowercased()
                #expect(try await writer.sign(first.parts).post(to: bup).errorCodes == ["Inconsistent"])
            }
        }

        @Test("a message that was received before digests of contents were stored is still known")
        func oldDigest() async throws {
            let site = try Site()
            try await site.with(.bup) { bup in
                let letter = try Wrong.writer().write()
                let first = try await letter.post(to: bup)
                try await bup.store.commit { try $0.execute(sql: "UPDATE received SET digest = substr(digest, 1, 32)") }
                #expect(try await letter.post(to: bup).reply == first.reply)
            }
        }

        @Test("the same MessageId from two senders is two messages")
        func twoSenders() async throws {
            let site = try Site()
            try await site.with(.bup) { bup in
                var writer = try LetterWriter.referral()
                let first = try writer.write()
                writer.from = "80000602"
                writer.document = try Referral.document(replacing: ["<Id>80000601</Id>": "<Id>80000602</Id>"])
                let second = try writer.write()
                let answers = [try await first.post(to: bup), try await second.post(to: bup)]
                #expect(answers[0].isAcknowledgment && answers[1].isAcknowledgment)
                #expect(answers[0].reply != answers[1].reply)
                #expect(try bup.store.status(of: writer.messageID).messages.map(\.sender) == ["80000601", "80000602"])
                #expect(try await first.post(to: bup).reply == answers[0].reply)
                #expect(try await second.post(to: bup).reply == answers[1].reply)
            }
        }
    }
}
