import Envelope
import Foundation
import GRDB
import NodeTestSupport
import Practice
import TestSupport
import Testing

@testable import Gateway

extension Flows {
    /// Between the moment that a message is taken and the moment that it would leave.
    @Suite("Consent, asked again before anything leaves")
    struct ConsentFlowTests {
        private static func sent(
            _ mode: String, to replies: [Peer.Reply] = [Replies.acknowledgment],
            until end: String, _ meanwhile: (Site, Node) async throws -> Void
        ) async throws -> (peer: Peer, site: Site) {
            let site = try Site(settings: ["consent.check": mode])
            let peer = Peer(replies)
            try await site.with(.gp) { gp in
                try await Consented.record(on: gp) { $0.validUntil = Consented.day("2026-06-01") }
                _ = try await gp.intake.submit(Submission(document: Referral.document()))
                try await meanwhile(site, gp)
                guard !end.isEmpty else { return }
                try await site.serving([gp], stubs: [.bup: peer]) { try await site.steps.first(end, "gp") }
            }
            return (peer, site)
        }

        @Test("a consent that ended since holds the message, raises an alert, and nothing has left")
        func ended() async throws {
            let (peer, site) = try await Self.sent("require", until: "held") { site, _ in site.clock.advance(by: 86_400) }
            #expect(peer.received.isEmpty)
            try await site.with(.gp) { gp in
                let message = try #require(try gp.store.status(of: Referral.documentID).messages.first)
                #expect(message.state == .held)
                #expect(message.failure?.contains("Samtykket gjelder ikke på denne dagen") == true)
                #expect(message.consent?.map(\.decision) == ["allowed", "needs"])
                let alerts = try gp.store.read { try String.fetchAll($0, sql: "SELECT kind FROM alert WHERE resolvedAt IS NULL") }
                #expect(alerts.contains(AlertKind.messageHeld.rawValue))
            }
        }

        @Test("an objection that came since holds it")
        func objected() async throws {
            let (peer, _) = try await Self.sent("require", until: "held") { _, gp in
                _ = try await gp.consents.record(
                    Consented.record {
                        ($0.id, $0.stance) = ("0b8f5a3e-4a52-4c7b-9a10-6b1f0c2d3e03", .deny)
                    }.bytes())
            }
            #expect(peer.received.isEmpty)
        }

        @Test(
            "a withdrawal since has stopped it before the node looks; the node has nothing to send",
            arguments: ["warn", "require"])
        func withdrawn(mode: String) async throws {
            let (peer, site) = try await Self.sent(mode, until: "") { _, gp in
                _ = try await gp.consents.withdraw(Consented.share, by: .guardian, how: "muntlig")
            }
            try await site.with(.gp) { gp in
                let due = try gp.store.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM message WHERE due IS NOT NULL") }
                #expect(due == 0)
                #expect(try gp.store.status(of: Referral.documentID).messages.map(\.state) == [.cancelled])
            }
            #expect(peer.received.isEmpty)
        }

        @Test("warn lets it go, and keeps what was decided when it went")
        func warned() async throws {
            let (peer, site) = try await Self.sent("warn", until: "delivered") { site, _ in site.clock.advance(by: 86_400) }
            #expect(peer.received.count == 1)
            try await site.with(.gp) { gp in
                let verdicts = try gp.store.status(of: Referral.documentID).messages.first?.consent
                #expect(verdicts?.map(\.decision) == ["allowed", "needs"])
            }
        }

        @Test("what still holds goes, and both verdicts say by what")
        func holds() async throws {
            let (peer, site) = try await Self.sent("require", until: "delivered") { _, _ in }
            #expect(peer.received.count == 1)
            try await site.with(.gp) { gp in
                let verdicts = try gp.store.status(of: Referral.documentID).messages.first?.consent
                #expect(verdicts?.map(\.checkpoint) == ["submission", "sending"])
                #expect(verdicts?.map { $0.consents?.count } == [2, 2])
            }
        }

        @Test("bytes that are sealed and were tried are not sent again when the consent was withdrawn meanwhile")
        func tried() async throws {
            let site = try Site(settings: ["consent.check": "require"])
            let peer = Peer([Replies.unavailable])
            try await site.with(.gp) { gp in
                try await Consented.record(on: gp)
                try await site.serving([gp], stubs: [.bup: peer]) {
                    _ = try await gp.intake.submit(Submission(document: Referral.document()))
                    try await site.steps.first("postponed", "gp")
                    let withdrawn = try await gp.consents.withdraw(Consented.share, by: .guardian, how: "muntlig")
                    #expect(withdrawn.messages.map(\.step) == [.stoppedTell])
                    try await site.steps.first("cancelled", "gp")
                    let before = peer.received.count
                    site.clock.advance(by: 86_400)
                    #expect(peer.received.count == before)
                }
                #expect(try gp.store.status(of: Referral.documentID).messages.map(\.state) == [.cancelled])
            }
        }

        @Test("what was held goes when there is a new consent and a person lets it go on")
        func released() async throws {
            let (_, site) = try await Self.sent("require", until: "held") { site, _ in site.clock.advance(by: 86_400) }
            let peer = Peer([Replies.acknowledgment])
            try await site.with(.gp) { gp in
                try await Consented.record(on: gp) { ($0.version, $0.givenAt) = (2, site.clock.now) }
                let desk = QueueDesk(store: gp.store, registry: gp.registry, actor: .node, clock: site.clock.clock)
                _ = try await desk.carryOut(.release, on: ["#1"], isConfirmed: false)
                try await site.serving([gp], stubs: [.bup: peer]) { try await site.steps.first("delivered", "gp") }
                #expect(peer.received.count == 1)
            }
        }
    }
}
