import Foundation
public import Gateway
import Synchronization
public import TestSupport

/// A clock that stands still until the test moves it.
public final class TestClock: Sendable {
    private struct Sleeper {
        let until: Date
        let wake: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var now: Date
        var sleepers: [UUID: Sleeper] = [:]
        var cancelled: Set<UUID> = []
    }

    private let state: Mutex<State>

    public init(at now: Date = TestPKI.now) { state = Mutex(State(now: now)) }

    public var now: Date { state.withLock(\.now) }

    /// What a node is given.
    public var clock: NodeClock {
        NodeClock(now: { self.now }, sleep: { try await self.sleep(until: $0) })
    }

    /// Moves the time forward and wakes who has slept long enough.
    public func advance(by seconds: TimeInterval) {
        let woken = state.withLock { state -> [CheckedContinuation<Void, any Error>] in
            state.now += seconds
            let due = state.sleepers.filter { $0.value.until <= state.now }
            for id in due.keys { state.sleepers[id] = nil }
            return due.values.map(\.wake)
        }
        for wake in woken { wake.resume() }
    }

    private func sleep(until: Date) async throws {
        let id = UUID()
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { wake in
                let outcome: Result<Void, any Error>? = state.withLock { state in
                    if state.cancelled.remove(id) != nil { return .failure(CancellationError()) }
                    if until <= state.now { return .success(()) }
                    state.sleepers[id] = Sleeper(until: until, wake: wake)
                    return nil
                }
                if let outcome { wake.resume(with: outcome) }
            }
        } onCancel: {
            let sleeper = state.withLock { state -> Sleeper? in
                if let sleeper = state.sleepers.removeValue(forKey: id) { return sleeper }
                state.cancelled.insert(id)
                return nil
            }
            sleeper?.wake.resume(throwing: CancellationError())
        }
    }
}
