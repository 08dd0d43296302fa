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
    private let logger: Logger
    private let underWay = Mutex<Set<Int64>>([])
    /// When the next look is due; nil once it has been taken, so that a clock that is set back does not silence it.
    private let alarm = Mutex<Date?>(nil)

    init(store: GatewayStore, attempt: Attempt, width: Int, clock: NodeClock, wakeUps: WakeUps, logger: Logger) {
        (self.store, self.attempt, self.width, self.clock) = (store, attempt, width, clock)
        (self.wakeUps, self.logger) = (wakeUps, logger)
    }

    public func run() async throws {
        wakeUps.poke()
        await withTaskGroup(of: Void.self) { group in
            for await _ in wakeUps.stream.cancelOnGracefulShutdown() {
                do {
                    let (due, next) = try lookUp()
                    for id in due {
                        group.addTask { [self] in
                            await attempt.run(id)
                            underWay.withLock { _ = $0.remove(id) }
                            wakeUps.poke()
                        }
                    }
                    if let next, mustSetAlarm(for: next) {
                        group.addTask { [self] in
                            try? await clock.sleep(next)
                            alarm.withLock { if $0 == next { $0 = nil } }
                            wakeUps.poke()
                        }
                    }
                } catch {
                    logger.error("Cannot look for due messages", metadata: [LogKey.reason: "\(error)"])
                    group.addTask { [self] in
                        try? await clock.sleep(clock.now() + 5)
                        wakeUps.poke()
                    }
                }
            }
            // Alarms need not be waited for. What is under way gets a few seconds; what it came to is recorded.
            group.cancelAll()
            let patience = Task { [attempt, clock] in
                try await clock.sleep(clock.now() + 5)
                attempt.cancelCalls()
            }
            await group.waitForAll()
            patience.cancel()
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
