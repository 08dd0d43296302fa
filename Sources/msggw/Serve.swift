import ArgumentParser
import Gateway
import Logging
import ServiceLifecycle
import UnixSignals
import Web

extension MsgGW {
    struct Serve: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Run a node: receive, deliver, file.",
            discussion: """
                Runs until SIGTERM or Ctrl-C, and then ends within seconds; what was not delivered is delivered after the next \
                start. Logs go to standard error, one line for each change of a message's state. GET /health says whether the \
                node does its work. One store is served by one process.
                """)

        @OptionGroup var node: NodeOptions

        @Option(help: "Address to listen on, instead of http.host.") var host: String?
        @Option(help: "Port to listen on, instead of http.port; 0 takes a free one, which the log names.") var port: Int?

        func run() async throws {
            try await reporting {
                var flags: [String: String] = [:]
                flags["http.host"] = host
                flags["http.port"] = port.map(String.init)
                let settings = try node.settings(flags: flags)
                var logger = Logger(label: "msggw", factory: { StreamLogHandler.standardError(label: $0) })
                logger[metadataKey: "node"] = "\(settings.node.name)"
                let running = try Node(settings, logger: logger)
                try running.prepareToServe()
                do { try await serve(running, logger) } catch {
                    await running.stop()
                    throw error
                }
                await running.stop()
                logger.notice("Node stopped")
            }
        }

        private func serve(_ running: Node, _ logger: Logger) async throws {
            let web = try WebServer(
                settings: WebSettings(running.settings.http), receiver: running.receivingDesk,
                health: { await running.health() }, observation: running.observation, logger: logger)
            var doors: [any Service] = [web]
            if let own = WebSettings(running.settings.metrics, http: running.settings.http) {
                doors.insert(try MetricsServer(settings: own, page: running.metrics, logger: logger), at: 0)
            }
            // The group's own words are about services; an operator reads ours.
            var quiet = logger
            quiet.logLevel = max(logger.logLevel, .warning)
            let group = ServiceGroup(
                configuration: .init(
                    services: (running.services + doors).map {
                        .init(service: $0)
                    },
                    gracefulShutdownSignals: [.sigterm, .sigint], logger: quiet))
            logger.notice(
                "Node starts",
                metadata: ["version": "\(Gateway.MSGGW.version)", "parties": "\(running.settings.parties.hosted.count)"])
            for warning in running.warnings { logger.warning("Needs someone's eye", metadata: ["warning": "\(warning)"]) }
            try await group.run()
        }
    }
}
