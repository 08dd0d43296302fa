-- A store with "21 what is noted about children" as the version before it left it.
DROP TABLE childSituationMark;
DROP TABLE childSituation;
DELETE FROM sqlite_sequence WHERE name = 'childSituation';
DELETE FROM grdb_migrations WHERE identifier = '21 what is noted about children';
