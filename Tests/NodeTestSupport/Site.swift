import Foundation
public import Gateway
import NIOCore
import NIOPosix
import Synchronization
public import TestSupport

/// Folders of up to three nodes, made as the demo makes them, with a clock that the test moves.
public final class Site: Sendable {
    /// The parties of `samples/registry/oslo.json` that the tests play with.
    public enum Name: String, Sendable, CaseIterable {
        case gp, bup, oslo

        var plan: (organisation: String, hosted: [String]) {
            switch self {
            case .gp: ("80000600", ["80000601", "80000602"])
            case .bup: ("80000400", ["80000401", "80000402"])
            case .oslo: ("80000100", ["80000203", "80000303", "80000110", "80000120"])
            }
        }
    }

    public let scratch: ScratchFolder
    public let clock = TestClock()
    public let steps = StepLog()
    public let logs = LogLines()
    private let folders: [Name: String]

    /// - Parameters:
    ///   - protection: nil keeps what the registry's agreements say: strong.
    ///   - filesItself: whether received messages are filed of their own accord.
    ///   - registry: changes the registry's text before anybody reads it.
    public init(
        _ names: [Name] = [.gp, .bup], keys: DemoSite.KeySet = .p256, protection: String? = nil, filesItself: Bool = true,
        settings: [String: String] = [:], registry change: (inout String) throws -> Void = { _ in }
    ) throws {
        scratch = try ScratchFolder()
        let site = DemoSite(
            folder: scratch.path + "/nodes", pki: try TestPKI.shared.folder().path,
            registry: Repository.root.appending(path: "samples/registry/oslo.json").path, keys: keys, protection: protection,
            settings: settings)
        let made = try site.make(
            names.map { name in
                DemoSite.Plan(
                    name: name.rawValue, port: try LoopbackPorts.next(), organisation: name.plan.organisation,
                    hosted: name.plan.hosted, filesItself: filesItself)
            })
        folders = Dictionary(uniqueKeysWithValues: zip(names, made))
        let file = URL(filePath: scratch.path + "/nodes/registry.json")
        var text = String(decoding: try Data(contentsOf: file), as: UTF8.self).replacing("\\/", with: "/")
        try change(&text)
        try Data(text.utf8).write(to: file)
    }

    public func folder(_ name: Name) -> String { folders[name] ?? scratch.path + "/none" }
    public func store(_ name: Name) -> String { folder(name) + "/store" }

    public func settings(_ name: Name) throws -> NodeSettings { try NodeSettings(folder: folder(name), environment: [:]) }

    /// Opens the node as a process does at start. Only one at a time may serve a folder.
    public func open(_ name: Name) throws -> Node {
        let node = try Node(settings(name), surroundings: Surroundings(clock: clock.clock), logger: logs.logger)
        steps.watch(node)
        return node
    }

    /// Opens the node without its workers and its door, and stops it after `body`.
    @discardableResult
    public func with<Result>(_ name: Name, _ body: (Node) async throws -> Result) async throws -> Result {
        let node = try open(name)
        do {
            let result = try await body(node)
            await node.stop()
            return result
        } catch {
            await node.stop()
            throw error
        }
    }

    /// Files below the store folder where payloads and parts lie.
    public func storedFiles(_ name: Name) throws -> [String] {
        try ["payloads", "spool"].flatMap { folder in
            try FileManager.default.contentsOfDirectory(atPath: store(name) + "/" + folder).map { folder + "/" + $0 }
        }.sorted()
    }

    /// Writes a file for a submission and returns its path.
    public func attachment(_ name: String, _ bytes: [UInt8]) throws -> String { try scratch.write(bytes, to: "files/" + name) }
}

/// Ports that nobody listens on, each given once per process. They lie below the range that the system takes for outgoing
/// connections, so that nothing else slips in between.
public enum LoopbackPorts {
    private static let last = Mutex(20_000 + Int(ProcessInfo.processInfo.processIdentifier) % 11_000)

    public static func next() throws -> Int {
        while true {
            let port = last.withLock { last -> Int in
                last = last >= 32_000 ? 20_001 : last + 1
                return last
            }
            let server = ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
                .serverChannelOption(ChannelOptions.socketOption(.so_reuseaddr), value: 1)
            guard let channel = try? server.bind(host: "127.0.0.1", port: port).wait() else { continue }
            try channel.close().wait()
            return port
        }
    }
}
