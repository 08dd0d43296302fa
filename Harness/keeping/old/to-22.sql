-- A store with "23 what stands elsewhere already is not stored again" as the version before it left it.
UPDATE wire SET soap = substr(body, soapStart + 1, soapLength) WHERE soapStart IS NOT NULL;
ALTER TABLE wire DROP COLUMN soapLength;
ALTER TABLE wire DROP COLUMN soapStart;
DELETE FROM grdb_migrations WHERE identifier = '23 what stands elsewhere already is not stored again';
