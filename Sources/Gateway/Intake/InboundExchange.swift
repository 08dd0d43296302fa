/// What another node wants to hand over, before anything of it is believed. The bytes come separately, in ``InboundBody``.
public struct InboundExchange: Sendable {
    public let contentType: String?
    /// All header fields in their order, names as they were sent. Nothing here is verified.
    public let headers: [ExchangeHeader]
    /// nil when the peer does not say in advance.
    public let contentLength: Int?
    /// The address of the socket, never what a header claims.
    public let remoteAddress: String?

    public init(contentType: String?, headers: [ExchangeHeader] = [], contentLength: Int?, remoteAddress: String?) {
        (self.contentType, self.headers) = (contentType, headers)
        (self.contentLength, self.remoteAddress) = (contentLength, remoteAddress)
    }

    /// The first field of this name; names differ in case.
    public func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }
}

public struct ExchangeHeader: Sendable, Hashable {
    public let name: String
    public let value: String

    public init(name: String, value: String) { (self.name, self.value) = (name, value) }
}

/// What the peer is answered.
public struct ExchangeReply: Sendable, Hashable {
    public var status: Int
    public var contentType: String?
    public var soapAction: String?
    public var retryAfterSeconds: Int?
    public var body: [UInt8]

    public init(
        status: Int, contentType: String? = nil, soapAction: String? = nil, retryAfterSeconds: Int? = nil, body: [UInt8] = []
    ) {
        (self.status, self.contentType, self.soapAction) = (status, contentType, soapAction)
        (self.retryAfterSeconds, self.body) = (retryAfterSeconds, body)
    }
}

/// Receives what other nodes send.
///
/// A reply that says "taken" is given only after the bytes are durable. When the body ends in an error the reply is not
/// sent: the transport answers for itself. A body that is not read to its end costs the peer its connection, nothing else.
public protocol ExchangeReceiver: Sendable {
    func receive(_ exchange: InboundExchange, body: InboundBody) async -> ExchangeReply
}
