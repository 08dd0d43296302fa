import GRDB

/// The tables of what was answered to referrals. What was written lies sealed, as other payloads do; figures and dates lie open, and
/// hold nothing of persons.
enum AnswerSchema {
    static func version15(_ database: Database) throws {
        try database.execute(
            sql: """
                CREATE TABLE answer (
                  id INTEGER PRIMARY KEY AUTOINCREMENT,
                  -- The status that went to the referrer, the referral that came, and the referral as it was handed on.
                  message INTEGER NOT NULL REFERENCES message (id),
                  referral INTEGER REFERENCES message (id),
                  forwarded INTEGER REFERENCES message (id),
                  at INTEGER NOT NULL,
                  -- rejection, acceptance, forwarding; and the code of list 9148.
                  kind TEXT NOT NULL, status INTEGER NOT NULL, ground TEXT,
                  -- Days, as 2026-11-22.
                  receivedOn TEXT NOT NULL, decidedOn TEXT NOT NULL, knownOn TEXT, lastDay TEXT, countedUntil TEXT,
                  -- The record as canonical JSON; NULL when it was destroyed. `digest` is its SHA-256.
                  record INTEGER REFERENCES payload (id), digest BLOB NOT NULL,
                  rules TEXT NOT NULL, texts TEXT NOT NULL
                );
                CREATE INDEX answerReferral ON answer (referral) WHERE referral IS NOT NULL;
                CREATE INDEX answerMessage ON answer (message);
                CREATE INDEX answerForwarded ON answer (forwarded) WHERE forwarded IS NOT NULL;
                CREATE TABLE answerLetter (
                  answer INTEGER NOT NULL REFERENCES answer (id),
                  reader TEXT NOT NULL, language TEXT NOT NULL,
                  html INTEGER REFERENCES payload (id), text INTEGER REFERENCES payload (id), pdf INTEGER REFERENCES payload (id),
                  score INTEGER NOT NULL, lixTenths INTEGER NOT NULL,
                  -- The message that took it to the family's mailbox.
                  message INTEGER REFERENCES message (id),
                  PRIMARY KEY (answer, reader)
                ) WITHOUT ROWID;
                CREATE INDEX answerLetterMessage ON answerLetter (message) WHERE message IS NOT NULL;
                """)
    }
}
