import ArgumentParser
import Foundation
import Gateway
import Logging
import ServiceLifecycle
import Web

extension MsgGW {
    struct Serve: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Run a node: receive, deliver, file.",
            discussion: """
                Runs until SIGTERM or Ctrl-C, and then ends within serve.stopSeconds; a second one ends it at once. What was \
                not delivered is delivered after the next start. Logs go to standard error, one line for each change of a \
                message's state. GET /health says whether the node does its work, and /metrics, when metrics.port is set, how \
                it fares. One store is served by one process. Tells systemd when it is ready, alive and stopping.
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
                var logger = Logger(label: "msggw", factory: { LogWriter.standardError(label: $0, settings: settings.log) })
                logger[metadataKey: "node"] = "\(settings.node.name)"
                let manager = ServiceManager(environment: ProcessInfo.processInfo.environment)
                manager?.say(.status("Opens the store"), .needsTime(.seconds(600)))
                let running = try Node(settings, logger: logger)
                try running.prepareToServe()
                do { try await serve(running, manager, logger) } catch {
                    await running.stop()
                    throw error
                }
                logger.notice("Node stopped")
            }
        }

        private func serve(_ running: Node, _ manager: ServiceManager?, _ logger: Logger) async throws {
            let doors = try doors(of: running, logger)
            let signs = manager.map { manager in
                LifeSigns(
                    manager, ready: { for door in doors { _ = try await door.port() } }, health: { await running.health() })
            }
            // The group's own words are about services; an operator reads ours.
            var quiet = logger
            quiet.logLevel = max(logger.logLevel, .warning)
            let together = Together(running.workers + doors + [signs].compactMap(\.self))
            let services: [any Service] = [running.lastToStop, together]
            let group = ServiceGroup(configuration: .init(services: services.map { .init(service: $0) }, logger: quiet))
            logger.notice(
                "Node starts",
                metadata: ["version": "\(Gateway.MSGGW.version)", "parties": "\(running.settings.parties.hosted.count)"])
            for warning in running.warnings { logger.warning("Needs someone's eye", metadata: ["warning": "\(warning)"]) }
            try await StopSignals(limit: running.settings.serve.stopTime, logger: logger).watch {
                try await group.run()
                await running.stop()
            } stop: {
                await group.triggerGracefulShutdown()
            }
        }

        /// Where the node is reached.
        private func doors(of running: Node, _ logger: Logger) throws -> [any Door] {
            let settings = running.settings
            var web = WebSettings(settings.http)
            web.shutdownTime = settings.serve.stopTimeOfRequests
            let server = try WebServer(
                settings: web, receiver: running.receiver, health: { await running.health() },
                observation: running.observation, logger: logger)
            guard let own = WebSettings(settings.metrics, http: settings.http) else { return [server] }
            return [try MetricsServer(settings: own, page: running.metrics, logger: logger), server]
        }
    }
}
