import ArgumentParser
import Foundation
import Gateway
import Logging
import ServiceLifecycle
import UnixSignals
import Web

struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run a node: receive, deliver, file.",
        discussion: "Stops on SIGTERM or Ctrl-C, when what is under way has ended. Logs go to standard error.")

    @OptionGroup var node: NodeOptions

    @Option(help: "Address to listen on, instead of http.host.") var host: String?
    @Option(help: "Port to listen on, instead of http.port.") var port: Int?

    func run() async throws {
        try await reporting {
            var flags: [String: String] = [:]
            flags["http.host"] = host
            flags["http.port"] = port.map(String.init)
            let settings = try node.settings(flags: flags)
            var logger = Logger(label: "msggw", factory: { StreamLogHandler.standardError(label: $0) })
            logger[metadataKey: "node"] = "\(settings.node.name)"
            let running = try Node(settings, logger: logger)
            for warning in running.warnings { logger.warning("\(warning)") }
            let web = try WebServer(
                settings: WebSettings(settings.http), receiver: running.receivingDesk, health: { await running.health() },
                logger: logger)
            let group = ServiceGroup(
                configuration: .init(
                    services: (running.services + [web]).map { .init(service: $0) },
                    gracefulShutdownSignals: [.sigterm, .sigint],
                    logger: logger))
            logger.notice(
                "Node starts", metadata: ["version": "\(Gateway.MSGGW.version)", "parties": "\(settings.parties.hosted.count)"])
            defer { logger.notice("Node stops") }
            try await group.run()
            await running.stop()
        }
    }
}
