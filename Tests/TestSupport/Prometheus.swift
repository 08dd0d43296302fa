import Foundation

/// Prometheus's own programs, as judges.
public enum Prometheus {
    /// Whether Debian's package `prometheus`, or another one, has put it on PATH.
    public static let hasPromtool = (try? Tool.run("promtool", ["--version"]))?.status == 0

    /// A Python that has Prometheus's client library.
    public static let python: String? = {
        ["/usr/bin/python3", "python3"].first { (try? Tool.run($0, ["-c", "import prometheus_client.parser"]))?.status == 0 }
    }()

    /// What Prometheus's client library reads from the text: each line's name and labels with its value.
    public static func read(_ text: String) throws -> [String: Double] {
        guard let python else { throw PrometheusText.Malformed(description: "no Python with prometheus_client") }
        let program = """
            import json, sys
            from prometheus_client.parser import text_string_to_metric_families as families
            lines = {}
            for family in families(sys.stdin.read()):
                for sample in family.samples:
                    lines[sample.name + json.dumps(sample.labels, sort_keys=True)] = sample.value
            print(json.dumps(lines))
            """
        let outcome = try Tool.run(python, ["-c", program], input: Array(text.utf8))
        guard outcome.status == 0 else {
            throw PrometheusText.Malformed(description: String(decoding: outcome.err, as: UTF8.self))
        }
        return try JSONDecoder().decode([String: Double].self, from: Data(outcome.out))
    }
}
