-- A store with "20 what is settled about sharing" as the version before it left it.
ALTER TABLE sharing DROP COLUMN settledAfter;
ALTER TABLE sharing DROP COLUMN settledBy;
ALTER TABLE sharing DROP COLUMN settledUntil;
ALTER TABLE sharing DROP COLUMN settled;
-- A verdict that points to the one before it is not known there.
DELETE FROM consentVerdict WHERE length(bytes) = 0;
DELETE FROM grdb_migrations WHERE identifier = '20 what is settled about sharing';
