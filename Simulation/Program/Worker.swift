import Foundation
import SimulationKit

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

extension Duration {
    fileprivate var milliseconds: Int64 { max(1, Int64(self / .milliseconds(1))) }
}
