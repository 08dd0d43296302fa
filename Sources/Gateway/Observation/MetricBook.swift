import CoreMetrics
import Synchronization

/// Keeps the counters, gauges and histograms of one node: what is behind swift-metrics here.
///
/// Counting is an atomic addition, or a lock held for a few instructions, and allocates nothing. What is not in
/// ``Metric/all``, or comes with other labels than stand there, is not kept: a library cannot bring names of its own into
/// what we export. One node has one book, so that several nodes in one process keep theirs apart.
public final class MetricBook: MetricsFactory {
    /// Labels beyond this number are not kept; none of our metrics comes near it.
    static let largestFamily = 1000

    private struct Family {
        var order: [String] = []
        var series: [String: any Series] = [:]
    }

    private let families = Mutex<[String: Family]>([:])

    public init() {}

    public func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        series(label, dimensions) { $0 == .counter ? CounterSeries() : nil } ?? NOOPMetricsHandler.instance
    }

    public func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        series(label, dimensions) { $0 == .gauge ? GaugeSeries() : nil } ?? NOOPMetricsHandler.instance
    }

    public func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        if !aggregate { return series(label, dimensions) { $0 == .gauge ? GaugeSeries() : nil } ?? NOOPMetricsHandler.instance }
        return series(label, dimensions, HistogramSeries.init) ?? NOOPMetricsHandler.instance
    }

    public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        series(label, dimensions, HistogramSeries.init) ?? NOOPMetricsHandler.instance
    }

    // A series is kept as long as the book: its number must not begin anew under those who watch it.
    public func destroyCounter(_ handler: any CounterHandler) {}
    public func destroyMeter(_ handler: any MeterHandler) {}
    public func destroyRecorder(_ handler: any RecorderHandler) {}
    public func destroyTimer(_ handler: any TimerHandler) {}

    /// The same name and labels give the same series.
    private func series<Kind: Series>(
        _ name: String, _ dimensions: [(String, String)], _ make: (Metric.Kind) -> Kind?
    ) -> Kind? {
        guard let metric = Self.byName[name], metric.labels == dimensions.map(\.0) else { return nil }
        let labels = MetricText.labels(metric.labels, dimensions.map(\.1))
        return families.withLock { families in
            if let known = families[name]?.series[labels] { return known as? Kind }
            guard families[name]?.order.count ?? 0 < Self.largestFamily, let made = make(metric.kind) else { return nil }
            families[name, default: Family()].order.append(labels)
            families[name]?.series[labels] = made
            return made
        }
    }

    private static let byName = Dictionary(uniqueKeysWithValues: Metric.all.map { ($0.name, $0) })

    /// Writes what is kept of one metric.
    func write(_ metric: Metric, to text: inout MetricText) {
        let family = families.withLock { $0[metric.name] } ?? Family()
        for labels in family.order { family.series[labels]?.write(metric, labels, to: &text) }
    }
}

/// One metric with one set of labels.
private protocol Series: AnyObject, Sendable {
    func write(_ metric: Metric, _ labels: String, to text: inout MetricText)
}

private final class CounterSeries: CounterHandler, Series {
    private let value = Atomic<Int64>(0)

    func increment(by amount: Int64) { if amount > 0 { value.add(amount, ordering: .relaxed) } }

    func reset() { value.store(0, ordering: .relaxed) }

    func write(_ metric: Metric, _ labels: String, to text: inout MetricText) {
        text.sample(metric, rendered: labels, Double(value.load(ordering: .relaxed)))
    }
}

private final class GaugeSeries: MeterHandler, RecorderHandler, Series {
    private let value = Mutex(0.0)

    func set(_ value: Int64) { set(Double(value)) }
    func set(_ value: Double) { self.value.withLock { $0 = value } }
    func increment(by amount: Double) { value.withLock { $0 += amount } }
    func decrement(by amount: Double) { value.withLock { $0 -= amount } }
    func record(_ value: Int64) { set(Double(value)) }
    func record(_ value: Double) { set(value) }

    func write(_ metric: Metric, _ labels: String, to text: inout MetricText) {
        text.sample(metric, rendered: labels, value.withLock(\.self))
    }
}

private final class HistogramSeries: RecorderHandler, TimerHandler, Series {
    private struct State {
        var counts: [UInt64]
        var sum = 0.0
    }

    private let bounds: [Double]
    private let state: Mutex<State>

    init?(_ kind: Metric.Kind) {
        guard case .histogram(let bounds) = kind else { return nil }
        self.bounds = bounds
        state = Mutex(State(counts: [UInt64](repeating: 0, count: bounds.count + 1)))
    }

    func record(_ value: Int64) { record(Double(value)) }

    func record(_ value: Double) {
        guard value.isFinite else { return }
        var place = 0
        while place < bounds.count, value > bounds[place] { place += 1 }
        state.withLock { state in
            state.counts[place] += 1
            state.sum += value
        }
    }

    func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }

    func write(_ metric: Metric, _ labels: String, to text: inout MetricText) {
        let (counts, sum) = state.withLock { ($0.counts, $0.sum) }
        text.histogram(metric, labels: labels, counts: counts, sum: sum)
    }
}
