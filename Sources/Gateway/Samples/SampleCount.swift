/// How many samples got which verdict.
public struct SampleCount: Sendable, Hashable, CustomStringConvertible {
    private var counts: [SampleVerdict: Int] = [:]

    public init() {}

    public mutating func add(_ sample: JudgedSample) { counts[sample.verdict, default: 0] += 1 }

    public subscript(verdict: SampleVerdict) -> Int { counts[verdict] ?? 0 }
    public var total: Int { counts.values.reduce(0, +) }

    /// The closing line of `msggw samples`.
    public var description: String {
        "samples: \(total) files, \(self[.accepted]) accepted, \(self[.acceptedWithDeviations]) accepted with deviations, "
            + "\(self[.refused]) refused, \(self[.skipped]) not a format msggw reads"
    }
}
