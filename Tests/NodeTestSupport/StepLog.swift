import Foundation
public import Gateway
import Synchronization

/// The steps that nodes report, in the order of their commits, for tests that wait for one of them.
public final class StepLog: Sendable {
    private struct Waiter {
        let matches: @Sendable (StepFeed.Event) -> Bool
        let wake: CheckedContinuation<StepFeed.Event, any Error>
    }

    private struct State {
        var events: [StepFeed.Event] = []
        var waiters: [UUID: Waiter] = [:]
    }

    private let state = Mutex(State())

    public init() {}

    public var events: [StepFeed.Event] { state.withLock(\.events) }

    /// The steps of one kind of message on one node, such as `["taken", "sealed", "delivered", "accepted"]`.
    public func steps(_ node: String, _ direction: MessageRecord.Direction, _ kind: String, receiver: String? = nil) -> [String] {
        events.filter {
            $0.node == node && $0.message.direction == direction && $0.message.kind == kind
                && (receiver == nil || $0.message.receiver == receiver)
        }.map(\.step.what)
    }

    public func watch(_ node: Node) { node.steps.watch { [self] in report($0) } }

    /// The first event that matches, past or to come. Ends with an error when the test's time limit cancels it.
    @discardableResult
    public func first(_ matches: @escaping @Sendable (StepFeed.Event) -> Bool) async throws -> StepFeed.Event {
        let id = UUID()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { wake in
                let known = state.withLock { state -> StepFeed.Event? in
                    if let known = state.events.first(where: matches) { return known }
                    state.waiters[id] = Waiter(matches: matches, wake: wake)
                    return nil
                }
                if let known { wake.resume(returning: known) } else if Task.isCancelled { cancel(id) }
            }
        } onCancel: {
            cancel(id)
        }
    }

    /// The first step of that name on that node.
    @discardableResult
    public func first(
        _ what: String, _ node: String, kind: String? = nil, receiver: String? = nil, after count: Int = 0
    ) async throws -> StepFeed.Event {
        let seen = events.prefix(count).count
        let passed = Mutex(0)
        return try await first { event in
            let number = passed.withLock { number in
                number += 1
                return number
            }
            return number > seen && event.step.what == what && event.node == node && (kind == nil || event.message.kind == kind)
                && (receiver == nil || event.message.receiver == receiver)
        }
    }

    private func cancel(_ id: UUID) {
        state.withLock { $0.waiters.removeValue(forKey: id) }?.wake.resume(throwing: CancellationError())
    }

    private func report(_ event: StepFeed.Event) {
        let woken = state.withLock { state -> [Waiter] in
            state.events.append(event)
            let matching = state.waiters.filter { $0.value.matches(event) }
            for id in matching.keys { state.waiters[id] = nil }
            return Array(matching.values)
        }
        for waiter in woken { waiter.wake.resume(returning: event) }
    }
}
