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

    init(store: GatewayStore, attempt: Attempt, width: Int, clock: NodeClock, wakeUps: WakeUps, logger: Logger) {
        (self.store, self.attempt, self.width, self.clock) = (store, attempt, width, clock)
        (self.wakeUps, self.logger) = (wakeUps, logger)
    }

    public func run() async throws {
        wakeUps.poke()
        await withTaskGroup(of: Void.self) { group in
            var alarm: Date?
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
                    if let next, alarm.map({ next < $0 || $0 <= clock.now() }) ?? true {
                        alarm = next
                        group.addTask { [self] in
                            try? await clock.sleep(next)
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
