import Foundation
import GRDB
import Logging
import ServiceLifecycle
import Synchronization

/// Carries out what ``DeliveryQueue`` decides: claims messages, gives each its ``Attempt``, writes down what it came to. Looks
/// when it is told to and when the next message falls due; it never polls.
public final class DeliveryWorker: Service {
    private let store: GatewayStore
    /// One for each message, by the registry of that moment.
    private let attempts: @Sendable () -> Attempt
    private let recorder: DeliveryRecorder
    private let queue: Mutex<DeliveryQueue>
    private let leaseTime: Duration
    private let horizon: Duration
    private let clock: NodeClock
    private let bell: DeliveryBell
    private let direct: DirectDelivery
    private let heartbeats: Heartbeats
    private let logger: Logger
    private let state = Mutex(State())

    private struct State {
        var incarnation: Int64 = 0
        var isStopping = false
        /// Messages that were stored with their lease; nil when none are taken.
        var handedOver: [ClaimedMessage]? = []
        /// When the next look is due; nil once it has been taken, so that a clock that is set back does not silence it.
        var alarm: Date?
    }

    private static let pause: TimeInterval = 5

    init(
        store: GatewayStore, attempt attempts: @escaping @Sendable () -> Attempt, recorder: DeliveryRecorder, slots: Int,
        clock: NodeClock,
        bell: DeliveryBell, direct: DirectDelivery, heartbeats: Heartbeats, logger: Logger
    ) {
        (self.store, self.attempts, self.recorder) = (store, attempts, recorder)
        (self.clock, self.bell, self.direct, self.heartbeats, self.logger) = (clock, bell, direct, heartbeats, logger)
        let schedule = recorder.judge.schedule
        horizon = schedule.horizon
        leaseTime = attempts().settings.attemptTime + .seconds(60)
        queue = Mutex(DeliveryQueue(limits: DeliveryQueue.Limits(slots: slots), schedule: schedule))
    }

    public func run() async throws {
        let heartbeat = heartbeats.begin("delivery", limit: .seconds(120))
        try await start()
        direct.open(self)
        bell.poke()
        await withDiscardingTaskGroup { alarms in
            await withDiscardingTaskGroup { calls in
                for await _ in bell.stream.cancelOnGracefulShutdown() {
                    heartbeat.beat()
                    await look(&calls, &alarms)
                    heartbeat.waiting(until: state.withLock(\.alarm))
                }
                direct.close()
                let late = state.withLock { state in
                    defer { (state.isStopping, state.handedOver) = (true, nil) }
                    return state.handedOver ?? []
                }
                for message in late { calls.addTask { [self] in await deliver(message, inSlotOf: message.message.destination) } }
                // What attempts under way come to is still recorded: they are not cancelled, their calls are. A partner that is
                // slow to answer does not hold up the stop: the message stays due, and the partner answers the repeat with the
                // receipt it has stored.
                alarms.addTask { [self] in
                    try? await clock.sleep(clock.now() + attempts().settings.stopTime.seconds)
                    attempts().cancelCalls()
                }
            }
            alarms.cancelAll()
        }
        heartbeat.end()
        await giveBackLeases()
    }

    // MARK: - Start and stop

    private func start() async throws {
        let now = clock.now()
        let first = attempts()
        let began = try await store.commit { [horizon] database in
            try DeliveryStart.begin(database, registry: first.view.registry, horizon: horizon, planted: first.planted, at: now)
        }
        state.withLock { $0.incarnation = began.incarnation }
        queue.withLock { queue in
            _ = queue.notice(now)
            for destination in began.destinations { queue.restore(destination.name, destination.breaker, at: now) }
            for waiting in began.waiting { queue.expect(waiting.name, due: waiting.due) }
            for suspect in began.suspects { queue.suspect(suspect.id, for: suspect.destination, due: suspect.due) }
        }
        for suspect in began.suspects {
            logger.warning("The node died while it worked on a message", metadata: [LogKey.own: "\(suspect.id)"])
        }
        for destination in began.destinations { bell.isWaitedFor(destination.name, destination.breaker.isOpen) }
        recorder.tell(began.changes)
    }

    /// Every attempt has given back its own; this is for those whose end could not be written down.
    private func giveBackLeases() async {
        let incarnation = state.withLock(\.incarnation)
        do {
            try await store.commit { database in
                try database.execute(
                    sql: "UPDATE message SET leasedBy = NULL, leasedUntil = NULL WHERE leasedBy = ?", arguments: [incarnation])
            }
        } catch {
            logger.error("Leases are left over; the next start gives them back", metadata: [LogKey.reason: "\(error)"])
        }
    }

    // MARK: - Looking

    private func look(_ calls: inout DiscardingTaskGroup, _ alarms: inout DiscardingTaskGroup) async {
        let now = clock.now()
        do { try await hear(bell.take(), at: now) } catch {
            logger.error("Cannot look for due messages", metadata: [LogKey.reason: "\(error)"])
            bell.missed()
            wake(at: now + Self.pause, &alarms)
        }
        let handedOver = state.withLock { state in
            defer { state.handedOver = [] }
            return state.handedOver ?? []
        }
        for message in handedOver { calls.addTask { [self] in await deliver(message, inSlotOf: message.message.destination) } }
        while let claim = queue.withLock({ $0.next(at: now) }) {
            calls.addTask { [self] in await carryOut(claim) }
        }
        if let next = queue.withLock({ $0.nextLook(at: now) }) { wake(at: next, &alarms) }
    }

    private func hear(_ rings: DeliveryBell.Rings, at now: Date) async throws {
        let back = queue.withLock { queue in
            let back = queue.notice(now)
            for destination in rings.destinations { queue.expect(destination, due: now) }
            for destination in rings.alive { queue.hint(destination, at: now) }
            return back
        }
        if back > 0 {
            logger.warning("The clock was set back", metadata: ["seconds": "\(Int(back))"])
            try await store.commit { database in
                try database.execute(
                    sql: "UPDATE message SET due = due - ? WHERE due > ? AND direction = 'out'",
                    arguments: [Int64(back * 1_000_000), now.microseconds])
            }
        }
        if rings.everywhere || back > 0 {
            let hasSuspects = queue.withLock(\.hasSuspects)
            let (waiting, closed, suspects) = try store.read { database in
                (
                    try DeliveryClaims.waitingDestinations(database),
                    try DestinationRecord.fetchAll(database, sql: "SELECT * FROM destination"),
                    hasSuspects ? try DeliveryStart.suspects(database, at: now) : []
                )
            }
            queue.withLock { queue in
                for suspect in suspects { queue.suspectMoved(suspect.id, to: suspect.destination, due: suspect.due) }
                // Somebody may have said that a destination is to be tried now.
                for row in closed where row.breaker.lets(callAt: now) { queue.hint(row.name, rest: .zero, at: now) }
                for waiting in waiting { queue.expect(waiting.name, due: waiting.due) }
            }
        }
    }

    private func wake(at next: Date, _ alarms: inout DiscardingTaskGroup) {
        let mustSet = state.withLock { state in
            if let alarm = state.alarm, alarm <= next { return false }
            state.alarm = next
            return true
        }
        guard mustSet else { return }
        alarms.addTask { [self] in
            try? await clock.sleep(next)
            state.withLock { if $0.alarm == next { $0.alarm = nil } }
            bell.poke()
        }
    }

    // MARK: - Carrying out

    private func carryOut(_ claim: DeliveryQueue.Claim) async {
        let now = clock.now()
        let lease = Lease(incarnation: state.withLock(\.incarnation), until: now + leaseTime.seconds)
        let found: DeliveryClaims.Found
        do {
            found = try await store.commit { [self] database in
                let found = try DeliveryClaims.claim(database, claim, for: lease, at: now)
                queue.withLock { $0.found(claim, count: found.messages.count) }
                return found
            }
        } catch {
            logger.error("Messages could not be claimed", metadata: [LogKey.reason: "\(error)"])
            queue.withLock { $0.claimFailed(claim, retryAt: now + Self.pause) }
            bell.poke()
            return
        }
        queue.withLock { $0.claimed(claim, count: found.messages.count, nextDue: found.nextDue, at: now) }
        // Others may have their turn while these are under way.
        bell.poke()
        let isSuspect = claim.suspect != nil
        await withDiscardingTaskGroup { group in
            for message in found.messages {
                group.addTask { [self] in await deliver(message, inSlotOf: claim.destination, isSuspect: isSuspect) }
            }
        }
    }

    /// - Parameter slot: the destination whose slot it holds. A suspect may have been moved to another since it was noted.
    private func deliver(_ claimed: ClaimedMessage, inSlotOf slot: String, isSuspect: Bool = false) async {
        let isStopping = state.withLock(\.isStopping)
        let result = isStopping ? Attempt.Result(outcome: nil, wire: nil) : await attempts().run(claimed)
        let message = claimed.message
        let now = clock.now()
        let breaker = result.outcome.flatMap { outcome in
            queue.withLock {
                $0.finished(
                    message.destination, message: message.id, outcome.finding, reason: outcome.reason, at: now)
            }
        }
        if let breaker { bell.isWaitedFor(message.destination, breaker.isOpen) }
        let settlement = result.outcome.map { recorder.judge.settle($0, of: message, breaker, at: now) } ?? .givenBack
        let due = await written(settlement, of: claimed, result, breaker)
        let mayGo = queue.withLock { queue in
            queue.released(slot, due: slot == message.destination ? due : nil, wasSuspect: isSuspect)
            if let due, slot != message.destination { queue.expect(message.destination, due: due) }
            return queue.hasWaiting
        }
        if mayGo { bell.poke() }
        if let breaker, breaker.failures >= RetrySchedule.leastAttempts, case .failed(let error, _) = result.outcome {
            do { try await recorder.giveUp(message.destination, error) } catch {
                logger.error("Messages whose time is over could not be ended", metadata: [LogKey.reason: "\(error)"])
            }
        }
    }

    /// Writes it down, however long the store takes no commit: the call is made, and must not be made again for nothing.
    private func written(
        _ settlement: Settlement, of claimed: ClaimedMessage, _ result: Attempt.Result, _ breaker: CircuitBreaker?
    ) async -> Date? {
        while true {
            do { return try await recorder.end(settlement, of: claimed, result, breaker) } catch {
                logger.error(
                    "Attempt could not be recorded",
                    metadata: [LogKey.own: "\(claimed.message.id)", LogKey.reason: "\(error)"])
            }
            // The next start finds the lease and gives it back.
            if state.withLock(\.isStopping) { return nil }
            do { try await clock.sleep(clock.now() + Self.pause) } catch { return nil }
        }
    }
}

// MARK: - What comes past the store

extension DeliveryWorker {
    func answers(_ destination: String) -> Bool { queue.withLock { $0.answers(destination) } }

    /// A slot and a lease for a message that is stored at this moment; nil when it has to wait for its turn.
    func admit(_ destination: String) -> Lease? {
        let now = clock.now()
        guard queue.withLock({ $0.admit(destination, at: now) }) else { return nil }
        return Lease(incarnation: state.withLock(\.incarnation), until: now + leaseTime.seconds)
    }

    /// The message was not stored.
    func withdraw(_ destination: String) {
        queue.withLock { $0.released(destination, due: nil) }
        bell.poke()
    }

    /// Delivers a message that was stored with its lease.
    func begin(_ message: ClaimedMessage) async {
        let isTaken = state.withLock { state in
            state.handedOver?.append(message)
            return state.handedOver != nil
        }
        bell.poke()
        // Nobody looks any longer: the message is given back.
        if !isTaken { await deliver(message, inSlotOf: message.message.destination) }
    }
}

extension DeliveryOutcome {
    /// For the destination's row.
    fileprivate var reason: String { if case .failed(let error, _) = self { "\(error)" } else { "" } }
}
