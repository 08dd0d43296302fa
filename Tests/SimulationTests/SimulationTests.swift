import Foundation
import Gateway
import TestSupport
import Testing

/// Runs the built `simulate`: it needs a process of its own, since it takes over the runtime's queue of tasks. How many seeds hold
/// is for `make simulate`; here is shown that a seed repeats itself, and that what is wrong is found.
@Suite("Simulation", .serialized)
struct SimulationTests {
    @Test("the same seed gives the same trace, twice in one process and in another")
    func repeatable() throws {
        let arguments = ["--from", "1000", "--seeds", "4", "--letters", "8"]
        let (first, second) = (try Simulator.run(arguments + ["--twice"]), try Simulator.run(arguments))
        #expect(first.status == 0 && second.status == 0, "\(first.out)\(second.out)")
        #expect(first.out.contains("4 of 4 seeds hold"), "\(first.out)")
        let traces = first.out.split(separator: " ").last
        #expect(traces != nil && traces == second.out.split(separator: " ").last, "\(first.out)\(second.out)")
    }

    @Test(
        "what a node leaves alone because it died too often with it is told, and goes on when somebody who was told releases it",
        arguments: [1552, 7428])
    func releasedSuspects(seed: Int) throws {
        let outcome = try Simulator.run(["--from", "\(seed)", "--seeds", "1"])
        #expect(outcome.status == 0 && outcome.out.contains("1 of 1 seeds hold"), "\(outcome.out)")
    }

    /// With how many orders people give, and the seed to begin with: one that soon comes to where the mistake matters. A late receipt
    /// has to come just after somebody cancelled what it is for, so that is looked for among many orders.
    @Test(
        "a mistake that is planted on purpose is found, and without it the same seed holds",
        arguments: [
            (PlantedFault.acknowledgesBeforeCommit, 4, 1), (.rebuildsBytes, 4, 1), (.ignoresSenderOfRepeats, 4, 1),
            (.neverReturnsLeases, 4, 1), (.ignoresLateReceipts, 40, 20),
        ])
    func planted(fault: PlantedFault, orders: Int, from: Int) throws {
        let kind = ["--orders", "\(orders)"]
        let outcome = try Simulator.run(kind + ["--from", "\(from)", "--seeds", "80", "--plant", fault.rawValue])
        #expect(outcome.status == 0 && outcome.out.contains("finds it"), "\(outcome.out)")
        let seed = try #require(Simulator.seed(in: outcome.out), "\(outcome.out)")
        let unplanted = try Simulator.run(kind + ["--from", seed, "--seeds", "1"])
        #expect(unplanted.status == 0 && unplanted.out.contains("1 of 1 seeds hold"), "\(unplanted.out)")
    }

    @Test("every mistake that can be planted is looked for")
    func allPlanted() { #expect(PlantedFault.allCases.count == 5) }

    @Test("a seed that fails is told with its smallest history and how to repeat it")
    func told() throws {
        let mistake = ["--letters", "4", "--plant", PlantedFault.rebuildsBytes.rawValue]
        let found = try Simulator.run(["--seeds", "40"] + mistake)
        let seed = try #require(Simulator.seed(in: found.out), "\(found.out)")
        let outcome = try Simulator.run(["--seed", seed] + mistake)
        #expect(outcome.status == 1)
        #expect(outcome.out.contains("went out with other bytes than before"))
        #expect(outcome.out.contains("Again: make simulate SEED=\(seed) LETTERS=4"))
        #expect(outcome.out.components(separatedBy: "\n  letter ").count <= 3, "\(outcome.out)")
    }

    @Test("nothing that is shipped can plant a mistake")
    func unreachable() throws {
        for room in ["Sources/msggw", "Sources/Web", "Sources/Gateway/Settings", "Sources/Gateway/Daemon"] {
            let folder = Repository.root.appending(path: room)
            let files = try #require(FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil))
            var count = 0
            for case let file as URL in files where file.pathExtension == "swift" {
                count += 1
                let text = try String(contentsOf: file, encoding: .utf8).lowercased()
                #expect(!text.contains("planted"), "\(file.path) knows of mistakes that are planted")
            }
            #expect(count > 0, "\(room)")
        }
    }
}

enum Simulator {
    struct Outcome {
        let status: Int32
        let out: String
    }

    static func run(_ arguments: [String]) throws -> Outcome {
        // Makes the test PKI, if no other test has.
        _ = try TestPKI.shared.folder()
        let outcome = try Tool.run(BuiltProgram.url("simulate").path, arguments + ["--root", Repository.root.path])
        return Outcome(
            status: outcome.status,
            out: String(decoding: outcome.out, as: UTF8.self) + String(decoding: outcome.err, as: UTF8.self))
    }

    /// The seed that "seed 7 finds it" names.
    static func seed(in text: String) -> String? {
        text.split(separator: " ").drop { $0 != "seed" }.dropFirst().first.map(String.init)
    }
}
