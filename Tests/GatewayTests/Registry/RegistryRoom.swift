import Foundation
import GRDB
import NodeTestSupport
import Practice
import TestSupport

@testable import Gateway

/// A store and the registry file that its node would have, without a node.
struct RegistryRoom {
    let scratch: ScratchFolder
    let store: GatewayStore
    let clock: TestClock
    let settings: RegistrySettings

    /// - Parameter registry: the node's file; nil when there is none.
    init(_ registry: String? = nil, at now: Date = TestPKI.now) throws {
        scratch = try ScratchFolder()
        clock = TestClock(at: now)
        if let registry { try scratch.write(registry, to: "registry.json") }
        let key = try scratch.write(String(repeating: "ab", count: 32), to: "store.key")
        store = try GatewayStore(folder: URL(filePath: scratch.path + "/store"), key: try StoreKey(file: key))
        settings = try NodeSettings(yaml: [], folder: scratch.path).registry
    }

    var desk: RegistryDesk {
        RegistryDesk(store: store, settings: settings, actor: AuditActor(text: "command:kari"), clock: clock.clock)
    }

    @discardableResult
    func take(_ texts: String..., isPart: Bool = false) async throws -> RegistryImportReport {
        try await take(texts.map { Array($0.utf8) }, isPart: isPart)
    }

    @discardableResult
    func take(_ contents: [[UInt8]], isPart: Bool = false) async throws -> RegistryImportReport {
        let files = contents.enumerated().map {
            RegistryHandIn.File(name: "handed\($0).txt", bytes: $1, folder: scratch.path)
        }
        return try await desk.take(files, isPart: isPart)
    }

    func registry() throws -> Registry { try Registry.current(settings, in: store) }

    /// What the trail says of the registry: who did what, and its words.
    func trail() throws -> [(actor: String, action: String, detail: String)] {
        try store.read { database in
            try Row.fetchAll(database, sql: "SELECT * FROM audit WHERE action LIKE 'registry %' ORDER BY id").map {
                ($0["actor"], $0["action"], $0["detail"] ?? "")
            }
        }
    }
}
