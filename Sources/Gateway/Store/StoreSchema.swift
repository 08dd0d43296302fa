import Foundation
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
        migrator.registerMigration("3 delivery, deadlines, alerts, audit trail") {
            try version3($0)
            try version3Watching($0)
        }
        migrator.registerMigration("4 steps become the audit trail") { try AuditSchema.version4($0) }
        migrator.registerMigration("5 since when delivery is tried") { database in
            try database.execute(
                sql: """
                    ALTER TABLE message ADD COLUMN tryingSince INTEGER;
                    CREATE INDEX messageTrying ON message (destination, coalesce(tryingSince, created))
                      WHERE due IS NOT NULL AND direction = 'out';
                    """)
        }
        migrator.registerMigration("6 checkpoints name their node") { try AuditSchema.version6($0) }
        migrator.registerMigration("7 filing by its time") { database in
            // However many messages wait to go out, what waits to be filed is found at once.
            try database.execute(sql: "CREATE INDEX messageFiling ON message (due) WHERE due IS NOT NULL AND direction = 'in'")
        }
        migrator.registerMigration("8 keeping") { try version8($0) }
        migrator.registerMigration("9 where an operator sends a message, and what is set aside") { database in
            try database.execute(
                sql: """
                    -- Out: in place of the endpoint that the registry has.
                    ALTER TABLE message ADD COLUMN endpoint TEXT;
                    CREATE INDEX messageAside ON message (state) WHERE state IN ('held', 'failed');
                    """)
        }
        migrator.registerMigration("10 tallies") { try TallySchema.create($0) }
        migrator.registerMigration("11 deadlines of what was under way") { try DeadlineSchema.version11($0) }
        // Nothing in the tables: a program that does not know of check values must not write where pages have them.
        migrator.registerMigration("12 pages with check values") { _ in }
        migrator.registerMigration("13 versions of the registry") { try RegistrySchema.version13($0) }
        migrator.registerMigration("14 consent, and what was checked before sending") { try ConsentSchema.version14($0) }
        migrator.registerMigration("15 answers to referrals") { try AnswerSchema.version15($0) }
        migrator.registerMigration("16 withdrawals that travel, and what families write") { try WithdrawalSchema.version16($0) }
        migrator.registerMigration("17 who has what was sent to another door") { try HolderSchema.version17($0) }
        migrator.registerMigration("18 referrals' courses, and what follows a discharge") { try CourseSchema.version18($0) }
        migrator.registerMigration("19 whom messages are about, and figures") { try OverviewSchema.version19($0) }
        migrator.registerMigration("20 what is settled about sharing") { try ConsentSchema.version20($0) }
        migrator.registerMigration("21 what is noted about children") { try SituationRows.version21($0) }
        migrator.registerMigration("22 one row for what is asked of a message") { database in
            try ConsentSchema.version22(database)
            // `messageQueue` and `messageFiling` have between them all that it had.
            try database.execute(sql: "DROP INDEX messageDue")
        }
        migrator.registerMigration("23 what stands elsewhere already is not stored again") { try WireMessage.version23($0) }
        return migrator
    }

    /// Looks at a store before anything is changed in it.
    ///
    /// - Throws: ``StoreError`` `.newer` when it is of a later version, `.isBackup` when it is no store to work with.
    static func refuseUnsuitable(_ path: String) throws {
        guard let facts = try? FileManager.default.attributesOfItem(atPath: path), facts[.size] as? Int ?? 0 > 0 else { return }
        let configuration = StoreFile.configuration(readonly: true)
        let look: DatabaseQueue
        do {
            look = try DatabaseQueue(path: path, configuration: configuration)
            try look.read { _ = try $0.tableExists("fact") }
        } catch let error as DatabaseError where error.resultCode == .SQLITE_READONLY {
            // Whoever made the database died before it had a log, and left a journal: reading takes undoing what that holds.
            try undoWhatWasBegun(path)
            return try refuseUnsuitable(path)
        }
        try look.read { database in
            guard try database.tableExists("fact") else { return }
            let newer = try Set(migrator.appliedIdentifiers(database)).subtracting(migrator.migrations)
            if let first = newer.sorted().first {
                throw StoreError(
                    .newer,
                    reason:
                        "the store was made by a newer msggw (its schema has '\(first)'; this is msggw \(MSGGW.version)); nothing in it was changed. Run the newer version, or see 'Going back' in docs/KEEPING.md"
                )
            }
            if try Fact.text(database, .isBackup) != nil {
                throw StoreError(
                    .isBackup,
                    reason:
                        "this is the store of a backup; put it back with 'msggw restore', which holds what may have been sent since"
                )
            }
        }
    }

    private static func undoWhatWasBegun(_ path: String) throws {
        try DatabaseQueue(path: path, configuration: StoreFile.configuration()).read { _ = try $0.tableExists("fact") }
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

    /// Version 3: whose turn it is, and to whom.
    private static func version3(_ database: Database) throws {
        try database.execute(
            sql: """
                -- 0 urgent and signals, 1 ordinary.
                ALTER TABLE message ADD COLUMN priority INTEGER NOT NULL DEFAULT 1;
                -- Out: scheme://host:port of the node it goes to; empty until it is known.
                ALTER TABLE message ADD COLUMN destination TEXT NOT NULL DEFAULT '';
                -- The daemon's incarnation that is working on it, and until when at most.
                ALTER TABLE message ADD COLUMN leasedBy INTEGER;
                ALTER TABLE message ADD COLUMN leasedUntil INTEGER;
                -- How often the daemon died while it worked on it.
                ALTER TABLE message ADD COLUMN crashes INTEGER NOT NULL DEFAULT 0;
                -- What a person asked for while it was leased: hold, cancel.
                ALTER TABLE message ADD COLUMN wish TEXT;
                -- Deadlines, and when someone has to be told about the next of them.
                ALTER TABLE message ADD COLUMN deliverBy INTEGER;
                ALTER TABLE message ADD COLUMN acceptBy INTEGER;
                ALTER TABLE message ADD COLUMN answerBy INTEGER;
                ALTER TABLE message ADD COLUMN warnAt INTEGER;
                CREATE INDEX messageQueue ON message (destination, priority, due, id) WHERE due IS NOT NULL AND direction = 'out';
                CREATE INDEX messageLeased ON message (leasedBy) WHERE leasedBy IS NOT NULL;
                CREATE INDEX messageWarn ON message (warnAt) WHERE warnAt IS NOT NULL;

                -- A node that does not answer is waited for once, not once for each message to it.
                CREATE TABLE destination (
                  name TEXT PRIMARY KEY NOT NULL, failures INTEGER NOT NULL, failingSince INTEGER, closedUntil INTEGER, reason TEXT
                ) WITHOUT ROWID;
                """)
    }

    /// Version 3: who is told, and what can be proved afterwards.
    private static func version3Watching(_ database: Database) throws {
        try database.execute(
            sql: """
                -- Alerts, one row for each cause. Sent to each sink by `alertSent`.
                CREATE TABLE alert (
                  id INTEGER PRIMARY KEY AUTOINCREMENT,
                  key TEXT NOT NULL, kind TEXT NOT NULL, severity TEXT NOT NULL, message INTEGER, about TEXT NOT NULL,
                  firstAt INTEGER NOT NULL, lastAt INTEGER NOT NULL, count INTEGER NOT NULL, resolvedAt INTEGER, due INTEGER
                );
                CREATE UNIQUE INDEX alertOpen ON alert (key) WHERE resolvedAt IS NULL;
                CREATE INDEX alertDue ON alert (due) WHERE due IS NOT NULL;
                CREATE TABLE alertSent (
                  alert INTEGER NOT NULL REFERENCES alert (id), sink TEXT NOT NULL, at INTEGER, attempts INTEGER NOT NULL, failure TEXT,
                  PRIMARY KEY (alert, sink)
                ) WITHOUT ROWID;

                -- Append-only. `hash` covers the hash before it and every field of the row.
                CREATE TABLE audit (
                  id INTEGER PRIMARY KEY AUTOINCREMENT,
                  at INTEGER NOT NULL, actor TEXT NOT NULL, action TEXT NOT NULL,
                  message INTEGER, messageID TEXT, detail TEXT, purpose TEXT, hash BLOB NOT NULL
                );
                CREATE INDEX auditMessage ON audit (message) WHERE message IS NOT NULL;
                -- The head of the trail, signed.
                CREATE TABLE checkpoint (
                  sequence INTEGER PRIMARY KEY NOT NULL, at INTEGER NOT NULL, hash BLOB NOT NULL, party TEXT NOT NULL,
                  certificate BLOB NOT NULL, signature BLOB NOT NULL
                );
                """)
    }

    /// Version 8: what goes after its time, and how it goes for good.
    private static func version8(_ database: Database) throws {
        try database.execute(
            sql: """
                -- Keys of payloads, wrapped by the store key. Apart from what they open: see ContentKey.
                CREATE TABLE contentKey (payload INTEGER PRIMARY KEY NOT NULL REFERENCES payload (id), wrapped BLOB NOT NULL);
                -- A payload that several recipients share goes with the last of them.
                CREATE INDEX partPayload ON part (payload);
                CREATE INDEX messageAnswers ON message (answers) WHERE answers IS NOT NULL;
                -- When its content was destroyed.
                ALTER TABLE message ADD COLUMN purged INTEGER;
                -- What the sender says of when it was made: a mark is kept until nothing as old as that is taken any more.
                ALTER TABLE received ADD COLUMN stamped INTEGER NOT NULL DEFAULT 0;
                UPDATE received SET stamped = (SELECT created FROM message WHERE message.id = received.message);
                """)
    }
}
