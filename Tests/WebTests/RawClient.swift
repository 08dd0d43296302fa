import NIOCore
import NIOPosix

/// A peer that sends exactly the bytes it is told to.
enum RawClient {
    /// Sends the pieces in order, then reads until the server closes. What the server said before a reset counts.
    static func exchange(
        _ pieces: String..., port: Int, from address: String = "127.0.0.1", closesOutput: Bool = false
    ) async throws -> String {
        try await exchange(pieces.map { Array($0.utf8) }, port: port, from: address, closesOutput: closesOutput)
    }

    static func exchange(
        _ pieces: [[UInt8]], port: Int, from address: String = "127.0.0.1", closesOutput: Bool = false
    ) async throws -> String {
        try await connected(port, from: address) { inbound, outbound, channel in
            for piece in pieces {
                do { try await outbound.write(ByteBuffer(bytes: piece)) } catch { break }
            }
            if closesOutput { outbound.finish() }
            return await rest(inbound)
        }
    }

    typealias Inbound = NIOAsyncChannelInboundStream<ByteBuffer>
    typealias Outbound = NIOAsyncChannelOutboundWriter<ByteBuffer>

    static func connected<Result: Sendable>(
        _ port: Int, from address: String = "127.0.0.1",
        _ body: @Sendable (Inbound, Outbound, any Channel) async throws -> Result
    ) async throws -> Result {
        let client = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .bind(to: SocketAddress(ipAddress: address, port: 0))
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(
                        wrappingChannelSynchronously: channel, configuration: .init(isOutboundHalfClosureEnabled: true))
                }
            }
        return try await client.executeThenClose { inbound, outbound in try await body(inbound, outbound, client.channel) }
    }

    static func rest(_ inbound: Inbound) async -> String {
        var answer = ""
        do {
            for try await buffer in inbound { answer += String(buffer: buffer) }
        } catch {
            return answer
        }
        return answer
    }
}

extension String {
    /// The statuses of all answers, in order.
    var statuses: [String] {
        split(separator: "\r\n").filter { $0.hasPrefix("HTTP/1.1 ") }.map { String($0.dropFirst(9).prefix(3)) }
    }
}
