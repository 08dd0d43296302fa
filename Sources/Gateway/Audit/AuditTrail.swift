import Envelope
import Foundation
import GRDB

/// The append-only trail of what happened on this node. Each record's hash covers the one before it, so that none can be
/// changed, taken out, put in or moved without all that follow.
enum AuditTrail {
    /// The last record's number and hash.
    struct Head: Sendable, Hashable {
        let sequence: Int64
        let hash: [UInt8]
    }

    /// Appends in the caller's transaction. Several processes write one store, so the head is read inside it.
    static func append(_ record: AuditRecord, in database: Database) throws { try append([record], in: database) }

    /// The same for several, one after the other.
    static func append(_ records: [AuditRecord], in database: Database) throws {
        if records.isEmpty { return }
        var head = try head(database)
        let statement = try database.cachedStatement(
            sql: """
                INSERT INTO audit (id, at, actor, action, message, messageID, state, detail, purpose, digest, hash)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """)
        for var record in records {
            record.sequence = head.sequence + 1
            head = Head(sequence: record.sequence, hash: record.hash(after: head.hash))
            try statement.run(
                .number(head.sequence), .number(record.microseconds), .string(record.actor), .string(record.action),
                .integer(record.message), .text(record.messageID), .text(record.state), .text(record.detail),
                .text(record.purpose), .bytes(record.digest), .blob(head.hash))
        }
    }

    static func head(_ database: Database) throws -> Head {
        let statement = try database.cachedStatement(sql: "SELECT id, hash FROM audit ORDER BY id DESC LIMIT 1")
        let head = try statement.first { row in Head(sequence: try row.integer(0), hash: try row.bytes(1)) }
        return head ?? Head(sequence: 0, hash: AuditRecord.beginning)
    }

    /// Whether the trail of that message says so already.
    static func has(_ action: String, of message: Int64, in database: Database) throws -> Bool {
        try Bool.fetchOne(
            database.cachedStatement(sql: "SELECT EXISTS (SELECT 1 FROM audit WHERE message = ? AND action = ?)"),
            arguments: [message, action]) ?? false
    }

    /// Whether the trail of that message has had that event with the same words.
    static func has(_ action: String, saying detail: String, of message: Int64, in database: Database) throws -> Bool {
        try Bool.fetchOne(
            database.cachedStatement(sql: "SELECT EXISTS (SELECT 1 FROM audit WHERE message = ? AND action = ? AND detail = ?)"),
            arguments: [message, action, AuditRecord.bounded(detail)]) ?? false
    }

    /// What happened to a message, in order.
    static func records(of message: Int64, in database: Database) throws -> [AuditRecord] {
        try Row.fetchAll(
            database.cachedStatement(sql: "SELECT * FROM audit WHERE message = ? ORDER BY id"), arguments: [message]
        ).map { AuditRecord($0) }
    }
}

extension AuditRecord {
    /// - Parameter row: of `audit`. A column of another type than it should have is read as far as it goes: its hash will not
    ///   fit, and that is what whoever verifies has to say.
    init(_ row: Row) {
        self.init(
            sequence: row.value("id") ?? 0, microseconds: row.value("at") ?? 0, actor: row.value("actor") ?? "",
            action: row.value("action") ?? "", message: row.value("message"), messageID: row.value("messageID"),
            state: row.value("state"), detail: row.value("detail"), purpose: row.value("purpose"),
            digest: (row.value("digest") as Data?).map { Array($0) }, hash: row.bytes("hash"))
    }

    /// The record as a step of its message.
    var step: MessageStep { MessageStep(at: at, what: action, detail: detail) }
}
