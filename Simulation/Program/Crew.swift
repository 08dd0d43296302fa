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

    /// A process runs no more seeds than this: what one leaves in memory is given back at its end.
    private static let seedsOfAProcess = 25

    func run() throws {
        let jobs = max(1, min(options.jobs, options.seeds))
        let started = ContinuousClock.now
        let tally = Mutex(Tally())
        let group = DispatchGroup()
        for job in 0..<jobs {
            group.enter()
            Thread {
                work(job, of: jobs, tally)
                group.leave()
            }.start()
        }
        group.wait()
        let result = tally.withLock { $0 }
        result.report(after: ContinuousClock.now - started, options)
        if options.plant != nil ? !result.hasFound : result.hasFailed { throw ExitCode.failure }
    }

    /// Runs one process after the other, each for some of the seeds of this share.
    private func work(_ job: Int, of jobs: Int, _ tally: borrowing Mutex<Tally>) {
        let share = (options.seeds - job + jobs - 1) / jobs
        for start in stride(from: 0, to: share, by: Self.seedsOfAProcess) {
            let count = min(Self.seedsOfAProcess, share - start)
            do {
                let worker = try Worker.Process(Self.program(arguments(job + start * jobs, count, of: jobs)))
                worker.lines { line in
                    tally.withLock { $0.add(line) }
                    // One seed that finds a planted mistake is enough.
                    if options.plant != nil, tally.withLock(\.hasFound) { worker.stop() }
                }
                if worker.hasFailed { tally.withLock { $0.broken += 1 } }
            } catch {
                tally.withLock { $0.broken += 1 }
                return print("cannot start a process for seeds: \(error)")
            }
            if options.plant != nil, tally.withLock(\.hasFound) { return }
        }
    }

    private func arguments(_ offset: Int, _ count: Int, of jobs: Int) -> [String] {
        var arguments = ["--worker", "--from", "\(options.from + UInt64(offset))", "--jobs", "\(jobs)", "--seeds", "\(count)"]
        arguments += ["--letters", "\(options.letters)", "--orders", "\(options.orders)", "--root", options.root]
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
