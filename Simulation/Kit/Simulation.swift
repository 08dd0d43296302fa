import Foundation
import GRDB
import Gateway

/// Runs plans, one after the other, on one thread.
package final class Simulation {
    private let root: String
    private let scratch: String
    private var towns: [Town.Variant: Town] = [:]
    private let template: DatabaseQueue
    private let referral: String

    /// - Parameters:
    ///   - root: the checkout, with `.build/certs-test` made.
    ///   - scratch: a folder of this process alone; best in memory.
    package init(root: String, scratch: String) throws {
        (self.root, self.scratch) = (root, scratch)
        try FileManager.default.createDirectory(atPath: scratch, withIntermediateDirectories: true)
        template = try DatabaseQueue()
        try GatewayStore.prepare(template)
        let file = root + "/samples/flow1/henvisning.xml"
        guard let bytes = FileManager.default.contents(atPath: file) else { throw SimulationError("cannot read \(file)") }
        referral = String(decoding: bytes, as: UTF8.self)
        StrayTasks.capture()
    }

    deinit { try? FileManager.default.removeItem(atPath: scratch) }

    package func run(_ plan: Plan, keepsTrace: Bool = false) throws -> Outcome {
        let town = try towns[plan.variant] ?? Town(plan.variant, root: root, scratch: scratch)
        towns[plan.variant] = town
        try town.sweep()
        let run = try Run(plan, in: town, referral: referral, keepsTrace: keepsTrace) {
            let database = try DatabaseQueue()
            try template.backup(to: database)
            return database
        }
        return run.toTheEnd()
    }
}

package struct Outcome: Sendable {
    package let plan: Plan
    package let violations: [Violation]
    package let hash: UInt64
    package let events: Int
    /// The time that passed in the simulated world.
    package let simulated: Duration
    package let statistics: Statistics
    package let trace: [String]
}
