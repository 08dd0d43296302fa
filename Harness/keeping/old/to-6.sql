-- A store of version 7 as version 6 left it.
DROP INDEX messageFiling;
DELETE FROM receipt WHERE kind = 'envelope';
DELETE FROM grdb_migrations WHERE identifier LIKE '7 %';
