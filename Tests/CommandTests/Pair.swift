import Foundation
import Gateway
import TestSupport

/// Folders of two nodes, a GP's and BUP's, on free ports, as the demo makes them.
struct Pair: Sendable {
    let scratch: ScratchFolder
    let gp: String
    let bup: String
    let ports: [Int]

    /// The sample referral: from 80000601, hosted by the GP's node, to 80000401, hosted by BUP's.
    static let documentID = "6f1d9c0e-5b0f-4d0b-9a35-2f6b3c1e7a01"
    static let referral = sample("flow1/henvisning.xml")
    static let report = sample("flow1/pedagogisk-rapport.pdf")
    static let questionnaire = sample("flow1/spoerreskjema.jpg")
    /// Of the sample's patient: what no error and no log may hold.
    static let personal = ["17831490128", "Blåklokke", "Vennlig"]

    /// - Parameter settings: for both nodes, beside what the demo sets.
    init(settings: [String: String] = [:]) throws {
        scratch = try ScratchFolder()
        ports = try FreePorts.take(2)
        let site = DemoSite(
            folder: scratch.path + "/nodes", pki: try TestPKI.shared.folder().path, registry: Self.sample("registry/oslo.json"),
            keys: .p256, settings: settings)
        let folders = try site.make([
            DemoSite.Plan(
                name: "gp", port: ports[0], organisation: "80000600", hosted: ["80000601", "80000602"], filesItself: false),
            DemoSite.Plan(name: "bup", port: ports[1], organisation: "80000400", hosted: ["80000401"], filesItself: false),
        ])
        (gp, bup) = (folders[0], folders[1])
    }

    static func sample(_ name: String) -> String { Repository.root.appending(path: "samples/\(name)").path }

    /// Starts a node and waits until it listens.
    func serve(_ folder: String, _ options: [String] = []) async throws -> RunningProgram {
        let running = try RunningProgram(["serve", "--node", folder] + options, in: scratch.path)
        try await running.line("Node listens")
        return running
    }

    /// Runs a command on one of the nodes.
    func run(_ arguments: String..., on folder: String, environment: [String: String] = [:]) async throws -> Program.Outcome {
        try await Program.run(arguments + ["--node", folder], in: scratch.path, environment: environment)
    }

    /// The sample referral with other text in it, as a file of its own.
    func referral(replacing old: String, with new: String) throws -> String {
        let text = try String(contentsOfFile: Self.referral, encoding: .utf8)
        return try scratch.write(text.replacing(old, with: new), to: "referral-\(UUID().uuidString).xml")
    }

    /// Rewrites a line of a node's settings, also one that is a comment.
    static func set(_ name: String, _ value: String, in folder: String) throws {
        let file = folder + "/msggw.yaml"
        let parts = name.split(separator: ".").map(String.init)
        var section = ""
        let lines = try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n", omittingEmptySubsequences: false)
        let changed = lines.map { line -> String in
            if line.hasSuffix(":"), line.first?.isLetter == true { section = String(line.dropLast()) }
            let bare = line.drop { $0 == " " || $0 == "#" }
            return section == parts[0] && bare.hasPrefix("\(parts[1]):") ? "  \(parts[1]): \(value)" : String(line)
        }
        try changed.joined(separator: "\n").write(toFile: file, atomically: true, encoding: .utf8)
    }
}
