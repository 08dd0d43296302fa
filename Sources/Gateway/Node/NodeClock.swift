import Foundation

/// Where time comes from. An argument everywhere, so that a test never waits for a wall clock.
public struct NodeClock: Sendable {
    public let now: @Sendable () -> Date
    /// Returns at that time, or throws when the task is cancelled.
    public let sleep: @Sendable (_ until: Date) async throws -> Void

    public init(now: @escaping @Sendable () -> Date, sleep: @escaping @Sendable (_ until: Date) async throws -> Void) {
        (self.now, self.sleep) = (now, sleep)
    }

    public static let system = NodeClock(
        now: { Date() },
        sleep: { until in
            let seconds = until.timeIntervalSinceNow
            if seconds > 0 { try await Task.sleep(for: .seconds(seconds)) }
        })
}
