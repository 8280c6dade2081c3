-- Schema 1. Migrations only add; every schema that ever existed stays readable (tests/golden/journal-<n>.db)
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;

-- One row per event, in order, never changed and never deleted
--   body    the event as JSON, without its personal fields and without secrets
--   sealed  nonce (12 bytes) + AES-256-GCM of the personal fields as JSON, under the journey's key, or NULL
--   hash    SHA-256(previous hash, seq, at_ms, boot_ms, journey, body, sealed): see store.chained
CREATE TABLE entries (
    seq INTEGER PRIMARY KEY,
    at_ms INTEGER NOT NULL,
    boot_ms INTEGER NOT NULL,
    journey INTEGER NOT NULL,
    body TEXT NOT NULL,
    sealed BLOB,
    hash BLOB NOT NULL
) STRICT;

-- Destroying a key erases what it sealed, while the chain stays whole (law 7). 'journey:<number>', 'outbox'.
CREATE TABLE keys (name TEXT PRIMARY KEY, key BLOB NOT NULL) STRICT;
