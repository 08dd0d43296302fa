import Gateway
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1

/// Puts ``RequestGuard`` between HTTP's decoder and everything that believes in requests.
struct GuardedChannel: ServerChildChannel {
    let base: HTTP1Channel
    let settings: WebSettings
    let observation: Observation?

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<HTTP1Channel.Value> {
        let guardian = NIOLoopBound(RequestGuard(settings, observation: observation), eventLoop: channel.eventLoop)
        return channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHandler(ByteWatch { guardian.value.bytesArrived() })
        }.flatMap { base.setup(channel: channel, logger: logger) }.flatMapThrowing { value in
            let pipeline = channel.pipeline.syncOperations
            let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
            try pipeline.addHandler(guardian.value, position: .after(decoder))
            return value
        }
    }

    func handle(value: HTTP1Channel.Value, logger: Logger) async { await base.handle(value: value, logger: logger) }
}

/// Says that bytes came, before the decoder has made anything of them, and lets go of those that nobody will read.
final class ByteWatch: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let arrived: () -> Bool

    /// - Parameter arrived: says whether anything can still come of the bytes.
    init(arrived: @escaping () -> Bool) { self.arrived = arrived }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if arrived() { context.fireChannelRead(data) }
    }
}
