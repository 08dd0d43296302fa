-- A store with "15 answers to referrals" as the version before it left it. Its sealed payloads go too: nobody would name them.
CREATE TEMP TABLE gone AS
  SELECT record AS payload FROM answer WHERE record IS NOT NULL
  UNION SELECT html FROM answerLetter WHERE html IS NOT NULL
  UNION SELECT text FROM answerLetter WHERE text IS NOT NULL
  UNION SELECT pdf FROM answerLetter WHERE pdf IS NOT NULL;
DROP TABLE answerLetter;
DROP TABLE answer;
DELETE FROM contentKey WHERE payload IN (SELECT payload FROM gone);
DELETE FROM payload WHERE id IN (SELECT payload FROM gone);
DROP TABLE gone;
DELETE FROM sqlite_sequence WHERE name = 'answer';
DELETE FROM grdb_migrations WHERE identifier = '15 answers to referrals';
