-- A store of version 8 as version 7 left it. The keys that were in contentKey have gone into the payloads before.
DROP TABLE contentKey;
DROP INDEX partPayload;
DROP INDEX messageAnswers;
ALTER TABLE message DROP COLUMN purged;
ALTER TABLE received DROP COLUMN stamped;
DELETE FROM receipt WHERE kind = 'header';
DELETE FROM fact WHERE name NOT IN ('storeKey', 'incarnation');
DELETE FROM grdb_migrations WHERE identifier LIKE '8 %';
