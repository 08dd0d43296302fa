public import Gateway
public import Logging

/// The node's door: ebXML from other nodes, and whether the node is well.
///
/// Hummingbird serves; what it leaves open by default is closed by ``RequestGuard`` and ``AddressLimit``. Runs as a service;
/// a graceful shutdown lets requests under way finish.
public struct WebServer: Door {
    private let responder: NodeResponder
    private let listener: Listener

    /// - Throws: ``WebServerError`` when the certificate or key cannot be used, or plain HTTP would be open to others.
    public init(
        settings: WebSettings, receiver: any ExchangeReceiver, health: @escaping @Sendable () async -> HealthReport,
        observation: Observation? = nil, logger: Logger
    ) throws(WebServerError) {
        responder = NodeResponder(settings: settings, receiver: receiver, health: health, observation: observation)
        listener = try Listener(settings, observation: observation, logger: logger)
    }

    public func port() async throws -> Int { try await listener.port() }

    public func run() async throws { try await listener.run(responder, saying: "Node listens") }
}

/// For the log of the services: without it, whatever the node holds would be spelled out there at debug level.
extension WebServer: CustomStringConvertible {
    public var description: String { "WebServer \(listener.settings.host):\(listener.settings.port)" }
}
