import ArgumentParser
import SimulationKit

/// One seed for someone who reads: when it fails, the smallest history that still does.
struct Single {
    let seed: UInt64
    let options: Simulate

    func run() throws {
        let simulation = try options.simulation()
        let plan = options.plan(seed)
        let outcome = try simulation.run(plan, keepsTrace: options.history)
        if options.history { tell(outcome) }
        summarise(outcome)
        guard let rule = outcome.violations.first?.rule else { return }
        print("Making it smaller ...")
        var shrinking = Shrinking(simulation, keeping: rule)
        let smallest = try simulation.run(shrinking.smallest(of: plan), keepsTrace: true)
        tell(smallest)
        summarise(smallest)
        print("Again: \(options.again(seed))")
        throw ExitCode.failure
    }

    private func tell(_ outcome: Outcome) {
        let plan = outcome.plan
        print("\(plan.variant.rawValue)\(plan.sharesIDs ? ", nodes draw the same ids" : ""), weather: \(plan.weather)")
        for letter in plan.letters { print("  \(letter)") }
        for mishap in plan.mishaps { print("  \(mishap)") }
        for line in outcome.trace { print(line) }
    }

    private func summarise(_ outcome: Outcome) {
        print(
            "seed \(seed): \(outcome.events) events, trace \(String(outcome.hash, radix: 16)), \(outcome.simulated.components.seconds) s of its own time"
        )
        print("  \(outcome.statistics)")
        for violation in outcome.violations { print("  \(violation)") }
    }
}
