import Foundation
import GRDB
import TestSupport
import Testing

@testable import Gateway

@Suite("Backup")
struct BackupTests {
    private let kept: KeptStore
    private let settings: NodeSettings

    init() throws {
        kept = try KeptStore()
        for (name, text) in [
            ("msggw.yaml", "node: {name: gp}"), ("registry.json", "{}"), ("trust/roots/root.crt", "root"),
            ("keys/1/signing.crt", "certificate"), ("keys/1/signing.key", "-----BEGIN PRIVATE KEY-----"),
            ("trust/crl/odd.crl", "-----BEGIN PRIVATE KEY----- in a wrong place"),
        ] {
            try kept.scratch.write(text, to: name)
        }
        settings = try NodeSettings(folder: kept.scratch.path, environment: [:])
    }

    private var folder: String { kept.scratch.path + "/backup" }

    @discardableResult
    private func backUp(_ name: String = "backup", keys: String? = nil) throws -> Backup.Report {
        try Backup(kept.store, settings, by: .node).make(at: kept.scratch.path + "/" + name, keys: keys, now: kept.now)
    }

    private func check(_ name: String = "backup", keys: String? = nil) throws -> BackupCheck {
        try BackupCheck.run(kept.scratch.path + "/" + name, key: kept.key, keys: keys)
    }

    @Test("holds messages, payloads, what still has to be sent and the node's files, and can be read again")
    func whole() async throws {
        try await kept.message(.filed, days: 1)
        try await kept.message(.sealed, days: 1, due: kept.now)
        try await kept.message(.delivered, days: 1)
        let report = try backUp()
        #expect(report.problems == [])
        #expect(report.messages == 3 && report.payloads == 6)
        let check = try check()
        #expect(check.problems == [] && check.isComplete)
        let names = Set(try DigestedCopy.files(below: folder))
        for name in [
            "manifest.json", "content.keys", "store/gateway.sqlite", "node/msggw.yaml", "node/registry.json",
            "node/keys/1/signing.crt",
        ] {
            #expect(names.contains(name), "\(name)")
        }
        #expect(names.filter { $0.hasPrefix("store/payloads/") }.count == 3)
        #expect(names.filter { $0.hasPrefix("store/spool/") }.count == 1)
        #expect(try FileManager.default.attributesOfItem(atPath: folder)[.posixPermissions] as? Int == 0o700)
    }

    @Test("holds no private key and no store key, and says what it left out")
    func secrets() async throws {
        try await kept.message(.filed, days: 1)
        let report = try backUp()
        #expect(report.withoutKeys.map { URL(filePath: $0).lastPathComponent } == ["odd.crl"])
        let key = try Data(contentsOf: URL(filePath: kept.scratch.path + "/store.key")).prefix(64)
        for (name, bytes) in try kept.bytes(below: folder) {
            #expect(bytes.range(of: Data("PRIVATE".utf8)) == nil, "\(name)")
            #expect(bytes.range(of: key) == nil, "\(name)")
            #expect(bytes.range(of: Data("Dokumentet".utf8)) == nil, "\(name)")
        }
    }

    @Test("is never written over")
    func occupied() async throws {
        try backUp()
        let before = try kept.bytes(below: folder).map(\.bytes)
        let error = try #require(throws: StoreError.self) { try backUp() }
        #expect(error.reason.contains("is there already"))
        #expect(try kept.bytes(below: folder).map(\.bytes) == before)
        #expect(try kept.scratch.names().filter { $0.contains("making") } == [])
    }

    @Test("is of one moment, while others commit")
    func moving() async throws {
        try await kept.message(.filed, days: 1)
        let writes = Task { [kept] in
            for _ in 0..<60 {
                try await kept.message(
                    .accepted, days: 1, content: [kept.store.vault.store([UInt8](repeating: 1, count: 100_000))])
            }
        }
        for number in 0..<4 { #expect(try backUp("b\(number)").problems == []) }
        try await writes.value
        for number in 0..<4 { #expect(try check("b\(number)").problems == []) }
    }

    @Test("a payload that was damaged in the store is told, and the rest is kept")
    func damaged() async throws {
        let id = try await kept.message(.filed, days: 1)
        try await kept.message(.filed, days: 1)
        let parts = try kept.store.read { try PartRecord.fetch($0, message: id) }
        guard case .file(let name) = parts[1].payload.place else { return }
        var bytes = try Data(contentsOf: URL(filePath: kept.store.vault.path(name)))
        bytes[1000] ^= 1
        try bytes.write(to: URL(filePath: kept.store.vault.path(name)))
        #expect(try backUp().problems.count == 1)
        #expect(try kept.store.check().findings.map(\.kind) == [.payload])
        try FileManager.default.removeItem(atPath: kept.store.vault.path(name))
        #expect(try backUp("second").problems.count == 1)
        #expect(try kept.store.check().findings.map(\.kind) == [.missing])
    }

    @Test("no store can be opened in it: only a restoration makes one to work with")
    func notAStore() async throws {
        try await kept.message(.sealed, days: 1, due: kept.now)
        try backUp()
        let before = try kept.bytes(below: folder).map(\.bytes)
        let error = try #require(throws: StoreError.self) {
            try GatewayStore(folder: URL(filePath: folder + "/store"), key: kept.key)
        }
        #expect(error.code == .isBackup)
        #expect(try kept.bytes(below: folder).map(\.bytes) == before)
    }

    @Test("with another store key is refused")
    func wrongKey() throws {
        try backUp()
        let other = try StoreKey(bytes: [UInt8](repeating: 3, count: 32))
        #expect(throws: StoreError(.wrongKey, reason: "")) { try BackupCheck.run(folder, key: other, keys: nil) }
        #expect(try BackupCheck.run(folder, key: nil as StoreKey?, keys: nil).isComplete == false)
    }

    @Test("with a file changed, cut, taken away or put in is found out, whichever it is")
    func changed() async throws {
        try await kept.message(.sealed, days: 1, due: kept.now)
        try backUp()
        for name in try DigestedCopy.files(below: folder) {
            let path = URL(filePath: folder + "/" + name)
            let bytes = try Data(contentsOf: path)
            var flipped = bytes
            flipped[bytes.count / 2] ^= 4
            for change in [flipped, bytes.dropLast(), nil] {
                if let change { try Data(change).write(to: path) } else { try FileManager.default.removeItem(at: path) }
                let found = Result { try check() }.map { !$0.problems.isEmpty }
                #expect((try? found.get()) != false, "\(name)")
            }
            try bytes.write(to: path)
        }
        try kept.scratch.write("more", to: "backup/store/payloads/more.sealed")
        #expect(try check().problems == ["store/payloads/more.sealed does not belong to the backup"])
    }

    // MARK: - Keys apart

    @Test("with its keys apart gives nobody what has been destroyed since it was made, and the rest as before")
    func destroyed() async throws {
        let gone = try await kept.message(.accepted, days: 31)
        let stays = try await kept.message(.accepted, days: 1)
        let keys = kept.scratch.path + "/apart/content.keys"
        try backUp("one", keys: keys)
        let wrapped = try kept.traces(of: gone).first
        for (name, bytes) in try kept.bytes(below: kept.scratch.path + "/one") {
            #expect(bytes.range(of: try #require(wrapped)) == nil, "\(name)")
        }
        #expect(try check("one", keys: keys).destroyed == 0)
        _ = try kept.run().run()
        try backUp("two", keys: keys)
        let check = try check("one", keys: keys)
        #expect(check.destroyed == 2 && check.problems == [])
        #expect(try Data(contentsOf: URL(filePath: keys)).range(of: try #require(wrapped)) == nil)

        let restored = Restore(
            kept.scratch.path + "/one", into: kept.scratch.path + "/restored", storeKeyFile: kept.scratch.path + "/store.key",
            keys: keys,
            by: .node)
        _ = try restored.run(at: kept.now + 3600, evenDamaged: false)
        let store = try GatewayStore(folder: URL(filePath: kept.scratch.path + "/restored/store"), key: kept.key)
        #expect(try store.read { try PartRecord.fetch($0, message: gone) }.isEmpty)
        #expect(try store.vault.bytes(of: store.read { try PartRecord.fetch($0, message: stays)[1].payload }).count == 200_000)
        #expect(try store.check().findings == [])
    }

    @Test("with keys older than itself, or none, is not taken for one whose content was destroyed")
    func oldKeys() async throws {
        try await kept.message(.accepted, days: 1)
        let (old, new) = (kept.scratch.path + "/old.keys", kept.scratch.path + "/new.keys")
        _ = try Backup(kept.store, settings, by: .node).make(at: kept.scratch.path + "/one", keys: old, now: kept.now - 86_400)
        try backUp("two", keys: new)
        let error = try #require(throws: StoreError.self) { try check("two", keys: old) }
        #expect(error.reason.contains("older than the backup"))
        #expect(try check("two").problems.count == 1)
        #expect(try check("one", keys: new).problems == [])
    }
}
