-- A store of version 9 as version 8 left it. Only the envelope was known of what had been received.
DROP INDEX messageAside;
ALTER TABLE message DROP COLUMN endpoint;
UPDATE received SET digest = substr(digest, 1, 32);
DELETE FROM grdb_migrations WHERE identifier LIKE '9 %';
