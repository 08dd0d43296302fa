import Foundation
import Synchronization

/// Says "look again" to one worker. Saying it twice before the worker looks is the same as once.
public final class WakeUps: Sendable {
    public let stream: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation
    /// When the worker looks of its own accord; nil while it looks, or when nobody knows.
    private let next = Mutex<Date?>(nil)

    public init() { (stream, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1)) }

    public func poke() { continuation.yield() }

    /// Something is due then. A worker that looks before that anyway is not disturbed.
    ///
    /// - Returns: whether it was told.
    @discardableResult
    func poke(for time: Date?) -> Bool {
        guard let time else { return false }
        if let next = next.withLock({ $0 }), next <= time { return false }
        poke()
        return true
    }

    /// The worker looks: what is put there from now on it may not see.
    func isLooking() { next.withLock { $0 = nil } }

    func looksAgain(at time: Date?) { next.withLock { $0 = time } }
}

/// The steps of messages as they are committed, for whoever watches: the demo, a benchmark.
public final class StepFeed: Sendable {
    public struct Event: Sendable {
        public let node: String
        public let message: MessageRecord
        public let step: MessageStep
    }

    private let watchers = Mutex<[@Sendable (Event) -> Void]>([])

    /// `watcher` is called after the commit, on the committing task; it must be quick.
    public func watch(_ watcher: @escaping @Sendable (Event) -> Void) { watchers.withLock { $0.append(watcher) } }

    func report(_ event: Event) {
        for watcher in watchers.withLock({ $0 }) { watcher(event) }
    }
}
