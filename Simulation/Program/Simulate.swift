import ArgumentParser
import Foundation
import Gateway
import SimulationKit

@main
struct Simulate: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "Run three nodes in a simulated world, seed after seed, and check that nothing is lost, doubled or half.",
        discussion: """
            Run it in the checkout, after certs-test/make.sh .build/certs-test. The same seed gives the same run. A seed that fails is \
            made as small as it still fails, and its history is printed.
            """)

    @Option(help: "How many seeds, from --from on.") var seeds = 300
    @Option(help: "The first seed.") var from: UInt64 = 1
    @Option(help: "One seed alone; when it fails, the smallest history that still fails is printed.") var seed: UInt64?
    @Flag(help: "With --seed: print its whole history.") var history = false
    @Option(help: "About how many letters in each.") var letters = Self.usualLetters
    @Option(help: "People give fewer orders than this in each.") var orders = Self.usualOrders
    @Option(help: "Processes at the same time.") var jobs = ProcessInfo.processInfo.activeProcessorCount
    @Option(help: "Plant this mistake and stop at the first seed that finds it.") var plant: String?
    @Flag(help: "Run each seed twice and compare.") var twice = false
    @Option(help: "The checkout: its samples and its .build/certs-test are used.", completion: .directory) var root = "."
    @Flag(help: .hidden) var worker = false

    static let usualLetters = 14
    static let usualOrders = 4

    func validate() throws {
        guard seeds > 0, letters > 1, orders > 0, jobs > 0 else {
            throw ValidationError("--seeds, --orders and --jobs are at least 1, --letters at least 2")
        }
        if let plant, PlantedFault(rawValue: plant) == nil {
            throw ValidationError("--plant takes one of: \(PlantedFault.allCases.map(\.rawValue).joined(separator: ", "))")
        }
    }

    func run() throws {
        // Dictionaries and sets must come in the same order every time.
        guard ProcessInfo.processInfo.environment["SWIFT_DETERMINISTIC_HASHING"] != nil else {
            throw ExitCode(try Crew.rerun(Array(CommandLine.arguments.dropFirst())))
        }
        if let seed { return try Single(seed: seed, options: self).run() }
        if worker { return try Worker(options: self).run() }
        try Crew(options: self).run()
    }

    var planted: PlantedFault? { plant.flatMap { PlantedFault(rawValue: $0) } }

    func plan(_ seed: UInt64) -> Plan { Plan(seed: seed, letters: letters, orders: orders, planted: planted) }

    /// How to run a seed again.
    func again(_ seed: UInt64) -> String {
        "make simulate SEED=\(seed)" + (letters == Self.usualLetters ? "" : " LETTERS=\(letters)")
            + (orders == Self.usualOrders ? "" : " ORDERS=\(orders)")
    }

    func simulation() throws -> Simulation {
        try Simulation(
            root: URL(filePath: root).standardizedFileURL.path,
            scratch: Self.scratch(of: ProcessInfo.processInfo.processIdentifier))
    }

    /// The folder of a process, in memory where there is such a place.
    static func scratch(of process: Int32) -> String {
        let memory = "/dev/shm"
        let base = FileManager.default.isWritableFile(atPath: memory) ? memory : NSTemporaryDirectory()
        return "\(base)/msggw-simulate-\(process)"
    }
}
