import Foundation
import TestSupport
import Testing
import Yams

/// What lies in `deploy`, as the programs that it is for read it.
enum DeployFiles {
    static let folder = Repository.root.appending(path: "deploy")

    static func text(_ name: String) throws -> String {
        try String(contentsOf: folder.appending(path: name), encoding: .utf8)
    }

    struct Rule: Sendable, CustomTestStringConvertible {
        let name, expression, severity, summary, action: String
        var testDescription: String { name }
    }

    static let rules: [Rule] = {
        let root = (try? Yams.load(yaml: text("prometheus-rules.yml"))) as? [String: Any]
        let groups = root?["groups"] as? [[String: Any]] ?? []
        return groups.flatMap { $0["rules"] as? [[String: Any]] ?? [] }.map { rule in
            let annotations = rule["annotations"] as? [String: String] ?? [:]
            return Rule(
                name: rule["alert"] as? String ?? "", expression: rule["expr"] as? String ?? "",
                severity: (rule["labels"] as? [String: String])?["severity"] ?? "", summary: annotations["summary"] ?? "",
                action: annotations["action"] ?? "")
        }
    }()

    struct Panel: Decodable, Sendable, CustomTestStringConvertible {
        struct Target: Decodable, Sendable { let expr: String }
        struct Place: Decodable, Sendable { let x, y, w, h: Int }
        let id: Int
        let title, type: String
        let description: String?
        let gridPos: Place
        let targets: [Target]?
        var testDescription: String { title }
    }

    struct Dashboard: Decodable {
        struct Variables: Decodable {
            struct Variable: Decodable { let name, query: String }
            let list: [Variable]
        }
        struct Marks: Decodable {
            struct Mark: Decodable { let expr: String }
            let list: [Mark]
        }
        let panels: [Panel]
        let templating: Variables
        let annotations: Marks
    }

    static let dashboard = try? JSONDecoder().decode(Dashboard.self, from: Data(text("grafana-dashboard.json").utf8))
    static let panels = dashboard?.panels.filter { $0.type != "row" } ?? []
}
