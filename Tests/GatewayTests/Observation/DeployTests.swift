import Foundation
import TestSupport
import Testing

@testable import Gateway

/// What lies in `deploy` for the programs of others, held against what this program does.
@Suite("The files for deployment")
struct DeployTests {
    /// The metrics that an expression names, each with the labels that it asks it for.
    private static func metrics(in expression: String) throws -> [(name: String, labels: [String])] {
        let pattern = try Regex(
            #"\b((?:msggw|process)_[a-z_]+|up)\b(?:\{([^}]*)\})?"#, as: (Substring, Substring, Substring?).self)
        return try expression.matches(of: pattern).map { match in
            let labels = try (match.output.2 ?? "").matches(
                of: Regex(#"([a-z_]+)\s*(?:=~|!=|!~|=)"#, as: (Substring, Substring).self))
            return (String(match.output.1), labels.map { String($0.output.1) })
        }
    }

    /// What Prometheus itself adds to every line it takes from us.
    private static let ofPrometheus: Set = ["instance", "job"]

    private static func check(_ expression: String) throws {
        let exported = Dictionary(
            Metric.all.flatMap { metric in metric.exported.map { ($0, metric) } }, uniquingKeysWith: { first, _ in first })
        let named = try metrics(in: expression)
        #expect(!named.isEmpty, "\(expression) names no metric")
        for (name, labels) in named where name != "up" {
            let metric = try #require(exported[name], "\(name) is not exported")
            let known = ofPrometheus.union(metric.labels).union(["le"])
            #expect(known.isSuperset(of: labels), "\(name) has no label among \(labels)")
        }
        // Labels that lines are put together by.
        let groups = try expression.matches(of: Regex(#"\bby\s*\(([^)]*)\)"#, as: (Substring, Substring).self))
        let every = Set(Metric.all.flatMap(\.labels)).union(ofPrometheus).union(["le"])
        for group in groups {
            for label in group.output.1.split(separator: ",") {
                #expect(every.contains(label.trimmingCharacters(in: .whitespaces)), "\(expression)")
            }
        }
    }

    @Test("every alert asks for what is exported, and says what is wrong and what to do", arguments: DeployFiles.rules)
    func rule(rule: DeployFiles.Rule) throws {
        #expect(rule.name.hasPrefix("Msggw"))
        try Self.check(rule.expression)
        #expect(["info", "warning", "critical"].contains(rule.severity))
        #expect(rule.summary.hasSuffix(".") && rule.summary.contains("{{ $"))
        #expect(rule.action.hasSuffix(".") && rule.action.count > 30)
    }

    @Test("the rules are there, each under a name of its own")
    func rules() {
        #expect(DeployFiles.rules.count > 20)
        #expect(Set(DeployFiles.rules.map(\.name)).count == DeployFiles.rules.count)
    }

    @Test(
        "promtool finds the rules good",
        .enabled(if: Prometheus.hasPromtool, "not judged here: promtool is not installed (Debian's package prometheus)"))
    func promtool() throws {
        let outcome = try Tool.run(
            "promtool", ["check", "rules", DeployFiles.folder.appending(path: "prometheus-rules.yml").path])
        let words = String(decoding: outcome.out + outcome.err, as: UTF8.self)
        #expect(outcome.status == 0, "\(words)")
    }

    @Test("commands and documents that an action names are there", arguments: DeployFiles.rules)
    func actions(rule: DeployFiles.Rule) throws {
        let commands = try text(of: "Sources/msggw")
        for match in rule.action.matches(of: try Regex(#"'msggw ([a-z]+)"#, as: (Substring, Substring).self)) {
            let command = String(match.output.1)
            let isThere = commands.contains("commandName: \"\(command)\"") || commands.contains("struct \(command.capitalized)")
            #expect(isThere, "\(rule.name) names msggw \(command)")
        }
        for match in rule.action.matches(of: try Regex(#"docs/[A-Z]+\.md"#)) {
            let path = String(rule.action[match.range])
            #expect(FileManager.default.fileExists(atPath: Repository.root.appending(path: path).path))
        }
    }

    private func text(of folder: String) throws -> String {
        let place = Repository.root.appending(path: folder)
        return try FileManager.default.subpathsOfDirectory(atPath: place.path).filter { $0.hasSuffix(".swift") }
            .map { try String(contentsOf: place.appending(path: $0), encoding: .utf8) }.joined()
    }

    // MARK: - The dashboard

    @Test("every panel of the dashboard asks for what is exported", arguments: DeployFiles.panels)
    func panel(panel: DeployFiles.Panel) throws {
        #expect(!(panel.description ?? "").isEmpty)
        let targets = try #require(panel.targets)
        #expect(!targets.isEmpty)
        for target in targets { try Self.check(target.expr) }
    }

    @Test("the dashboard shows every metric, and no panel lies on another")
    func whole() throws {
        let dashboard = try #require(DeployFiles.dashboard)
        let shown = Set(try DeployFiles.panels.flatMap { $0.targets ?? [] }.flatMap { try Self.metrics(in: $0.expr).map(\.name) })
        // A dashboard that shows how long addresses are helps nobody.
        let left: Set = ["process_virtual_memory_bytes", "process_start_time_seconds"]
        for metric in Metric.all where !left.contains(metric.name) {
            #expect(!shown.isDisjoint(with: metric.exported), "\(metric.name) is on no panel")
        }
        for mark in dashboard.annotations.list { try Self.check(mark.expr) }
        #expect(dashboard.templating.list.map(\.name) == ["datasource", "instance"])
        let ids = dashboard.panels.map(\.id)
        #expect(Set(ids).count == ids.count)
        for (place, panel) in dashboard.panels.enumerated() {
            let (one, end) = (panel.gridPos, panel.gridPos.x + panel.gridPos.w)
            #expect(end <= 24)
            for other in dashboard.panels[(place + 1)...].map(\.gridPos) {
                let isApart =
                    one.x >= other.x + other.w || other.x >= end || one.y >= other.y + other.h || other.y >= one.y + one.h
                #expect(isApart, "\(panel.title)")
            }
        }
    }

    // MARK: - The service

    @Test("the unit gives the program longer to stop than it takes by its own settings, and waits for it to be ready")
    func times() throws {
        let unit = try Self.unit()
        let settings = try NodeSettings(yaml: [], folder: "/node")
        let stop = try #require(unit["TimeoutStopSec"].flatMap { Int($0) })
        #expect(Duration.seconds(stop) > settings.serve.stopTime)
        #expect(unit["Type"] == "notify")
        #expect(unit["Restart"] == "on-failure")
        // Three words of life come within it, and the store may take a while for each.
        #expect(try #require(unit["WatchdogSec"].flatMap { Int($0) }) >= 30)
        #expect(unit["RestartPreventExitStatus"] == "78")
        #expect(unit["UMask"] == "0077" && unit["LimitCORE"] == "0")
        // The filter keeps the program from setting it itself.
        #expect(unit["CPUSchedulingPolicy"] == "batch")
    }

    static func unit() throws -> [String: String] {
        let lines = try DeployFiles.text("msggw.service").split(separator: "\n").filter { !$0.hasPrefix("#") && $0.contains("=") }
        let pairs = lines.map { line in
            let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (String(parts[0]), String(parts[1]))
        }
        return Dictionary(pairs, uniquingKeysWith: { first, _ in first })
    }

    private static let canAnalyze = (try? Tool.run("systemd-analyze", ["--version"]))?.status == 0

    @Test(
        "systemd finds nothing wrong with the unit, and calls it as safe as the documentation says",
        .enabled(if: canAnalyze, "needs systemd-analyze"))
    func analyzed() throws {
        let scratch = try ScratchFolder()
        // Only the program is not where it will be.
        let unit = try DeployFiles.text("msggw.service").replacing("/usr/local/bin/msggw", with: "/bin/true")
        let path = try scratch.write(unit, to: "msggw.service", mode: 0o644)
        let verified = try Tool.run("systemd-analyze", ["verify", "--man=no", path])
        let words = String(decoding: verified.out + verified.err, as: UTF8.self)
        #expect(!words.contains("msggw.service"), "\(words)")
        let judged = try Tool.run("systemd-analyze", ["security", "--offline=true", "--threshold=15", "--no-pager", path])
        let judgement = String(decoding: judged.out, as: UTF8.self).split(separator: "\n").last.map(String.init) ?? ""
        #expect(judged.status == 0, "\(judgement)")
    }

    // MARK: - The documentation

    @Test("docs/OPERATIONS.md holds the table of metrics as it is")
    func table() throws {
        let text = try String(contentsOf: Repository.root.appending(path: "docs/OPERATIONS.md"), encoding: .utf8)
        let isThere = text.contains(Metric.table())
        #expect(isThere, "put this into docs/OPERATIONS.md:\n\(Metric.table())")
    }

    @Test("docs/OPERATIONS.md says what each restriction of the unit is for")
    func restrictions() throws {
        let text = try String(contentsOf: Repository.root.appending(path: "docs/OPERATIONS.md"), encoding: .utf8)
        for key in [
            "ProtectSystem", "NoNewPrivileges", "MemoryDenyWriteExecute", "SystemCallFilter", "RestrictAddressFamilies",
            "ReadWritePaths", "LimitCORE", "UMask", "WatchdogSec", "TimeoutStopSec", "RestartPreventExitStatus",
        ] { #expect(text.contains("`\(key)"), "\(key)") }
    }
}
