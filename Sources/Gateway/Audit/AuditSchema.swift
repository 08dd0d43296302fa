import Foundation
import GRDB

/// The table of the audit trail, and how the steps of older stores come into it.
enum AuditSchema {
    /// Who is said to have done what was written down before there was a trail.
    static let actorOfSteps = "before version 4"

    /// Version 4: the trail takes over from `step`. Version 3's table was never written to.
    static func version4(_ database: Database) throws {
        try database.execute(
            sql: """
                DROP TABLE audit;
                CREATE TABLE audit (
                  id INTEGER PRIMARY KEY NOT NULL,
                  at INTEGER NOT NULL, actor TEXT NOT NULL, action TEXT NOT NULL,
                  message INTEGER, messageID TEXT, state TEXT, detail TEXT, purpose TEXT, digest BLOB, hash BLOB NOT NULL
                ) STRICT;
                CREATE INDEX auditMessage ON audit (message) WHERE message IS NOT NULL;
                """)
        try moveSteps(database)
        try database.execute(
            sql: """
                DROP TABLE step;
                CREATE TRIGGER auditKeeps BEFORE UPDATE ON audit
                  BEGIN SELECT RAISE (ABORT, 'the audit trail is append-only'); END;
                CREATE TRIGGER auditStays BEFORE DELETE ON audit
                  BEGIN SELECT RAISE (ABORT, 'the audit trail is append-only'); END;
                -- REPLACE deletes without asking the trigger above.
                CREATE TRIGGER auditFollows BEFORE INSERT ON audit
                  WHEN NEW.id <> (SELECT coalesce(max(id), 0) + 1 FROM audit)
                  BEGIN SELECT RAISE (ABORT, 'the audit trail has no gaps'); END;
                CREATE TRIGGER checkpointKeeps BEFORE UPDATE ON checkpoint
                  BEGIN SELECT RAISE (ABORT, 'the audit trail is append-only'); END;
                CREATE TRIGGER checkpointStays BEFORE DELETE ON checkpoint
                  BEGIN SELECT RAISE (ABORT, 'the audit trail is append-only'); END;
                """)
    }

    /// Version 6: a checkpoint says which node's trail it is of.
    static func version6(_ database: Database) throws {
        try database.execute(sql: "ALTER TABLE checkpoint ADD COLUMN node TEXT NOT NULL DEFAULT ''")
    }

    /// Steps become records in their order. Who took them was not written down then; it was the node or a command of its user.
    private static func moveSteps(_ database: Database) throws {
        let steps = try Row.fetchCursor(
            database,
            sql: """
                SELECT step.message, step.at, step.what, step.detail, message.messageID FROM step
                JOIN message ON message.id = step.message ORDER BY step.id
                """)
        while let step = try steps.next() {
            try AuditTrail.append(
                AuditRecord(
                    at: Date(microseconds: step["at"]), by: AuditActor(text: actorOfSteps), action: step["what"],
                    message: step["message"], messageID: step["messageID"], detail: step["detail"]),
                in: database)
        }
    }
}
