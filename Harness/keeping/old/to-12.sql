-- A store of version 13 as version 12 left it.
DROP TABLE registryDoor;
DROP TABLE registryVersion;
DROP TABLE registryHeld;
DROP TABLE registrySeen;
DELETE FROM sqlite_sequence WHERE name IN ('registryVersion', 'registryHeld');
DELETE FROM grdb_migrations WHERE identifier LIKE '13 %';
