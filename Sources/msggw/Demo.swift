import ArgumentParser
import Foundation
import Gateway
import Logging
import ServiceLifecycle
import UnixSignals
import Web

extension MsgGW {
    struct Demo: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract:
                "Three nodes on this machine: the four flows, a wrong addressee, a consent taken back and a merger of bydeler, step by step.",
            discussion: """
                Keys are made by certs-test/make.sh, the registry and the documents come from samples/. Everything is made in the \
                demo folder, which is replaced each time. Persons, numbers and certificates are made up. Ctrl-C stops it and \
                leaves nothing running.
                """)

        @Option(help: "The folder the demo works in; the nodes of an earlier demo there are replaced.", completion: .directory)
        var folder = "demo"
        @Option(help: "The samples' folder.", completion: .directory) var samples = "samples"
        @Option(help: "The script that makes the test PKI.", completion: .file()) var certificates = "certs-test/make.sh"
        @Option(help: ArgumentHelp("After how long the demo gives up.", valueName: "seconds")) var patience = 60

        func validate() throws {
            guard (1...3600).contains(patience) else { throw ValidationError("--patience must be 1 to 3600 seconds.") }
        }

        func run() async throws {
            try await reporting {
                let base = URL(filePath: folder).standardizedFileURL.path
                let cast = try DemoCast(samples: samples)
                let pki = try await DemoCertificates(script: certificates, folder: base + "/certificates").make()
                try await play(cast, nodes: try cast.makeNodes(below: base + "/nodes", pki: pki))
            }
        }

        private func play(_ cast: DemoCast, nodes folders: [String]) async throws {
            var quiet = Logger(label: "msggw", factory: { StreamLogHandler.standardError(label: $0) })
            quiet.logLevel = .error
            let logger = quiet
            let nodes = try folders.map { try Node(NodeSettings(folder: $0, environment: [:]), logger: logger) }
            let script = DemoScript()
            var services: [any Service] = []
            for node in nodes {
                try node.prepareToServe()
                node.steps.watch { script.show($0) }
                services += node.services
                services.append(
                    try WebServer(
                        settings: WebSettings(node.settings.http), receiver: node.receiver, health: { await node.health() },
                        logger: logger))
                script.introduce(node.settings)
            }
            let act = DemoAct(nodes: nodes, cast: cast, script: script, patience: .seconds(patience))
            let group = ServiceGroup(
                configuration: .init(
                    services: services.map { .init(service: $0) } + [
                        .init(
                            service: act, successTerminationBehavior: .gracefullyShutdownGroup,
                            failureTerminationBehavior: .gracefullyShutdownGroup)
                    ], gracefulShutdownSignals: [.sigint, .sigterm], logger: logger))
            try await group.run()
            for node in nodes { await node.stop() }
            try act.close()
        }
    }
}
