import Gateway
import NIOCore
import NIOExtras
import NIOHTTP1

/// Asks for the body of a request that waits with `Expect: 100-continue`. Sent down the pipeline by the responder once it
/// will read the body.
struct BodyWanted: Sendable {}

/// One connection's deadlines, limits and endings. There is no moment without a deadline.
///
/// One request at a time: what a peer sends ahead of our answer is dropped and the connection closed after the answer. A
/// body ends well only by its last byte; every other end reaches the reader as an ``InboundBodyError``.
final class RequestGuard: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    enum Phase {
        /// The header is on its way; at first the connection and its TLS handshake too.
        case header
        /// The header is here, the body on its way.
        case body
        /// The request is here, or has failed; the answer is not complete.
        case answer
        /// Between two requests.
        case idle
        /// Nothing that still comes counts. Read on for a moment, so that our answer is not lost in a reset.
        case lingering
    }

    private let settings: WebSettings
    private let observation: Observation?
    private(set) var phase = Phase.header
    private var context: ChannelHandlerContext?
    /// When the phase is over.
    private var deadline = NIODeadline.distantFuture
    /// When it is looked at how far the body has come.
    private var progressLook = NIODeadline.distantFuture
    private var alarm: (at: NIODeadline, task: Scheduled<Void>)?
    private var sawBytes = false
    private var closesAfterAnswer = false
    private var awaitsContinue = false
    private var bodyBytes = 0
    private var bytesInSpan = 0
    private var isReading = false
    private var wasReading = false
    private var pending: ByteBuffer?

    init(_ settings: WebSettings, observation: Observation? = nil) {
        (self.settings, self.observation) = (settings, observation)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        setDeadline(settings.headerTime)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        cancelAlarm()
        self.context = nil
    }

    /// Called for every read of the socket, before decoding.
    ///
    /// - Returns: whether anything can still come of them. What nobody will read must not reach the decoder, which may keep it.
    func bytesArrived() -> Bool {
        sawBytes = true
        if phase == .idle {
            phase = .header
            setDeadline(settings.headerTime)
        }
        return phase != .lingering && !(phase == .answer && closesAfterAnswer)
    }
}

// MARK: What comes in

extension RequestGuard {
    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch (unwrapInboundIn(data), phase) {
        case (.head(let head), .header), (.head(let head), .idle): begin(head, context: context)
        case (.head, .answer): closesAfterAnswer = true
        case (.body(let bytes), .body): take(bytes, context: context)
        case (.end, .body): endBody(data, context: context)
        default: break
        }
    }

    private func begin(_ head: HTTPRequestHead, context: ChannelHandlerContext) {
        if let status = RequestRules.refusal(of: head, maxBodyBytes: settings.maxBodyBytes) {
            return refuse(status, context: context)
        }
        phase = .body
        closesAfterAnswer = closesAfterAnswer || !head.isKeepAlive
        awaitsContinue = head.headers.contains(name: "Expect") && head.version == .http1_1
        (bodyBytes, bytesInSpan) = (0, 0)
        setDeadline(settings.bodyTime)
        watchProgress(context)
        context.fireChannelRead(wrapInboundOut(.head(head)))
    }

    /// Small pieces that come together go on together: a reader pays for each piece.
    private func take(_ bytes: ByteBuffer, context: ChannelHandlerContext) {
        bodyBytes += bytes.readableBytes
        bytesInSpan += bytes.readableBytes
        guard bodyBytes <= settings.maxBodyBytes else { return fail(.tooLarge, context: context) }
        if pending == nil { pending = context.channel.allocator.buffer(capacity: bytes.readableBytes) }
        pending?.writeImmutableBuffer(bytes)
        if pending?.readableBytes ?? 0 >= 64 << 10 { passOnPending(context) }
    }

    private func passOnPending(_ context: ChannelHandlerContext) {
        guard let bytes = pending else { return }
        pending = nil
        context.fireChannelRead(wrapInboundOut(.body(bytes)))
    }

    private func endBody(_ end: NIOAny, context: ChannelHandlerContext) {
        passOnPending(context)
        phase = .answer
        progressLook = .distantFuture
        setDeadline(settings.answerTime)
        context.fireChannelRead(end)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        isReading = false
        passOnPending(context)
        context.fireChannelReadComplete()
    }

    func read(context: ChannelHandlerContext) {
        isReading = true
        context.read()
    }

    func channelInactive(context: ChannelHandlerContext) {
        if phase == .body { fail(.disconnected, context: context) }
        cancelAlarm()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        let parserError = error as? HTTPParserError
        switch phase {
        case .header, .idle:
            guard let parserError, parserError != .invalidEOFState else { return end(context) }
            refuse(RequestRules.status(of: parserError), context: context)
        case .body:
            fail(parserError == nil || parserError == .invalidEOFState ? .disconnected : .malformed, context: context)
        case .answer: closesAfterAnswer = true
        case .lingering: break
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case is ChannelShouldQuiesceEvent:
            closesAfterAnswer = true
            context.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(settings.shutdownTime)) {
                self.end(context)
            }
        case ChannelEvent.inputClosed where phase == .body: fail(.disconnected, context: context)
        case ChannelEvent.inputClosed where phase != .answer: end(context)
        default: break
        }
        context.fireUserInboundEventTriggered(event)
    }
}

// MARK: What goes out

extension RequestGuard {
    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(var head) where !head.status.isInformational:
            if head.headers.contains(name: "Connection") || phase == .body { closesAfterAnswer = true }
            if closesAfterAnswer { head.headers.replaceOrAdd(name: "Connection", value: "close") }
            context.write(wrapOutboundOut(.head(head)), promise: promise)
        case .end:
            context.write(data, promise: promise)
            endAnswer(context)
        default: context.write(data, promise: promise)
        }
    }

    /// TLS says farewell and waits for the peer to do the same, which a peer that is idle or gone never does.
    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        context.close(mode: mode, promise: promise)
        guard mode == .all, context.channel.isActive else { return }
        context.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(settings.lingerTime)) {
            let socketSide = try? context.pipeline.syncOperations.context(handlerType: AddressLimit.self)
            socketSide?.close(promise: nil)
        }
    }

    func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?) {
        guard event is BodyWanted else { return context.triggerUserOutboundEvent(event, promise: promise) }
        if awaitsContinue, phase == .body, bodyBytes == 0 {
            let head = HTTPResponseHead(version: .http1_1, status: .continue)
            context.writeAndFlush(wrapOutboundOut(.head(head)), promise: nil)
        }
        awaitsContinue = false
        promise?.succeed()
    }

    private func endAnswer(_ context: ChannelHandlerContext) {
        guard !closesAfterAnswer else { return linger(context) }
        phase = .idle
        sawBytes = false
        setDeadline(settings.idleTime)
    }

    /// Answers in place of everyone behind us, who have not heard of this request.
    private func refuse(_ status: HTTPResponseStatus, context: ChannelHandlerContext) {
        observation?.requestRefused(Observation.Refusal(status: Int(status.code)))
        let headers = HTTPHeaders([("Connection", "close"), ("Content-Length", "0")])
        let head = HTTPResponseHead(version: .http1_1, status: status, headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.end(nil)), promise: nil)
        linger(context)
    }

    private func end(_ context: ChannelHandlerContext) { close(context: context, mode: .all, promise: nil) }

    private func linger(_ context: ChannelHandlerContext) {
        phase = .lingering
        pending = nil
        progressLook = .distantFuture
        setDeadline(settings.lingerTime)
        context.flush()
        context.close(mode: .output, promise: nil)
    }

    /// Ends the body with an error; whoever reads it still answers.
    private func fail(_ error: InboundBodyError, context: ChannelHandlerContext) {
        observation?.requestRefused(Observation.Refusal(error))
        phase = .answer
        closesAfterAnswer = true
        pending = nil
        progressLook = .distantFuture
        setDeadline(settings.answerTime)
        context.fireErrorCaught(error)
    }
}

// MARK: Time

extension RequestGuard {
    private func setDeadline(_ time: Duration) {
        guard let context else { return }
        deadline = context.eventLoop.now + TimeAmount(time)
        setAlarm(context)
    }

    private func deadlinePassed(_ context: ChannelHandlerContext) {
        deadline = .distantFuture
        switch phase {
        case .header where sawBytes: refuse(.requestTimeout, context: context)
        case .body: fail(.timedOut, context: context)
        case .header, .answer, .idle, .lingering: end(context)
        }
    }

    private func watchProgress(_ context: ChannelHandlerContext) {
        (bytesInSpan, wasReading) = (0, isReading)
        progressLook = context.eventLoop.now + TimeAmount(settings.progressTime)
        setAlarm(context)
    }

    private func lookAtProgress(_ context: ChannelHandlerContext) {
        let isStalled = bytesInSpan < settings.progressBytes && wasReading && isReading
        if isStalled { fail(.timedOut, context: context) } else { watchProgress(context) }
    }

    /// One that is set for an earlier moment stays: nearly every phase ends long before its time, and whether one did not is
    /// seen when the alarm rings.
    private func setAlarm(_ context: ChannelHandlerContext) {
        let next = min(deadline, progressLook)
        guard next < alarm?.at ?? .distantFuture else { return }
        cancelAlarm()
        alarm = (next, context.eventLoop.assumeIsolated().scheduleTask(deadline: next) { self.alarmRings() })
    }

    private func alarmRings() {
        alarm = nil
        guard let context else { return }
        let now = context.eventLoop.now
        if progressLook <= now { lookAtProgress(context) }
        if deadline <= now { deadlinePassed(context) }
        setAlarm(context)
    }

    private func cancelAlarm() {
        alarm?.task.cancel()
        alarm = nil
    }
}

extension HTTPResponseStatus {
    fileprivate var isInformational: Bool { code < 200 }
}
