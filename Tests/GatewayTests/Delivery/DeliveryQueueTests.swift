import Foundation
import TestSupport
import Testing

@testable import Gateway

@Suite("Who is next")
struct DeliveryQueueTests {
    private static let refusing = QueueWorld.Answer(finding: .down(patience: nil), after: 0.001)
    private static let silent = QueueWorld.Answer(finding: .doubtful, after: 60)
    private static let slow = QueueWorld.Answer(finding: .up, after: 10)
    private static let busy = QueueWorld.Answer(finding: .down(patience: .seconds(120)), after: 0.02)

    private func next(_ queue: inout DeliveryQueue, _ now: Date) -> DeliveryQueue.Claim? { queue.next(at: now) }

    @Test("a dead, a silent, a slow and a busy destination delay no message to the others, however many wait for them")
    func isolation() {
        var world = QueueWorld(slots: 16)
        world.answers = [
            "dead": { _ in Self.refusing }, "silent": { _ in Self.silent }, "slow": { _ in Self.slow },
            "busy": { _ in Self.busy },
        ]
        for destination in ["dead", "silent", "slow", "busy"] { world.put(500, for: destination, at: 0) }
        let healthy = (0..<20).map { "healthy \($0)" }
        for second in 0..<120 {
            for destination in healthy { world.put(1, for: destination, at: Double(second) + 0.5) }
        }
        world.run(until: 130)
        let waits = world.calls.filter { $0.destination.hasPrefix("healthy") }.map(\.waited)
        #expect(waits.count == 120 * 20)
        // Slots are free at any time; what is left is one round of the others' turns, of 10 ms each.
        #expect(waits.max() ?? 1 < 0.05)
        // One call each time the door may have opened: the first four, then one after 15, 30, 60 s and so on.
        #expect(world.calls.count { $0.destination == "dead" } <= 9)
        #expect(world.calls.count { $0.destination == "busy" } <= 5)
        #expect(world.most["silent"] == 4)
        // It is slow, and gets what it can take all the same.
        #expect(world.delivered.count >= 120 * 20 + 40)
    }

    @Test("no destination holds more than a quarter of the slots, and those that do not answer hold half of them together")
    func shares() {
        var world = QueueWorld(slots: 32)
        for number in 0..<20 {
            world.answers["silent \(number)"] = { _ in Self.silent }
            world.put(100, for: "silent \(number)", at: 0)
        }
        world.put(1000, for: "good", at: 3)
        world.answers["new"] = { _ in QueueWorld.Answer(finding: .up, after: 0.01) }
        world.run(until: 50)
        // Half of the slots, and the first calls to those that nobody had tried.
        #expect(world.calls.count { $0.destination.hasPrefix("silent") } <= 24)
        #expect(world.most["good"] == nil || world.most["good"] == 8)
        // From the next minute on they are known: what works is not delayed by any of them.
        world.put(1, for: "good", at: 100)
        world.put(1000, for: "good", at: 200)
        world.put(1, for: "new", at: 201)
        world.run(until: 260)
        #expect(world.most["good"] == 8)
        #expect(world.calls.filter { $0.began >= 200 && $0.destination == "new" }.allSatisfy { $0.waited < 0.05 })
        #expect(world.delivered.count == 2002)
    }

    @Test("destinations take turns: one with much to send does not go before one with little")
    func fairness() {
        var world = QueueWorld(slots: 4)
        world.put(10_000, for: "many", at: 0)
        world.put(1, for: "few", at: 0.1)
        world.run(until: 1)
        let few = world.calls.first { $0.destination == "few" }
        #expect((few?.waited ?? 1) <= 0.01)
    }

    @Test("when a partner comes back everything flows: one call first, then one more with each answer, up to its share")
    func comesBack() {
        var world = QueueWorld(slots: 32)
        world.answers["partner"] = { $0 < 1000 ? Self.refusing : QueueWorld.Answer(finding: .up, after: 1) }
        world.put(200, for: "partner", at: 0)
        world.run(until: 999)
        #expect(world.delivered.isEmpty)
        #expect(world.calls.count <= 12)
        let before = world.underWay["partner"]?.count ?? 0
        world.run(until: 4000)
        #expect(world.delivered.count == 200)
        let steps = (world.underWay["partner"] ?? []).dropFirst(before)
        // One; when it answers the window is two; when these answer it is four; then eight, and no more.
        var rounds: [Int] = []
        for held in steps where held > (rounds.last ?? 0) { rounds.append(held) }
        #expect(rounds == [1, 2, 3, 4, 5, 6, 7, 8])
        let begins = Dictionary(grouping: world.calls.filter { $0.began >= 1000 }) { $0.began }
        let perRound = begins.keys.sorted().map { begins[$0]?.count ?? 0 }
        #expect(Array(perRound.prefix(5)) == [1, 2, 4, 8, 8])
        // Back at the latest a quarter of an hour after it is there, and then done within the minute.
        let last = world.delivered.values.max() ?? .infinity
        let first = world.delivered.values.min() ?? .infinity
        #expect(first <= 1000 + 900 + 1 && last - first < 30)
    }

    @Test("a partner that shows itself alive is called at once, though its time has not come")
    func hint() {
        var world = QueueWorld(slots: 8)
        world.answers["partner"] = { $0 < 500 ? Self.refusing : QueueWorld.Answer(finding: .up, after: 0.01) }
        world.put(3, for: "partner", at: 0)
        world.run(until: 600)
        let calls = world.calls.count
        // Next time is at 615 to 720 s or later; a sign of life comes now.
        world.hint("partner")
        #expect(world.calls.count == calls + 1 || world.delivered.count == 3)
        world.run(until: 601)
        #expect(world.delivered.count == 3)
    }

    @Test("signs of life of a partner that cannot be called bring no flood of calls")
    func hintedInVain() {
        var world = QueueWorld(slots: 8)
        world.answers["partner"] = { _ in Self.refusing }
        world.put(3, for: "partner", at: 0)
        for second in 1...300 {
            world.run(until: Double(second))
            world.hint("partner")
        }
        #expect(world.calls.count <= 4 + 300 / 15)
    }

    @Test("a message that a healthy node cannot digest stops nobody else's to the same node")
    func poison() {
        var world = QueueWorld(slots: 16)
        world.answers["partner"] = { _ in QueueWorld.Answer(finding: .up, after: 0.1) }
        var queue = world.queue
        // The same message fails again and again; others succeed between.
        for attempt in 0..<10 {
            let breaker = queue.finished(
                "partner", message: 1, .doubtful, reason: "silence", at: QueueWorld.start + Double(attempt))
            #expect(breaker == nil)
            #expect(queue.look(at: "partner")?.breaker.isOpen == false)
        }
        // Three of them do look like the partner's fault.
        for message in 2...3 {
            _ = queue.finished("partner", message: Int64(message), .doubtful, reason: "silence", at: QueueWorld.start + 20)
        }
        #expect(queue.look(at: "partner")?.breaker.isOpen == true)
        world.queue = queue
        world.put(1, for: "partner", at: 60)
        world.run(until: 61)
        #expect(world.delivered.count == 1)
    }

    @Test("what is not due is not claimed, and is looked for when it is")
    func due() {
        var queue = DeliveryQueue(limits: DeliveryQueue.Limits(slots: 4), schedule: RetrySchedule())
        let now = QueueWorld.start
        _ = queue.notice(now)
        queue.expect("a", due: now + 30)
        #expect(next(&queue, now) == nil)
        #expect(queue.nextLook(at: now) == now + 30)
        queue.expect("b", due: now + 500)
        queue.expect("a", due: now + 40)
        #expect(queue.nextLook(at: now) == now + 30)
        #expect(next(&queue, now + 30) == DeliveryQueue.Claim(destination: "a", limit: 2))
        // Nobody sleeps for more than a minute: a clock that jumps is noticed.
        #expect(queue.nextLook(at: now + 31) == now + 91)
    }

    @Test("what is put there while it is being looked for is looked for again")
    func newsDuringClaim() throws {
        var queue = DeliveryQueue(limits: DeliveryQueue.Limits(slots: 4), schedule: RetrySchedule())
        let now = QueueWorld.start
        _ = queue.notice(now)
        queue.expect("a", due: now)
        let first = try #require(next(&queue, now))
        #expect(next(&queue, now) == nil)
        queue.expect("a", due: now)
        queue.claimed(first, count: 0, nextDue: nil, at: now)
        let second = try #require(next(&queue, now))
        queue.claimed(second, count: 0, nextDue: nil, at: now)
        #expect(next(&queue, now) == nil)
        #expect(queue.nextLook(at: now) == nil)
        #expect(queue.callsUnderWay == 0)
    }

    @Test("a claim that the store refuses is made again later, and holds nothing")
    func claimFailed() throws {
        var queue = DeliveryQueue(limits: DeliveryQueue.Limits(slots: 4), schedule: RetrySchedule())
        let now = QueueWorld.start
        _ = queue.notice(now)
        queue.expect("a", due: now)
        let claim = try #require(next(&queue, now))
        queue.claimFailed(claim, retryAt: now + 5)
        #expect(queue.callsUnderWay == 0)
        #expect(next(&queue, now + 4) == nil)
        #expect(next(&queue, now + 5) == claim)
    }

    @Test("those that the node died with go one at a time, and others beside them")
    func suspects() throws {
        var queue = DeliveryQueue(limits: DeliveryQueue.Limits(slots: 16), schedule: RetrySchedule())
        let now = QueueWorld.start
        _ = queue.notice(now)
        for id in 1...3 { queue.suspect(Int64(id), for: "a", due: now) }
        queue.expect("b", due: now)
        let first = try #require(next(&queue, now))
        #expect(first.suspect == 1)
        queue.claimed(first, count: 1, nextDue: nil, at: now)
        let beside = try #require(next(&queue, now))
        #expect(beside.destination == "b" && beside.suspect == nil)
        #expect(next(&queue, now) == nil)
        #expect(queue.nextLook(at: now) == nil)
        queue.released("a", due: nil, wasSuspect: true)
        #expect(next(&queue, now)?.suspect == 2)
    }

    @Test("a suspect that somebody else has settled is forgotten; one that is due later waits")
    func suspectsElsewhere() throws {
        var queue = DeliveryQueue(limits: DeliveryQueue.Limits(slots: 16), schedule: RetrySchedule())
        let now = QueueWorld.start
        _ = queue.notice(now)
        queue.suspect(1, for: "a", due: now)
        queue.suspect(2, for: "a", due: now)
        let first = try #require(next(&queue, now))
        queue.claimed(first, count: 0, nextDue: nil, at: now)
        let second = try #require(next(&queue, now))
        #expect(second.suspect == 2)
        queue.claimed(second, count: 0, nextDue: now + 20, at: now)
        #expect(next(&queue, now) == nil)
        #expect(queue.nextLook(at: now) == now + 20)
        #expect(next(&queue, now + 20)?.suspect == 2)
    }

    @Test("a suspect that was moved waits for the destination that it goes to by now, and gives back the slot that it took")
    func suspectMoved() throws {
        var queue = DeliveryQueue(limits: DeliveryQueue.Limits(slots: 16), schedule: RetrySchedule())
        let now = QueueWorld.start
        _ = queue.notice(now)
        _ = queue.finished("a", message: 9, .down(patience: nil), reason: "refused", at: now)
        _ = queue.finished("a", message: 8, .down(patience: nil), reason: "refused", at: now)
        _ = queue.finished("a", message: 7, .down(patience: nil), reason: "refused", at: now)
        queue.suspect(1, for: "a", due: now)
        #expect(next(&queue, now) == nil)
        queue.suspectMoved(1, to: "b", due: now)
        let claim = try #require(next(&queue, now))
        #expect(claim.destination == "b" && claim.suspect == 1)
        queue.claimed(claim, count: 1, nextDue: nil, at: now)
        queue.released("b", due: nil, wasSuspect: true)
        #expect(queue.callsUnderWay == 0 && queue.look(at: "b")?.held == 0)
    }

    @Test("a clock that is set back silences nobody, and one that jumps ahead floods nobody")
    func clockJumps() throws {
        var queue = DeliveryQueue(limits: DeliveryQueue.Limits(slots: 16), schedule: RetrySchedule())
        let now = QueueWorld.start
        _ = queue.notice(now)
        queue.expect("a", due: now + 30)
        _ = queue.finished("b", message: 1, .down(patience: nil), reason: "refused", at: now)
        queue.expect("b", due: now)
        let back = queue.notice(now - 86_400)
        #expect(back == 86_400)
        #expect(next(&queue, now - 86_400) == nil)
        #expect(next(&queue, now - 86_400 + 15)?.destination == "b")
        #expect(next(&queue, now - 86_400 + 30)?.destination == "a")
        // Ten years ahead: a destination that did not answer is asked once, with one message.
        var other = QueueWorld(slots: 16)
        other.answers["dead"] = { _ in Self.refusing }
        other.put(100, for: "dead", at: 0)
        other.run(until: 100)
        let calls = other.calls.count
        other.now = 315_000_000
        other.run(until: 315_000_001)
        #expect(other.calls.count == calls + 1)
    }

    @Test("a destination that was waited for when the node stopped is waited for after the start, but never beyond the schedule")
    func restored() {
        var queue = DeliveryQueue(limits: DeliveryQueue.Limits(slots: 16), schedule: RetrySchedule())
        let now = QueueWorld.start
        _ = queue.notice(now)
        let years = CircuitBreaker(failures: 9, failingSince: now, opensAgainAt: now + 3e8, reason: "refused")
        queue.restore("a", years, at: now)
        queue.expect("a", due: now)
        #expect(next(&queue, now) == nil)
        #expect(next(&queue, now + 3600) == DeliveryQueue.Claim(destination: "a", limit: 1))
    }

    @Test("what is held in memory grows with destinations, not with messages; a turn among a thousand dead ones is short")
    func manyDestinations() {
        var world = QueueWorld(slots: 64)
        for number in 0..<1000 {
            world.answers["dead \(number)"] = { _ in Self.refusing }
            world.put(1, for: "dead \(number)", at: 0)
        }
        world.put(10, for: "good", at: 5)
        world.run(until: 6)
        #expect(world.delivered.count == 10)
        #expect((world.calls.filter { $0.destination == "good" }.map(\.waited).max() ?? 1) < 0.05)
    }

    @Test("the same happens every time")
    func deterministic() {
        func calls() -> [QueueWorld.Call] {
            var world = QueueWorld(slots: 8)
            world.answers = ["dead": { _ in Self.refusing }, "silent": { _ in Self.silent }]
            for destination in ["dead", "silent", "a", "b", "c"] { world.put(20, for: destination, at: 0) }
            world.run(until: 1000)
            return world.calls
        }
        #expect(calls() == calls())
    }
}
