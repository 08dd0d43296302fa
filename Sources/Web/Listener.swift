import Foundation
import Gateway
import Hummingbird
import HummingbirdCore
import HummingbirdTLS
import Logging
import NIOCore

/// Hummingbird on one address, behind ``RequestGuard`` and ``AddressLimit``, with whoever answers.
struct Listener: Sendable {
    let settings: WebSettings
    private let server: HTTPServerBuilder
    private let listening = Listening()
    private let logger: Logger

    /// - Throws: ``WebServerError`` when the certificate or key cannot be used, or plain HTTP would be open to others.
    init(_ settings: WebSettings, observation: Observation?, logger: Logger) throws(WebServerError) {
        guard settings.tls != nil || settings.isLoopback else {
            throw WebServerError(
                .plainHTTPRefused,
                reason: "\(settings.host) is open to others and no TLS certificate is set: set one, or listen on 127.0.0.1")
        }
        (self.settings, self.logger) = (settings, logger)
        server = try ServerTLS.builder(settings, observation: observation)
    }

    /// The port that is listened on, as soon as it is. Throws what ``run(_:saying:)`` throws when it never is.
    func port() async throws -> Int { try await listening.port() }

    /// - Parameter words: what the log says once it listens.
    func run<Responder: HTTPResponder>(_ responder: Responder, saying words: Logger.Message) async throws
    where Responder.Context: InitializableFromSource, Responder.Context.Source == ApplicationRequestContextSource {
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
                logger.notice(words, metadata: ["http.address": "\(scheme)://\(settings.host):\(port)\(settings.path)"])
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
        if let error = error as? IOError, error.errnoCode == EADDRNOTAVAIL {
            return WebServerError(
                .addressNotHere,
                reason: "cannot listen on \(place): this machine does not have that address (yet); see http.host and the network")
        }
        return WebServerError(.cannotListen, reason: "cannot listen on \(place): \(error)")
    }
}
