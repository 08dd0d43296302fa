import Foundation
import Gateway
import Logging
import TestSupport
import Testing
import Web

@Suite("The server's TLS")
struct ServerTLSTests {
    /// `openssl s_client`, with every old cipher allowed so that the server is the one who refuses.
    private static func handshake(_ options: [String], port: Int) async throws -> Tool.Outcome {
        let root = try TestCertificates.shared.get().path("root.pem")
        return try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(
                    with: Result {
                        try Tool.run(
                            "openssl",
                            ["s_client", "-connect", "127.0.0.1:\(port)", "-CAfile", root, "-verify_return_error"] + options,
                            input: Array("GET /health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".utf8))
                    })
            }
        }
    }

    @Test(
        "old versions and ciphers are refused, 1.2 and 1.3 are spoken",
        arguments: [
            ("-tls1", "ALL:@SECLEVEL=0", false), ("-tls1_1", "ALL:@SECLEVEL=0", false), ("-tls1_2", "DEFAULT", true),
            ("-tls1_3", "DEFAULT", true), ("-tls1_2", "AES128-SHA:@SECLEVEL=0", false),
            ("-tls1_2", "ECDHE-ECDSA-AES128-SHA:@SECLEVEL=0", false), ("-tls1_2", "eNULL:aNULL:@SECLEVEL=0", false),
        ])
    func versions(version: String, ciphers: String, isSpoken: Bool) async throws {
        let files = try TestCertificates.shared.get().files("good")
        try await NodeUnderTest.run(.test { $0.tls = files }) { node in
            let outcome = try await Self.handshake([version, "-cipher", ciphers, "-ign_eof"], port: node.port)
            let output = String(decoding: outcome.out, as: UTF8.self)
            #expect((outcome.status == 0 && output.contains("HTTP/1.1 200")) == isSpoken)
        }
    }

    @Test("plain HTTP to a TLS port is not answered")
    func plainToTLS() async throws {
        let files = try TestCertificates.shared.get().files("good")
        try await NodeUnderTest.run(.test { $0.tls = files }) { node in
            let answer = try await RawClient.exchange("GET /health HTTP/1.1\r\nHost: a\r\n\r\n", port: node.port)
            #expect(answer.statuses.isEmpty)
        }
    }

    @Test("a handshake that stalls is cut")
    func stalledHandshake() async throws {
        let files = try TestCertificates.shared.get().files("good")
        try await NodeUnderTest.run(
            .test {
                $0.tls = files
                $0.headerTime = .milliseconds(200)
            }
        ) { node in
            let answer = try await RawClient.exchange([[0x16, 3, 1, 2, 0]], port: node.port)
            #expect(answer.isEmpty)
        }
    }

    @Test(
        "files that cannot serve are refused at the start",
        arguments: [
            ("good.pem", "root.key"), ("none.pem", "good.key"), ("good.pem", "none.key"), ("good.key", "good.key"),
            ("good.pem", "good.pem"),
        ])
    func files(certificate: String, key: String) throws {
        let pki = try TestCertificates.shared.get()
        let files = WebSettings.TLSFiles(certificate: pki.path(certificate), key: pki.path(key))
        #expect(throws: WebServerError(.certificateUnreadable, reason: "")) {
            try WebServer(
                settings: .test { $0.tls = files }, receiver: Counting(), health: { HealthReport(status: .green) },
                logger: Logger(label: "test"))
        }
    }
}
