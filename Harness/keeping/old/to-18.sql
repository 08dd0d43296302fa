-- A store with "19 whom messages are about, and figures" as the version before it left it.
DROP INDEX messageReferral;
DROP TABLE childMessage;
DELETE FROM fact WHERE name = 'childrenMarkedTo';
DELETE FROM grdb_migrations WHERE identifier = '19 whom messages are about, and figures';
