import Gateway
import NIOCore
import NIOEmbedded
import NIOExtras
import NIOHTTP1
import Testing

@testable import Web

@Suite("One connection's deadlines and endings")
struct RequestGuardTests {
    private let settings = WebSettings.test {
        ($0.headerTime, $0.bodyTime, $0.answerTime) = (.seconds(10), .seconds(100), .seconds(50))
        ($0.idleTime, $0.lingerTime, $0.shutdownTime) = (.seconds(60), .seconds(3), .seconds(20))
        ($0.progressTime, $0.progressBytes, $0.maxBodyBytes) = (.seconds(15), 100, 1000)
    }

    private func connection() throws -> (EmbeddedChannel, RequestGuard) {
        let guardian = RequestGuard(settings)
        let channel = EmbeddedChannel(handler: guardian)
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        return (channel, guardian)
    }

    private func head(_ fields: (String, String)..., version: HTTPVersion = .http1_1) -> HTTPServerRequestPart {
        let headers = HTTPHeaders([("Host", "node.test")] + fields)
        return .head(HTTPRequestHead(version: version, method: .POST, uri: "/ebxml", headers: headers))
    }

    private func body(_ count: Int) -> HTTPServerRequestPart { .body(ByteBuffer(repeating: 7, count: count)) }

    private func answer(_ channel: EmbeddedChannel) throws {
        try channel.writeOutbound(HTTPServerResponsePart.head(HTTPResponseHead(version: .http1_1, status: .ok)))
        try channel.writeOutbound(HTTPServerResponsePart.end(nil))
    }

    private func responseHead(_ channel: EmbeddedChannel) throws -> HTTPResponseHead? {
        guard case .head(let head)? = try channel.readOutbound(as: HTTPServerResponsePart.self) else { return nil }
        return head
    }

    @Test("a connection that never says anything is closed without a word")
    func silence() throws {
        let (channel, _) = try connection()
        channel.embeddedEventLoop.advanceTime(by: .seconds(9))
        #expect(channel.isActive)
        channel.embeddedEventLoop.advanceTime(by: .seconds(1))
        #expect(!channel.isActive)
        #expect(try responseHead(channel) == nil)
    }

    @Test("a header that trickles is answered 408, however often a byte comes")
    func slowHeader() throws {
        let (channel, guardian) = try connection()
        for _ in 0..<10 {
            _ = guardian.bytesArrived()
            channel.embeddedEventLoop.advanceTime(by: .seconds(1))
        }
        #expect(try responseHead(channel)?.status == .requestTimeout)
    }

    @Test("a later header has its time from its first byte")
    func slowLaterHeader() throws {
        let (channel, guardian) = try connection()
        try channel.writeInbound(head(("Content-Length", "0")))
        try channel.writeInbound(HTTPServerRequestPart.end(nil))
        try answer(channel)
        #expect(try responseHead(channel)?.status == .ok)
        _ = try channel.readOutbound(as: HTTPServerResponsePart.self)
        channel.embeddedEventLoop.advanceTime(by: .seconds(59))
        _ = guardian.bytesArrived()
        channel.embeddedEventLoop.advanceTime(by: .seconds(9))
        #expect(try responseHead(channel) == nil)
        channel.embeddedEventLoop.advanceTime(by: .seconds(1))
        #expect(try responseHead(channel)?.status == .requestTimeout)
    }

    @Test("an idle connection is closed")
    func idle() throws {
        let (channel, _) = try connection()
        try channel.writeInbound(head(("Content-Length", "0")))
        try channel.writeInbound(HTTPServerRequestPart.end(nil))
        try answer(channel)
        channel.embeddedEventLoop.advanceTime(by: .seconds(60))
        #expect(!channel.isActive)
    }

    @Test("every later phase has its whole time, whatever was waited for before")
    func laterPhases() throws {
        let (channel, guardian) = try connection()
        for _ in 0..<3 {
            channel.embeddedEventLoop.advanceTime(by: .seconds(9))
            try channel.writeInbound(head(("Content-Length", "0")))
            try channel.writeInbound(HTTPServerRequestPart.end(nil))
            channel.embeddedEventLoop.advanceTime(by: .seconds(49))
            #expect(guardian.phase == .answer)
            try answer(channel)
            channel.embeddedEventLoop.advanceTime(by: .seconds(59))
            #expect(channel.isActive && guardian.phase == .idle)
            _ = guardian.bytesArrived()
        }
        channel.embeddedEventLoop.advanceTime(by: .seconds(9))
        #expect(guardian.phase == .header)
        channel.embeddedEventLoop.advanceTime(by: .seconds(1))
        #expect(guardian.phase == .lingering)
        channel.embeddedEventLoop.advanceTime(by: .seconds(3))
        #expect(!channel.isActive)
    }

    @Test("a body that is not complete in its time fails, even when it moves")
    func slowBody() throws {
        let (channel, _) = try connection()
        try channel.writeInbound(head(("Transfer-Encoding", "chunked")))
        #expect(throws: InboundBodyError.timedOut) {
            for _ in 0..<10 {
                try channel.writeInbound(self.body(100))
                channel.embeddedEventLoop.advanceTime(by: .seconds(10))
            }
            try channel.throwIfErrorCaught()
        }
    }

    @Test("a body that moves less than the minimum in a span fails")
    func stalledBody() throws {
        let (channel, _) = try connection()
        channel.read()
        try channel.writeInbound(head(("Content-Length", "500")))
        channel.read()
        channel.embeddedEventLoop.advanceTime(by: .seconds(15))
        #expect(throws: InboundBodyError.timedOut) { try channel.throwIfErrorCaught() }
    }

    @Test("a body that moves just enough in every span does not fail")
    func movingBody() throws {
        let (channel, _) = try connection()
        try channel.writeInbound(head(("Content-Length", "500")))
        for _ in 0..<4 {
            channel.read()
            channel.embeddedEventLoop.advanceTime(by: .seconds(14))
            try channel.writeInbound(body(100))
            channel.read()
            channel.embeddedEventLoop.advanceTime(by: .seconds(1))
        }
        try channel.throwIfErrorCaught()
        try channel.writeInbound(body(99))
        channel.read()
        channel.embeddedEventLoop.advanceTime(by: .seconds(15))
        #expect(throws: InboundBodyError.timedOut) { try channel.throwIfErrorCaught() }
    }

    @Test("a body is not late while nobody reads it")
    func backPressure() throws {
        let (channel, _) = try connection()
        try channel.pipeline.syncOperations.addHandler(NoReads())
        try channel.writeInbound(head(("Content-Length", "500")))
        try channel.writeInbound(body(50))
        channel.embeddedEventLoop.advanceTime(by: .seconds(90))
        try channel.throwIfErrorCaught()
        #expect(channel.isActive)
    }

    @Test("a body without a stated length fails when it passes the limit")
    func tooLarge() throws {
        let (channel, _) = try connection()
        try channel.writeInbound(head(("Transfer-Encoding", "chunked")))
        try channel.writeInbound(body(1000))
        #expect(throws: InboundBodyError.tooLarge) { try channel.writeInbound(self.body(1)) }
    }

    @Test("a stated length above the limit is refused before the body")
    func statedTooLarge() throws {
        let (channel, _) = try connection()
        try channel.writeInbound(head(("Content-Length", "1001")))
        #expect(try responseHead(channel)?.status == .payloadTooLarge)
        #expect(try channel.readInbound(as: HTTPServerRequestPart.self) == nil)
    }

    @Test("a connection that ends inside a body fails the body")
    func disconnected() throws {
        let (channel, _) = try connection()
        try channel.writeInbound(head(("Content-Length", "500")))
        #expect(throws: InboundBodyError.disconnected) { _ = try channel.finish() }
    }

    @Test("an answer that does not come in its time closes the connection")
    func noAnswer() throws {
        let (channel, _) = try connection()
        try channel.writeInbound(head(("Content-Length", "0")))
        try channel.writeInbound(HTTPServerRequestPart.end(nil))
        channel.embeddedEventLoop.advanceTime(by: .seconds(50))
        #expect(!channel.isActive)
    }

    @Test("an answer before the end of the body ends the connection")
    func earlyAnswer() throws {
        let (channel, guardian) = try connection()
        try channel.writeInbound(head(("Content-Length", "500")))
        try answer(channel)
        #expect(try responseHead(channel)?.headers["Connection"] == ["close"])
        #expect(guardian.phase == .lingering)
    }

    @Test("a request sent ahead of our answer is dropped, and the connection ends after the answer")
    func pipelining() throws {
        let (channel, _) = try connection()
        for _ in 0..<2 {
            try channel.writeInbound(head(("Content-Length", "0")))
            try channel.writeInbound(HTTPServerRequestPart.end(nil))
        }
        #expect(try channel.readInbound(as: HTTPServerRequestPart.self) != nil)
        #expect(try channel.readInbound(as: HTTPServerRequestPart.self) == .end(nil))
        #expect(try channel.readInbound(as: HTTPServerRequestPart.self) == nil)
        try answer(channel)
        #expect(try responseHead(channel)?.headers["Connection"] == ["close"])
    }

    @Test("what comes after a refusal, or ahead of the last answer, is let go of and not kept by the decoder")
    func afterTheEnd() throws {
        let (refused, refusing) = try connection()
        #expect(refusing.bytesArrived())
        try refused.writeInbound(head(("Upgrade", "x"), ("Connection", "Upgrade")))
        #expect(try responseHead(refused)?.status == .badRequest)
        #expect(!refusing.bytesArrived())
        let (channel, guardian) = try connection()
        for request in 1...2 {
            #expect(guardian.bytesArrived())
            try channel.writeInbound(head(("Content-Length", "0")))
            try channel.writeInbound(HTTPServerRequestPart.end(nil))
            #expect(guardian.bytesArrived() == (request == 1))
        }
        try answer(channel)
        #expect(!guardian.bytesArrived())
    }

    @Test("small pieces that come together go on as one")
    func gathering() throws {
        let (channel, _) = try connection()
        try channel.writeInbound(head(("Transfer-Encoding", "chunked")))
        for _ in 0..<100 { channel.pipeline.fireChannelRead(body(2)) }
        channel.pipeline.fireChannelReadComplete()
        _ = try channel.readInbound(as: HTTPServerRequestPart.self)
        #expect(try channel.readInbound(as: HTTPServerRequestPart.self) == body(200))
    }

    @Test("a stopping node gives a request under way its time and no more")
    func quiescing() throws {
        let (channel, _) = try connection()
        try channel.writeInbound(head(("Content-Length", "500")))
        channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
        channel.embeddedEventLoop.advanceTime(by: .seconds(19))
        #expect(channel.isActive)
        channel.embeddedEventLoop.advanceTime(by: .seconds(1))
        #expect(!channel.isActive)
    }

    /// Holds back every read, as a reader does that has enough.
    private final class NoReads: ChannelOutboundHandler {
        typealias OutboundIn = NIOAny
        func read(context: ChannelHandlerContext) {}
    }
}
