import Foundation
import Native
import TestSupport
import Testing

@Suite("Outgoing HTTPS goes out once")
struct HTTPRepeatTests {
    private static func client() throws -> HTTPClient {
        HTTPClient(
            HTTPClientSettings(
                trustedCertificates: try TestCertificates.shared.get().pem("root.pem"), revocation: .notChecked,
                allowsPlainLoopback: true))
    }

    /// Blocks its thread, which is one of its own.
    private static func call(
        _ client: HTTPClient, _ port: Int, _ body: [UInt8]
    ) async -> Result<HTTPAnswer, any Error> {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(
                    returning: Result { try client.post(HTTPPost(url: "http://127.0.0.1:\(port)/", bytes: body)) })
            }
        }
    }

    @Test(
        "a request that a dying connection may have taken is not sent again by itself, in one piece or in many",
        arguments: [1, 16_600, 32 << 10, 33 << 10, 300_000])
    func notRepeated(length: Int) async throws {
        let client = try Self.client()
        let requests = try await RawServer.answeringOnce(bodyBytes: length) { port in
            let answer = try await Self.call(client, port, [UInt8](repeating: 0x61, count: length)).get()
            #expect(answer.status == 200 && answer.openedConnection)
            let error = await #expect(throws: HTTPClientError.self) {
                try await Self.call(client, port, [UInt8](repeating: 0x62, count: length)).get()
            }
            #expect(error?.code == .interrupted)
            #expect(error?.isTemporary == true)
        }
        #expect(requests == 2)
    }

    @Test("a small body that is not what was promised is not sent at all", arguments: [[], [3], [2, 3]])
    func brokenPromise(pieces: [Int]) async throws {
        let client = try Self.client()
        let requests = try await RawServer.answeringOnce(bodyBytes: 4) { port in
            var left = pieces
            let body = HTTPBody { left.isEmpty ? [] : [UInt8](repeating: 0x61, count: left.removeFirst()) }
            let post = HTTPPost(url: "http://127.0.0.1:\(port)/", contentLength: 4, body: body)
            #expect(throws: HTTPClientError(.bodyFailed, reason: "")) { try client.post(post) }
        }
        #expect(requests == 0)
    }
}
