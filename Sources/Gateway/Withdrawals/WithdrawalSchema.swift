import GRDB

/// The tables of withdrawals as they go between nodes, and of what families wrote.
enum WithdrawalSchema {
    static func version16(_ database: Database) throws {
        try database.execute(
            sql: """
                -- The message that told the holder, and the message in which the holder answered.
                ALTER TABLE withdrawalAnswer ADD COLUMN told INTEGER;
                ALTER TABLE withdrawalAnswer ADD COLUMN heard INTEGER;
                CREATE INDEX withdrawalAnswerTold ON withdrawalAnswer (told) WHERE told IS NOT NULL;

                -- Withdrawals that others have told this node of: codes and numbers, no words.
                CREATE TABLE heldWithdrawal (
                  id INTEGER PRIMARY KEY AUTOINCREMENT,
                  -- The message that told it, and what it told.
                  notice INTEGER NOT NULL, withdrawalID TEXT NOT NULL, asksDeletion INTEGER NOT NULL, at INTEGER NOT NULL,
                  -- The message that it is about, as its sender names it, and this node's number; NULL while it is not here.
                  sender TEXT NOT NULL, receiver TEXT NOT NULL, document TEXT NOT NULL, messageID TEXT NOT NULL, message INTEGER,
                  -- WithdrawalAnswer, and the message that took it to the sender.
                  answer BLOB, answeredBy INTEGER,
                  UNIQUE (withdrawalID, document, sender, receiver)
                );
                CREATE INDEX heldWithdrawalNotice ON heldWithdrawal (notice);
                CREATE INDEX heldWithdrawalMessage ON heldWithdrawal (message) WHERE message IS NOT NULL;
                CREATE INDEX heldWithdrawalAway ON heldWithdrawal (document) WHERE message IS NULL;

                -- What somebody of a family sent from the mailbox: in which role, a keyed mark of who it was, and whether the
                -- guardians are kept out of it.
                CREATE TABLE familyMessage (
                  message INTEGER PRIMARY KEY NOT NULL REFERENCES message (id),
                  role TEXT NOT NULL, writer BLOB NOT NULL, isKept INTEGER NOT NULL
                );
                """)
    }

    /// What goes with the record of a message.
    static func forgetRecord(of message: Int64, in database: Database) throws {
        try database.execute(sql: "DELETE FROM heldWithdrawal WHERE notice = ?", arguments: [message])
        try database.execute(sql: "DELETE FROM familyMessage WHERE message = ?", arguments: [message])
    }
}
