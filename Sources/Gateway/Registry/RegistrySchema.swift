import GRDB

/// The registry in the store: what was believed when, what waits for somebody's word, and what was seen last.
enum RegistrySchema {
    static func version13(_ database: Database) throws {
        try database.execute(
            sql: """
                -- From 1. The highest is what the node works by; what was is never rewritten.
                CREATE TABLE registryVersion (
                  number INTEGER PRIMARY KEY AUTOINCREMENT,
                  at INTEGER NOT NULL, day TEXT NOT NULL, source TEXT NOT NULL, actor TEXT NOT NULL,
                  -- All that a registry holds beside its parties; NULL: as in the version before.
                  lists BLOB
                );
                -- A party as a version brought it; NULL: the version took it out.
                CREATE TABLE registryDoor (
                  herId INTEGER NOT NULL, version INTEGER NOT NULL REFERENCES registryVersion (number), json BLOB,
                  PRIMARY KEY (herId, version)
                ) WITHOUT ROWID;
                CREATE INDEX registryDoorVersion ON registryDoor (version);
                -- A change that waits for somebody's word. herId 0: the lists.
                CREATE TABLE registryHeld (
                  id INTEGER PRIMARY KEY AUTOINCREMENT,
                  herId INTEGER NOT NULL,
                  -- What it was compared with, and what it would become; NULL: no such party.
                  base BLOB, json BLOB,
                  summary TEXT NOT NULL, suspicions TEXT NOT NULL, source TEXT NOT NULL, seen INTEGER NOT NULL,
                  decision TEXT, decidedBy TEXT, decidedAt INTEGER
                );
                CREATE UNIQUE INDEX registryHeldOpen ON registryHeld (herId) WHERE decision IS NULL;
                -- The last day that a source said of itself, so that an older answer cannot take its place.
                CREATE TABLE registrySeen (source TEXT PRIMARY KEY NOT NULL, day TEXT NOT NULL) WITHOUT ROWID;
                """)
    }
}
