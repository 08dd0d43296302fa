import CoreMetrics
import Foundation
import Testing

@testable import Gateway

@Suite("The book of measurements")
struct MetricBookTests {
    private func page(_ metric: Metric, _ book: MetricBook) -> [String] {
        var text = MetricText()
        book.write(metric, to: &text)
        return text.text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map(String.init)
    }

    @Test("a counter only grows")
    func counter() {
        let book = MetricBook()
        let counter = Counter(label: Metric.commitFailures.name, factory: book)
        counter.increment()
        counter.increment(by: 4)
        counter.increment(by: -3)
        #expect(page(.commitFailures, book) == ["msggw_commit_failures_total 5"])
    }

    @Test("the same name and labels are the same series, also when asked for twice")
    func same() {
        let book = MetricBook()
        for _ in 1...2 {
            Counter(label: Metric.requestsRefused.name, dimensions: [("reason", "busy")], factory: book).increment()
        }
        Counter(label: Metric.requestsRefused.name, dimensions: [("reason", "other")], factory: book).increment()
        #expect(
            page(.requestsRefused, book) == [
                "msggw_requests_refused_total{reason=\"busy\"} 2", "msggw_requests_refused_total{reason=\"other\"} 1",
            ])
    }

    @Test("a value at a bucket's bound is in it, one above is in the next, and buckets add up")
    func buckets() {
        let book = MetricBook()
        let recorder = Recorder(label: Metric.commitPieces.name, factory: book)
        for value in [1.0, 1.5, 2, 256, 257, .nan, .infinity] { recorder.record(value) }
        let lines = page(.commitPieces, book)
        #expect(lines.first == "msggw_commit_pieces_bucket{le=\"1\"} 1")
        #expect(lines.contains("msggw_commit_pieces_bucket{le=\"2\"} 3"))
        #expect(lines.contains("msggw_commit_pieces_bucket{le=\"256\"} 4"))
        #expect(
            lines.suffix(3) == [
                "msggw_commit_pieces_bucket{le=\"+Inf\"} 5", "msggw_commit_pieces_sum 517.5", "msggw_commit_pieces_count 5",
            ])
    }

    @Test("a timer counts in seconds")
    func timer() {
        let book = MetricBook()
        CoreMetrics.Timer(label: Metric.commitTime.name, factory: book).recordMilliseconds(1500)
        #expect(page(.commitTime, book).contains("msggw_commit_seconds_sum 1.5"))
    }

    @Test("a gauge goes up and down")
    func gauge() {
        let book = MetricBook()
        let meter = Meter(label: Metric.connections.name, factory: book)
        for _ in 1...3 { meter.increment() }
        meter.decrement()
        #expect(page(.connections, book) == ["msggw_connections 2"])
        meter.set(0.25)
        #expect(page(.connections, book) == ["msggw_connections 0.25"])
    }

    @Test(
        "what is not in the table, or comes as another kind or with other labels, is not kept",
        arguments: [
            ("http_requests_total", [("path", "/secret")]), (Metric.attempts.name, [("message", "1")]),
            (Metric.attempts.name, []), (Metric.connections.name, []), (Metric.commitTime.name, []),
        ])
    func foreign(name: String, labels: [(String, String)]) {
        let book = MetricBook()
        Counter(label: name, dimensions: labels, factory: book).increment()
        var text = MetricText()
        for metric in Metric.all { book.write(metric, to: &text) }
        #expect(text.text.isEmpty)
    }

    @Test("the number of series of one metric is bounded")
    func bounded() {
        let book = MetricBook()
        for number in 1...MetricBook.largestFamily + 10 {
            Counter(label: Metric.requestsRefused.name, dimensions: [("reason", "\(number)")], factory: book).increment()
        }
        #expect(page(.requestsRefused, book).count == MetricBook.largestFamily)
    }

    @Test("counting from many threads loses nothing")
    func threads() async {
        let observation = Observation()
        await withTaskGroup(of: Void.self) { group in
            for _ in 1...8 {
                group.addTask {
                    for _ in 1...1000 {
                        observation.requestRefused(.busy)
                        observation.commit(pieces: 2, time: .milliseconds(1), sync: .milliseconds(1))
                    }
                }
            }
        }
        #expect(page(.requestsRefused, observation.book).contains("msggw_requests_refused_total{reason=\"busy\"} 8000"))
        #expect(page(.commitPieces, observation.book).contains("msggw_commit_pieces_sum 16000"))
        #expect(page(.commitPieces, observation.book).contains("msggw_commit_pieces_count 8000"))
    }
}

@Suite("The text of measurements")
struct MetricTextTests {
    @Test("labels cannot break out of their quotes or their line")
    func escaped() {
        #expect(MetricText.labels(["a", "b"], ["x\"} 1\n# HELP", "\\"]) == #"a="x\"} 1\n# HELP",b="\\""#)
        #expect(MetricText.labels(["a"], ["tab\tnull\0del\u{7F}å"]) == "a=\"tab null del å\"")
    }

    @Test("HELP and TYPE stand once, before the first line of their metric")
    func once() {
        var text = MetricText()
        for reason in ["busy", "other"] { text.sample(.requestsRefused, [reason], 1) }
        text.sample(.connections, [], 2)
        let lines = text.text.split(separator: "\n")
        #expect(lines.map { $0.prefix(6) } == ["# HELP", "# TYPE", "msggw_", "msggw_", "# HELP", "# TYPE", "msggw_"])
        #expect(lines[1] == "# TYPE msggw_requests_refused_total counter")
        #expect(text.text.hasSuffix("\n"))
    }

    @Test(
        "numbers are written as the format has them",
        arguments: [
            (0.0, "0"), (1e15, "1000000000000000"), (0.1, "0.1"), (-.infinity, "-Inf"), (.infinity, "+Inf"), (.nan, "NaN"),
            (1e300, "1e+300"),
        ])
    func numbers(value: Double, text: String) { #expect(MetricText.number(value) == text) }
}

@Suite("The table of measurements")
struct MetricTableTests {
    @Test("names are unique, say their unit, and counters end in _total")
    func names() {
        #expect(Set(Metric.all.map(\.name)).count == Metric.all.count)
        for metric in Metric.all {
            #expect(metric.name.allSatisfy { ("a"..."z").contains($0) || $0 == "_" }, "\(metric.name)")
            #expect((metric.kind == .counter) == metric.name.hasSuffix("_total"), "\(metric.name)")
            #expect(metric.help.hasSuffix("."), "\(metric.name)")
            guard case .histogram(let bounds) = metric.kind else { continue }
            #expect(bounds == bounds.sorted() && Set(bounds).count == bounds.count, "\(metric.name)")
            #expect(!metric.labels.contains("le"))
        }
    }

    @Test("no label could hold a message, a person or a number of one")
    func labels() {
        let closed: Set = [
            "direction", "state", "what", "destination", "receipt", "kind", "severity", "event", "outcome", "class", "part",
            "party",
            "use",
            "issuer",
            "reason", "status", "version", "pool",
        ]
        for metric in Metric.all { #expect(closed.isSuperset(of: metric.labels), "\(metric.name) \(metric.labels)") }
    }

    @Test("a process's own facts are read also when its name holds brackets and spaces")
    func stat() {
        var facts = ProcessFacts()
        let fields = (3...24).map { $0 == 3 ? "S" : "\($0)" }.joined(separator: " ")
        facts.read(stat: "77 (a) b) \(fields)", boot: 1000, ticks: 100, page: 4096)
        #expect(facts.processorSeconds == 0.29)
        #expect(facts.virtualBytes == 23)
        #expect(facts.residentBytes == 98_304.0)
        #expect(facts.start == 1000.22)
    }
}
