import ArgumentParser
import Foundation
import SimulationKit
import Synchronization

/// Shares the seeds among processes and tells how it went.
struct Crew {
    let options: Simulate

    /// Runs this program again with what determinism needs.
    static func rerun(_ arguments: [String]) throws -> Int32 {
        let process = try program(arguments)
        process.environment = ProcessInfo.processInfo.environment.merging(["SWIFT_DETERMINISTIC_HASHING": "1"]) { $1 }
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus
    }

    func run() throws {
        let jobs = max(1, min(options.jobs, options.seeds))
        let started = ContinuousClock.now
        let tally = Mutex(Tally())
        let group = DispatchGroup()
        let workers = try (0..<jobs).map { try Worker.Process(Self.program(worker($0, of: jobs))) }
        for worker in workers {
            group.enter()
            Thread {
                worker.lines { line in tally.withLock { $0.add(line) } }
                // One seed that finds a planted mistake is enough.
                let isEnough = options.plant != nil && tally.withLock(\.hasFound)
                if isEnough { for other in workers { other.stop() } }
                if worker.hasFailed { tally.withLock { $0.broken += 1 } }
                group.leave()
            }.start()
        }
        group.wait()
        let result = tally.withLock { $0 }
        result.report(after: ContinuousClock.now - started, options)
        if options.plant != nil ? !result.hasFound : result.hasFailed { throw ExitCode.failure }
    }

    private func worker(_ job: Int, of jobs: Int) -> [String] {
        var arguments = ["--worker", "--from", "\(options.from + UInt64(job))", "--jobs", "\(jobs)"]
        arguments += ["--seeds", "\((options.seeds - job + jobs - 1) / jobs)", "--letters", "\(options.letters)"]
        arguments += ["--root", options.root]
        if let plant = options.plant { arguments += ["--plant", plant] }
        if options.twice { arguments.append("--twice") }
        return arguments
    }

    private static func program(_ arguments: [String]) throws -> Process {
        guard let file = Bundle.main.executableURL else { throw SimulationError("this program does not find itself") }
        let process = Process()
        process.executableURL = file
        process.arguments = arguments
        return process
    }
}
