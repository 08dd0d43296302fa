import Foundation
public import ServiceLifecycle

/// Tells the ``ServiceManager`` when the node is ready, that it still works, and that it stops.
///
/// The word "alive" is said only while the node is well: when it is not, systemd hears nothing and starts it anew.
public struct LifeSigns: Service {
    private let manager: ServiceManager
    private let clock: NodeClock
    private let ready: @Sendable () async throws -> Void
    private let health: @Sendable () async -> HealthReport

    /// - Parameters:
    ///   - ready: returns once the node can be used; throws when it never will be.
    ///   - health: what `/health` says.
    public init(
        _ manager: ServiceManager, clock: NodeClock = .system, ready: @escaping @Sendable () async throws -> Void,
        health: @escaping @Sendable () async -> HealthReport
    ) {
        (self.manager, self.clock, self.ready, self.health) = (manager, clock, ready, health)
    }

    public func run() async throws {
        await withTaskGroup(of: Void.self) { tasks in
            tasks.addTask {
                // Why the node never was ready is said by whoever could not start.
                do { try await ready() } catch { return }
                manager.say(.ready, .status("Receives and delivers"))
                await watch()
            }
            tasks.addTask { try? await gracefulShutdown() }
            // The watch may end early, when nobody waits for words of ours; the shutdown does not.
            await tasks.next()
            if !Task.isShuttingDownGracefully { await tasks.next() }
            tasks.cancelAll()
        }
        manager.say(.stopping, .status("Ends what is under way"))
    }

    private func watch() async {
        guard let patience = manager.patience else { return }
        var last = HealthReport(status: .green)
        while !Task.isCancelled {
            let report = await health()
            switch report.status {
            case .green: manager.say(.alive)
            case .red: break
            }
            if report != last { manager.say(.status(Self.words(report))) }
            last = report
            do { try await clock.sleep(clock.now() + (patience / 3).seconds) } catch { return }
        }
    }

    private static func words(_ report: HealthReport) -> String {
        switch report.status {
        case .green: "Receives and delivers"
        case .red: "Not well: " + report.details.sorted { $0.key < $1.key }.map { "\($0): \($1)" }.joined(separator: "; ")
        }
    }
}

extension LifeSigns: CustomStringConvertible {
    public var description: String { "LifeSigns" }
}
