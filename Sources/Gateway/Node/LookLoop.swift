import Foundation
import ServiceLifecycle
import Synchronization

/// The loop of a service that looks when it is poked and at the time that it asked for; it never polls. It says to the
/// ``Heartbeats`` when it works and when it waits.
struct LookLoop: Sendable {
    let name: String
    let wakeUps: WakeUps
    let clock: NodeClock
    let heartbeats: Heartbeats
    /// One look that takes longer means that the loop has stopped.
    var limit: Duration = .seconds(120)

    /// Looks until the node stops.
    ///
    /// - Parameter look: does what there is to do, with a beat now and then when that is much, and says when to look again of its own accord; nil means when poked.
    func run(_ look: @escaping @Sendable (Heartbeat) async -> Date?) async {
        let heartbeat = heartbeats.begin(name, limit: limit)
        let alarm = Alarm()
        wakeUps.poke()
        await withDiscardingTaskGroup { group in
            for await _ in wakeUps.stream.cancelOnGracefulShutdown() {
                heartbeat.beat()
                wakeUps.isLooking()
                let next = await look(heartbeat)
                if let next, alarm.isEarlier(next) {
                    group.addTask {
                        try? await clock.sleep(next)
                        alarm.rang(next)
                        wakeUps.poke()
                    }
                }
                let time = alarm.time
                wakeUps.looksAgain(at: time)
                heartbeat.waiting(until: time)
            }
            group.cancelAll()
        }
        heartbeat.end()
    }

    /// When the next look is due. It is forgotten once it has rung, so that a clock that is set back does not silence it.
    private final class Alarm: Sendable {
        private let next = Mutex<Date?>(nil)

        var time: Date? { next.withLock { $0 } }

        /// Whether an alarm has to be set for `time`; it counts as set then.
        func isEarlier(_ time: Date) -> Bool {
            next.withLock { next in
                if let next, next <= time { return false }
                next = time
                return true
            }
        }

        func rang(_ time: Date) { next.withLock { if $0 == time { $0 = nil } } }
    }
}
