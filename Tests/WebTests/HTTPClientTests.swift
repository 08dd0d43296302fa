import Foundation
import Gateway
import NIOCore
import NIOPosix
import NIOSSL
import Native
import Synchronization
import TestSupport
import Testing
import Web

@Suite("Outgoing HTTPS")
struct HTTPClientTests {
    private static let chunk = [UInt8](repeating: 0x61, count: 256 << 10)

    /// Blocking calls get a thread of their own, as in the node.
    private static func call(_ client: HTTPClient, _ request: @escaping @Sendable () -> HTTPPost) async throws -> HTTPAnswer {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(with: Result { try client.post(request()) })
            }
        }
    }

    private static func client() throws -> HTTPClient {
        HTTPClient(
            HTTPClientSettings(
                trustedCertificates: try TestCertificates.shared.get().pem("root.pem"), revocation: .notChecked,
                allowsPlainLoopback: true))
    }

    private static func body(chunks: Int) -> HTTPBody {
        var left = chunks
        return HTTPBody {
            left -= 1
            return left >= 0 ? chunk : []
        }
    }

    private static func tls(_ name: String) throws -> WebSettings {
        let files = try TestCertificates.shared.get().files(name)
        return .test { $0.tls = files }
    }

    /// kB of the process, from /proc.
    private static func peakMemory() throws -> Int {
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmHWM") })
        return try #require(Int(line.filter(\.isNumber)))
    }

    @Test("100 MB stream over TLS through constant memory at both ends")
    func streaming() async throws {
        let client = try Self.client()
        try await NodeUnderTest.run(Self.tls("good")) { node in
            let url = "https://localhost:\(node.port)/ebxml"
            for count in [8, 400] {
                let before = try Self.peakMemory()
                let answer = try await Self.call(client) {
                    HTTPPost(url: url, contentLength: Int64(count * (256 << 10)), body: Self.body(chunks: count))
                }
                #expect(answer.status == 200)
                #expect(answer.body == Array("\(count * (256 << 10))".utf8))
                let grown = try Self.peakMemory() - before
                if count == 400 { #expect(grown < 64 << 10, "memory grew by \(grown) kB") }
            }
            client.cancel()
        }
    }

    @Test("a connection is used again, and each of several threads has its own")
    func reuse() async throws {
        let client = try Self.client()
        try await NodeUnderTest.run(Self.tls("good")) { node in
            let url = "https://localhost:\(node.port)/ebxml"
            let first = try await Self.call(client) { HTTPPost(url: url, bytes: [1]) }
            let second = try await Self.call(client) { HTTPPost(url: url, bytes: [1, 2]) }
            #expect(first.openedConnection && !second.openedConnection)
            try await withThrowingTaskGroup(of: HTTPAnswer.self) { group in
                for size in 0..<40 {
                    group.addTask {
                        try await Self.call(client) { HTTPPost(url: url, bytes: [UInt8](repeating: 1, count: size)) }
                    }
                }
                var sizes: Set<String> = []
                for try await answer in group { sizes.insert(String(decoding: answer.body, as: UTF8.self)) }
                #expect(sizes == Set((0..<40).map(String.init)))
            }
            client.cancel()
        }
    }

    @Test(
        "a server whose certificate does not hold gets nothing",
        arguments: [
            ("self-signed", HTTPClientError.TLSRefusal.untrusted), ("other-name", .wrongName), ("expired", .expired),
        ])
    func refusedServer(certificate: String, refusal: HTTPClientError.TLSRefusal) async throws {
        let (client, receiver) = (try Self.client(), Counting())
        try await NodeUnderTest.run(Self.tls(certificate), receiver: receiver) { node in
            let url = "https://localhost:\(node.port)/ebxml"
            let error = await #expect(throws: HTTPClientError.self) {
                _ = try await Self.call(client) { HTTPPost(url: url, bytes: [1]) }
            }
            #expect(error?.code == .tlsRefused)
            #expect(error?.refusal == refusal)
            #expect(error?.isTemporary == false)
        }
        #expect(receiver.exchanges == 0)
    }

    @Test("a server that is trusted by the system but not by us gets nothing")
    func otherTrust() async throws {
        let client = HTTPClient(
            HTTPClientSettings(
                trustedCertificates: try TestCertificates.shared.get().pem("self-signed.pem"), revocation: .notChecked))
        try await NodeUnderTest.run(Self.tls("good")) { node in
            let error = await #expect(throws: HTTPClientError.self) {
                _ = try await Self.call(client) { HTTPPost(url: "https://localhost:\(node.port)/ebxml", bytes: [1]) }
            }
            #expect(error?.refusal == .untrusted)
        }
    }

    @Test("a server that does not answer in time is temporary, and a running call can be cancelled")
    func timeouts() async throws {
        let (client, receiver) = (try Self.client(), Holding())
        try await NodeUnderTest.run(receiver: receiver) { node in
            let url = "http://127.0.0.1:\(node.port)/ebxml"
            let late = await #expect(throws: HTTPClientError.self) {
                _ = try await Self.call(client) {
                    var request = HTTPPost(url: url, bytes: [1])
                    request.timeouts.total = .milliseconds(200)
                    return request
                }
            }
            #expect(late?.code == .timedOut)
            #expect(late?.isTemporary == true)
            await receiver.arrival()
            async let running = Result { try await Self.call(client) { HTTPPost(url: url, bytes: [1]) } }
            await receiver.arrival()
            client.cancel()
            let cancelled = await running
            #expect((cancelled.failure as? HTTPClientError)?.code == .cancelled)
            receiver.letGo()
            receiver.letGo()
        }
    }

    @Test("a GET asks without a body, on the connection of a POST and before one, and its answer has its limit")
    func get() async throws {
        let client = try Self.client()
        try await NodeUnderTest.run(Self.tls("good")) { node in
            let base = "https://localhost:\(node.port)"
            for _ in 0..<2 {
                let health = try await Self.call(client) { HTTPPost(getting: base + "/health", maximumAnswerBytes: 1 << 20) }
                #expect(health.status == 200 && !health.body.isEmpty)
                let posted = try await Self.call(client) { HTTPPost(url: base + "/ebxml", bytes: [1, 2, 3]) }
                #expect(posted.body == Array("3".utf8))
            }
            let error = await #expect(throws: HTTPClientError.self) {
                _ = try await Self.call(client) { HTTPPost(getting: base + "/health", maximumAnswerBytes: 1) }
            }
            #expect(error?.code == .answerTooLarge)
        }
    }

    @Test("an answer above the limit is refused")
    func hugeAnswer() async throws {
        let client = try Self.client()
        let reply = ExchangeReply(status: 200, body: [UInt8](repeating: 0, count: 1001))
        try await NodeUnderTest.run(receiver: Answering(reply: reply)) { node in
            let url = "http://127.0.0.1:\(node.port)/ebxml"
            for (limit, code) in [(1001, nil), (1000, HTTPClientError.Code.answerTooLarge)] {
                let result = await Result {
                    try await Self.call(client) {
                        var request = HTTPPost(url: url, bytes: [])
                        request.maximumAnswerBytes = limit
                        return request
                    }
                }
                #expect(throws: Never.self) { if code == nil { _ = try result.get() } }
                if let code { #expect((result.failure as? HTTPClientError)?.code == code) }
            }
        }
    }

    @Test("a refusal that comes before the body was read is an answer")
    func earlyRefusal() async throws {
        let client = try Self.client()
        let reply = ExchangeReply(status: 503, retryAfterSeconds: 7)
        try await NodeUnderTest.run(.test { $0.lingerTime = .seconds(5) }, receiver: Answering(reply: reply)) { node in
            let answer = try await Self.call(client) {
                HTTPPost(
                    url: "http://127.0.0.1:\(node.port)/ebxml", contentLength: 400 * Int64(Self.chunk.count),
                    body: Self.body(chunks: 400))
            }
            #expect(answer.status == 503)
            #expect(answer.retryAfter == 7)
        }
    }

    @Test("a body that is not what was promised fails and is never taken for the whole", arguments: [1, 3])
    func brokenPromise(chunks: Int) async throws {
        let (client, receiver) = (try Self.client(), Counting())
        try await NodeUnderTest.run(receiver: receiver) { node in
            let error = await #expect(throws: HTTPClientError.self) {
                _ = try await Self.call(client) {
                    HTTPPost(
                        url: "http://127.0.0.1:\(node.port)/ebxml", contentLength: Int64(Self.chunk.count) * 5 / 2,
                        body: Self.body(chunks: chunks))
                }
            }
            #expect(error?.code == .bodyFailed)
        }
        #expect(receiver.failures.count == receiver.exchanges)
    }

    @Test(
        "an address or header that breaks our rules is not called",
        arguments: [
            "http://example.org/", "ftp://127.0.0.1/", "file:///etc/hostname", "https://user:word@localhost/", "",
            "https://", "localhost", "https://local host/",
        ])
    func refusedAddress(url: String) throws {
        let client = try Self.client()
        #expect(throws: HTTPClientError(.requestRefused, reason: "")) { try client.post(HTTPPost(url: url, bytes: [])) }
    }

    @Test("a header field that would become two is not sent", arguments: ["a\r\nb: c", "a\nb", "a\u{0}"])
    func splitHeader(value: String) throws {
        let client = try Self.client()
        let request = HTTPPost(url: "https://localhost/", headers: [("SOAPAction", value)], bytes: [])
        #expect(throws: HTTPClientError(.requestRefused, reason: "")) { try client.post(request) }
    }

    @Test("a header is named with the bytes of a token, RFC 9110 §5.6.2, and with no others")
    func headerName() throws {
        let punctuation = Set("!#$%&'*+-.^_`|~".utf8)
        let client = try Self.client()
        for byte in UInt8(0)...255 {
            let name = "a" + String(Unicode.Scalar(byte)) + "b"
            let isToken =
                punctuation.contains(byte)
                || (byte < 0x80 && Character(Unicode.Scalar(byte)).isLetter || (0x30...0x39).contains(byte))
            let request = HTTPPost(url: "https://127.0.0.1:9/", headers: [(name, "value")], bytes: [])
            let error = #expect(throws: HTTPClientError.self) { try client.post(request) }
            // Nobody listens on that port.
            #expect((error?.code == .requestRefused) == !isToken, "byte \(byte)")
        }
    }

    @Test(
        "what answers otherwise than HTTP says is an error, never an empty answer",
        arguments: [
            ("SSH-2.0-OpenSSH\r\n", HTTPClientError.Code.protocolError), ("", .interrupted),
            ("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", .interrupted),
        ])
    func strangeServer(answer: String, code: HTTPClientError.Code) async throws {
        let client = try Self.client()
        let error = try await RawServer.answering(answer) { port in
            await #expect(throws: HTTPClientError.self) {
                _ = try await Self.call(client) { HTTPPost(url: "http://127.0.0.1:\(port)/", bytes: [1]) }
            }
        }
        #expect(error?.code == code)
    }

    @Test("a server that knows no TLS above 1.1 is refused", arguments: [TLSVersion.tlsv1, .tlsv11])
    func oldTLS(version: TLSVersion) async throws {
        let client = try Self.client()
        var tls = try TestCertificates.shared.get().serverTLS("good")
        (tls.minimumTLSVersion, tls.maximumTLSVersion) = (.tlsv1, version)
        let error = try await RawServer.answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", tls: tls) { port in
            await #expect(throws: HTTPClientError.self) {
                _ = try await Self.call(client) { HTTPPost(url: "https://localhost:\(port)/", bytes: [1]) }
            }
        }
        #expect(error?.refusal == .handshake)
    }

    @Test(
        "our certificate is shown to a peer that asks for it, and a peer that asks in vain gets nothing",
        arguments: [true, false])
    func clientCertificate(isShown: Bool) async throws {
        let pki = try TestCertificates.shared.get()
        var settings = HTTPClientSettings(trustedCertificates: try pki.pem("root.pem"), revocation: .notChecked)
        if isShown {
            settings.clientCertificate = .init(certificate: try pki.pem("other-name.pem"), key: try pki.pem("other-name.key"))
        }
        let client = HTTPClient(settings)
        var tls = try pki.serverTLS("good")
        tls.certificateVerification = .noHostnameVerification
        tls.trustRoots = .file(pki.path("root.pem"))
        try await RawServer.answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", tls: tls) { port in
            let result = await Result {
                try await Self.call(client) { HTTPPost(url: "https://localhost:\(port)/", bytes: [1]) }
            }
            #expect((try? result.get().status) == (isShown ? 200 : nil))
        }
    }

    @Test(
        "a revoked server gets nothing, and neither does one of whom no list speaks",
        arguments: [
            ("good", ["root.crl"], HTTPClientError.TLSRefusal?.none), ("revoked", ["root.crl"], .revoked),
            ("good", [], .revocationUnknown), ("good", ["stale.crl"], .revocationUnknown),
        ])
    func revocation(certificate: String, lists: [String], refusal: HTTPClientError.TLSRefusal?) async throws {
        let pki = try TestCertificates.shared.get()
        let client = HTTPClient(
            HTTPClientSettings(
                trustedCertificates: try pki.pem("root.pem"),
                revocation: .required(try lists.map { try X509RevocationList(pem: pki.pem($0)) })))
        try await NodeUnderTest.run(Self.tls(certificate)) { node in
            let result = await Result {
                try await Self.call(client) { HTTPPost(url: "https://localhost:\(node.port)/ebxml", bytes: [1]) }
            }
            #expect((result.failure as? HTTPClientError)?.refusal == refusal)
            #expect((try? result.get().status) == (refusal == nil ? 200 : nil))
            client.cancel()
        }
    }

    @Test("new settings hold from the next call on, open connections notwithstanding")
    func replacedSettings() async throws {
        let (pki, client) = (try TestCertificates.shared.get(), try Self.client())
        try await NodeUnderTest.run(Self.tls("revoked")) { node in
            let url = "https://localhost:\(node.port)/ebxml"
            let before = try await Self.call(client) { HTTPPost(url: url, bytes: [1]) }
            #expect(before.status == 200)
            let lists = [try X509RevocationList(pem: pki.pem("root.crl"))]
            client.replace(HTTPClientSettings(trustedCertificates: try pki.pem("root.pem"), revocation: .required(lists)))
            let after = await Result { try await Self.call(client) { HTTPPost(url: url, bytes: [1]) } }
            #expect((after.failure as? HTTPClientError)?.refusal == .revoked)
        }
    }

    @Test("a receiver that does not read holds the sender back")
    func backPressure() async throws {
        let (client, receiver) = (try Self.client(), Holding())
        let pulled = Pulled()
        try await NodeUnderTest.run(receiver: receiver) { node in
            let late = await Result {
                try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<HTTPAnswer, any Error>) in
                    Thread.detachNewThread {
                        let body = HTTPBody {
                            pulled.add()
                            return Self.chunk
                        }
                        var request = HTTPPost(
                            url: "http://127.0.0.1:\(node.port)/ebxml", contentLength: 400 * Int64(Self.chunk.count), body: body)
                        request.timeouts.stalled = .seconds(1)
                        continuation.resume(with: Result { try client.post(request) })
                    }
                }
            }
            #expect((late.failure as? HTTPClientError)?.code == .timedOut)
            #expect(pulled.count < 80)
            receiver.letGo()
        }
        #expect(receiver.failures == [.disconnected])
    }

    @Test("a redirect is an answer and leads nowhere")
    func redirect() async throws {
        let client = try Self.client()
        let answer = "HTTP/1.1 307 Temporary Redirect\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"
        let status = try await RawServer.answering(answer) { port in
            try await Self.call(client) { HTTPPost(url: "http://127.0.0.1:\(port)/", bytes: [1]) }.status
        }
        #expect(status == 307)
    }

    @Test("nobody there is unreachable and temporary")
    func unreachable() async throws {
        let client = try Self.client()
        let port = try await RawServer.answering("") { $0 }
        let error = await #expect(throws: HTTPClientError.self) {
            _ = try await Self.call(client) { HTTPPost(url: "https://localhost:\(port)/", bytes: []) }
        }
        #expect(error?.code == .unreachable)
        #expect(error?.isTemporary == true)
    }
}

/// How often a body was asked for its next piece.
private final class Pulled: Sendable {
    private let pieces = Atomic<Int>(0)
    var count: Int { pieces.load(ordering: .relaxed) }
    func add() { pieces.add(1, ordering: .relaxed) }
}

extension Result where Failure == any Error {
    fileprivate init(_ body: () async throws -> Success) async {
        do { self = .success(try await body()) } catch { self = .failure(error) }
    }

    fileprivate var failure: (any Error)? {
        if case .failure(let error) = self { error } else { nil }
    }
}
