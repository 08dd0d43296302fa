import Gateway
import NodeTestSupport
import ServiceLifecycle
import Web

extension Site {
    /// Runs nodes, and others in the place of nodes, for the length of `body`. Every door is open before the first worker
    /// begins, so that a first attempt finds who is meant to be there.
    @discardableResult
    func serving<Result>(
        _ nodes: [Node], stubs: [Name: any ExchangeReceiver] = [:], _ body: () async throws -> Result
    ) async throws -> Result {
        let servers =
            try nodes.map { try door($0.settings, $0.receiver) } + stubs.map { try door(settings($0.key), $0.value) }
        let result = try await running(servers) {
            for server in servers { _ = try await server.port() }
            return try await running(nodes.flatMap(\.services), body)
        }
        for node in nodes { await node.stop() }
        return result
    }

    private func door(_ settings: NodeSettings, _ receiver: any ExchangeReceiver) throws -> WebServer {
        var web = WebSettings(settings.http)
        web.lingerTime = .milliseconds(300)
        return try WebServer(
            settings: web, receiver: receiver, health: { HealthReport(status: .green) }, logger: logs.logger)
    }

    private func running<Result>(_ services: [any Service], _ body: () async throws -> Result) async throws -> Result {
        let group = ServiceGroup(
            configuration: .init(services: services.map { .init(service: $0) }, logger: logs.logger))
        return try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            let result: Swift.Result<Result, any Error>
            do { result = .success(try await body()) } catch { result = .failure(error) }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
            return try result.get()
        }
    }
}
