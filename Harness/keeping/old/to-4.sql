-- A store of version 5 as version 4 left it: there were no leases, no destinations and nothing urgent yet.
DROP INDEX messageTrying;
ALTER TABLE message DROP COLUMN tryingSince;
UPDATE message SET destination = '', priority = 1, leasedBy = NULL, leasedUntil = NULL, crashes = 0, wish = NULL;
DELETE FROM destination;
DELETE FROM fact WHERE name = 'incarnation';
DELETE FROM grdb_migrations WHERE identifier LIKE '5 %';
