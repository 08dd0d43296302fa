/// One thing that is measured: its name, what it means, and by what it is told apart. ``all`` is closed: what is not in it is
/// not exported, and documentation, dashboard and alert rules are compared with it.
///
/// The values of a label come from a closed set or from the registry, so that their number is bounded, and none is ever the id
/// of a message, a person's name or number, or the HER-id of a person.
public struct Metric: Sendable, Hashable {
    public enum Kind: Sendable, Hashable {
        case counter
        case gauge
        /// With the upper bounds of its buckets, rising; the one without bound comes by itself.
        case histogram(buckets: [Double])
    }

    public let name: String
    public let kind: Kind
    /// One sentence, for those who look.
    public let help: String
    public let labels: [String]

    init(_ name: String, _ kind: Kind, by labels: [String] = [], _ help: String) {
        (self.name, self.kind, self.help, self.labels) = (name, kind, help, labels)
    }

    /// Names of the lines that it makes: a histogram makes three.
    public var exported: [String] {
        if case .histogram = kind { return ["_bucket", "_sum", "_count"].map { name + $0 } }
        return [name]
    }

    /// The table of metrics as Markdown, for `docs/OPERATIONS.md`.
    public static func table() -> String {
        let rows = all.map { metric in
            let labels = metric.labels.map { "`\($0)`" }.joined(separator: ", ")
            return "| `\(metric.name)` | \(metric.kind.word) | \(labels) | \(metric.help) |"
        }
        return (["| metric | kind | labels | meaning |", "| --- | --- | --- | --- |"] + rows).joined(separator: "\n") + "\n"
    }
}

extension Metric.Kind {
    /// As `# TYPE` calls it.
    var word: String {
        switch self {
        case .counter: "counter"
        case .gauge: "gauge"
        case .histogram: "histogram"
        }
    }
}
