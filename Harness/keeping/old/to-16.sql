-- A store with "17 who has what was sent to another door" as the version before it left it.
DROP TABLE turn;
DROP TABLE rehoming;
DELETE FROM sqlite_sequence WHERE name = 'rehoming';
DELETE FROM grdb_migrations WHERE identifier = '17 who has what was sent to another door';
