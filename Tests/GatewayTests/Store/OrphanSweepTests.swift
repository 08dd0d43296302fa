import Envelope
import Foundation
import GRDB
import TestSupport
import Testing

@testable import Gateway

@Suite("Files that no row names")
struct OrphanSweepTests {
    private let scratch: ScratchFolder
    private let store: GatewayStore

    init() throws {
        scratch = try ScratchFolder()
        try scratch.write(StoreKey.newFile(), to: "store.key")
        store = try GatewayStore(
            folder: URL(filePath: scratch.path + "/store"), key: try StoreKey(file: scratch.path + "/store.key"))
    }

    private func names() throws -> Set<String> {
        Set(
            try ["payloads", "spool"].flatMap {
                try FileManager.default.contentsOfDirectory(atPath: "\(scratch.path)/store/\($0)")
            })
    }

    private func put(_ name: String, written: Date) throws {
        let path = try scratch.write([1, 2, 3], to: "store/" + name)
        try FileManager.default.setAttributes([.modificationDate: written], ofItemAtPath: path)
    }

    private func message(_ state: MessageState, spooled: String?, payload: StoredPayload? = nil) async throws {
        try await store.commit { database in
            let record = MessageRecord(
                id: 0, direction: .out, state: state, kind: "X", messageID: UUID().uuidString, conversationID: "c",
                documentID: "", documentGenerated: "", cpaID: "", sender: "1", receiver: "2", protection: .strong,
                created: TestPKI.now, updated: TestPKI.now, due: state == .sealed ? TestPKI.now : nil, attempts: 0, failure: nil,
                answers: nil)
            let id = try Ledger.insert(record, .taken, at: TestPKI.now, by: .node, in: database).message.id
            if let payload {
                try PartRecord.insert(
                    database, message: id, position: 0, payload: PartRecord.insertPayload(database, payload),
                    contentID: "a", mediaType: "text/xml", title: nil)
            }
            guard let spooled else { return }
            try WireMessage(
                headers: [], pieces: [.bytes(1), .binary(file: spooled, length: 3)], body: [1], soap: []
            ).insert(database, message: id)
        }
    }

    @Test("are deleted when they have lain long enough, and what a row names stays")
    func swept() async throws {
        let (old, limit, young) = (TestPKI.now - 200, TestPKI.now - 100, TestPKI.now)
        let kept = try store.vault.store([UInt8](repeating: 1, count: 300_000))
        guard case .file(let keptName) = kept.place else { return }
        try FileManager.default.setAttributes([.modificationDate: old], ofItemAtPath: store.vault.path(keptName))
        try await message(.filed, spooled: nil, payload: kept)
        for state in [MessageState.sealed, .failed, .delivered, .accepted] {
            try put("spool/\(state.rawValue).cms", written: old)
            try await message(state, spooled: "\(state.rawValue).cms")
        }
        for name in ["payloads/orphan.sealed", "payloads/half.sealed.part", "spool/orphan.cms", "spool/half.part"] {
            try put(name, written: old)
        }
        try put("payloads/young.sealed", written: young)
        try put("spool/young.part", written: young)

        #expect(try store.removeOrphans(untouchedSince: limit) == 6)
        #expect(
            try names() == [keptName, "sealed.cms", "failed.cms", "young.sealed", "young.part"])
        #expect(try store.vault.bytes(of: kept).count == 300_000)
        #expect(try store.removeOrphans(untouchedSince: limit) == 0)
    }

    @Test("are left alone while another process may still be writing them")
    func young() throws {
        try put("payloads/other.sealed", written: TestPKI.now)
        try put("spool/other.part", written: TestPKI.now)
        #expect(try store.removeOrphans(untouchedSince: TestPKI.now - OrphanSweep.age) == 0)
        #expect(try names().count == 2)
    }

    @Test("that are no files are not touched")
    func folders() throws {
        try FileManager.default.createDirectory(
            atPath: scratch.path + "/store/spool/folder", withIntermediateDirectories: false,
            attributes: [.modificationDate: TestPKI.now - 1000])
        #expect(try store.removeOrphans(untouchedSince: .distantFuture) == 0)
        #expect(try names() == ["folder"])
    }
}
