-- Schema 2.
--   digest     SHA-256 of what makes the message this one and no other; stays after delivery; NULL: put before schema 2
ALTER TABLE outbox ADD COLUMN digest BLOB;
