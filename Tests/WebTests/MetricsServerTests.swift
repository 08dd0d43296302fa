import Gateway
import Logging
import ServiceLifecycle
import Testing
import Web

@Suite("Where measurements are read")
struct MetricsServerTests {
    private static func serving(_ page: MetricsPage, _ body: @Sendable (Int) async throws -> Void) async throws {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let server = try MetricsServer(settings: .test { $0.path = "/metrics" }, page: page, logger: logger)
        let group = ServiceGroup(configuration: .init(services: [.init(service: server)], logger: logger))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            let result: Result<Void, any Error>
            do { result = .success(try await body(server.port())) } catch { result = .failure(error) }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
            try result.get()
        }
    }

    private static func request(_ line: String, port: Int) async throws -> String {
        try await RawClient.exchange("\(line) HTTP/1.1\r\nHost: node.test\r\nConnection: close\r\n\r\n", port: port)
    }

    @Test("GET /metrics answers in the text format 0.0.4, and nothing else is answered")
    func answers() async throws {
        let observation = Observation()
        observation.requestRefused(.busy)
        let page = MetricsPage(observation: observation, health: { HealthReport(status: .red) })
        try await Self.serving(page) { port in
            let answer = try await Self.request("GET /metrics", port: port)
            #expect(answer.statuses == ["200"])
            #expect(answer.contains("Content-Type: text/plain; version=0.0.4; charset=utf-8\r\n"))
            #expect(answer.contains("\nmsggw_requests_refused_total{reason=\"busy\"} 1\n"))
            #expect(answer.contains("\nmsggw_health 0\n"))
            #expect(try await Self.request("POST /metrics", port: port).statuses == ["405"])
            for line in ["GET /", "GET /metrics/", "GET /%6detrics", "GET /health", "POST /ebxml"] {
                #expect(try await Self.request(line, port: port).statuses == ["404"], "\(line)")
            }
        }
    }

    @Test("the door for other nodes shows no measurements, and what it refuses is counted by its reason")
    func refusals() async throws {
        let observation = Observation()
        try await NodeUnderTest.run(observation: observation) { node in
            let page = try await Self.request("GET /metrics", port: node.port)
            #expect(page.statuses == ["404"])
            #expect(try await Self.request("PUT /health", port: node.port).statuses == ["405"])
            #expect(try await RawClient.exchange("GET / HTTP/1.1\r\n\r\n", port: node.port).statuses == ["400"])
            let message = "POST /ebxml HTTP/1.1\r\nHost: node.test\r\nConnection: close\r\nContent-Length: 3\r\n\r\nabc"
            #expect(try await RawClient.exchange(message, port: node.port).statuses == ["200"])
        }
        let text = await MetricsPage(observation: observation, health: { HealthReport(status: .green) }).text()
        for line in [
            "msggw_requests_refused_total{reason=\"unknownPath\"} 1", "msggw_requests_refused_total{reason=\"wrongMethod\"} 1",
            "msggw_requests_refused_total{reason=\"malformed\"} 1", "msggw_reception_seconds_count{status=\"200\"} 1",
            "msggw_connections 0",
        ] { #expect(text.contains("\n\(line)\n"), "\(line)\n\(text)") }
    }

    @Test("connections beyond the limit of an address are counted")
    func tooMany() async throws {
        let observation = Observation()
        let settings = WebSettings.test { $0.maxConnectionsPerAddress = 0 }
        try await NodeUnderTest.run(settings, observation: observation) { node in
            let answer = try await Self.request("GET /health", port: node.port)
            #expect(answer.isEmpty)
        }
        let text = await MetricsPage(observation: observation, health: { HealthReport(status: .green) }).text()
        #expect(text.contains("\nmsggw_connections_refused_total 1\n"))
    }

    @Test("an address that is not loopback is refused without TLS")
    func open() throws {
        let page = MetricsPage(observation: Observation(), health: { HealthReport(status: .green) })
        #expect(throws: WebServerError(.plainHTTPRefused, reason: "")) {
            try MetricsServer(settings: WebSettings(host: "0.0.0.0", port: 0), page: page, logger: Logger(label: "test"))
        }
    }
}
