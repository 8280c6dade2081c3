-- Schema 1 (PRAGMA user_version). One row per message to the central system, in the order it was put.
--   sealed     the message as JSON, sealed by the vault; NULL once it is delivered
--   state      waiting, delivered, refused (the dead letters: never tried again, kept for staff)
--   since_ms   wall time of the last attempt or of putting; not tried again before wait_ms have passed since then
--   line       1: the last attempt failed for a reason that all messages share (no network, a centre in trouble)
CREATE TABLE outbox (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL CHECK (kind IN ('submission', 'claim')),
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
    UNIQUE (kind, reference)
) STRICT;
CREATE INDEX outbox_waiting ON outbox (seq) WHERE state = 'waiting';
