/// Writes the Prometheus text format 0.0.4.
///
/// A metric's lines stand together under its `# HELP` and `# TYPE`; a metric without any line is left out.
struct MetricText {
    static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    private(set) var text = ""
    private var begun: Metric?

    mutating func sample(_ metric: Metric, _ labels: [String] = [], _ value: Double) {
        begin(metric)
        line(metric.name, Self.labels(metric.labels, labels), value)
    }

    /// - Parameter counts: of each bucket by itself, the one without bound last.
    mutating func histogram(_ metric: Metric, labels: String, counts: [UInt64], sum: Double) {
        guard case .histogram(let bounds) = metric.kind else { return }
        begin(metric)
        var total: UInt64 = 0
        for (place, count) in counts.enumerated() {
            total += count
            let bound = place < bounds.count ? Self.number(bounds[place]) : "+Inf"
            line(metric.name + "_bucket", Self.joined(labels, "le=\"\(bound)\""), Double(total))
        }
        line(metric.name + "_sum", labels, sum)
        line(metric.name + "_count", labels, Double(total))
    }

    mutating func sample(_ metric: Metric, rendered labels: String, _ value: Double) {
        begin(metric)
        line(metric.name, labels, value)
    }

    private mutating func begin(_ metric: Metric) {
        guard begun != metric else { return }
        begun = metric
        text += "# HELP \(metric.name) \(Self.escaped(metric.help, quote: false))\n# TYPE \(metric.name) \(metric.kind.word)\n"
    }

    private mutating func line(_ name: String, _ labels: String, _ value: Double) {
        text += labels.isEmpty ? "\(name) \(Self.number(value))\n" : "\(name){\(labels)} \(Self.number(value))\n"
    }

    // MARK: - Words

    /// `a="1",b="2"`; empty without labels.
    static func labels(_ names: [String], _ values: [String]) -> String {
        zip(names, values).map { "\($0)=\"\(escaped($1, quote: true))\"" }.joined(separator: ",")
    }

    private static func joined(_ labels: String, _ more: String) -> String { labels.isEmpty ? more : labels + "," + more }

    static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        if let whole = Int64(exactly: value) { return String(whole) }
        return "\(value)"
    }

    /// Backslash, line feed and, in a label, the quotation mark have escapes; other control characters have none in this
    /// format and become spaces.
    static func escaped(_ text: String, quote: Bool) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\"" where quote: result += "\\\""
            case _ where scalar.value < 0x20 || scalar.value == 0x7F: result += " "
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
