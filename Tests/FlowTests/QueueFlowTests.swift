import Envelope
import Foundation
import GRDB
import NodeTestSupport
import Synchronization
import TestSupport
import Testing

@testable import Gateway

/// A node that takes everything and says nothing, until it is told to.
private final class SilentPeer: ExchangeReceiver {
    private let state = Mutex<(count: Int, isOver: Bool, waiting: [CheckedContinuation<Void, Never>])>((0, false, []))

    var count: Int { state.withLock(\.count) }

    func receive(_ exchange: InboundExchange, body: InboundBody) async -> ExchangeReply {
        do { for try await _ in body {} } catch { return ExchangeReply(status: 400) }
        await withCheckedContinuation { continuation in
            let isOver = state.withLock { state in
                state.count += 1
                if !state.isOver { state.waiting.append(continuation) }
                return state.isOver
            }
            if isOver { continuation.resume() }
        }
        return ExchangeReply(status: 503)
    }

    func finish() {
        let waiting = state.withLock { state in
            state.isOver = true
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }
}

extension Flows {
    @Suite("Messages that wait for their turn")
    struct QueueFlowTests {
        private static func referral(_ number: Int, to receiver: String = Referral.receiver) throws -> [UInt8] {
            let id = "6f1d9c0e-5b0f-4d0b-9a35-2f6b3c1e7" + String(format: "%03d", number)
            let document = try Referral.document(replacing: [Referral.documentID: id])
            guard receiver != Referral.receiver else { return document }
            let text = String(decoding: document, as: UTF8.self)
            return Array(text.replacing("<Id>\(Referral.receiver)</Id>", with: "<Id>\(receiver)</Id>").utf8)
        }

        @Test("a node that says nothing delays no message to another, and a stop leaves nothing leased")
        func isolation() async throws {
            let site = try Site([.gp, .bup, .oslo])
            let silent = SilentPeer()
            try await site.with(.gp) { gp in
                try await site.serving([gp], stubs: [.bup: silent, .oslo: Peer([{ _ in ExchangeReply(status: 404) }])]) {
                    for number in 1...12 {
                        _ = try await gp.intake.submit(Submission(document: Self.referral(number)))
                    }
                    let other = try await gp.intake.submit(Submission(document: Self.referral(100, to: "80000203")))
                    // No time passes: the clock stands still, and the silent node's calls are under way for ever.
                    try await site.steps.first { $0.step.what == "postponed" && $0.message.messageID == other[0].messageID }
                    #expect(silent.count <= 4)
                    silent.finish()
                }
                let leased = try gp.store.read {
                    try Int.fetchOne($0, sql: "SELECT count(*) FROM message WHERE leasedBy IS NOT NULL")
                }
                #expect(leased == 0)
                #expect(try gp.store.queue(QueueFilter()).count == 13)
            }
        }

        @Test("a partner that sends something is called at once, though it was waited for")
        func halfOpened() async throws {
            let site = try Site()
            let peer = Peer([{ _ in ExchangeReply(status: 503, retryAfterSeconds: 3600) }, Replies.acknowledgment])
            try await site.with(.gp) { gp in
                try await site.serving([gp], stubs: [.bup: peer]) {
                    _ = try await gp.intake.submit(Submission(document: Referral.document()))
                    try await site.steps.first("postponed", "gp")
                    // A quarter of a minute is rest; the hour that it asked for is not over.
                    site.clock.advance(by: 20)
                    #expect(peer.received.count == 1)
                    // An AppRec about something else.
                    let receipt = try AppRec.answering(
                        try ClinicalDocument(parsing: Self.referral(7)).summary, status: .ok, id: "r-1",
                        generated: DocumentTime(TestPKI.now))
                    var writer = LetterWriter(document: try receipt.encoded())
                    (writer.from, writer.to) = (Referral.receiver, Referral.sender)
                    (writer.signer, writer.encryptedTo) = ("314000013/p256/signing", "314000005/p256/encryption")
                    #expect(try await writer.write().post(to: gp).isAcknowledgment)
                    try await site.steps.first("delivered", "gp")
                }
                #expect(peer.received.count == 2)
            }
        }

        @Test(
            "a message that a dead node had in its hands goes out at the next start, the same bytes, and is no longer suspected")
        func crash() async throws {
            let site = try Site()
            let first = Peer([Replies.unavailable])
            try await site.with(.gp) { gp in
                try await site.serving([gp], stubs: [.bup: first]) {
                    _ = try await gp.intake.submit(Submission(document: Referral.document()))
                    try await site.steps.first("postponed", "gp")
                }
                // As a node leaves it that dies while the call is under way.
                try await gp.store.commit { try $0.execute(sql: "UPDATE message SET leasedBy = 1, leasedUntil = 1") }
            }
            site.clock.advance(by: 61)
            let second = Peer([Replies.acknowledgment])
            try await site.with(.gp) { gp in
                try await site.serving([gp], stubs: [.bup: second]) { try await site.steps.first("delivered", "gp") }
                let crashes = try gp.store.read { try Int.fetchOne($0, sql: "SELECT crashes FROM message") }
                #expect(crashes == 0)
            }
            #expect(site.steps.steps("gp", .out, Referral.kind).contains("lease returned"))
            #expect(second.received.map(\.body) == first.received.map(\.body))
        }

        @Test("a suspected message that is moved before its turn gives back the slot of the destination that it was noted for")
        func crashMoved() async throws {
            let site = try Site()
            try await site.with(.gp) { gp in
                try await site.serving([gp], stubs: [.bup: Peer([Replies.unavailable])]) {
                    for number in 1...2 { _ = try await gp.intake.submit(Submission(document: Self.referral(number))) }
                    for id in 1...2 { try await site.steps.first { $0.step.what == "postponed" && $0.message.id == Int64(id) } }
                }
                try await gp.store.commit { try $0.execute(sql: "UPDATE message SET leasedBy = 1, leasedUntil = 1") }
            }
            site.clock.advance(by: 61)
            try await site.with(.gp) { gp in
                let moving: Peer.Reply = { exchange in
                    // As another process does while the first one is under way.
                    try gp.store.database.write {
                        try $0.execute(sql: "UPDATE message SET destination = 'https://elsewhere.invalid:443' WHERE id = 2")
                    }
                    return try Replies.unavailable(exchange)
                }
                try await site.serving([gp], stubs: [.bup: Peer([moving, Replies.acknowledgment])]) {
                    try await site.steps.first { $0.step.what == "postponed" && $0.message.id == 1 && $0.message.attempts == 2 }
                    site.clock.advance(by: 300)
                    try await site.steps.first { $0.step.what == "delivered" && $0.message.id == 2 }
                    site.clock.advance(by: 3600)
                    try await site.steps.first { $0.step.what == "delivered" && $0.message.id == 1 }
                }
            }
        }

        @Test("a failed message that is taken up again goes out with the bytes that were made then")
        func retried() async throws {
            let site = try Site()
            let peer = Peer([{ Replies.signal(try Replies.refuse($0, as: .inconsistent).soap) }, Replies.acknowledgment])
            try await site.with(.gp) { gp in
                try await site.serving([gp], stubs: [.bup: peer]) {
                    let taken = try await gp.intake.submit(Submission(document: Referral.document()))
                    try await site.steps.first("refused", "gp")
                    let desk = QueueDesk(store: gp.store, actor: .command(), clock: site.clock.clock)
                    _ = try await desk.carryOut(.retry, on: [taken[0].messageID])
                    gp.wakeDaemon()
                    try await site.steps.first("delivered", "gp")
                }
            }
            #expect(peer.received.count == 2)
            #expect(peer.received[0].body == peer.received[1].body)
        }

        @Test(
            "from submission to the receiver's Acknowledgment nothing waits for the clock: two hundred messages, and it stands still"
        )
        func quick() async throws {
            let site = try Site()
            try await site.with(.gp) { gp in
                try await site.with(.bup) { bup in
                    try await site.serving([gp, bup]) {
                        // Nobody moves this clock: what waited for a timer would wait for ever.
                        for number in 0..<200 {
                            let taken = try await gp.intake.submit(Submission(document: Self.referral(number)))
                            try await site.steps.first {
                                $0.node == "gp" && $0.message.messageID == taken[0].messageID
                                    && ["delivered", "accepted"].contains($0.step.what)
                            }
                        }
                        let waits = try gp.store.read {
                            try Int.fetchOne(
                                $0,
                                sql:
                                    "SELECT count(*) FROM message WHERE direction = 'out' AND state NOT IN ('delivered', 'accepted')"
                            )
                        }
                        #expect(waits == 0)
                    }
                }
            }
        }
    }
}
