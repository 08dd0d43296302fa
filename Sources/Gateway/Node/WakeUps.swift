import Foundation
import Synchronization

/// Says "look again" to one worker. Saying it twice before the worker looks is the same as once.
public final class WakeUps: Sendable {
    public let stream: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    public init() { (stream, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1)) }

    public func poke() { continuation.yield() }
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
