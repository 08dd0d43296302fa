import GRDB

/// The tables of what follows a discharge. They come with version 18.
enum FollowUpSchema {
    static func create(_ database: Database) throws {
        try database.execute(
            sql: """
                -- What was agreed for one receiver of a discharge summary, as its sender has it.
                CREATE TABLE followUp (
                  message INTEGER PRIMARY KEY NOT NULL REFERENCES message (id),
                  -- Why this receiver may have it, in words; no person is named.
                  basis TEXT NOT NULL,
                  -- Whether somebody there must say that they take over.
                  confirm INTEGER NOT NULL,
                  -- What they are to do, and by when: JSON, sealed with the document.
                  tasks BLOB
                );
                -- What was said to that, by us or to us: taken, refused.
                CREATE TABLE takeOver (
                  answer INTEGER PRIMARY KEY NOT NULL REFERENCES message (id),
                  -- The discharge summary.
                  about INTEGER NOT NULL REFERENCES message (id),
                  said TEXT NOT NULL,
                  -- Whom to call, sealed with the message that says it.
                  contact BLOB
                );
                CREATE INDEX takeOverAbout ON takeOver (about);
                """)
    }

    static func forgetContent(of message: Int64, in database: Database) throws {
        try database.execute(
            sql: "UPDATE followUp SET tasks = NULL WHERE message = ? AND tasks IS NOT NULL", arguments: [message])
        try database.execute(
            sql: "UPDATE takeOver SET contact = NULL WHERE answer = ? AND contact IS NOT NULL", arguments: [message])
    }

    static func forgetRecord(of message: Int64, in database: Database) throws {
        try database.execute(sql: "DELETE FROM followUp WHERE message = ?", arguments: [message])
        try database.execute(sql: "DELETE FROM takeOver WHERE answer = ?1 OR about = ?1", arguments: [message])
    }
}
