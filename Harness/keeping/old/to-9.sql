-- A store of version 10 as version 9 left it.
DROP TRIGGER tallyInsert;
DROP TRIGGER tallyDelete;
DROP TRIGGER tallyUpdate;
DROP TABLE tally;
DROP INDEX messageWaiting;
DELETE FROM grdb_migrations WHERE identifier LIKE '10 %';
