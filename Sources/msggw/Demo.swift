import ArgumentParser
import Foundation
import Gateway
import Logging
import ServiceLifecycle
import Synchronization
import UnixSignals
import Web

struct Demo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Three nodes on this machine: a GP refers a child to BUP, with two attachments, and every step is shown.",
        discussion: """
            Keys are made by certs-test/make.sh, the registry and the documents come from samples/. Everything is made in the
            demo folder, which is replaced each time. Persons, numbers and certificates are made up.
            """)

    @Option(help: "The folder the demo works in; what an earlier demo left there is replaced.") var folder = "demo"
    @Option(help: "The samples' folder.") var samples = "samples"
    @Option(help: "The script that makes the test PKI.") var certificates = "certs-test/make.sh"
    @Option(help: "Seconds after which the demo gives up.") var patience = 60

    func run() async throws {
        try await reporting {
            let base = URL(filePath: folder).standardizedFileURL.path
            let pki = try makeCertificates(base + "/certificates")
            let cast = try Cast.prepare(base: base, pki: pki, samples: URL(filePath: samples).standardizedFileURL.path)
            try await play(cast)
        }
    }

    private func makeCertificates(_ folder: String) throws -> String {
        guard FileManager.default.fileExists(atPath: certificates) else {
            throw Failure.missing(
                certificates, "run the demo from the repository's folder, or name the script with --certificates")
        }
        say("Making test certificates in \(folder) (a few seconds the first time)")
        try FileManager.default.createDirectory(
            at: URL(filePath: folder).deletingLastPathComponent(), withIntermediateDirectories: true)
        let script = Process()
        script.executableURL = URL(filePath: "/usr/bin/env")
        script.arguments = ["bash", certificates, folder]
        script.standardOutput = FileHandle.nullDevice
        try script.run()
        script.waitUntilExit()
        guard script.terminationStatus == 0 else {
            throw Failure.missing(folder, "\(certificates) ended with status \(script.terminationStatus); see what it said above")
        }
        return folder
    }

    private func play(_ cast: Cast) async throws {
        var quiet = Logger(label: "msggw", factory: { StreamLogHandler.standardError(label: $0) })
        quiet.logLevel = .error
        let logger = quiet
        let nodes = try cast.folders.map { folder in
            try Node(NodeSettings(folder: folder, environment: [:]), logger: logger)
        }
        let script = DemoScript(names: cast.titles)
        for node in nodes { node.steps.watch { script.show($0) } }
        var services: [any Service] = []
        for (node, title) in zip(nodes, cast.titles) {
            services += node.services
            services.append(
                try WebServer(
                    settings: WebSettings(node.settings.http), receiver: node.receivingDesk, health: { await node.health() },
                    logger: logger))
            say(
                "  \(title.value.padding(toLength: 12, withPad: " ", startingAt: 0)) https://127.0.0.1:\(node.settings.http.port)/ebxml   \(node.settings.folder)"
            )
        }
        let act = DemoAct(sender: nodes[0], cast: cast, script: script, patience: .seconds(patience))
        let group = ServiceGroup(
            configuration: .init(
                services: services.map { .init(service: $0) } + [
                    .init(
                        service: act, successTerminationBehavior: .gracefullyShutdownGroup,
                        failureTerminationBehavior: .gracefullyShutdownGroup)
                ], gracefulShutdownSignals: [.sigint, .sigterm], logger: logger))
        try await group.run()
        for node in nodes { await node.stop() }
        try act.close(nodes[1])
    }
}

extension Failure {
    static func missing(_ path: String, _ remedy: String) -> Failure {
        Failure(StoreError(.cannotOpen, reason: "\(path) is not usable: \(remedy)"))
    }
}

/// Who plays: the nodes' folders, and the documents of flow 1.
struct Cast: Sendable {
    let folders: [String]
    /// Node name and what people call it.
    let titles: [(key: String, value: String)]
    let document: String
    let attachments: [String]

    static func prepare(base: String, pki: String, samples: String) throws -> Cast {
        let ports = try FreePorts.take(3)
        let plans = [
            DemoSite.Plan(
                name: "gp", port: ports[0], organisation: "80000600", hosted: ["80000601", "80000602"], filesItself: true),
            DemoSite.Plan(
                name: "bup", port: ports[1], organisation: "80000400", hosted: ["80000401", "80000402"], filesItself: true),
            DemoSite.Plan(
                name: "oslo", port: ports[2], organisation: "80000100", hosted: ["80000203", "80000303", "80000110", "80000120"],
                filesItself: true),
        ]
        let site = DemoSite(folder: base + "/nodes", pki: pki, registry: samples + "/registry/oslo.json")
        let folders = try site.make(plans)
        say("Three nodes:")
        return Cast(
            folders: folders, titles: [("gp", "GP office"), ("bup", "BUP"), ("oslo", "Oslo")],
            document: samples + "/flow1/henvisning.xml",
            attachments: [samples + "/flow1/pedagogisk-rapport.pdf", samples + "/flow1/spoerreskjema.jpg"])
    }
}

/// Prints steps as they are committed, and says when the referral has come to its end.
final class DemoScript: Sendable {
    private let titles: [String: String]
    private let ended = AsyncStream<MessageState>.makeStream()

    init(names: [(key: String, value: String)]) { titles = Dictionary(uniqueKeysWithValues: names.map { ($0.key, $0.value) }) }

    /// States the referral has ended in, on the sender's node.
    var outcome: AsyncStream<MessageState> { ended.stream }

    func show(_ event: StepFeed.Event) {
        let time = event.step.at.formatted(.iso8601.time(includingFractionalSeconds: true))
        let title = (titles[event.node] ?? event.node).padding(toLength: 10, withPad: " ", startingAt: 0)
        let what = event.step.what.padding(toLength: 10, withPad: " ", startingAt: 0)
        let detail = event.step.detail.map { "  \($0)" } ?? ""
        say(
            "\(time)  \(title)  \(what)  \(event.message.kind.padding(toLength: 15, withPad: " ", startingAt: 0))  \(event.message.messageID)\(detail)"
        )
        let isReferral = event.message.direction == .out && event.message.kind == "HENVISNING_BUP"
        if isReferral, [.accepted, .rejected, .failed].contains(event.message.state) {
            ended.continuation.yield(event.message.state)
        }
    }
}

/// Sends the referral, waits for its end, and then stops the nodes.
private final class DemoAct: Service {
    private let sender: Node
    private let cast: Cast
    private let script: DemoScript
    private let patience: Duration
    private let ended = Mutex<MessageState?>(nil)

    init(sender: Node, cast: Cast, script: DemoScript, patience: Duration) {
        (self.sender, self.cast, self.script, self.patience) = (sender, cast, script, patience)
    }

    func run() async throws {
        say("\nThe GP hands in a referral to BUP with \(cast.attachments.count) attachments:\n")
        guard let document = FileManager.default.contents(atPath: cast.document) else {
            throw Failure.missing(cast.document, "the samples are not complete")
        }
        _ = try await sender.intake.submit(
            Submission(document: Array(document), attachments: cast.attachments.map { SubmittedAttachment(path: $0) }))
        let outcome = await withTaskGroup(of: MessageState?.self) { group in
            group.addTask { [script] in
                for await state in script.outcome.cancelOnGracefulShutdown() { return state }
                return nil
            }
            group.addTask { [patience] in
                try? await Task.sleep(for: patience)
                return nil
            }
            defer { group.cancelAll() }
            return await group.next() ?? nil
        }
        ended.withLock { $0 = outcome }
    }

    /// Where BUP's copy lies, and each attachment's digest at both ends.
    func close(_ receiver: Node) throws {
        guard ended.withLock({ $0 }) == .accepted else {
            throw Failure.missing(
                "the demo", "the referral was not accepted within the time; the steps above say how far it came")
        }
        guard let message = try receiver.inbox.list().first(where: { $0.kind == "HENVISNING_BUP" }) else {
            throw Failure.missing("the demo", "BUP has no referral")
        }
        let folder = "\(receiver.settings.folder)/filed/\(message.receiver)"
        let filed = try FileManager.default.contentsOfDirectory(atPath: folder).sorted().map { folder + "/" + $0 }
        guard let copy = filed.first(where: { $0.contains("/\(message.id)-") }) else {
            throw Failure.missing(folder, "BUP's copy is not there")
        }
        say("\nBUP's copy lies in \(copy)\n\nSHA-256 of each attachment, sent and received:")
        let received = try FileManager.default.contentsOfDirectory(atPath: copy).map { copy + "/" + $0 }
        var same = true
        for attachment in cast.attachments {
            let digest = try FileDigest.sha256(attachment)
            let twin = try received.first { try FileDigest.sha256($0) == digest }
            same = same && twin != nil
            say("  \(digest)  \(attachment)")
            say("  \(try twin.map { try FileDigest.sha256($0) } ?? String(repeating: "-", count: 64))  \(twin ?? "not received")")
        }
        guard same else { throw Failure.missing("the demo", "an attachment did not arrive as it was sent") }
        say("\nThe referral was taken, sealed, delivered, opened, filed and accepted. Nothing is running any more.")
    }
}
