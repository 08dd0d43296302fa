public import Foundation
import Synchronization

/// Which loops of the node are alive. Each names itself and how long it may work without a word; who is silent for longer has
/// stopped, and the node is not well.
public final class Heartbeats: Sendable {
    private struct Loop {
        let number: Int
        let limit: Duration
        /// By ``NodeClock/uptime``; nil while it waits for an event, however long that takes.
        var silentFrom: Duration?
    }

    private struct State {
        var loops: [String: Loop] = [:]
        var count = 0
    }

    private let clock: NodeClock
    private let state = Mutex(State())

    public init(clock: NodeClock) { self.clock = clock }

    /// A loop begins. One that begins again under the same name takes the place of the old one.
    ///
    /// - Parameter limit: the longest it works, or oversleeps, without a beat.
    public func begin(_ name: String, limit: Duration) -> Heartbeat {
        let now = clock.uptime()
        let number = state.withLock { state in
            state.count += 1
            state.loops[name] = Loop(number: state.count, limit: limit, silentFrom: now + limit)
            return state.count
        }
        return Heartbeat(heartbeats: self, name: name, number: number)
    }

    /// Loops that have stopped, by name.
    public func silent() -> [String] {
        let now = clock.uptime()
        return state.withLock { state in state.loops.filter { $0.value.silentFrom.map { now >= $0 } ?? false }.keys.sorted() }
    }

    /// How long until the first of them would have stopped, if no word came; nil when all wait for events.
    func untilNextIsSilent() -> Duration? {
        let now = clock.uptime()
        return state.withLock { state in state.loops.values.compactMap(\.silentFrom).filter { $0 > now }.min() }.map { $0 - now }
    }

    private func note(_ name: String, _ number: Int, _ change: (inout Loop, Duration) -> Void) {
        let now = clock.uptime()
        state.withLock { state in
            guard var loop = state.loops[name], loop.number == number else { return }
            change(&loop, now)
            state.loops[name] = loop
        }
    }

    fileprivate func beat(_ name: String, _ number: Int) { note(name, number) { $0.silentFrom = $1 + $0.limit } }

    fileprivate func wait(_ name: String, _ number: Int, until: Date?) {
        let pause = until.map { Duration.seconds(min(max(0, $0.timeIntervalSince(clock.now())), 3_000_000_000)) }
        note(name, number) { loop, now in loop.silentFrom = pause.map { now + $0 + loop.limit } }
    }

    fileprivate func end(_ name: String, _ number: Int) {
        state.withLock { state in if state.loops[name]?.number == number { state.loops[name] = nil } }
    }
}

/// One loop's word that it is alive. May be used from any task.
public struct Heartbeat: Sendable {
    fileprivate let heartbeats: Heartbeats
    fileprivate let name: String
    fileprivate let number: Int

    /// It works.
    public func beat() { heartbeats.beat(name, number) }

    /// It waits: until that time, or for an event when nil.
    public func waiting(until: Date?) { heartbeats.wait(name, number, until: until) }

    /// It has ended as it should.
    public func end() { heartbeats.end(name, number) }
}
