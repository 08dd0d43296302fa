import Foundation
import Gateway
import Logging
import ServiceLifecycle
import ServiceLifecycleTestKit

/// One run of the node's program on a machine: the very `Node` with its workers and its desk.
///
/// `@unchecked Sendable`: of the world's one thread.
final class NodeProcess: @unchecked Sendable {
    enum Ending: Sendable {
        case stopped
        /// It went down by itself, and says why.
        case failed(String)
    }

    let machine: Machine
    let life: Life
    let node: Node
    let desk: ReceivingDesk
    private(set) var isStopping = false
    private var stop: GracefulShutdownTestTrigger?
    private let onEnd: (NodeProcess, Ending) -> Void

    init(
        on machine: Machine, network: Network, planted: PlantedFault?, onStep: @escaping @Sendable (StepFeed.Event) -> Void,
        onEnd: @escaping (NodeProcess, Ending) -> Void
    ) throws {
        (self.machine, self.onEnd) = (machine, onEnd)
        life = Life(machine)
        node = try Self.node(on: machine, life, network: network, planted: planted)
        desk = node.receivingDesk
        try node.prepareToServe()
        node.steps.watch(onStep)
    }

    /// What a program opens when it starts: the daemon, or a command beside it.
    static func node(on machine: Machine, _ life: Life, network: Network, planted: PlantedFault?) throws -> Node {
        var surroundings = Surroundings(clock: life.clock, ids: IDSource { machine.nextID() })
        surroundings.turns = life
        surroundings.transport = SimulatedTransport(network: network, machine: machine, life: life)
        surroundings.database = machine.database
        surroundings.planted = planted
        return try Node(machine.settings, surroundings: surroundings, logger: logger(machine))
    }

    /// Begins its workers.
    func run() {
        life.spawn { [self] in
            let ending = await serve()
            await node.stop()
            onEnd(self, ending)
        }
    }

    private func serve() async -> Ending {
        do {
            try await testGracefulShutdown { [self] trigger in
                stop = trigger
                if isStopping { trigger.triggerGracefulShutdown() }
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for service in node.services { group.addTask { try await service.run() } }
                    while try await group.next() != nil {
                        if !isStopping { throw SimulationError("a service ended that should run as long as the node") }
                    }
                }
            }
            return .stopped
        } catch {
            return .failed("\(error)")
        }
    }

    /// SIGTERM.
    func terminate() {
        isStopping = true
        stop?.triggerGracefulShutdown()
    }

    /// kill -9, or the power.
    func die() {
        life.end()
        node.abandon()
    }

    private static func logger(_ machine: Machine) -> Logger {
        Logger(label: machine.name.rawValue, factory: { _ in LogToTrace(machine: machine) })
    }
}

/// Log lines go into the trace for readers, and warnings count as something that happened.
private struct LogToTrace: LogHandler {
    let machine: Machine
    var logLevel: Logger.Level {
        get { machine.world.trace.keepsLines ? .info : .critical }
        set {}
    }
    var metadata: Logger.Metadata = [:]

    init(machine: Machine) { self.machine = machine }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let fields = metadata.merging(event.metadata ?? [:]) { $1 }.map { "\($0.key)=\($0.value)" }.sorted()
        machine.world.remark(machine.name.rawValue, "log \(event.level): \(event.message) \(fields.joined(separator: " "))")
    }
}
