import Foundation

/// What is answered to whoever asks for `/metrics`: what was counted, and what is looked up at that moment.
public struct MetricsPage: Sendable {
    public static let contentType = MetricText.contentType

    private let observation: Observation
    private let health: @Sendable () async -> HealthReport
    private let look: @Sendable () async -> LookedUp

    public init(observation: Observation, health: @escaping @Sendable () async -> HealthReport) {
        self.init(observation: observation, health: health, look: { LookedUp() })
    }

    init(
        observation: Observation, health: @escaping @Sendable () async -> HealthReport,
        look: @escaping @Sendable () async -> LookedUp
    ) {
        (self.observation, self.health, self.look) = (observation, health, look)
    }

    /// The page in the Prometheus text format 0.0.4.
    public func text() async -> String {
        var looked = await look()
        looked[.build] = [Sample([MSGGW.version], 1)]
        looked[.health] = [Sample([], await health().status == .green ? 1 : 0)]
        looked.add(ProcessFacts.now())
        var text = MetricText()
        for metric in Metric.all {
            observation.book.write(metric, to: &text)
            for sample in looked[metric] { text.sample(metric, sample.labels, sample.value) }
        }
        return text.text
    }
}

/// One value with the values of its metric's labels, in their order.
struct Sample: Sendable {
    let labels: [String]
    let value: Double

    init(_ labels: [String], _ value: Double) { (self.labels, self.value) = (labels, value) }
}

/// What is not counted as it happens, but looked up when somebody asks.
struct LookedUp: Sendable {
    private var samples: [String: [Sample]] = [:]

    /// In the order of their labels.
    subscript(metric: Metric) -> [Sample] {
        get { samples[metric.name] ?? [] }
        set { samples[metric.name] = newValue.sorted { $0.labels.lexicographicallyPrecedes($1.labels) } }
    }

    mutating func add(_ facts: ProcessFacts) {
        let values: [(Metric, Double?)] = [
            (.memory, facts.residentBytes), (.virtualMemory, facts.virtualBytes), (.descriptors, facts.descriptors),
            (.descriptorLimit, facts.descriptorLimit), (.processorTime, facts.processorSeconds), (.start, facts.start),
        ]
        for (metric, value) in values { if let value { self[metric] = [Sample([], value)] } }
    }
}
