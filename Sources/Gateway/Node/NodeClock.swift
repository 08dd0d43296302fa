import Foundation

/// Where time comes from. An argument everywhere, so that a test never waits for a wall clock.
public struct NodeClock: Sendable {
    public let now: @Sendable () -> Date
    /// Returns at that time, or throws when the task is cancelled.
    public let sleep: @Sendable (_ until: Date) async throws -> Void

    /// Time that has passed since some moment. It only grows, also when someone sets the clock.
    public let uptime: @Sendable () -> Duration

    /// - Parameter uptime: nil for a clock that nobody sets back.
    public init(
        now: @escaping @Sendable () -> Date, sleep: @escaping @Sendable (_ until: Date) async throws -> Void,
        uptime: (@Sendable () -> Duration)? = nil
    ) {
        (self.now, self.sleep) = (now, sleep)
        self.uptime = uptime ?? { .seconds(now().timeIntervalSinceReferenceDate) }
    }

    public static let system = NodeClock(
        now: { Date() },
        sleep: { until in
            let seconds = until.timeIntervalSinceNow
            if seconds > 0 { try await Task.sleep(for: .seconds(seconds)) }
        },
        uptime: { ContinuousClock.now - start })

    private static let start = ContinuousClock.now
}
