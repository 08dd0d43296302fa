/// Makes a plan that fails smaller, as long as it still breaks the same rule.
package struct Shrinking {
    private let simulation: Simulation
    private let rule: Violation.Rule
    /// Runs that may still be tried.
    private var tries: Int

    package init(_ simulation: Simulation, keeping rule: Violation.Rule, tries: Int = 150) {
        (self.simulation, self.rule, self.tries) = (simulation, rule, tries)
    }

    /// The smallest plan found. What is left in it matters, or the tries ran out.
    package mutating func smallest(of plan: Plan) throws -> Plan {
        var plan = plan
        var hasShrunk = true
        while hasShrunk, tries > 0 {
            hasShrunk = false
            for change in [Self.calm, Self.ownIDs] { hasShrunk = try attempt(change, on: &plan) || hasShrunk }
            hasShrunk = try leaveOut(\.mishaps, of: &plan) || hasShrunk
            hasShrunk = try leaveOut(\.letters, of: &plan) || hasShrunk
        }
        return plan
    }

    private static func calm(_ plan: inout Plan) { plan.weather = Weather() }
    private static func ownIDs(_ plan: inout Plan) { plan.sharesIDs = false }

    /// Leaves out halves, then quarters, and in the end one by one.
    private mutating func leaveOut<Element>(_ part: WritableKeyPath<Plan, [Element]>, of plan: inout Plan) throws -> Bool {
        var hasShrunk = false
        var size = max(1, plan[keyPath: part].count / 2)
        while true {
            var start = 0
            while start < plan[keyPath: part].count {
                let range = start..<min(start + size, plan[keyPath: part].count)
                if try attempt({ $0[keyPath: part].removeSubrange(range) }, on: &plan) { hasShrunk = true } else { start += size }
            }
            if size == 1 || plan[keyPath: part].isEmpty { return hasShrunk }
            size = max(1, size / 2)
        }
    }

    /// Whether the change left something that fails in the same way; it then stays.
    private mutating func attempt(_ change: (inout Plan) -> Void, on plan: inout Plan) throws -> Bool {
        var smaller = plan
        change(&smaller)
        guard tries > 0, smaller.isSmaller(than: plan) else { return false }
        tries -= 1
        guard try simulation.run(smaller).violations.contains(where: { $0.rule == rule }) else { return false }
        plan = smaller
        return true
    }
}

extension Plan {
    fileprivate func isSmaller(than other: Plan) -> Bool {
        mishaps.count < other.mishaps.count || letters.count < other.letters.count || weather != other.weather
            || sharesIDs != other.sharesIDs
    }
}
