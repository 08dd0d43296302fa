import CoreMetrics
import Foundation

/// What one node measures. Whoever does something worth counting calls one of these methods, after it is done; none of them
/// waits, throws or allocates.
public final class Observation: Sendable {
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
    private let attempts: [String: Counter]
    private let attemptTime: CoreMetrics.Timer
    private let refusals: [Refusal: Counter]
    private let receptions: [Int: CoreMetrics.Timer]
    private let delivery, acceptance: Recorder
    private let submission, commitTime, commitSync, fileSync: CoreMetrics.Timer
    private let commitPieces: Recorder
    private let commitFailures, connectionsRefused, lookFailures: Counter
    private let connections: Meter
    private let work: [Pool: Work]

    /// What attempts come to beside the codes of ``DeliveryError``.
    static let successes = ["delivered", "handedOver", "sent"]
    /// The statuses that a message is answered with; anything else counts as the first of its hundred.
    static let statuses = [200, 202, 204, 400, 408, 413, 500, 503]

    public init() {
        let book = book
        let done = Self.each(Self.successes) { Self.counter(.attempts, [$0, "none"], book) }
        attempts = DeliveryError.Code.allCases.reduce(into: done) { counters, code in
            counters[code.rawValue] = Self.counter(.attempts, [code.rawValue, code.meaning.class.rawValue], book)
        }
        attemptTime = Self.timer(.attemptTime, [], book)
        refusals = Self.each(Refusal.allCases) { Self.counter(.requestsRefused, [$0.rawValue], book) }
        receptions = Self.each(Self.statuses) { Self.timer(.receptions, ["\($0)"], book) }
        delivery = Self.recorder(.delivery, book)
        acceptance = Self.recorder(.acceptance, book)
        submission = Self.timer(.submission, [], book)
        fileSync = Self.timer(.fileSync, [], book)
        commitTime = Self.timer(.commitTime, [], book)
        commitSync = Self.timer(.commitSync, [], book)
        commitPieces = Self.recorder(.commitPieces, book)
        commitFailures = Self.counter(.commitFailures, [], book)
        lookFailures = Self.counter(.lookFailures, [], book)
        connectionsRefused = Self.counter(.connectionsRefused, [], book)
        connections = Meter(label: Metric.connections.name, factory: book)
        work = Self.each(Pool.allCases) { pool in
            Work(
                waiting: Meter(label: Metric.poolWaiting.name, dimensions: [("pool", pool.rawValue)], factory: book),
                waitTime: Self.timer(.poolWait, [pool.rawValue], book), time: Self.timer(.poolTime, [pool.rawValue], book))
        }
    }

    // MARK: - Messages

    /// A step of a message that was committed. How often each happened, the store counts itself.
    public func step(_ step: MessageStep, of message: MessageRecord) {
        guard message.direction == .out, !message.isSignal else { return }
        switch step.what {
        case "delivered": delivery.record(max(0, step.at.timeIntervalSince(message.created)))
        case "accepted", "rejected": acceptance.record(max(0, step.at.timeIntervalSince(message.created)))
        default: break
        }
    }

    /// A submission was taken: it is on the disk.
    func submitted(time: Duration) { submission.recordNanoseconds(time.nanoseconds) }

    /// An attempt at delivery has ended. One that ended because the node stops is none.
    func attempt(_ outcome: DeliveryOutcome, of message: MessageRecord, time: Duration) {
        let name =
            switch outcome {
            case .acknowledged: "delivered"
            case .handedOver: message.isSignal ? "sent" : "handedOver"
            case .failed(let error, _): error.code.rawValue
            }
        guard name != DeliveryError.Code.cancelled.rawValue else { return }
        attempts[name]?.increment()
        attemptTime.recordNanoseconds(time.nanoseconds)
    }

    // MARK: - The store

    /// A commit that is on the disk: how many pieces of work it held, how long it took in all, and how long its end alone.
    public func commit(pieces: Int, time: Duration, sync: Duration) {
        commitPieces.record(pieces)
        commitTime.recordNanoseconds(time.nanoseconds)
        commitSync.recordNanoseconds(sync.nanoseconds)
    }

    /// A file, and its name in its folder, are on the disk.
    func fileSynchronised(time: Duration) { fileSync.recordNanoseconds(time.nanoseconds) }

    /// Somebody asked how the store fares, and it could not be read.
    func lookFailed() { lookFailures.increment() }

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
