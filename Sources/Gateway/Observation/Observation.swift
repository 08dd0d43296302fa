import CoreMetrics
import Foundation

/// What one node measures. Whoever does something worth counting calls one of these methods, after it is done; none of them
/// waits, throws or allocates.
public final class Observation: Sendable {
    /// What an attempt at delivery came to.
    public enum AttemptOutcome: String, Sendable, CaseIterable {
        /// A signed Acknowledgment was checked.
        case delivered
        /// Taken; the Acknowledgment comes as a message of its own.
        case handedOver
        /// A signal that the other node took.
        case sent
        /// A signed MessageError: nobody will try again.
        case refused
        /// Nothing is decided; it is tried again.
        case postponed
        /// It cannot even be sent as it is.
        case unsealable
    }

    /// Why a request was refused before anyone looked at a message.
    public enum Refusal: String, Sendable, CaseIterable {
        case malformed, headerTooLarge, tooLarge, timedOut, disconnected, unknownPath, wrongMethod, busy, other
    }

    /// The threads that do what blocks.
    public enum Pool: String, Sendable, CaseIterable {
        /// Keys and XML, one thread for each core.
        case crypto
        /// What takes long: gigabytes.
        case large
    }

    public let book = MetricBook()
    private let steps: [MessageRecord.Direction: [String: Counter]]
    private let attempts: [AttemptOutcome: Counter]
    private let refusals: [Refusal: Counter]
    private let receptions: [Int: CoreMetrics.Timer]
    private let delivery, acceptance: Recorder
    private let commitTime, commitSync: CoreMetrics.Timer
    private let commitPieces: Recorder
    private let commitFailures, connectionsRefused: Counter
    private let connections: Meter
    private let work: [Pool: Work]

    /// The names that steps go by; anything else counts as `other`.
    static let stepNames = [
        "taken", "sealed", "postponed", "handed over", "delivered", "sent", "failed", "accepted", "rejected", "opened", "filed",
        "held", "released", "cancelled", "expired", "redirected", "read", "other",
    ]
    /// The statuses that a message is answered with; anything else counts as the first of its hundred.
    static let statuses = [200, 202, 204, 400, 408, 413, 500, 503]

    public init() {
        let book = book
        steps = Self.each([MessageRecord.Direction.in, .out]) { direction in
            Self.each(Self.stepNames) { Self.counter(.steps, [direction.rawValue, $0], book) }
        }
        attempts = Self.each(AttemptOutcome.allCases) { Self.counter(.attempts, [$0.rawValue], book) }
        refusals = Self.each(Refusal.allCases) { Self.counter(.requestsRefused, [$0.rawValue], book) }
        receptions = Self.each(Self.statuses) { Self.timer(.receptions, ["\($0)"], book) }
        delivery = Self.recorder(.delivery, book)
        acceptance = Self.recorder(.acceptance, book)
        commitTime = Self.timer(.commitTime, [], book)
        commitSync = Self.timer(.commitSync, [], book)
        commitPieces = Self.recorder(.commitPieces, book)
        commitFailures = Self.counter(.commitFailures, [], book)
        connectionsRefused = Self.counter(.connectionsRefused, [], book)
        connections = Meter(label: Metric.connections.name, factory: book)
        work = Self.each(Pool.allCases) { pool in
            Work(
                waiting: Meter(label: Metric.poolWaiting.name, dimensions: [("pool", pool.rawValue)], factory: book),
                waitTime: Self.timer(.poolWait, [pool.rawValue], book), time: Self.timer(.poolTime, [pool.rawValue], book))
        }
    }

    // MARK: - Messages

    /// A step of a message that was committed.
    public func step(_ step: MessageStep, of message: MessageRecord) {
        let counters = steps[message.direction]
        (counters?[step.what] ?? counters?["other"])?.increment()
        guard message.direction == .out, !message.isSignal else { return }
        switch step.what {
        case "delivered": delivery.record(max(0, step.at.timeIntervalSince(message.created)))
        case "accepted", "rejected": acceptance.record(max(0, step.at.timeIntervalSince(message.created)))
        default: break
        }
    }

    public func attempt(_ outcome: AttemptOutcome) { attempts[outcome]?.increment() }

    // MARK: - The store

    /// A commit that is on the disk: how many pieces of work it held, how long it took in all, and how long its end alone.
    public func commit(pieces: Int, time: Duration, sync: Duration) {
        commitPieces.record(pieces)
        commitTime.recordNanoseconds(time.nanoseconds)
        commitSync.recordNanoseconds(sync.nanoseconds)
    }

    public func commitFailed() { commitFailures.increment() }

    // MARK: - The door

    public func connectionOpened() { connections.increment() }
    public func connectionClosed() { connections.decrement() }
    public func connectionRefused() { connectionsRefused.increment() }
    public func requestRefused(_ reason: Refusal) { refusals[reason]?.increment() }

    /// A request that brought a message was answered.
    public func received(status: Int, time: Duration) {
        (receptions[status] ?? receptions[status / 100 * 100])?.recordNanoseconds(time.nanoseconds)
    }

    // MARK: - Threads

    public func work(in pool: Pool) -> Work? { work[pool] }

    // MARK: - Making them

    private static func each<Key: Hashable, Value>(_ keys: [Key], _ make: (Key) -> Value) -> [Key: Value] {
        Dictionary(uniqueKeysWithValues: keys.map { ($0, make($0)) })
    }

    private static func counter(_ metric: Metric, _ labels: [String], _ book: MetricBook) -> Counter {
        Counter(label: metric.name, dimensions: Array(zip(metric.labels, labels)), factory: book)
    }

    private static func recorder(_ metric: Metric, _ book: MetricBook) -> Recorder {
        Recorder(label: metric.name, dimensions: [], aggregate: true, factory: book)
    }

    private static func timer(_ metric: Metric, _ labels: [String], _ book: MetricBook) -> CoreMetrics.Timer {
        CoreMetrics.Timer(label: metric.name, dimensions: Array(zip(metric.labels, labels)), factory: book)
    }
}

extension Duration {
    var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds.multipliedReportingOverflow(by: 1_000_000_000).partialValue + attoseconds / 1_000_000_000
    }
}
