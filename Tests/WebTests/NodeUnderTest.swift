import Foundation
import Gateway
import Logging
import ServiceLifecycle
import Web

/// A server on a free loopback port for the length of one test.
struct NodeUnderTest {
    let port: Int
    private let group: ServiceGroup

    /// Stops as an operator would, and returns at once: requests under way still have their time.
    func stop() async { await group.triggerGracefulShutdown() }

    static func run(
        _ settings: WebSettings = .test(), receiver: any ExchangeReceiver = Counting(),
        health: HealthReport = HealthReport(status: .green, details: ["store": "open"]), observation: Observation? = nil,
        _ body: @Sendable (NodeUnderTest) async throws -> Void
    ) async throws {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let server = try WebServer(
            settings: settings, receiver: receiver, health: { health }, observation: observation, logger: logger)
        let group = ServiceGroup(configuration: .init(services: [.init(service: server)], logger: logger))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            let node = NodeUnderTest(port: try await server.port(), group: group)
            do {
                try await body(node)
            } catch {
                await node.stop()
                throw error
            }
            await node.stop()
            try await tasks.waitForAll()
        }
    }
}

extension WebSettings {
    /// Long deadlines, so that a slow machine does not fail a test; each test shortens the one it is about.
    static func test(_ change: (inout WebSettings) -> Void = { _ in }) -> WebSettings {
        var settings = WebSettings(host: "127.0.0.1", port: 0)
        settings.lingerTime = .milliseconds(300)
        settings.shutdownTime = .seconds(30)
        change(&settings)
        return settings
    }
}
