import Foundation
import GRDB

/// Deadlines for what was under way before there were any.
enum DeadlineSchema {
    /// Version 11. Versions 1 and 2 had no deadlines, and version 3 left them empty in the rows that it found: what was under way
    /// at the upgrade could be late for ever without anybody being told.
    ///
    /// The settings are not known here, so it is the table as it ships. Nobody wrote down whether an AppRec was asked for; it
    /// nearly always is, and to be told for nothing is the smaller harm.
    static func version11(_ database: Database) throws {
        let table = DeadlineTable()
        // Rows and not `MessageRecord`: that has columns of later versions too.
        let found = try Row.fetchAll(
            database,
            sql: """
                SELECT id, direction, state, kind, created, due, priority, documentID FROM message
                WHERE deliverBy IS NULL AND acceptBy IS NULL AND answerBy IS NULL
                  AND (state IN ('taken', 'sealed', 'held', 'opened') OR (state IN ('delivered', 'filed')
                    -- With an audit trail there were deadlines: what has none of them waits for nothing.
                    AND EXISTS (SELECT 1 FROM audit WHERE audit.message = message.id AND actor = ?)))
                """, arguments: [AuditSchema.actorOfSteps])
        for row in found {
            let (id, state): (Int64, String) = (row["id"], row["state"])
            guard let direction = MessageRecord.Direction(rawValue: row["direction"]), let state = MessageState(rawValue: state)
            else {
                continue
            }
            let subject = Deadlines.Subject(row["kind"], direction, urgent: row["priority"] == 0)
            var deadlines = Deadlines.at(taken: Date(microseconds: row["created"]), subject, by: table)
            for event in Deadlines.over(in: state, isAtRest: row["due"] == nil) { deadlines[event] = nil }
            if try isAnswered(id, database) { deadlines.answerBy = nil }
            deadlines.warnAt = deadlines.nextWarning(after: .distantPast, subject, by: table)
            try deadlines.write(database, message: id)
        }
    }

    /// Whether a later document that is no receipt went the other way in its conversation.
    private static func isAnswered(_ id: Int64, _ database: Database) throws -> Bool {
        try Bool.fetchOne(
            database,
            sql: """
                SELECT EXISTS (SELECT 1 FROM message AS asked
                  JOIN name ON name.kind = 'conversation' AND name.value = asked.conversationID
                  JOIN message AS answer ON answer.id = name.message
                  WHERE asked.id = ? AND answer.id > asked.id AND answer.direction <> asked.direction
                    AND answer.kind NOT IN ('APPREC', 'Acknowledgment', 'MessageError'))
                """, arguments: [id]) ?? false
    }
}
