-- A store with "16 withdrawals that travel, and what families write" as the version before it left it.
DROP TABLE familyMessage;
DROP TABLE heldWithdrawal;
DROP INDEX withdrawalAnswerTold;
ALTER TABLE withdrawalAnswer DROP COLUMN told;
ALTER TABLE withdrawalAnswer DROP COLUMN heard;
DELETE FROM sqlite_sequence WHERE name = 'heldWithdrawal';
DELETE FROM grdb_migrations WHERE identifier LIKE '16 %';
