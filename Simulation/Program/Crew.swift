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
        for job in 0..<jobs {
            let process = try Self.program(worker(job, of: jobs))
            let pipe = Pipe()
            process.standardOutput = pipe
            try process.run()
            group.enter()
            Thread {
                Self.lines(of: pipe) { line in tally.withLock { $0.add(line) } }
                process.waitUntilExit()
                if process.terminationStatus != 0 { tally.withLock { $0.broken += 1 } }
                group.leave()
            }.start()
        }
        group.wait()
        let result = tally.withLock { $0 }
        result.report(after: ContinuousClock.now - started, planted: options.plant)
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

    private static func lines(of pipe: Pipe, _ take: (Substring) -> Void) {
        var rest = ""
        while true {
            let data = pipe.fileHandleForReading.availableData
            if data.isEmpty { break }
            rest += String(decoding: data, as: UTF8.self)
            var lines = rest.split(separator: "\n", omittingEmptySubsequences: false)
            rest = String(lines.popLast() ?? "")
            lines.forEach(take)
        }
    }
}

/// Counts what the workers say.
struct Tally: Sendable {
    var broken = 0
    private var hashes: [UInt64: Substring] = [:]
    private var failures: [UInt64: [String]] = [:]
    private var differing: [UInt64] = []
    private var events = 0
    private var slowest = Int.max

    var hasFailed: Bool { broken > 0 || !failures.isEmpty || !differing.isEmpty || hashes.isEmpty }
    var hasFound: Bool { broken == 0 && !failures.isEmpty }

    mutating func add(_ line: Substring) {
        let words = line.split(separator: " ", maxSplits: 2)
        guard words.count > 1, let seed = UInt64(words[1]) else { return }
        let rest = words.count > 2 ? words[2] : ""
        switch words[0] {
        case "ran":
            let numbers = rest.split(separator: " ")
            guard numbers.count == 3 else { return }
            hashes[seed] = numbers[0]
            events += Int(numbers[1]) ?? 0
            slowest = min(slowest, Int(numbers[2]) ?? .max)
            if hashes.count % 500 == 0 { FileHandle.standardError.write(Data("\(hashes.count) seeds\n".utf8)) }
        case "because": failures[seed, default: []].append(String(rest))
        case "differs": differing.append(seed)
        default: return
        }
    }

    func report(after time: Duration, planted: String?) {
        let failed = failures.sorted { $0.key < $1.key }
        if let planted {
            let found = failed.first.map { "seed \($0.key) finds it: \($0.value.first ?? "")" } ?? "no seed finds it"
            return print("planted \(planted): \(found) (\(hashes.count) seeds run)")
        }
        for (seed, reasons) in failed.prefix(40) {
            print("seed \(seed) fails; again: make simulate SEED=\(seed)")
            for reason in reasons { print("  \(reason)") }
        }
        for seed in differing.sorted() { print("seed \(seed) does not repeat itself") }
        if broken > 0 { print("\(broken) processes ended with an error") }
        let ordered = hashes.sorted { $0.key < $1.key }
        let traces = ordered.reduce(into: TraceHash()) { $0.add("\($1.key) \($1.value)") }
        let seconds = time.components.seconds
        print(
            "simulate: \(hashes.count - failures.count) of \(hashes.count) seeds hold, \(events) events in \(seconds) s, slowest \(slowest) times real time, traces \(String(traces.value, radix: 16))"
        )
    }
}
