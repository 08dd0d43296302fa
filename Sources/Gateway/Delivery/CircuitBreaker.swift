import Foundation

/// Whether a destination is called: a node that does not answer is waited for once, not once for each message to it.
///
/// Opens at once when nobody is there or the node asks for time, and after ``doubtsToOpen`` failures in a row, of more than one
/// message, that may be the message's fault as well as the destination's. Open, it waits; then one call is let through. Any sign
/// of life closes it.
struct CircuitBreaker: Sendable, Hashable {
    /// Calls in a row that failed.
    private(set) var failures = 0
    private(set) var failingSince: Date?
    /// Nothing is sent before. nil while it is closed.
    private(set) var opensAgainAt: Date?
    private(set) var reason: String?
    private var lastFailure: Date?
    private var doubts = 0
    private var lastDoubted: Int64?

    static let doubtsToOpen = 3

    init() {}

    /// As it was stored.
    init(failures: Int, failingSince: Date?, opensAgainAt: Date?, reason: String?) {
        (self.failures, self.failingSince) = (failures, failingSince)
        (self.opensAgainAt, self.reason) = (opensAgainAt, reason)
    }

    var isOpen: Bool { opensAgainAt != nil }

    func lets(callAt now: Date) -> Bool { opensAgainAt.map { $0 <= now } ?? true }

    /// - Parameters:
    ///   - isClear: whether the failure is certainly the destination's.
    ///   - patience: what the destination asked for.
    mutating func failed(
        at now: Date, message: Int64, isClear: Bool, patience: Duration?, reason: String, destination: String,
        schedule: RetrySchedule
    ) {
        if !isClear, !isOpen {
            if lastDoubted != message { doubts += 1 }
            lastDoubted = message
            guard doubts >= Self.doubtsToOpen else { return }
        }
        // Calls that were under way together fail together; they are one failure.
        if let opensAgainAt, opensAgainAt > now, patience == nil { return }
        failures += 1
        lastFailure = now
        failingSince = failingSince ?? now
        self.reason = reason
        let wait = max(schedule.delay(afterAttempt: failures, of: destination), patience ?? .zero)
        opensAgainAt = now + wait.seconds
    }

    /// - Returns: whether it was open.
    @discardableResult
    mutating func succeeded() -> Bool {
        let wasOpen = isOpen
        self = CircuitBreaker()
        return wasOpen
    }

    /// The partner has just shown itself alive: one call may go out now, but not before `rest` has passed since the last.
    ///
    /// - Returns: whether anything changed.
    mutating func hint(at now: Date, rest: Duration) -> Bool {
        guard let until = opensAgainAt, until > now else { return false }
        if let lastFailure, now < lastFailure + rest.seconds, now >= lastFailure { return false }
        opensAgainAt = now
        return true
    }

    /// Moves its times with the clock.
    mutating func shift(by seconds: TimeInterval) {
        failingSince = failingSince.map { $0 + seconds }
        lastFailure = lastFailure.map { $0 + seconds }
        opensAgainAt = opensAgainAt.map { $0 + seconds }
    }

    /// Nobody waits longer than the schedule would make them, whatever the clock was when it was written down.
    mutating func clamp(to latest: Date) { opensAgainAt = opensAgainAt.map { min($0, latest) } }
}
