-- A store of version 11 as version 10 left it.
DELETE FROM grdb_migrations WHERE identifier LIKE '11 %';
