-- A store with "18 referrals' courses, and what follows a discharge" as the version before it left it.
DROP TABLE takeOver;
DROP TABLE followUp;
DROP TABLE course;
DELETE FROM grdb_migrations WHERE identifier = '18 referrals'' courses, and what follows a discharge';
