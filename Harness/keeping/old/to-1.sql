-- A store of version 2 as version 1 left it.
DROP INDEX payloadFile;
DELETE FROM grdb_migrations WHERE identifier LIKE '2 %';
