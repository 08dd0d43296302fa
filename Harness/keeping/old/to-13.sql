-- A store of version 14 as version 13 left it.
DROP TABLE answeredChecklist;
DROP TABLE consentBinding;
DROP TABLE consentVerdict;
DROP TABLE sharingChild;
DROP TABLE sharing;
DROP TABLE withdrawalAnswer;
DROP TABLE withdrawal;
DROP TABLE consentChild;
DROP TABLE consent;
DELETE FROM sqlite_sequence WHERE name IN ('consent', 'withdrawal');
DELETE FROM grdb_migrations WHERE identifier LIKE '14 %';
