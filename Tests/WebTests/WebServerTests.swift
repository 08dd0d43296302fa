import Foundation
import Gateway
import Logging
import NIOCore
import Native
import Synchronization
import Testing
import Web

@Suite("What the node's door answers")
struct WebServerTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let request: String
        let statuses: [String]
        var contains = ""
    }

    private static func request(_ line: String, _ fields: String = "", body: String = "") -> String {
        "\(line) HTTP/1.1\r\nHost: node.test\r\nConnection: close\r\n\(fields)\r\n\(body)"
    }

    @Test(
        "each address and method has one answer",
        arguments: [
            Case(
                testDescription: "a message", request: request("POST /ebxml", "Content-Length: 3\r\n", body: "abc"),
                statuses: ["200"], contains: "SOAPAction: \"ebXML\"\r\n"),
            Case(
                testDescription: "a message in chunks",
                request: request("POST /ebxml", "Transfer-Encoding: chunked\r\n", body: "3\r\nabc\r\n0\r\n\r\n"),
                statuses: ["200"], contains: "\r\n\r\n3"),
            Case(
                testDescription: "a message that waits to be wanted",
                request: request("POST /ebxml", "Content-Length: 3\r\nExpect: 100-continue\r\n"), statuses: ["100", "408"]),
            Case(testDescription: "health", request: request("GET /health"), statuses: ["200"], contains: "\"status\":\"green\""),
            Case(testDescription: "health without body", request: request("HEAD /health"), statuses: ["200"]),
            Case(
                testDescription: "GET of a door", request: request("GET /ebxml"), statuses: ["405"], contains: "Allow: POST\r\n"),
            Case(
                testDescription: "HEAD of a door", request: request("HEAD /ebxml"), statuses: ["405"], contains: "Allow: POST\r\n"
            ),
            Case(
                testDescription: "PUT of health", request: request("PUT /health"), statuses: ["405"], contains: "Allow: GET, HEAD"
            ),
            Case(testDescription: "TRACE", request: request("TRACE /"), statuses: ["404"]),
            Case(testDescription: "another path", request: request("GET /"), statuses: ["404"]),
            Case(
                testDescription: "a doubled slash", request: request("POST //ebxml", "Content-Length: 0\r\n"), statuses: ["404"]),
            Case(testDescription: "a path with dots", request: request("GET /x/../health"), statuses: ["404"]),
            Case(testDescription: "an escaped path", request: request("GET /%68ealth"), statuses: ["404"]),
            Case(testDescription: "a longer path", request: request("GET /health/"), statuses: ["404"]),
            Case(testDescription: "CONNECT", request: request("CONNECT node.test:443"), statuses: ["405"]),
            Case(
                testDescription: "a header that is too large",
                request: request("GET /health", "X: \(String(repeating: "a", count: 20_000))\r\n"), statuses: ["431"]),
            Case(
                testDescription: "too many fields",
                request: request("GET /health", String(repeating: "X: a\r\n", count: 200)), statuses: ["431"]),
            Case(
                testDescription: "a body that is too large",
                request: request("POST /ebxml", "Content-Length: 100001\r\n"), statuses: ["413"]),
            Case(
                testDescription: "chunks that are too large",
                request: request(
                    "POST /ebxml", "Transfer-Encoding: chunked\r\n",
                    body: "186A1\r\n\(String(repeating: "a", count: 100_001))\r\n0\r\n\r\n"), statuses: ["413"]),
        ])
    func answers(example: Case) async throws {
        let settings = WebSettings.test {
            $0.maxBodyBytes = 100_000
            $0.progressTime = .seconds(4)
        }
        try await NodeUnderTest.run(settings) { node in
            let answer = try await RawClient.exchange(example.request, port: node.port)
            #expect(answer.statuses == example.statuses)
            #expect(answer.contains(example.contains) || example.contains.isEmpty)
            #expect(!answer.lowercased().contains("\r\nserver:"))
            #expect(!answer.lowercased().contains("hummingbird"))
        }
    }

    @Test("a node in trouble says so with 503")
    func red() async throws {
        try await NodeUnderTest.run(health: HealthReport(status: .red)) { node in
            let answer = try await RawClient.exchange(Self.request("GET /health"), port: node.port)
            #expect(answer.statuses == ["503"])
            #expect(answer.contains("\"status\":\"red\""))
        }
    }

    @Test("a header that stops half-way is cut with 408")
    func slowHeader() async throws {
        try await NodeUnderTest.run(.test { $0.headerTime = .seconds(2) }) { node in
            let answer = try await RawClient.exchange("POST /ebxml HTTP/1.1\r\nHos", port: node.port)
            #expect(answer.statuses == ["408"])
            let silence = try await RawClient.exchange("", port: node.port)
            #expect(silence.isEmpty)
        }
    }

    @Test(
        "a body that stalls is cut with 408, and its reader learns why",
        arguments: ["Content-Length: 10", "Transfer-Encoding: chunked"])
    func stalledBody(framing: String) async throws {
        let receiver = Counting()
        try await NodeUnderTest.run(.test { $0.progressTime = .milliseconds(200) }, receiver: receiver) { node in
            let request = "POST /ebxml HTTP/1.1\r\nHost: a\r\n\(framing)\r\n\r\n3\r\nabc\r\n"
            let answer = try await RawClient.exchange(request, port: node.port)
            #expect(answer.statuses == ["408"])
        }
        #expect(receiver.failures == [.timedOut])
    }

    @Test("a body cut short never looks complete", arguments: ["Content-Length: 10", "Transfer-Encoding: chunked"])
    func truncatedBody(framing: String) async throws {
        let receiver = Counting()
        try await NodeUnderTest.run(receiver: receiver) { node in
            let request = "POST /ebxml HTTP/1.1\r\nHost: a\r\n\(framing)\r\n\r\n3\r\nabc\r\n"
            let answer = try await RawClient.exchange(request, port: node.port, closesOutput: true)
            #expect(!answer.statuses.contains("200"))
        }
        #expect(receiver.failures == [.disconnected])
    }

    @Test("a node that is full says when to come back, before the body")
    func full() async throws {
        let receiver = Holding()
        try await NodeUnderTest.run(.test { $0.maxExchanges = 1 }, receiver: receiver) { node in
            async let first = RawClient.exchange(
                Self.request("POST /ebxml", "Content-Length: 3\r\n", body: "abc"), port: node.port)
            await receiver.arrival()
            let second = try await RawClient.exchange(Self.request("POST /ebxml", "Content-Length: 3\r\n"), port: node.port)
            #expect(second.statuses == ["503"])
            #expect(second.contains("Retry-After: 30\r\n"))
            receiver.letGo()
            let answer = try await first
            #expect(answer.statuses == ["200"])
            receiver.letGo()
            let third = try await RawClient.exchange(
                Self.request("POST /ebxml", "Content-Length: 3\r\n", body: "abc"), port: node.port)
            #expect(third.statuses == ["200"])
        }
    }

    @Test("an address with too many connections gets no further one, and a new one when one ends")
    func perAddress() async throws {
        try await NodeUnderTest.run(.test { $0.maxConnectionsPerAddress = 1 }) { node in
            try await RawClient.connected(node.port) { inbound, outbound, _ in
                var iterator = inbound.makeAsyncIterator()
                try await outbound.write(.init(string: "GET /health HTTP/1.1\r\nHost: a\r\n\r\n"))
                _ = try await iterator.next()
                let second = try await RawClient.exchange(Self.request("GET /health"), port: node.port)
                #expect(second.isEmpty)
                try await outbound.write(.init(string: Self.request("GET /health")))
                while try await iterator.next() != nil {}
            }
            var answer = ""
            while answer.isEmpty { answer = try await RawClient.exchange(Self.request("GET /health"), port: node.port) }
            #expect(answer.statuses == ["200"])
        }
    }

    @Test("honest peers are answered while a crowd of slow ones holds on, and the crowd is cut")
    func crowd() async throws {
        let settings = WebSettings.test {
            ($0.maxConnections, $0.maxConnectionsPerAddress) = (400, 310)
            ($0.maxExchanges, $0.maxExchangesPerAddress) = (64, 32)
            ($0.headerTime, $0.progressTime) = (.seconds(6), .seconds(6))
        }
        try await NodeUnderTest.run(settings) { node in
            try await withThrowingTaskGroup(of: String.self) { peers in
                for number in 0..<300 {
                    let stall = number.isMultiple(of: 2) ? "POST /ebxml HT" : Self.request("POST /ebxml", "Content-Length: 9\r\n")
                    peers.addTask { try await RawClient.exchange(stall, port: node.port) }
                }
                for _ in 0..<50 {
                    let answer = try await RawClient.exchange(
                        Self.request("POST /ebxml", "Content-Length: 3\r\n", body: "abc"), port: node.port,
                        from: "127.0.0.2")
                    #expect(answer.statuses == ["200"])
                }
                for try await answer in peers { #expect(answer.statuses == ["408"] || answer.statuses == ["503"]) }
            }
        }
    }

    @Test("a stopping node does not wait for idle peers that never say farewell")
    func idleAtShutdown() async throws {
        let files = try TestCertificates.shared.get().files("good")
        let client = HTTPClient(
            HTTPClientSettings(trustedCertificates: try TestCertificates.shared.get().pem("root.pem"), revocation: .notChecked))
        let stopping = Mutex(ContinuousClock.now)
        let settings = WebSettings.test {
            ($0.tls, $0.idleTime, $0.shutdownTime) = (files, .seconds(600), .seconds(600))
        }
        try await NodeUnderTest.run(settings) { node in
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                Thread.detachNewThread {
                    continuation.resume(
                        with: Result { _ = try client.post(HTTPPost(url: "https://localhost:\(node.port)/ebxml", bytes: [1])) })
                }
            }
            stopping.withLock { $0 = .now }
        }
        // Waiting would take minutes; a busy machine takes seconds.
        #expect(ContinuousClock.now - stopping.withLock { $0 } < .seconds(60))
        client.cancel()
    }

    @Test("a stopping node finishes the request under way")
    func gracefulShutdown() async throws {
        let receiver = Holding()
        try await NodeUnderTest.run(receiver: receiver) { node in
            async let answer = RawClient.exchange(
                Self.request("POST /ebxml", "Content-Length: 3\r\n", body: "abc"), port: node.port)
            await receiver.arrival()
            await node.stop()
            receiver.letGo()
            let finished = try await answer
            #expect(finished.statuses == ["200"])
        }
    }

    @Test("a port in use is one clear error that names it")
    func portInUse() async throws {
        try await NodeUnderTest.run { node in
            let error = await #expect(throws: WebServerError.self) {
                try await NodeUnderTest.run(.test { $0.port = node.port }) { _ in }
            }
            #expect(error?.code == .addressInUse)
            #expect(error?.reason.contains("127.0.0.1:\(node.port)") == true)
        }
    }

    @Test("an address that the machine does not have is an error of its own: it may come with the network")
    func addressNotHere() async throws {
        let tls = try TestCertificates.shared.get().files("good")
        let error = await #expect(throws: WebServerError.self) {
            // 192.0.2.0/24 is nobody's (RFC 5737).
            try await NodeUnderTest.run(.test { ($0.host, $0.tls) = ("192.0.2.1", tls) }) { _ in }
        }
        #expect(error?.code == .addressNotHere)
    }

    @Test("plain HTTP is not offered to others", arguments: ["0.0.0.0", "::", "192.0.2.1", "127.evil.test", "node.test"])
    func plainHTTP(host: String) {
        #expect(throws: WebServerError(.plainHTTPRefused, reason: "")) {
            try WebServer(
                settings: .test { $0.host = host }, receiver: Counting(), health: { HealthReport(status: .green) },
                logger: Logger(label: "test"))
        }
    }
}
