import Envelope
import Foundation
import GRDB

/// What the store is asked for every message that comes in, by one statement: the look costs more than what it finds.
struct StoredBefore: Sendable {
    /// Whether a message of that id is here.
    let isKnown: Bool
    /// Messages stamped up to then may have been here and are forgotten.
    let forgotten: Date?
    /// How far the audit trail has come; nil while it is empty.
    let auditHead: AuditHead?

    /// - Parameter sender: nil for whoever sent it.
    init(_ database: Database, messageID: String, sender: String?) throws {
        let statement = try database.cachedStatement(
            sql: """
                SELECT EXISTS (SELECT 1 FROM received WHERE messageID = ?1 AND sender = coalesce(?2, sender)),
                  (SELECT value FROM fact WHERE name = ?3), audit.id, audit.hash
                FROM (SELECT max(id) AS id FROM audit) AS last LEFT JOIN audit ON audit.id = last.id
                """)
        let found = try statement.first(.string(messageID), .text(sender), .string(Fact.forgotten.rawValue)) { row in
            (
                isKnown: try row.integer(0) != 0, forgotten: try row.optionalText(1),
                head: row.isNull(2) ? nil : AuditHead(sequence: try row.integer(2), hash: try row.bytes(3))
            )
        }
        guard let found else {
            throw StoreError(.damaged, reason: "the store gave no answer to whether a message is known")
        }
        isKnown = found.isKnown
        forgotten = found.forgotten.flatMap { Int64($0) }.map { Date(microseconds: $0) }
        auditHead = found.head
    }
}
