import Foundation
import GRDB
import Practice

/// The answered lists of messages.
enum ChecklistRows {
    static func insert(_ sealed: [UInt8], message: Int64, in database: Database) throws {
        try database.cachedStatement(sql: "INSERT INTO answeredChecklist (message, sealed) VALUES (?, ?)")
            .execute(arguments: [message, Data(sealed)])
    }

    /// Nil when there is none, or its document has been destroyed.
    static func fetch(_ database: Database, message: Int64, vault: PayloadVault) throws -> AnsweredChecklist? {
        let sealed = try Data.fetchOne(
            database.cachedStatement(sql: "SELECT sealed FROM answeredChecklist WHERE message = ?"), arguments: [message])
        guard let sealed, let payload = try PartRecord.documentKey(database, message: message) else { return nil }
        return AnsweredChecklist(parsing: Array(try vault.text(of: Array(sealed), with: payload).utf8))
    }
}

extension PartRecord {
    /// The document's payload without its bytes: enough to open what is sealed with it.
    static func documentKey(_ database: Database, message: Int64) throws -> StoredPayload? {
        let statement = try database.cachedStatement(
            sql: """
                SELECT payload.name, payload.length, contentKey.wrapped FROM part JOIN payload ON payload.id = part.payload
                LEFT JOIN contentKey ON contentKey.payload = payload.id WHERE part.message = ? AND part.position = 0
                """)
        return try Row.fetchOne(statement, arguments: [message]).map { row in
            StoredPayload(
                name: Array(row["name"] as Data), length: row["length"], place: .row([]),
                wrappedKey: (row["wrapped"] as Data?).map { Array($0) } ?? [])
        }
    }
}

/// What `msggw status` says of the list: no places and no reasons, which may tell of the child.
public struct ChecklistSummary: Sendable, Codable, Hashable {
    public let checklist: String
    public let version: String
    /// How many questions were asked, and how many of them are answered.
    public let asked: Int
    public let answered: Int
    /// The questions without an answer.
    public let missing: [String]
    public let wasUrgent: Bool
    /// Whether the sender said why it goes all the same.
    public let wentAnyway: Bool

    init(_ list: AnsweredChecklist) {
        (checklist, version) = (list.checklistID, list.version)
        missing = list.lines.filter { $0.state == .missing }.map(\.question)
        (asked, answered) = (list.lines.count, list.lines.count - missing.count)
        (wasUrgent, wentAnyway) = (list.wasUrgent, list.anyway != nil)
    }
}

extension GatewayStore {
    /// The list of a message as it was answered when it was sent, for a person: that it was read is in the audit trail first.
    ///
    /// - Throws: ``StoreError`` `.notFound` when there is none.
    public func answeredChecklist(of name: String, for reading: Reading) async throws -> AnsweredChecklist {
        let found = try read { database in
            try MessageRecord.find(database, name).compactMap { message in
                try ChecklistRows.fetch(database, message: message.id, vault: vault).map { (message, $0) }
            }
        }
        guard let (message, list) = found.last else {
            throw StoreError(.notFound, reason: "no list was asked of '\(name.prefix(80))', or its content has been destroyed")
        }
        try await commit { database in
            try AuditTrail.append(
                AuditRecord(
                    at: reading.at, by: reading.actor, action: MessageEvent.Kind.read.rawValue, message: message.id,
                    messageID: message.messageID, state: message.state, detail: "checklist", purpose: reading.purpose?.text),
                in: database)
        }
        if reading.actor != .node { WakePipe.poke(folder: folder) }
        return list
    }
}
