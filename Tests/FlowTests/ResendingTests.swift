import Envelope
import Foundation
import Gateway
import NodeTestSupport
import Synchronization
import TestSupport
import Testing

extension Flows {
    @Suite("A message that is not delivered at the first attempt")
    struct ResendingTests {
        struct BadAnswer: Sendable, CustomTestStringConvertible {
            let testDescription: String
            let reply: Peer.Reply

            init(_ description: String, _ reply: @escaping Peer.Reply) { (testDescription, self.reply) = (description, reply) }
        }

        static let answers = [
            BadAnswer("come again later", Replies.unavailable),
            BadAnswer("HTTP 404") { _ in ExchangeReply(status: 404) },
            BadAnswer("HTTP 500 with a SOAP Fault") { _ in
                ExchangeReply(status: 500, contentType: "text/xml", body: SOAPFault.server(.securityFailure))
            },
            BadAnswer("garbage") { _ in ExchangeReply(status: 200, contentType: "text/xml", body: [UInt8](0..<200)) },
            BadAnswer("a page") { _ in
                ExchangeReply(status: 200, contentType: "text/html", body: Array("<html><body>OK</body></html>".utf8))
            },
            BadAnswer("nothing at all") { _ in ExchangeReply(status: 200) },
            BadAnswer("the message itself") { ExchangeReply(status: 200, contentType: $0.contentType, body: $0.body) },
            BadAnswer("an unsigned Acknowledgment") { Replies.signal(try Replies.unsigned(Replies.acknowledge($0).soap)) },
            BadAnswer("an unsigned MessageError") { Replies.signal(try Replies.unsigned(Replies.refuse($0).soap)) },
            BadAnswer("an Acknowledgment that somebody else signed") {
                Replies.signal(try Replies.acknowledge($0, by: "314000021/p256/signing").soap)
            },
            BadAnswer("an Acknowledgment signed with another key of the receiver") {
                Replies.signal(try Replies.acknowledge($0, by: "314000013/signing").soap)
            },
            BadAnswer("a MessageError that somebody else signed") {
                Replies.signal(try Replies.refuse($0, by: "314000021/p256/signing").soap)
            },
            BadAnswer("an Acknowledgment with one byte changed") {
                let text = String(decoding: try Replies.acknowledge($0).soap, as: UTF8.self)
                return Replies.signal(Array(text.replacing(">Acknowledgment<", with: ">Acknowledgement<").utf8))
            },
        ]

        @Test("is not delivered by what proves nothing, and goes out again as the very same bytes", arguments: answers)
        func badAnswer(answer: BadAnswer) async throws {
            let site = try Site()
            let peer = Peer([answer.reply, Replies.acknowledgment])
            try await site.with(.gp) { gp in
                try await site.serving([gp], stubs: [.bup: peer]) {
                    _ = try await gp.intake.submit(
                        Submission(
                            document: Referral.document(), attachments: [SubmittedAttachment(path: Referral.attachments[0])]))
                    let event = try await site.steps.first {
                        ["postponed", "handed over", "delivered", "refused"].contains($0.step.what)
                    }
                    #expect(event.step.what == "postponed" || event.step.what == "handed over")
                    #expect(event.message.state == .sealed)
                    site.clock.advance(by: 61)
                    try await site.steps.first("delivered", "gp")
                }
                #expect(peer.received.count == 2)
                #expect(peer.received[0].body == peer.received[1].body)
                #expect(peer.received[0].contentType == peer.received[1].contentType)
                let message = try #require(try gp.store.status(of: Referral.documentID).messages.first)
                #expect(message.state == .delivered && message.attempts == 2 && message.failure == nil)
            }
        }

        @Test("is not delivered by an old Acknowledgment of another message, nor by one for other bytes under the same id")
        func replayed() async throws {
            let site = try Site()
            let kept = Mutex<ExchangeReply?>(nil)
            let peer = Peer([
                { exchange in
                    let reply = try Replies.acknowledgment(exchange)
                    kept.withLock { $0 = reply }
                    return reply
                }, { _ in try #require(kept.withLock { $0 }) },
                { exchange in
                    // The GP's own key signed this too, so that only what it proves is wrong.
                    var writer = try LetterWriter.referral()
                    let header = try exchange.unverified().claimedHeader
                    (writer.messageID, writer.conversationID) = (header.messageID, header.conversationID)
                    let (contentType, body) = try writer.write().encoded()
                    return try Replies.acknowledgment(Exchange(contentType: contentType, body: body))
                }, Replies.acknowledgment,
            ])
            try await site.with(.gp) { gp in
                try await site.serving([gp], stubs: [.bup: peer]) {
                    _ = try await gp.intake.submit(Submission(document: Referral.document()))
                    try await site.steps.first("delivered", "gp")
                    let taken = try await gp.intake.submit(Submission(document: Dialog.document()))
                    for attempt in 1...2 {
                        try await site.steps.first { event in
                            event.message.messageID == taken[0].messageID && event.step.what == "postponed"
                                && event.message.attempts == attempt
                        }
                        #expect(try gp.store.status(of: taken[0].messageID).messages[0].state == .sealed)
                        site.clock.advance(by: 61)
                    }
                    try await site.steps.first("delivered", "gp", kind: Dialog.kind)
                }
            }
            #expect(site.steps.steps("gp", .out, Dialog.kind) == ["taken", "sealed", "postponed", "postponed", "delivered"])
            #expect(Set(peer.received.dropFirst().map(\.body)).count == 1)
        }

        @Test("waits for a node that nobody reaches, and a restart sends the same bytes")
        func unreachable() async throws {
            let site = try Site()
            let peer = Peer([Replies.unavailable, Replies.acknowledgment])
            try await site.with(.gp) { gp in
                try await site.serving([gp]) {
                    _ = try await gp.intake.submit(
                        Submission(
                            document: Referral.document(), attachments: Referral.attachments.map { SubmittedAttachment(path: $0) }
                        ))
                    try await site.steps.first("postponed", "gp")
                }
            }
            for what in ["postponed", "delivered"] {
                let seen = site.steps.events.count
                site.clock.advance(by: 61)
                try await site.with(.gp) { gp in
                    try await site.serving([gp], stubs: [.bup: peer]) { try await site.steps.first(what, "gp", after: seen) }
                }
            }
            #expect(site.steps.steps("gp", .out, Referral.kind) == ["taken", "sealed", "postponed", "postponed", "delivered"])
            #expect(peer.received.count == 2)
            #expect(peer.received[0].body == peer.received[1].body)
        }

        @Test("has failed when the receiver's node signs a refusal of the message itself, and says why")
        func refused() async throws {
            let site = try Site()
            let peer = Peer([{ Replies.signal(try Replies.refuse($0, as: .inconsistent).soap) }])
            try await site.with(.gp) { gp in
                try await site.serving([gp], stubs: [.bup: peer]) {
                    _ = try await gp.intake.submit(Submission(document: Referral.document()))
                    try await site.steps.first("refused", "gp")
                }
                let message = try #require(try gp.store.status(of: Referral.documentID).messages.first)
                #expect(message.state == .failed && message.nextAttempt == nil)
                #expect(message.failure?.contains("Inconsistent") == true)
            }
            // Nobody tries again.
            site.clock.advance(by: 86_400)
            try await site.with(.gp) { gp in
                try await site.serving([gp], stubs: [.bup: peer]) {
                    _ = try await gp.intake.submit(Submission(document: Dialog.document()))
                    try await site.steps.first("refused", "gp", kind: Dialog.kind)
                }
            }
            #expect(peer.received.count == 2)
        }

        @Test("is tried again when the receiver's node signs a refusal that a registry may mend, and is delivered when it has")
        func refusedForNow() async throws {
            let site = try Site()
            let peer = Peer([{ Replies.signal(try Replies.refuse($0).soap) }, Replies.acknowledgment])
            try await site.with(.gp) { gp in
                try await site.serving([gp], stubs: [.bup: peer]) {
                    _ = try await gp.intake.submit(Submission(document: Referral.document()))
                    try await site.steps.first("postponed", "gp")
                    let waiting = try #require(try gp.store.status(of: Referral.documentID).messages.first)
                    #expect(waiting.state == .sealed && waiting.failure == "refused by the receiving node: SecurityFailure")
                    site.clock.advance(by: 61)
                    try await site.steps.first("delivered", "gp")
                }
            }
            #expect(peer.received.count == 2)
            #expect(peer.received[0].body == peer.received[1].body)
        }

        @Test("is held while nobody can say whether the receiver's certificate was revoked, and goes on when somebody can")
        func revocationUnknown() async throws {
            let site = try Site()
            try await site.with(.gp) { gp in _ = try await gp.intake.submit(Submission(document: Referral.document())) }
            let list = site.folder(.gp) + "/trust/crl/issuing.crl"
            let good = try Data(contentsOf: URL(filePath: list))
            try Data(TestPKI.shared.pem("wrong/issuing-expired.crl")).write(to: URL(filePath: list))
            let peer = Peer([Replies.acknowledgment])
            for (what, state) in [("postponed", MessageState.taken), ("delivered", .delivered)] {
                try await site.with(.gp) { gp in
                    try await site.serving([gp], stubs: [.bup: peer]) { try await site.steps.first(what, "gp") }
                    #expect(try gp.store.status(of: Referral.documentID).messages.first?.state == state)
                }
                try good.write(to: URL(filePath: list))
                site.clock.advance(by: 61)
            }
            #expect(peer.received.count == 1)
        }

        @Test("is sent under no agreement that became weaker after it was taken")
        func weakened() async throws {
            let site = try Site()
            try await site.with(.gp) { gp in _ = try await gp.intake.submit(Submission(document: Referral.document())) }
            let registry = URL(filePath: site.scratch.path + "/nodes/registry.json")
            let text = String(decoding: try Data(contentsOf: registry), as: UTF8.self)
            try Data(text.replacing("\"protection\" : \"strong\"", with: "\"protection\" : \"national\"").utf8).write(
                to: registry)
            let peer = Peer([Replies.acknowledgment])
            try await site.with(.gp) { gp in
                try await site.serving([gp], stubs: [.bup: peer]) { try await site.steps.first("failed", "gp") }
            }
            #expect(peer.received.isEmpty)
        }
    }
}
