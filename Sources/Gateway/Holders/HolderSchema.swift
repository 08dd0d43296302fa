import GRDB

/// Who has a message when that is no longer the door that it was sent to.
enum HolderSchema {
    static func version17(_ database: Database) throws {
        try database.execute(
            sql: """
                -- Another holder because of a reform: the note, and the signature of the party of ours that it concerns.
                CREATE TABLE rehoming (
                  id INTEGER PRIMARY KEY AUTOINCREMENT,
                  message INTEGER NOT NULL REFERENCES message (id),
                  fromDoor TEXT NOT NULL, toDoor TEXT NOT NULL, reform TEXT, effective TEXT NOT NULL, at INTEGER NOT NULL,
                  signedBytes BLOB NOT NULL, signature BLOB NOT NULL, certificate BLOB NOT NULL
                );
                CREATE INDEX rehomingMessage ON rehoming (message);
                CREATE INDEX rehomingFrom ON rehoming (fromDoor);
                -- Another holder because a door did not open the message in time. From 1; the line is that of the door at 0.
                CREATE TABLE turn (
                  message INTEGER NOT NULL REFERENCES message (id),
                  line TEXT NOT NULL, number INTEGER NOT NULL,
                  door TEXT NOT NULL, begins INTEGER NOT NULL, ends INTEGER NOT NULL,
                  PRIMARY KEY (message, line, number)
                ) WITHOUT ROWID;
                """)
    }

    static func delete(_ database: Database, message id: Int64) throws {
        for table in ["rehoming", "turn"] {
            try database.execute(sql: "DELETE FROM \(table) WHERE message = ?", arguments: [id])
        }
    }
}
