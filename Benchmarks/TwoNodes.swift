import Foundation
import Gateway
import Logging
import ServiceLifecycle
import Web

/// The GP's node and BUP's on loopback, as the demo makes them, in this process.
struct TwoNodes: Sendable {
    let folders: [String]
    let sender: Node
    let receiver: Node

    static let quiet = Logger(label: "bench", factory: { _ in SwiftLogNoOpLogHandler() })

    /// Makes the folders of two nodes; what an earlier run left there is replaced.
    static func make(
        at folder: String, pki: String, keys: DemoSite.KeySet = .p256, settings: [String: String] = [:]
    ) throws -> [String] {
        let site = DemoSite(
            folder: folder, pki: pki, registry: "samples/registry/oslo.json", keys: keys, protection: "strong",
            // To one node at most a quarter of the attempts.
            settings: settings.merging(["delivery.parallel": "128"]) { own, _ in own })
        let ports = try FreePorts.take(2)
        return try site.make([
            DemoSite.Plan(name: "gp", port: ports[0], organisation: "80000600", hosted: ["80000601"], filesItself: false),
            DemoSite.Plan(name: "bup", port: ports[1], organisation: "80000400", hosted: ["80000401"], filesItself: false),
        ])
    }

    init(folders: [String]) throws {
        self.folders = folders
        sender = try Node(NodeSettings(folder: folders[0], environment: [:]), logger: Self.quiet)
        receiver = try Node(NodeSettings(folder: folders[1], environment: [:]), logger: Self.quiet)
    }

    /// Runs both while `body` runs, and stops them.
    func serving<Result: Sendable>(_ body: @Sendable @escaping () async throws -> Result) async throws -> Result {
        var services: [any ServiceLifecycle.Service] = []
        for node in [sender, receiver] {
            try node.prepareToServe()
            services += node.services
            services.append(
                try WebServer(
                    settings: WebSettings(node.settings.http), receiver: node.receiver, health: { await node.health() },
                    logger: Self.quiet))
        }
        let group = ServiceGroup(configuration: .init(services: services.map { .init(service: $0) }, logger: Self.quiet))
        let result = try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            let result = try await body()
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
            return result
        }
        for node in [sender, receiver] { await node.stop() }
        return result
    }
}

/// The referral of flow 1, about 11 kB, with another id each time.
struct ReferralText: Sendable {
    /// What stands before, between and after `MsgId` and the referral's own id.
    private let pieces: [[UInt8]]

    init() throws {
        let text = try String(contentsOf: URL(filePath: "samples/flow1/henvisning.xml"), encoding: .utf8)
        guard let begin = text.firstRange(of: "<MsgId>"), let end = text.firstRange(of: "</MsgId>"),
            let own = text.firstRange(of: "a3c1f0b2-8d46-4e7e-8f19-5b7d20c94e11")
        else {
            throw BenchmarkFailure("the sample referral has no MsgId, or no id of its own")
        }
        let parts = [text[..<begin.upperBound], text[end.lowerBound..<own.lowerBound], text[own.upperBound...]]
        pieces = parts.map { Array($0.utf8) }
    }

    /// Random, as most systems make them. Not by `UUID()`, which opens, reads and closes a file for each.
    static func id() -> String {
        let numbers = (UInt64.random(in: .min ... .max), UInt64.random(in: .min ... .max))
        return withUnsafeBytes(of: numbers) { UUID(uuid: $0.loadUnaligned(as: uuid_t.self)) }.uuidString.lowercased()
    }

    func document(_ id: String) -> [UInt8] { Array(pieces.joined(separator: Array(id.utf8))) }
}
