-- Schema 3.
--   kind       also registration: what the fiscal register made of a payment (SQLite changes no CHECK of a table that is there)
CREATE TABLE outbox_3 (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL CHECK (kind IN ('submission', 'claim', 'registration')),
    reference TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'delivered', 'refused')),
    sealed BLOB,
    put_at_ms INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    since_ms INTEGER NOT NULL,
    wait_ms INTEGER NOT NULL,
    line INTEGER NOT NULL DEFAULT 0,
    receipt_number TEXT NOT NULL DEFAULT '',
    problem TEXT NOT NULL DEFAULT '',
    digest BLOB,
    UNIQUE (kind, reference)
) STRICT;
INSERT INTO outbox_3 SELECT seq, kind, reference, state, sealed, put_at_ms, attempts, since_ms, wait_ms, line,
    receipt_number, problem, digest FROM outbox;
DROP TABLE outbox;
ALTER TABLE outbox_3 RENAME TO outbox;
CREATE INDEX outbox_waiting ON outbox (seq) WHERE state = 'waiting'
