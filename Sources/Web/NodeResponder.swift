import Foundation
import Gateway
import HTTPTypes
import Hummingbird
import Logging
import NIOCore

/// What a request brings along besides itself.
struct NodeRequestContext: InitializableFromSource, Sendable {
    let channel: any Channel

    init(source: ApplicationRequestContextSource) { channel = source.channel }
}

/// Two addresses, each with one way to use it. Paths are compared byte by byte: nothing is decoded, joined or shortened.
struct NodeResponder: HTTPResponder {
    let settings: WebSettings
    let receiver: any ExchangeReceiver
    let health: @Sendable () async -> HealthReport
    let observation: Observation?
    private let slots: ExchangeSlots

    init(
        settings: WebSettings, receiver: any ExchangeReceiver, health: @escaping @Sendable () async -> HealthReport,
        observation: Observation?
    ) {
        (self.settings, self.receiver, self.health, self.observation) = (settings, receiver, health, observation)
        slots = ExchangeSlots(limit: settings.maxExchanges, perAddress: settings.maxExchangesPerAddress)
    }

    func respond(to request: Request, context: NodeRequestContext) async throws -> Response {
        switch (Self.path(of: request), request.method) {
        case (settings.path, .post): await receive(request, context: context)
        case (settings.path, _): refusal(.wrongMethod, .methodNotAllowed, [.allow: "POST"])
        case ("/health", .get), ("/health", .head): await report(isHead: request.method == .head)
        case ("/health", _): refusal(.wrongMethod, .methodNotAllowed, [.allow: "GET, HEAD"])
        default: refusal(.unknownPath, .notFound)
        }
    }

    private static func path(of request: Request) -> String {
        let target = request.head.path ?? ""
        return String(target.prefix { $0 != "?" })
    }

    private func receive(_ request: Request, context: NodeRequestContext) async -> Response {
        let remoteAddress = context.channel.remoteAddress?.ipAddress
        let slot = AddressCount.key(remoteAddress)
        guard slots.take(slot) else {
            return refusal(.busy, .serviceUnavailable, [.retryAfter: "\(settings.retryAfterSeconds)"])
        }
        defer { slots.release(slot) }
        // Nobody else waits for it.
        if request.headers[.expect] != nil { context.channel.triggerUserOutboundEvent(BodyWanted(), promise: nil) }
        let contentLength = request.headers[.contentLength].flatMap { Int($0) }
        let exchange = InboundExchange(
            contentType: request.headers[.contentType],
            headers: request.headers.map { ExchangeHeader(name: $0.name.rawName, value: $0.value) },
            contentLength: contentLength, remoteAddress: remoteAddress)
        let outcome = BodyOutcome()
        let body = ReceivedBody(source: request.body, contentLength: contentLength, outcome: outcome)
        let start = ContinuousClock.now
        let reply = await receiver.receive(exchange, body: InboundBody(body))
        let response = outcome.failure.map { Self.refusal($0.status) } ?? Self.response(reply)
        observation?.received(status: response.status.code, time: .now - start)
        return response
    }

    private static func response(_ reply: ExchangeReply) -> Response {
        guard (200..<600).contains(reply.status) else { return refusal(.internalServerError) }
        var headers = HTTPFields()
        headers[.contentType] = reply.contentType
        headers[.soapAction] = reply.soapAction
        headers[.retryAfter] = reply.retryAfterSeconds.map { "\($0)" }
        return Response(
            status: .init(code: reply.status), headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: reply.body)))
    }

    private func refusal(
        _ reason: Observation.Refusal, _ status: HTTPResponse.Status, _ headers: HTTPFields = [:]
    ) -> Response {
        observation?.requestRefused(reason)
        return Self.refusal(status, headers)
    }

    /// Says the status and nothing else.
    private static func refusal(_ status: HTTPResponse.Status, _ headers: HTTPFields = [:]) -> Response {
        Response(status: status, headers: headers, body: .init(byteBuffer: ByteBuffer()))
    }

    private func report(isHead: Bool) async -> Response {
        let report = await health()
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        guard let json = try? encoder.encode(report) else { return Self.refusal(.internalServerError) }
        let headers: HTTPFields = [
            .contentType: "application/json", .cacheControl: "no-store", .contentLength: "\(json.count)",
        ]
        let body = isHead ? ByteBuffer() : ByteBuffer(bytes: json)
        return Response(
            status: report.status == .green ? .ok : .serviceUnavailable, headers: headers, body: .init(byteBuffer: body))
    }
}

extension InboundBodyError {
    /// What the peer is told.
    fileprivate var status: HTTPResponse.Status {
        switch self {
        case .tooLarge: .contentTooLarge
        case .timedOut: .requestTimeout
        case .malformed, .disconnected: .badRequest
        }
    }
}

extension HTTPField.Name {
    fileprivate static let soapAction = Self("SOAPAction")!  // A token, as every reader of this line can see.
}
