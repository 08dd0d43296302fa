import ArgumentParser
import Envelope
import Foundation
import Gateway
import Logging
import ServiceLifecycle
import Web

/// Messages per second between two nodes on this machine, beside what the machine's key operations allow in the same run.
struct Throughput: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Messages per second, and the bound of the machine's key operations in the same run.")

    @OptionGroup var work: WorkFolder
    @Option(help: "Seconds for each figure.") var seconds = 5.0
    @Option(name: .customLong("keys"), help: "Key sets to measure: rsa3072, rsa2048, p256.") var keys: [String] = [
        "rsa3072", "rsa2048", "p256",
    ]
    @Option(help: "Messages in flight, one figure for each.") var inFlight: [Int] = [1, 8, 32]

    func run() async throws {
        print(
            "\(ProcessInfo.processInfo.activeProcessorCount) cores; "
                + LibraryVersions.all.map { "\($0.name) \($0.version)" }.joined(separator: ", "))
        print(
            "10 kB messages, TLS, synchronous=FULL at both ends, signed Acknowledgment verified and stored. Both nodes share the cores."
        )
        let base = try work.prepared()
        for name in keys {
            guard let set = DemoSite.KeySet.allCases.first(where: { "\($0)" == name }) else {
                throw ValidationError("--keys takes rsa3072, rsa2048 or p256")
            }
            try await measure(set, base: base)
        }
    }

    private func measure(_ set: DemoSite.KeySet, base: String) async throws {
        let material = try KeyMaterial(pki: base + "/certificates", set: set)
        let (before, after) = try Self.template()
        let payload = try Self.document()
        let boundBefore = try material.bound(payload).measure(seconds: max(1, seconds / 3))
        print(
            "\n\(set)  bound of the key operations \(whole(boundBefore.perSecond)) messages/s, \(whole(boundBefore.cpuMicroseconds)) us of CPU each"
        )
        let alone = try material.envelope(payload).pieces().map { piece in
            "\(piece.name) \(whole(try piece.microseconds(max(0.2, seconds / 20))))"
        }
        print("  us of CPU alone: \(alone.joined(separator: ", "))")
        let site = DemoSite(
            folder: base + "/\(set)", pki: base + "/certificates", registry: "samples/registry/oslo.json", keys: set,
            protection: "strong",
            settings: ["delivery.parallel": "32"])
        let ports = try FreePorts.take(2)
        let folders = try site.make([
            DemoSite.Plan(name: "gp", port: ports[0], organisation: "80000600", hosted: ["80000601"], filesItself: false),
            DemoSite.Plan(name: "bup", port: ports[1], organisation: "80000400", hosted: ["80000401"], filesItself: false),
        ])
        let logger = Logger(label: "bench", factory: { _ in SwiftLogNoOpLogHandler() })
        let nodes = try folders.map { try Node(NodeSettings(folder: $0, environment: [:]), logger: logger) }
        let figures = try await withServices(of: nodes, logger) {
            let waiting = DeliveryWaiting()
            waiting.watch(nodes[0])
            let pair = PairBenchmark(sender: nodes[0], receiver: nodes[1], before: before, after: after)
            _ = try await pair.run(inFlight: 4, seconds: 1, waiting: waiting)
            var figures: [PairBenchmark.Figures] = []
            for count in inFlight { figures.append(try await pair.run(inFlight: count, seconds: seconds, waiting: waiting)) }
            return figures
        }
        let boundAfter = try material.bound(payload).measure(seconds: max(1, seconds / 3))
        let bound = (boundBefore.perSecond + boundAfter.perSecond) / 2
        let cpu = (boundBefore.cpuMicroseconds + boundAfter.cpuMicroseconds) / 2
        for figure in figures {
            print(
                "  \(String(figure.inFlight).padding(toLength: 3, withPad: " ", startingAt: 0)) in flight  \(whole(figure.perSecond)) messages/s  \(String(format: "%.2f", figure.perSecond / bound)) of the bound  CPU \(whole(figure.cpuMicroseconds)) us, share \(String(format: "%.2f", cpu / figure.cpuMicroseconds))  p50 \(milli(figure.median))  p99 \(milli(figure.p99))  (\(figure.messages) messages)"
            )
        }
        print("  bound again \(whole(boundAfter.perSecond)) messages/s, \(whole(boundAfter.cpuMicroseconds)) us")
        for node in nodes { await node.stop() }
    }

    /// Runs the nodes while `body` runs.
    private func withServices<Result: Sendable>(
        of nodes: [Node], _ logger: Logger, _ body: @Sendable @escaping () async throws -> Result
    ) async throws -> Result {
        var services: [any ServiceLifecycle.Service] = []
        for node in nodes {
            services += node.services
            services.append(
                try WebServer(
                    settings: WebSettings(node.settings.http), receiver: node.receivingDesk, health: { await node.health() },
                    logger: logger))
        }
        let group = ServiceGroup(configuration: .init(services: services.map { .init(service: $0) }, logger: logger))
        return try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            let result = try await body()
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
            return result
        }
    }

    /// The referral of flow 1, about 11 kB, up to its id and from there on.
    private static func template() throws -> ([UInt8], [UInt8]) {
        let text = try String(contentsOf: URL(filePath: "samples/flow1/henvisning.xml"), encoding: .utf8)
        guard let begin = text.firstRange(of: "<MsgId>"), let end = text.firstRange(of: "</MsgId>") else {
            throw BenchmarkFailure("the sample referral has no MsgId")
        }
        return (Array(text[..<begin.upperBound].utf8), Array(text[end.lowerBound...].utf8))
    }

    /// One such referral.
    static func document() throws -> [UInt8] {
        let (before, after) = try template()
        return before + Array(UUID().uuidString.utf8) + after
    }

    private func whole(_ value: Double) -> String { String(Int(value.rounded())) }
    private func milli(_ seconds: Double) -> String { String(format: "%.1f ms", seconds * 1000) }
}
