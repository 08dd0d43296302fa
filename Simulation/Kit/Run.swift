import Foundation
import GRDB
import Gateway

/// One plan from its beginning until everything has come to rest.
///
/// `@unchecked Sendable`: of the world's one thread.
final class Run: @unchecked Sendable {
    let plan: Plan
    let town: Town
    let world: World
    let witness: Witness
    let network: Network
    var machines: [Machine] = []
    var systems: [ReceivingSystem] = []
    let referral: String
    let scratch: String
    var random: Randomness
    /// Every process there was, so that all of them can be ended after the run.
    var lives: [Life] = []
    /// After the mishaps: nothing new goes wrong, and everybody does what they still have to do.
    var isQuiet = false

    init(
        _ plan: Plan, in town: Town, referral: String, keepsTrace: Bool, database: () throws -> DatabaseQueue
    ) throws {
        (self.plan, self.town, self.referral) = (plan, town, referral)
        world = World(seed: plan.seed, epoch: plan.epoch, keepsTrace: keepsTrace)
        witness = Witness(world)
        network = Network(world, seed: plan.seed, witness: witness)
        random = Randomness(seed: plan.seed, stream: "run")
        scratch = town.folder(.gp) + "/saved/letters"
        StrayTasks.executor = StepExecutor(world)
        network.weather = plan.weather
        for name in Town.Name.allCases {
            let machine = try Machine(
                name, town, world: world, database: database(), seed: plan.seed, sharesIDs: plan.sharesIDs)
            machines.append(machine)
            network.machines[name] = machine
            systems.append(ReceivingSystem(machine: machine, witness: witness))
        }
    }

    func machine(_ name: Town.Name) -> Machine { machines.first { $0.name == name } ?? machines[0] }

    // MARK: - The run

    func toTheEnd() -> Outcome {
        for machine in machines { start(machine) }
        for letter in plan.letters { world.after(letter.at) { [self] in handIn(letter) } }
        for mishap in plan.mishaps { world.after(mishap.at) { [self] in begin(mishap) } }
        let last = (plan.letters.map(\.at) + plan.mishaps.map { $0.at + $0.length }).max() ?? .zero
        for number in 1...8 { world.after(last * number / 8) { [self] in collect() } }
        world.run(until: last.microseconds + 1)
        comeToRest()
        let verdict = Verdict(plan, machines: machines, witness: witness)
        verdict.judge()
        var statistics = witness.statistics
        statistics.jobs = world.jobs
        (statistics.crashes, statistics.downs, statistics.failed) = (crashes, downs, verdict.failed)
        let (trace, now) = (world.trace, world.now)
        unwind()
        return Outcome(
            plan: plan, violations: witness.violations, hash: trace.hash.value, events: trace.count,
            simulated: .microseconds(now), statistics: statistics, trace: trace.lines)
    }

    /// Everything that is broken is mended, and time goes on until nobody has anything left to do.
    func comeToRest() {
        isQuiet = true
        world.note("world", "everything is mended")
        network.weather = Weather()
        network.storms = [:]
        network.cut = [:]
        for machine in machines {
            machine.clockShift = .zero
            renew(machine)
            (machine.strain, machine.busy, machine.isOff) = (1, nil, false)
            (machine.disk.isFull, machine.disk.errors, machine.disk.latency) = (false, 0, .milliseconds(15))
            machine.disk.beforeCommit = nil
            mendFolder(machine)
            // Somebody who set a clock right, or mended a disk, starts the node again.
            restart(machine)
        }
        // Whoever held something remembers it in the end.
        for letter in plan.letters(ordered: .hold) { world.after(.minutes(2)) { [self] in order(.release, letter) } }
        for probe in plan.probes { world.after(.minutes(3)) { [self] in handIn(probe) } }
        let patience = world.now + Duration.days(20).microseconds
        var step: Duration = .minutes(2)
        while world.now < patience {
            world.run(until: world.now + step.microseconds)
            step = min(step * 3 / 2, .hours(12))
            collect()
            if isAtRest { return askForHealth() }
        }
        for machine in machines {
            let waiting =
                (try? machine.database.read { try String.fetchAll($0, sql: Self.waiting) }) ?? ["the store cannot be read"]
            if !waiting.isEmpty { witness.report(.stuck, "\(machine.name): \(waiting.joined(separator: "; "))") }
            if machine.process == nil { witness.report(.halfDown, "\(machine.name) does not start, and nothing is wrong") }
        }
    }

    private static let waiting =
        "SELECT kind || ' ' || direction || ' ' || messageID || ' ' || state FROM message WHERE due IS NOT NULL"

    var isAtRest: Bool {
        machines.allSatisfy(\.toldSuspects.isEmpty) && plan.all.allSatisfy { witness.submissions[$0.number]?.isTaken == true }
            && machines.allSatisfy { machine in
                machine.process != nil
                    && (try? machine.database.read { try String.fetchOne($0, sql: Self.waiting) }) == .some(nil)
                    && (try? machine.database.read {
                        try Int.fetchOne($0, sql: "SELECT count(*) FROM message WHERE state = 'opened'")
                    }) == 0
            }
    }

    func askForHealth() {
        for machine in machines {
            machine.process?.life.spawn { [witness] in
                guard let report = await machine.process?.node.health(), report.status != .green else { return }
                witness.report(.halfDown, "\(machine.name) is not well, and nothing is wrong: \(report.details)")
            }
        }
        world.run(until: world.now + Duration.minutes(1).microseconds)
    }

    func collect() {
        for system in systems {
            system.collect(&random)
            system.empty()
        }
        readAlerts()
    }

    // MARK: - Nodes

    var crashes = 0
    var downs = 0

    /// Whoever runs the node has heard of the new certificates.
    func renew(_ machine: Machine) {
        guard plan.variant == .expiring else { return }
        do { machine.settings = try town.settings(machine.name, renewed: true) } catch {
            witness.report(.halfDown, "the simulation has no renewed settings: \(error)")
        }
    }

    func start(_ machine: Machine) {
        machine.start { [self] machine, number in
            let process = try NodeProcess(
                on: machine, network: network, planted: plan.planted,
                onStep: { [world, weak self] event in
                    world.note(
                        event.node,
                        "\(event.step.what) \(event.message.kind) \(event.message.messageID), now \(event.message.state.rawValue)"
                    )
                    self?.stepped(event, machine)
                },
                onEnd: { [weak self] process, ending in self?.ended(process, ending) })
            lives.append(process.life)
            return process
        }
    }

    /// The receiving system notices what was filed after a while.
    func stepped(_ event: StepFeed.Event, _ machine: Machine) {
        witness.stepped(event)
        guard event.step.what == "filed" || event.step.what == "opened" else { return }
        guard let system = systems.first(where: { $0.machine === machine }) else { return }
        world.after(random.spread(.milliseconds(1), .hours(1))) { [self] in
            system.collect(&random)
            system.empty()
        }
    }

    func ended(_ process: NodeProcess, _ ending: NodeProcess.Ending) {
        let machine = process.machine
        guard machine.process === process else { return }
        gone(process)
        switch ending {
        case .stopped: world.note(machine.name.rawValue, "stopped")
        case .failed(let reason):
            downs += 1
            world.note(machine.name.rawValue, "goes down by itself")
            world.remark(machine.name.rawValue, reason)
            world.after(.seconds(5)) { [self] in start(machine) }
        }
    }

    func gone(_ process: NodeProcess) {
        process.die()
        process.machine.lost()
        process.machine.disk.beforeCommit = nil
        network.died(process.machine.name)
    }

    func crash(_ machine: Machine, for length: Duration) {
        guard let process = machine.process else { return }
        crashes += 1
        world.note(machine.name.rawValue, "is killed")
        gone(process)
        world.after(length) { [self] in start(machine) }
    }

    func restart(_ machine: Machine) {
        guard let process = machine.process else { return start(machine) }
        process.terminate()
        world.after(.seconds(60)) { [self] in
            if machine.process === process { crash(machine, for: .zero) } else { start(machine) }
        }
    }

    // MARK: - After the run

    /// Lets every task that still waits run into an error, so that nothing of the run stays in memory.
    func unwind() {
        for machine in machines {
            machine.disk.isFull = true
            machine.process?.die()
            machine.process = nil
        }
        for life in lives { life.unwind() }
        network.unwind()
        world.runJobs(atMost: 200_000)
        StrayTasks.executor = nil
        lives = []
    }
}
