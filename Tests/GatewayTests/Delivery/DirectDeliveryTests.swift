import Foundation
import TestSupport
import Testing

@testable import Gateway

@Suite("What goes out as it is taken")
struct DirectDeliveryTests {
    private static let now = TestPKI.now

    /// A queue that knows one destination, which has answered once.
    private func queue(slots: Int = 16) -> DeliveryQueue {
        var queue = DeliveryQueue(limits: DeliveryQueue.Limits(slots: slots), schedule: RetrySchedule())
        _ = queue.notice(Self.now)
        queue.expect("there", due: Self.now)
        answer(&queue, .up)
        return queue
    }

    /// One call, as the worker makes it.
    private func answer(_ queue: inout DeliveryQueue, _ finding: DeliveryQueue.Finding) {
        guard let claim = queue.next(at: Self.now) else { return }
        queue.claimed(claim, count: 1, nextDue: nil, at: Self.now)
        _ = queue.finished("there", message: 1, finding, reason: "", at: Self.now)
        queue.released("there", due: nil)
    }

    private func admitted(_ queue: inout DeliveryQueue, to destination: String = "there", at now: Date = now) -> Bool {
        queue.admit(destination, at: now)
    }

    private func next(_ queue: inout DeliveryQueue) -> DeliveryQueue.Claim? { queue.next(at: Self.now) }

    @Test("is only what goes to somebody who has answered lately")
    func proven() {
        var queue = queue()
        #expect(admitted(&queue))
        #expect(!admitted(&queue, to: "nobody has called"))
        #expect(!admitted(&queue, to: "", at: Self.now))
        queue.released("there", due: nil)
        #expect(!admitted(&queue, at: Self.now + 601))
    }

    @Test("is nothing more once a call has failed")
    func failed() {
        var queue = queue()
        queue.expect("there", due: Self.now)
        answer(&queue, .down(patience: nil))
        #expect(!admitted(&queue))
        #expect(!queue.answers("there"))
    }

    @Test("takes a slot, and no more of them than the destination may have")
    func slots() {
        var queue = queue(slots: 16)
        let (held, window, _) = queue.look(at: "there") ?? (-1, -1, CircuitBreaker())
        #expect(held == 0)
        #expect((0..<window + 3).count { _ in queue.admit("there", at: Self.now) } == min(window, queue.limits.perDestination))
        queue.released("there", due: nil)
        #expect(admitted(&queue))
        #expect(!admitted(&queue))
    }

    @Test("does not go before what waits there")
    func waiting() {
        var queue = queue()
        queue.expect("there", due: Self.now - 1)
        #expect(!admitted(&queue))
        // What is due later is not passed by.
        var later = self.queue()
        later.expect("there", due: Self.now + 100)
        #expect(admitted(&later))
        #expect(!admitted(&later, at: Self.now + 100))
    }

    @Test("does not take a slot that somebody else waits for")
    func others() {
        var queue = queue()
        queue.expect("elsewhere", due: Self.now)
        #expect(!admitted(&queue))
    }

    @Test("waits for a claim to find what lies there, and goes on when that was all")
    func claims() throws {
        var queue = queue()
        queue.expect("there", due: Self.now)
        let claim = try #require(next(&queue))
        #expect(!admitted(&queue))
        queue.found(claim, count: claim.limit)
        #expect(!admitted(&queue))
        queue.found(claim, count: 1)
        #expect(admitted(&queue))
        queue.claimed(claim, count: 1, nextDue: nil, at: Self.now)
        #expect(queue.callsUnderWay == 2)
        #expect(admitted(&queue))
    }

    @Test("leaves no slot behind when the claim could not be written down after all")
    func claimFailed() throws {
        var queue = queue()
        queue.expect("there", due: Self.now)
        let claim = try #require(next(&queue))
        queue.found(claim, count: 1)
        queue.claimFailed(claim, retryAt: Self.now + 5)
        #expect(queue.callsUnderWay == 0)
        #expect(admitted(&queue))
    }

    @Test("does not keep a message waiting that the node died with")
    func suspects() {
        var queue = queue()
        queue.suspect(7, for: "there", due: Self.now)
        #expect(!admitted(&queue))
    }
}
