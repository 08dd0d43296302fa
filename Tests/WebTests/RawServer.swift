import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// A server that says fixed bytes to the first thing it hears, and hangs up.
enum RawServer {
    static func answering<Result: Sendable>(
        _ answer: String, tls: TLSConfiguration? = nil, _ body: (Int) async throws -> Result
    ) async throws -> Result {
        let secure = try tls.map { try NIOSSLContext(configuration: $0) }
        let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let secure { try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: secure)) }
                    try channel.pipeline.syncOperations.addHandler(Speaker(answer))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        do {
            let result = try await body(server.localAddress?.port ?? 0)
            try await server.close()
            return result
        } catch {
            try await server.close()
            throw error
        }
    }

    /// Says fixed bytes to whoever connects, and hangs up.
    static func greeting<Result: Sendable>(_ words: String, _ body: (Int) async throws -> Result) async throws -> Result {
        let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Greeter(words))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        do {
            let result = try await body(server.localAddress?.port ?? 0)
            try await server.close()
            return result
        } catch {
            try await server.close()
            throw error
        }
    }

    /// Answers the first request of a connection when its body of that many bytes is there, and hangs up when a second begins.
    ///
    /// - Returns: how many requests all its connections have seen.
    static func answeringOnce(bodyBytes: Int, _ body: (Int) async throws -> Void) async throws -> Int {
        let requests = Requests()
        let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(AnsweringOnce(bodyBytes, requests))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        do { try await body(server.localAddress?.port ?? 0) } catch {
            try await server.close()
            throw error
        }
        try await server.close()
        return requests.count
    }

    private final class Requests: Sendable {
        private let begun = Atomic<Int>(0)
        var count: Int { begun.load(ordering: .sequentiallyConsistent) }
        func add() { begun.add(1, ordering: .sequentiallyConsistent) }
    }

    private final class AnsweringOnce: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer
        private let bodyBytes: Int
        private let requests: Requests
        private var heard = ""
        private var hasAnswered = false

        init(_ bodyBytes: Int, _ requests: Requests) { (self.bodyBytes, self.requests) = (bodyBytes, requests) }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            if heard.isEmpty { requests.add() }
            guard !hasAnswered else { return context.close(promise: nil) }
            heard += String(buffer: unwrapInboundIn(data))
            guard let end = heard.utf8.firstRange(of: "\r\n\r\n".utf8)?.upperBound,
                heard.utf8.distance(from: end, to: heard.utf8.endIndex) == bodyBytes
            else { return }
            (heard, hasAnswered) = ("", true)
            let answer = ByteBuffer(string: "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
            context.writeAndFlush(wrapOutboundOut(answer), promise: nil)
        }
    }

    /// Speaks once the connection is there: before, what is written waits for what waits for the writing.
    private final class Greeter: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        private let words: String

        init(_ words: String) { self.words = words }

        func channelActive(context: ChannelHandlerContext) {
            context.writeAndFlush(NIOAny(ByteBuffer(string: words)), promise: nil)
            context.close(promise: nil)
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }

    private final class Speaker: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer
        private let answer: String

        init(_ answer: String) { self.answer = answer }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: answer)), promise: nil)
            context.close(promise: nil)
        }
    }
}
