import GRDB

/// The tables of what was checked before sending, and of what families have said.
///
/// What holds names lies sealed: consents and withdrawals under keys of their own, what belongs to a message under the key of its
/// document, so that it goes when that is destroyed. Children are found by keyed marks, which say nothing without the store key.
enum ConsentSchema {
    static func version14(_ database: Database) throws {
        try database.execute(
            sql: """
                -- Signed records as they were received or made, sealed: FHIR Consent with its signature.
                CREATE TABLE consent (
                  id INTEGER PRIMARY KEY AUTOINCREMENT,
                  consentID TEXT NOT NULL, version INTEGER NOT NULL, digest TEXT NOT NULL UNIQUE, at INTEGER NOT NULL,
                  name BLOB NOT NULL, length INTEGER NOT NULL, sealed BLOB NOT NULL, wrapped BLOB NOT NULL
                );
                CREATE INDEX consentByID ON consent (consentID);
                CREATE TABLE consentChild (
                  child BLOB NOT NULL, consent INTEGER NOT NULL REFERENCES consent (id), PRIMARY KEY (child, consent)
                ) WITHOUT ROWID;

                CREATE TABLE withdrawal (
                  id INTEGER PRIMARY KEY AUTOINCREMENT,
                  withdrawalID TEXT NOT NULL UNIQUE, consent INTEGER NOT NULL REFERENCES consent (id), at INTEGER NOT NULL,
                  name BLOB NOT NULL, length INTEGER NOT NULL, sealed BLOB NOT NULL, wrapped BLOB NOT NULL
                );
                CREATE INDEX withdrawalOf ON withdrawal (consent);
                -- What became of each message that relied on the consent: codes, no words.
                CREATE TABLE withdrawalAnswer (
                  withdrawal INTEGER NOT NULL REFERENCES withdrawal (id), message INTEGER NOT NULL, step TEXT NOT NULL, bytes BLOB,
                  PRIMARY KEY (withdrawal, message)
                ) WITHOUT ROWID;

                -- What is asked about a message, at submission and again at sending; sealed with its document.
                CREATE TABLE sharing (message INTEGER PRIMARY KEY NOT NULL REFERENCES message (id), question BLOB NOT NULL);
                CREATE TABLE sharingChild (
                  child BLOB NOT NULL, message INTEGER NOT NULL REFERENCES message (id), PRIMARY KEY (child, message)
                ) WITHOUT ROWID;
                CREATE INDEX sharingChildMessage ON sharingChild (message);
                -- What was decided: codes, digests and the moment.
                CREATE TABLE consentVerdict (
                  message INTEGER NOT NULL REFERENCES message (id), checkpoint TEXT NOT NULL, at INTEGER NOT NULL,
                  bytes BLOB NOT NULL, PRIMARY KEY (message, checkpoint)
                ) WITHOUT ROWID;
                CREATE TABLE consentBinding (
                  digest TEXT NOT NULL, message INTEGER NOT NULL REFERENCES message (id), PRIMARY KEY (digest, message)
                ) WITHOUT ROWID;
                CREATE INDEX consentBindingMessage ON consentBinding (message);

                -- The receiver's list, answered; sealed with the document.
                CREATE TABLE answeredChecklist (message INTEGER PRIMARY KEY NOT NULL REFERENCES message (id), sealed BLOB NOT NULL);
                """)
    }

    /// What was decided without anybody's word is not asked from the start again while nothing has changed.
    static func version20(_ database: Database) throws {
        try database.execute(
            sql: """
                -- Whether it was allowed.
                ALTER TABLE sharing ADD COLUMN settled INTEGER;
                ALTER TABLE sharing ADD COLUMN settledUntil INTEGER;
                -- The version of the rules.
                ALTER TABLE sharing ADD COLUMN settledBy TEXT;
                -- How much had been said at that moment: the last of `consent` and of `childSituation`, together.
                ALTER TABLE sharing ADD COLUMN settledAfter INTEGER;
                """)
    }

    /// What is asked about a message, and the one mark that it is found by, lie in one row.
    static func version22(_ database: Database) throws {
        try database.execute(
            sql: """
                ALTER TABLE sharing ADD COLUMN child BLOB;
                UPDATE sharing SET child = (SELECT child FROM sharingChild WHERE sharingChild.message = sharing.message);
                DROP TABLE sharingChild;
                CREATE INDEX sharingByChild ON sharing (child) WHERE child IS NOT NULL;
                """)
    }

    /// What goes with the content of a message.
    static func forgetContent(of message: Int64, in database: Database) throws {
        for table in ["sharing", "answeredChecklist"] {
            try database.execute(sql: "DELETE FROM \(table) WHERE message = ?", arguments: [message])
        }
    }

    /// What goes with its record.
    static func forgetRecord(of message: Int64, in database: Database) throws {
        try forgetContent(of: message, in: database)
        for table in ["consentVerdict", "consentBinding"] {
            try database.execute(sql: "DELETE FROM \(table) WHERE message = ?", arguments: [message])
        }
    }
}
