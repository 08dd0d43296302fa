import Foundation
import GRDB
import Logging
import ServiceLifecycle
import Synchronization

/// Gives every due message its turn, at most `settings.parallel` at a time. Looks when it is poked and when the next message
/// falls due; it never polls.
public final class DeliveryWorker: Service {
    private let store: GatewayStore
    private let attempt: Attempt
    private let width: Int
    private let clock: NodeClock
    private let wakeUps: WakeUps
    private let heartbeats: Heartbeats
    private let logger: Logger
    private let underWay = Mutex<Set<Int64>>([])
    /// When the next look is due; nil once it has been taken, so that a clock that is set back does not silence it.
    private let alarm = Mutex<Date?>(nil)

    init(
        store: GatewayStore, attempt: Attempt, width: Int, clock: NodeClock, wakeUps: WakeUps, heartbeats: Heartbeats,
        logger: Logger
    ) {
        (self.store, self.attempt, self.width, self.clock) = (store, attempt, width, clock)
        (self.wakeUps, self.heartbeats, self.logger) = (wakeUps, heartbeats, logger)
    }

    public func run() async throws {
        let heartbeat = heartbeats.begin("delivery", limit: .seconds(120))
        wakeUps.poke()
        await withDiscardingTaskGroup { alarms in
            await withDiscardingTaskGroup { attempts in
                await begin(&attempts, &alarms, heartbeat)
                // What attempts under way come to is still recorded: they are not cancelled, their calls are. A partner that is
                // slow to answer does not hold up the stop: the message stays due, and the partner answers the repeat with the
                // receipt it has stored.
                alarms.addTask { [self] in
                    try? await clock.sleep(clock.now() + attempt.settings.stopTime.seconds)
                    attempt.cancelCalls()
                }
            }
            alarms.cancelAll()
        }
        heartbeat.end()
    }

    /// Begins attempts until the node stops.
    private func begin(_ attempts: inout DiscardingTaskGroup, _ alarms: inout DiscardingTaskGroup, _ heartbeat: Heartbeat) async {
        for await _ in wakeUps.stream.cancelOnGracefulShutdown() {
            heartbeat.beat()
            defer { heartbeat.waiting(until: alarm.withLock { $0 }) }
            do {
                let (due, next) = try lookUp()
                for id in due {
                    attempts.addTask { [self] in
                        await attempt.run(id)
                        underWay.withLock { _ = $0.remove(id) }
                        wakeUps.poke()
                    }
                }
                if let next, mustSetAlarm(for: next) {
                    alarms.addTask { [self] in
                        try? await clock.sleep(next)
                        alarm.withLock { if $0 == next { $0 = nil } }
                        wakeUps.poke()
                    }
                }
            } catch {
                logger.error("Cannot look for due messages", metadata: [LogKey.reason: "\(error)"])
                alarms.addTask { [self] in
                    try? await clock.sleep(clock.now() + 5)
                    wakeUps.poke()
                }
            }
        }
    }

    private func mustSetAlarm(for next: Date) -> Bool {
        alarm.withLock { alarm in
            if let alarm, alarm <= next { return false }
            alarm = next
            return true
        }
    }

    /// The messages to begin now, marked as under way, and when the next one falls due.
    private func lookUp() throws -> ([Int64], Date?) {
        let free = width - underWay.withLock(\.count)
        guard free > 0 else { return ([], nil) }
        let now = clock.now().microseconds
        let taken = underWay.withLock { $0 }
        let (due, next) = try store.read { database in
            (
                try Int64.fetchAll(
                    database.cachedStatement(
                        sql: "SELECT id FROM message WHERE due <= ? AND direction = 'out' ORDER BY due, id LIMIT ?"),
                    arguments: [now, free + taken.count]),
                try Int64.fetchOne(
                    database.cachedStatement(
                        sql: "SELECT due FROM message WHERE due > ? AND direction = 'out' ORDER BY due LIMIT 1"),
                    arguments: [now])
            )
        }
        let begin = Array(due.filter { !taken.contains($0) }.prefix(free))
        underWay.withLock { $0.formUnion(begin) }
        return (begin, next.map { Date(microseconds: $0) })
    }
}
