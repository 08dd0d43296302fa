import GRDB

/// The tables, by version. A migration that has landed is never changed; the next one is added below it.
///
/// Own ids are rowids, so they grow with time and new rows lie together. Ids that others made are random: they live in the
/// narrow `name` table, since an index of them over the wide table costs three times the p99.
enum StoreSchema {
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 messages, payloads, wire, receipts, steps") {
            try version1($0)
            try version1Contents($0)
        }
        migrator.registerMigration("2 payload files by name") { database in
            try database.execute(sql: "CREATE UNIQUE INDEX payloadFile ON payload (file) WHERE file IS NOT NULL")
        }
        return migrator
    }

    /// Version 1: messages and the names they go by.
    private static func version1(_ database: Database) throws {
        try database.execute(
            sql: """
                CREATE TABLE fact (name TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL) WITHOUT ROWID;

                -- One row for each recipient of a submission, and one for each message received. Times are microseconds
                -- since 1970, UTC.
                CREATE TABLE message (
                  id INTEGER PRIMARY KEY AUTOINCREMENT,
                  direction TEXT NOT NULL CHECK (direction IN ('out', 'in')),
                  state TEXT NOT NULL,
                  kind TEXT NOT NULL,
                  messageID TEXT NOT NULL,
                  conversationID TEXT NOT NULL,
                  documentID TEXT NOT NULL,
                  documentGenerated TEXT NOT NULL,
                  cpaID TEXT NOT NULL,
                  sender TEXT NOT NULL,
                  receiver TEXT NOT NULL,
                  protection TEXT NOT NULL,
                  created INTEGER NOT NULL,
                  updated INTEGER NOT NULL,
                  due INTEGER,
                  attempts INTEGER NOT NULL DEFAULT 0,
                  failure TEXT,
                  answers INTEGER REFERENCES message (id)
                );
                CREATE INDEX messageDue ON message (due) WHERE due IS NOT NULL;
                CREATE INDEX messageInbox ON message (id) WHERE direction = 'in';

                -- Ids that others made, or that others know us by: eb:MessageId, the document's MsgId, ConversationId.
                CREATE TABLE name (
                  kind TEXT NOT NULL, value TEXT NOT NULL, message INTEGER NOT NULL REFERENCES message (id),
                  PRIMARY KEY (kind, value, message)
                ) WITHOUT ROWID;
                """)
    }

    /// Version 1: what a message carries, what goes out of it, and what came back.
    private static func version1Contents(_ database: Database) throws {
        try database.execute(
            sql: """
                -- Duplicate elimination. It lasts as long as the message is kept.
                CREATE TABLE received (
                  sender TEXT NOT NULL, messageID TEXT NOT NULL, digest BLOB NOT NULL,
                  message INTEGER NOT NULL REFERENCES message (id),
                  PRIMARY KEY (messageID, sender)
                ) WITHOUT ROWID;

                CREATE TABLE payload (
                  id INTEGER PRIMARY KEY AUTOINCREMENT,
                  name BLOB NOT NULL, length INTEGER NOT NULL, sealed BLOB, file TEXT,
                  CHECK ((sealed IS NULL) <> (file IS NULL))
                );
                -- The parts of a message in their order. Part 0 is the document.
                CREATE TABLE part (
                  message INTEGER NOT NULL REFERENCES message (id), position INTEGER NOT NULL,
                  payload INTEGER NOT NULL REFERENCES payload (id), contentID TEXT NOT NULL,
                  mediaType TEXT NOT NULL,
                  -- Name that the sender gave, sealed: it may be a person's.
                  title BLOB,
                  PRIMARY KEY (message, position)
                ) WITHOUT ROWID;

                -- The bytes that go out, made once. `layout` is empty when `body` is all of it; else it says in which order
                -- pieces of `body` and spooled files follow. `soap` is the signed header, to hold receipts against.
                CREATE TABLE wire (
                  message INTEGER PRIMARY KEY NOT NULL REFERENCES message (id),
                  headers TEXT NOT NULL, layout TEXT NOT NULL, body BLOB NOT NULL, soap BLOB NOT NULL
                );

                -- Signals as they were received or sent, byte for byte.
                CREATE TABLE receipt (
                  id INTEGER PRIMARY KEY AUTOINCREMENT,
                  message INTEGER NOT NULL REFERENCES message (id),
                  kind TEXT NOT NULL, direction TEXT NOT NULL, at INTEGER NOT NULL, bytes BLOB NOT NULL
                );
                CREATE INDEX receiptMessage ON receipt (message);

                CREATE TABLE step (
                  id INTEGER PRIMARY KEY AUTOINCREMENT,
                  message INTEGER NOT NULL REFERENCES message (id),
                  at INTEGER NOT NULL, what TEXT NOT NULL, detail TEXT
                );
                CREATE INDEX stepMessage ON step (message);
                """)
    }
}
