import Foundation
import Gateway
import TestSupport
import Testing

/// Runs the built `simulate`: it needs a process of its own, since it takes over the runtime's queue of tasks.
@Suite("Simulation", .serialized)
struct SimulationTests {
    @Test("300 seeds hold")
    func seeds() throws {
        let outcome = try Simulator.run(["--seeds", "300", "--letters", "8"])
        #expect(outcome.status == 0, "\(outcome.out)")
        #expect(outcome.out.contains("300 of 300 seeds hold"), "\(outcome.out)")
    }

    @Test("the same seed gives the same trace, twice in one process and in another")
    func repeatable() throws {
        let arguments = ["--from", "1000", "--seeds", "10", "--twice"]
        let (first, second) = (try Simulator.run(arguments), try Simulator.run(arguments))
        #expect(!first.out.contains("does not repeat itself"), "\(first.out)")
        let traces = first.out.split(separator: " ").last
        #expect(traces != nil && traces == second.out.split(separator: " ").last)
    }

    @Test("finds a mistake that is planted on purpose", arguments: PlantedFault.allCases)
    func planted(fault: PlantedFault) throws {
        let outcome = try Simulator.run(["--seeds", "300", "--plant", fault.rawValue])
        #expect(outcome.status == 0 && outcome.out.contains("finds it"), "\(outcome.out)")
        print(outcome.out)
    }

    @Test("a seed that fails is told with its smallest history and how to repeat it")
    func told() throws {
        let found = try Simulator.run(["--seeds", "100", "--plant", PlantedFault.rebuildsBytes.rawValue])
        let seed = try #require(found.out.split(separator: " ").drop { $0 != "seed" }.dropFirst().first)
        let outcome = try Simulator.run(["--seed", String(seed), "--plant", PlantedFault.rebuildsBytes.rawValue])
        #expect(outcome.status == 1)
        #expect(outcome.out.contains("went out with other bytes than before"))
        #expect(outcome.out.contains("Again: make simulate SEED=\(seed)"))
        #expect(outcome.out.components(separatedBy: "\n  letter ").count <= 3, "one letter is enough")
    }
}

enum Simulator {
    struct Outcome {
        let status: Int32
        let out: String
    }

    /// Beside the test bundle, where `swift build` puts it.
    private static let file: String = {
        let arguments = CommandLine.arguments
        let bundle = arguments.firstIndex(of: "--test-bundle-path").map { arguments[$0 + 1] } ?? arguments[0]
        var folder = URL(filePath: bundle).standardizedFileURL
        for _ in 0..<6 {
            folder.deleteLastPathComponent()
            let file = folder.appending(path: "simulate").path
            if FileManager.default.isExecutableFile(atPath: file) { return file }
        }
        return "simulate"
    }()

    static func run(_ arguments: [String]) throws -> Outcome {
        // Makes the test PKI, if no other test has.
        _ = try TestPKI.shared.folder()
        let outcome = try Tool.run(file, arguments + ["--root", Repository.root.path])
        return Outcome(
            status: outcome.status,
            out: String(decoding: outcome.out, as: UTF8.self) + String(decoding: outcome.err, as: UTF8.self))
    }
}
