import Envelope
import Foundation
import GRDB
import Practice

/// Beside the words of a family's message: in which role it was written, so that the answer to it is judged as a letter to them.
struct FamilyNotice: Sendable, Codable, Hashable {
    static let kind = "fra-familien"

    var kind = Self.kind
    let role: FamilyRights.Role
    let keptFromGuardians: Bool

    /// - Parameter writer: a keyed mark of who wrote it; empty at the receiver.
    func insert(message: Int64, writer: [UInt8], _ database: Database) throws {
        try database.execute(
            sql: "INSERT INTO familyMessage (message, role, writer, isKept) VALUES (?, ?, ?, ?)",
            arguments: [message, role.rawValue, Data(writer), keptFromGuardians])
    }

    static func fetch(_ database: Database, message: Int64) throws -> FamilyNotice? {
        try Row.fetchOne(database, sql: "SELECT role, isKept FROM familyMessage WHERE message = ?", arguments: [message]).flatMap
        {
            row in FamilyRights.Role(rawValue: row["role"]).map { FamilyNotice(role: $0, keptFromGuardians: row["isKept"]) }
        }
    }
}

extension SharingDesk {
    /// An answer to what somebody of a family wrote from the mailbox is a letter to them. Believed of the mailbox alone, and of a message
    /// that it sent to the one who answers.
    func familyAnswer(
        _ summary: DocumentSummary, from sender: RegisteredParty, to receivers: [RegisteredParty]
    ) throws -> KnownSharing? {
        guard let mailbox, receivers.map(\.herID) == [mailbox], sender.herID != mailbox,
            let about = summary.conversation?.parent, SharingMessage(summary) == .dialogue
        else { return nil }
        let written = try book.store.read { database in
            let asked = try MessageRecord.fetchAll(
                database,
                sql: """
                    SELECT \(MessageRecord.columns) FROM name JOIN message ON message.id = name.message
                    WHERE name.kind = 'document' AND name.value = ? AND direction = 'in' AND sender = ? AND receiver = ?
                    """, arguments: [about, mailbox.value, sender.herID.value])
            return try asked.compactMap { try FamilyNotice.fetch(database, message: $0.id) }.first
        }
        return written.map { KnownSharing(message: .letter, receiver: $0.role == .guardian ? .guardian : .youngPerson) }
    }
}
