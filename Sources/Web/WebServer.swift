import Foundation
public import Gateway
import Hummingbird
import HummingbirdCore
import HummingbirdTLS
public import Logging
import NIOCore
public import ServiceLifecycle

/// The node's door: ebXML from other nodes, and whether the node is well.
///
/// Hummingbird serves; what it leaves open by default is closed by ``RequestGuard`` and ``AddressLimit``. Runs as a service;
/// a graceful shutdown lets requests under way finish.
public struct WebServer: Service {
    private let settings: WebSettings
    private let responder: NodeResponder
    private let server: HTTPServerBuilder
    private let listening = Listening()
    private let logger: Logger

    /// - Throws: ``WebServerError`` when the certificate or key cannot be used, or plain HTTP would be open to others.
    public init(
        settings: WebSettings, receiver: any ExchangeReceiver, health: @escaping @Sendable () async -> HealthReport,
        logger: Logger
    ) throws(WebServerError) {
        guard settings.tls != nil || settings.isLoopback else {
            throw WebServerError(
                .plainHTTPRefused,
                reason: "\(settings.host) is open to others and no TLS certificate is set: set one, or listen on 127.0.0.1")
        }
        self.settings = settings
        self.logger = logger
        responder = NodeResponder(settings: settings, receiver: receiver, health: health)
        server = try ServerTLS.builder(settings)
    }

    /// The port that is listened on, as soon as it is. Throws what ``run()`` throws when it never is.
    public func port() async throws -> Int { try await listening.port() }

    public func run() async throws {
        let configuration = ApplicationConfiguration(
            address: .hostname(settings.host, port: settings.port), serverName: nil,
            availableConnectionsDelegate: MaximumAvailableConnections(settings.maxConnections))
        // What it says when it starts is said below, in our words.
        var quiet = logger
        quiet.logLevel = max(logger.logLevel, .warning)
        let application = Application(
            responder: responder, server: server, configuration: configuration,
            onServerRunning: { [listening, logger, settings] channel in
                let port = channel.localAddress?.port ?? 0
                let scheme = settings.tls == nil ? "http" : "https"
                logger.notice("Node listens", metadata: ["http.address": "\(scheme)://\(settings.host):\(port)\(settings.path)"])
                listening.started(port: port)
            },
            logger: quiet)
        do {
            try await application.run()
            listening.failed(CancellationError())
        } catch {
            let error = listening.isStarted ? error : reasonNotToStart(error)
            listening.failed(error)
            throw error
        }
    }

    private func reasonNotToStart(_ error: any Error) -> any Error {
        let place = "\(settings.host):\(settings.port)"
        if let error = error as? IOError, error.errnoCode == EADDRINUSE {
            return WebServerError(
                .addressInUse, reason: "cannot listen on \(place): another program does already; stop it or set another port")
        }
        return WebServerError(.cannotListen, reason: "cannot listen on \(place): \(error)")
    }
}

/// For the log of the services: without it, whatever the node holds would be spelled out there at debug level.
extension WebServer: CustomStringConvertible {
    public var description: String { "WebServer \(settings.host):\(settings.port)" }
}
