import GRDB

/// The tables of what is asked across messages: whom they are about, and figures.
enum OverviewSchema {
    /// Version 19. Nothing of it costs a message anything that is no referral: who a message is about is found out when somebody
    /// asks, and only referrals are in the index.
    static func version19(_ database: Database) throws {
        try database.execute(
            sql: """
                -- Keyed marks of the children that messages are about. `kind` 0: by identity number; 1: by name and day of birth.
                CREATE TABLE childMessage (
                  child BLOB NOT NULL, message INTEGER NOT NULL REFERENCES message (id), kind INTEGER NOT NULL,
                  PRIMARY KEY (child, message)
                ) WITHOUT ROWID;
                CREATE INDEX childMessageOf ON childMessage (message);
                CREATE INDEX messageReferral ON message (created) WHERE \(referral);
                """)
    }

    /// Which messages are referrals, in the words of the index; whoever looks in it has to write the same.
    static let referral =
        "kind IN ('HENVISNING', 'HENVISNING_BUP', 'HENVISNING_REHAB', 'HENVISNING_NYTILSTAND', 'HENVISNING_VIDERE')"

    /// What goes with the record of a message.
    static func forgetRecord(of message: Int64, in database: Database) throws {
        try database.execute(sql: "DELETE FROM childMessage WHERE message = ?", arguments: [message])
    }
}
