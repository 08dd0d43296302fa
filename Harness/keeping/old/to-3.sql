-- A store of version 4 as version 3 left it: steps in place of the audit trail, and tables that nobody wrote to yet.
DROP TRIGGER auditKeeps;
DROP TRIGGER auditStays;
DROP TRIGGER auditFollows;
DROP TRIGGER checkpointKeeps;
DROP TRIGGER checkpointStays;
CREATE TABLE step (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  message INTEGER NOT NULL REFERENCES message (id),
  at INTEGER NOT NULL, what TEXT NOT NULL, detail TEXT
);
CREATE INDEX stepMessage ON step (message);
-- The words that there were.
INSERT INTO step (message, at, what, detail)
  SELECT message, at, CASE WHEN action IN ('refused', 'expired', 'cancelled', 'held') THEN 'failed' ELSE action END, detail FROM audit
  WHERE message IS NOT NULL AND action IN ('taken', 'sealed', 'postponed', 'handed over', 'sent', 'delivered', 'refused', 'failed',
    'expired', 'cancelled', 'held', 'accepted', 'rejected', 'answered', 'opened', 'filed') ORDER BY id;
DROP TABLE audit;
CREATE TABLE audit (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL, actor TEXT NOT NULL, action TEXT NOT NULL,
  message INTEGER, messageID TEXT, detail TEXT, purpose TEXT, hash BLOB NOT NULL
);
CREATE INDEX auditMessage ON audit (message) WHERE message IS NOT NULL;
DELETE FROM alertSent;
DELETE FROM alert;
UPDATE message SET deliverBy = NULL, acceptBy = NULL, answerBy = NULL, warnAt = NULL;
UPDATE message SET state = 'failed' WHERE state IN ('held', 'cancelled');
DELETE FROM grdb_migrations WHERE identifier LIKE '4 %';
