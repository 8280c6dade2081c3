"""One reference is one message for ever, in an outbox of today and in one of before."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from kiosk.domain.application import Claim
from kiosk.domain.faults import CentralRefused, JournalFault
from kiosk.domain.money import Money
from kiosk.uplink.letters import digest_of
from kiosk.uplink.pigeonholes import place
from tests.central.server import RunningCentral
from tests.uplink.kiosk import AYGUN, Hand, a_certificate, a_claim, a_paid

SCHEMA_1 = """
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
PRAGMA user_version = 1;
"""
OTHER_CLAIMS: list[Callable[[Claim], Claim]] = [
    lambda claim: replace(claim, kind="undelivered"),
    lambda claim: replace(claim, service_id="traffic-fine"),
    lambda claim: replace(claim, amount=Money(2500)),
    lambda claim: replace(claim, citizen=AYGUN),
    lambda claim: replace(claim, answers={"customer_number": "104558210"}),
]


def rows(path: Path, query: str) -> list[tuple[Any, ...]]:
    db = sqlite3.connect(path)
    try:
        return db.execute(query).fetchall()
    finally:
        db.close()


@pytest.mark.parametrize("delivered", [True, False])
def test_another_persons_payment_under_an_old_reference_is_not_swallowed(
    hand: Hand, central: RunningCentral, *, delivered: bool
) -> None:
    """References that begin anew (a replaced journal) are not answered with the old acceptance: it could not be kept."""
    old = a_certificate()
    hand.box.put_submission(old)
    if delivered:
        hand.box.try_now(old.reference, 5)
    new = replace(a_paid(Money(4000), "Q"), reference=old.reference)
    with pytest.raises(JournalFault, match="another message than the one kept under this reference"):
        hand.box.put_submission(new)
    assert rows(hand.path, "SELECT count(*), max(digest) FROM outbox") == [(1, digest_of(old))]
    assert hand.deliver() == (0 if delivered else 1)


def test_a_refused_put_does_not_touch_what_is_kept(hand: Hand) -> None:
    """Of a put that is another message nothing stays: neither content nor hold of the first one changes."""
    first = a_certificate()
    hand.box.put_submission(first)
    before = rows(hand.path, "SELECT * FROM outbox")
    hand.later(30)
    with pytest.raises(JournalFault):
        hand.box.put_submission(replace(first, language="en"))
    assert rows(hand.path, "SELECT * FROM outbox") == before


def test_the_same_submission_again_is_the_same_even_if_its_answers_come_in_another_order(hand: Hand) -> None:
    """After a power cut the journey puts its submission again, before or after delivery: nothing is wrong with that."""
    first = replace(a_certificate(), answers={"a": "1", "b": "2"})
    for _ in range(2):
        hand.box.put_submission(first)
        hand.box.put_submission(replace(first, answers={"b": "2", "a": "1"}))
        hand.deliver()
    assert rows(hand.path, "SELECT count(*) FROM outbox") == [(1,)]


@pytest.mark.parametrize("other", OTHER_CLAIMS)
def test_a_claim_about_something_else_is_another_claim(hand: Hand, other: Callable[[Claim], Claim]) -> None:
    """Another kind, service, amount, person or answer under an old reference is not kept silently."""
    claim = a_claim()
    hand.box.put_claim(claim)
    hand.box.try_now(claim.reference, 5)
    with pytest.raises(JournalFault, match="another message"):
        hand.box.put_claim(other(claim))


def test_an_outbox_of_schema_1_opens_delivers_and_keeps(hand: Hand, central: RunningCentral, tmp_path: Path) -> None:
    """What an older program put is delivered, may be put again, and what is put from now on has its digest."""
    old, sent = a_certificate(), a_certificate()
    hand.box.close()
    hand.path = tmp_path / "old.db"
    db = sqlite3.connect(hand.path)
    db.executescript(SCHEMA_1)
    for each, state in ((sent, "delivered"), (old, "waiting")):
        sealed = hand.cipher.seal(msgspec.json.encode(each), place("submission", each.reference))
        db.execute(
            "INSERT INTO outbox (kind, reference, state, sealed, put_at_ms, since_ms, wait_ms, receipt_number)"
            " VALUES ('submission', ?, ?, ?, 1, 1, 0, 'R1')",
            (each.reference, state, sealed),
        )
    db.commit()
    db.close()
    for _ in range(2):
        hand.box = hand.open()
        hand.box.put_submission(old)
        hand.box.put_submission(replace(sent, language="en"))
        hand.box.close()
    hand.box = hand.open()
    new = a_claim()
    hand.box.put_claim(new)
    assert hand.deliver() == 2
    assert {old.reference, new.reference} <= {entry["reference"] for entry in central.ledger()}
    assert rows(hand.path, "SELECT reference, digest FROM outbox ORDER BY seq") == [
        (sent.reference, None),
        (old.reference, None),
        (new.reference, digest_of(new)),
    ]
    assert rows(hand.path, "PRAGMA user_version") == [(3,)]


def test_a_claim_of_another_does_not_pass_for_the_claim_about_this_money(hand: Hand, central: RunningCentral) -> None:
    """Where an old claim has the reference, a late refusal keeps its body: the money is not forgotten."""
    submission = a_paid(Money(4000), "no-such-quote")
    hand.box.put_claim(replace(a_claim(), reference=submission.reference))
    hand.box.put_submission(submission)
    assert hand.deliver() == 1
    assert [(dead.problem, dead.claimed) for dead in hand.dead] == [("quote-unknown", False)]
    assert rows(hand.path, "SELECT sealed IS NULL FROM outbox WHERE kind = 'submission'") == [(0,)]
    with pytest.raises(JournalFault, match="another claim"):
        hand.box.claim_refused(submission.reference)
    assert rows(hand.path, "SELECT sealed IS NULL FROM outbox WHERE kind = 'submission'") == [(0,)]
    with pytest.raises(CentralRefused):
        hand.box.try_now(submission.reference, 5, "submission")
