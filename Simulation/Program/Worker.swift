import Foundation
import SimulationKit
import Synchronization

/// Runs its share of the seeds and says a line about each.
struct Worker {
    let options: Simulate

    func run() throws {
        let simulation = try options.simulation()
        for index in 0..<options.seeds {
            let seed = options.from + UInt64(index * options.jobs)
            let started = ContinuousClock.now
            let outcome = try simulation.run(options.plan(seed))
            let spent = ContinuousClock.now - started
            if options.twice, try simulation.run(options.plan(seed)).hash != outcome.hash { say("differs \(seed)") }
            say(
                "ran \(seed) \(String(outcome.hash, radix: 16)) \(outcome.events) \(outcome.statistics.crashes) \(outcome.simulated.milliseconds) \(spent.milliseconds)"
            )
            for violation in outcome.violations { say("because \(seed) \(violation)") }
            if options.plant != nil, !outcome.violations.isEmpty { return }
        }
    }

    private func say(_ line: String) {
        print(line)
        fflush(nil)
    }
}

extension Worker {
    /// One of them, seen from the process that started it.
    final class Process: Sendable {
        /// `Foundation.Process` may be asked and ended from any thread.
        private let process: Foundation.Process
        private let output = Pipe()
        private let wasStopped = Atomic(false)

        init(_ process: Foundation.Process) throws {
            self.process = process
            process.standardOutput = output
            try process.run()
        }

        /// Gives each line to `take` until the process ends.
        func lines(_ take: (Substring) -> Void) {
            var rest = ""
            while true {
                let data = output.fileHandleForReading.availableData
                if data.isEmpty { break }
                rest += String(decoding: data, as: UTF8.self)
                var lines = rest.split(separator: "\n", omittingEmptySubsequences: false)
                rest = String(lines.popLast() ?? "")
                lines.forEach(take)
            }
            process.waitUntilExit()
        }

        func stop() {
            guard process.isRunning else { return }
            wasStopped.store(true, ordering: .relaxed)
            process.terminate()
            process.waitUntilExit()
            try? FileManager.default.removeItem(atPath: Simulate.scratch(of: process.processIdentifier))
        }

        /// Whether it ended otherwise than it should.
        var hasFailed: Bool { process.terminationStatus != 0 && !wasStopped.load(ordering: .relaxed) }
    }
}

extension Duration {
    fileprivate var milliseconds: Int64 { max(1, Int64(self / .milliseconds(1))) }
}
