import Envelope
import Foundation
import GRDB
import TestSupport

@testable import Gateway

/// A store with messages that have contents, and a clock of its own.
struct KeptStore {
    static let day: TimeInterval = 86_400

    let scratch: ScratchFolder
    let store: GatewayStore
    let now = TestPKI.now

    init() throws {
        scratch = try ScratchFolder()
        try scratch.write(StoreKey.newFile(), to: "store.key")
        store = try GatewayStore(
            folder: URL(filePath: scratch.path + "/store"), key: try StoreKey(file: scratch.path + "/store.key"))
    }

    var key: StoreKey { get throws { try StoreKey(file: scratch.path + "/store.key") } }

    static func settings(_ changes: [String: String] = [:]) throws -> RetentionSettings {
        try NodeSettings(yaml: [], folder: "/node", flags: changes).retention
    }

    func run(_ changes: [String: String] = [:], at time: Date? = nil) throws -> RetentionRun {
        RetentionRun(store, try Self.settings(changes), by: .node, at: time ?? now)
    }

    /// A message at rest for that many days, with a document, an attachment in a file and a part that was spooled.
    @discardableResult
    func message(
        _ state: MessageState, days: Double, kind: String = "HENVISNING", messageID: String = UUID().uuidString, due: Date? = nil,
        content: [StoredPayload]? = nil, shared payloads: [Int64]? = nil
    ) async throws -> Int64 {
        let isIncoming = state == .opened || state == .filed
        let at = now - days * Self.day
        let stored =
            try content ?? [
                store.vault.store(Array("Dokumentet".utf8)), store.vault.store([UInt8](repeating: 7, count: 200_000)),
            ]
        let spooled = isIncoming ? nil : "\(UUID().uuidString).cms"
        if let spooled { try scratch.write([9, 9, 9], to: "store/spool/" + spooled) }
        let record = MessageRecord(
            id: 0, direction: isIncoming ? .in : .out, state: state, kind: kind, messageID: messageID,
            conversationID: "c-\(messageID)",
            documentID: "d-\(messageID)", documentGenerated: "", cpaID: "", sender: "1", receiver: "2", protection: .strong,
            created: at,
            updated: at, due: due, attempts: 0, failure: nil, answers: nil)
        return try await store.commit { [store] database in
            let id = try Ledger.insert(
                record, isIncoming ? .opened(detail: nil, digest: [1]) : .taken, at: at, by: .node, in: database
            )
            .message.id
            let ids = try payloads ?? stored.map { try PartRecord.insertPayload(database, $0) }
            for (position, payload) in ids.enumerated() {
                try PartRecord.insert(
                    database, message: id, position: position, payload: payload, contentID: "p\(position)", mediaType: "text/xml",
                    title: position == 0 ? nil : try stored.isEmpty ? nil : store.vault.sealed("Rapport", with: stored[position]))
            }
            if let spooled {
                try WireMessage(
                    headers: [("A", "b")], pieces: [.bytes(4), .binary(file: spooled, length: 3)], body: [1, 2, 3, 4], soap: [5]
                )
                .insert(database, message: id)
            } else {
                try database.execute(
                    sql: "INSERT INTO received (sender, messageID, digest, message, stamped) VALUES ('1', ?, ?, ?, ?)",
                    arguments: [messageID, Data([1]), id, at.microseconds])
            }
            try ReceiptRecord(kind: .acknowledgment, direction: .in, at: at, bytes: [6]).insert(database, message: id)
            return id
        }
    }

    func count(_ table: String, _ condition: String = "true") throws -> Int {
        try store.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM \(table) WHERE \(condition)") ?? -1 }
    }

    func payloads(of message: Int64) throws -> [Int64] {
        try store.read {
            try Int64.fetchAll($0, sql: "SELECT payload FROM part WHERE message = ? ORDER BY position", arguments: [message])
        }
    }

    /// Everything on the disk below the store's folder.
    func bytes(below folder: String? = nil) throws -> [(name: String, bytes: Data)] {
        let folder = folder ?? scratch.path + "/store"
        return try DigestedCopy.files(below: folder).map { ($0, try Data(contentsOf: URL(filePath: folder + "/" + $0))) }
    }

    /// Byte strings of a message's content: wrapped keys, sealed bytes, the name of an attachment.
    func traces(of message: Int64) throws -> [Data] {
        try store.read { try PartRecord.fetch($0, message: message) }.flatMap { part -> [Data] in
            let sealed: Data =
                switch part.payload.place {
                case .row(let bytes): Data(bytes)
                case .file(let name): try Data(contentsOf: URL(filePath: store.vault.path(name)))
                }
            return [Data(part.payload.wrappedKey), Data(sealed.suffix(40)), sealed.dropFirst(24).prefix(40)]
                + (part.title.map { [Data($0)] } ?? [])
        }
    }
}
