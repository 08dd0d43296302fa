-- A store with "22 one row for what is asked of a message" as the version before it left it.
CREATE INDEX messageDue ON message (due) WHERE due IS NOT NULL;
CREATE TABLE sharingChild (
  child BLOB NOT NULL, message INTEGER NOT NULL REFERENCES message (id), PRIMARY KEY (child, message)
) WITHOUT ROWID;
CREATE INDEX sharingChildMessage ON sharingChild (message);
INSERT INTO sharingChild SELECT child, message FROM sharing WHERE child IS NOT NULL;
DROP INDEX sharingByChild;
ALTER TABLE sharing DROP COLUMN child;
DELETE FROM grdb_migrations WHERE identifier = '22 one row for what is asked of a message';
