import Foundation
import Logging
import ServiceLifecycle
import Synchronization

/// Tells people when a loop has stopped, and when it goes on. `/health` says so without it.
struct Watchdog: Service {
    /// A loop that has stopped is found so long after its limit at the latest.
    static let pause: TimeInterval = 30

    let store: GatewayStore
    let heartbeats: Heartbeats
    let clock: NodeClock
    let logger: Logger

    func run() async throws {
        // What an earlier process pinned up is over, or found again.
        let told = (try? store.listAlerts(limit: 1000))?.filter { $0.kind == .loopStopped }.compactMap(\.subject.thing) ?? []
        let known = Known(Set(told))
        await LookLoop(name: "watchdog", wakeUps: WakeUps(), clock: clock, heartbeats: heartbeats).run { _ in await look(known) }
    }

    private func look(_ known: Known) async -> Date? {
        let (silent, before) = (Set(heartbeats.silent()), known.silent.withLock { $0 })
        let now = clock.now()
        for name in silent.subtracting(before) {
            // First of all the log: what stopped may be what tells people, or the store.
            logger.critical("A loop has stopped; restart the node", metadata: [LogKey.loop: "\(name)"])
            _ = try? await store.raise(.loopStopped, about: .thing(name), at: now)
        }
        for name in before.subtracting(silent) {
            logger.notice("A loop that had stopped goes on", metadata: [LogKey.loop: "\(name)"])
            _ = try? await store.resolve(.loopStopped, about: name, at: now)
        }
        known.silent.withLock { $0 = silent }
        let next = heartbeats.untilNextIsSilent().map { $0.seconds + 1 } ?? Self.pause
        return now + min(max(next, 1), Self.pause)
    }

    private final class Known: Sendable {
        let silent: Mutex<Set<String>>
        init(_ silent: Set<String>) { self.silent = Mutex(silent) }
    }
}

extension Watchdog: CustomStringConvertible {
    var description: String { "Watchdog" }
}
