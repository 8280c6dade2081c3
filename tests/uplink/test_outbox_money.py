"""Money in a refused letter is settled once: by the journey that gives it back, or by one claim."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import pytest
from msgspec.structs import replace

from kiosk.domain.application import Acceptance, Claim, Submission
from kiosk.domain.faults import CentralRefused, CentralUnreachable, JournalFault
from kiosk.domain.money import Money
from kiosk.uplink.client import HttpCentral
from tests.central.server import RunningCentral
from tests.uplink.kiosk import Hand, a_certificate, a_claim, a_paid

YEAR_MS = 31_536_000_000


class Slow:
    """The real client, with a gate before each submission (but those of ``free``) that the test opens."""

    def __init__(self, client: HttpCentral) -> None:
        self.client, self.tried, self.free = client, 0, ""
        self.begun, self.gate = threading.Event(), threading.Event()

    def submit(self, submission: Submission, timeout_s: float | None = None) -> Acceptance:
        self.tried += 1
        self.begun.set()
        assert submission.reference == self.free or self.gate.wait(10)
        return self.client.submit(submission, timeout_s)

    def claim(self, claim: Claim, timeout_s: float | None = None) -> None:
        self.client.claim(claim, timeout_s)


@pytest.fixture
def slow(hand: Hand, client: HttpCentral) -> Iterator[Slow]:
    """The hand's outbox with a slow carrier."""
    hand.box.close()
    hand.carrier = made = Slow(client)
    hand.box = hand.open()
    yield made
    made.gate.set()


@contextmanager
def beside(work: Any) -> Iterator[list[Any]]:
    """Do something in another thread, ended with the block; its result or exception is in the list then."""
    results: list[Any] = []

    def run() -> None:
        try:
            results.append(work())
        except Exception as error:  # noqa: BLE001 - it is what the test looks at
            results.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield results
    finally:
        thread.join(10)


def refused_before_the_citizen(hand: Hand) -> Submission:
    submission = a_paid(Money(4000), "no-such-quote")
    hand.box.put_submission(submission)
    with pytest.raises(CentralRefused):
        hand.box.try_now(submission.reference, 5)
    return submission


def body_kept(hand: Hand, reference: str) -> bool:
    with closing(sqlite3.connect(hand.path)) as db:
        query = "SELECT sealed FROM outbox WHERE kind = 'submission' AND reference = ?"
        return db.execute(query, (reference,)).fetchone()[0] is not None


def entries(central: RunningCentral, reference: str) -> list[tuple[str, str, int]]:
    found = [each for each in central.ledger() if each["reference"] == reference]
    return [(each["entry"], each["outcome"], each["amount_minor"]) for each in found]


def test_a_clock_that_jumps_forward_ends_no_hold(hand: Hand) -> None:
    """The network tells a year later just after boot: a fresh letter is still left to its journey for its minute."""
    hand.box.put_submission(a_certificate())
    hand.now_ms += YEAR_MS
    assert hand.box.deliver_due() == 0
    hand.now_s += 59
    assert hand.box.deliver_due() == 0
    hand.now_s += 1
    assert hand.box.deliver_due() == 1


def test_the_background_leaves_alone_what_a_journey_has_in_hand(hand: Hand, slow: Slow) -> None:
    """However long try_now takes by any clock, the letter is sent once and its journey hears the answer."""
    submission = a_certificate()
    hand.box.put_submission(submission)
    with beside(lambda: hand.box.try_now(submission.reference, 5)) as results:
        assert slow.begun.wait(5)
        assert hand.deliver() == 0
        assert hand.box.deliver_due(2**60) == 0
        slow.gate.set()
    assert slow.tried == 1
    assert isinstance(results[0], Acceptance)


def test_a_journey_waits_for_the_background_and_hears_what_it_heard(hand: Hand, slow: Slow) -> None:
    """try_now of a letter that is just being delivered sends no double."""
    submission = a_certificate()
    hand.box.put_submission(submission)
    with beside(hand.deliver) as delivered:
        assert slow.begun.wait(5)
        with pytest.raises(CentralUnreachable, match="being delivered"):
            hand.box.try_now(submission.reference, 0.2)
        with beside(lambda: hand.box.try_now(submission.reference, 5)) as results:
            slow.gate.set()
    assert (slow.tried, delivered) == (1, [1])
    assert isinstance(results[0], Acceptance)


def test_a_batch_made_before_a_journey_ended_sends_nothing_again(hand: Hand, slow: Slow) -> None:
    """A letter that was delivered while the background was busy with an earlier one of its batch is not sent by it."""
    first, second = a_certificate(), a_certificate()
    for each in (first, second):
        hand.box.put_submission(each)
    with beside(hand.deliver) as delivered:
        assert slow.begun.wait(5)
        slow.free = second.reference
        assert hand.box.try_now(second.reference, 5)
        slow.gate.set()
    assert (slow.tried, delivered) == (2, [1])


def test_money_that_became_a_claim_is_not_given_back_too(hand: Hand, central: RunningCentral) -> None:
    """A journey that asks after the background's refusal hears no refusal: it would give back what staff settle."""
    submission = a_paid(Money(4000), "no-such-quote")
    hand.box.put_submission(submission)
    hand.deliver()
    assert hand.dead[0].claimed
    with pytest.raises(CentralUnreachable, match="claim"):
        hand.box.try_now(submission.reference, 5, "submission")


def test_a_refusal_that_no_journey_hears_becomes_one_claim(hand: Hand, central: RunningCentral) -> None:
    """claim_refused puts the claim about the money, once, at once, and erases the letter's body in the same transaction."""
    submission = refused_before_the_citizen(hand)
    assert body_kept(hand, submission.reference)
    assert hand.box.claim_refused(submission.reference) is True
    assert not body_kept(hand, submission.reference)
    assert hand.box.claim_refused(submission.reference) is False
    assert hand.box.deliver_due() == 1
    assert hand.box.claim_refused(submission.reference) is False
    assert hand.box.deliver_due() == 0
    assert entries(central, submission.reference) == [("claim", "undelivered", 4000)]


def test_there_is_no_claim_where_nothing_was_refused_or_paid(hand: Hand) -> None:
    """claim_refused of a letter that waits, was delivered, took no money, or never was: nothing is put."""
    waiting, sent, free = a_paid(Money(4000), "Q"), a_certificate(), replace(a_certificate(), service_id="fishing")
    for each in (waiting, sent, free):
        hand.box.put_submission(each)
    hand.box.try_now(sent.reference, 5)
    with pytest.raises(CentralRefused):
        hand.box.try_now(free.reference, 5)
    for reference in (waiting.reference, sent.reference, free.reference, "K1-nothing"):
        assert hand.box.claim_refused(reference) is False
    assert hand.box.pending().count == 1


def test_a_claim_that_cannot_be_kept_leaves_the_money_where_it_was(hand: Hand) -> None:
    """With the database held by another, claim_refused is JournalFault and the body stays for the next attempt."""
    submission = refused_before_the_citizen(hand)
    with held(hand), pytest.raises(JournalFault):
        hand.box.claim_refused(submission.reference)
    assert body_kept(hand, submission.reference)
    assert hand.box.claim_refused(submission.reference) is True


def test_money_that_went_back_is_no_claim(hand: Hand) -> None:
    """settled_otherwise erases the body of a refused letter, so that nobody can claim it any more; others it leaves alone."""
    submission, waiting = refused_before_the_citizen(hand), a_paid(Money(4000), "Q")
    hand.box.put_submission(waiting)
    for reference in (submission.reference, submission.reference, waiting.reference, "K1-nothing"):
        hand.box.settled_otherwise(reference)
    assert (body_kept(hand, submission.reference), body_kept(hand, waiting.reference)) == (False, True)
    assert hand.box.claim_refused(submission.reference) is False
    assert (hand.box.pending().count, hand.box.pending().refused) == (1, 1)


def test_a_dead_letter_keeps_no_body_that_nobody_needs(hand: Hand) -> None:
    """Erased: what was unpaid, at once; what became a claim, with the claim, be it the outbox's or the journey's."""
    free, late = replace(a_certificate(), service_id="fishing"), a_paid(Money(4000), "no-such-quote")
    for each in (free, late):
        hand.box.put_submission(each)
    hand.deliver()
    heard = refused_before_the_citizen(hand)
    assert [body_kept(hand, each.reference) for each in (free, late, heard)] == [False, False, True]
    hand.box.put_claim(replace(a_claim("undelivered"), reference=heard.reference))
    assert not body_kept(hand, heard.reference)
    assert [dead.problem for dead in hand.dead] == ["unknown-service", "quote-unknown", "quote-unknown"]
    with pytest.raises(CentralRefused, match="unknown-service"):
        hand.box.try_now(free.reference, 5)


def test_what_a_dead_letter_said_is_gone_from_the_disk(hand: Hand) -> None:
    """Not even the sealed bytes of an erased body are left in any of the outbox's files."""
    submission = replace(a_certificate(), service_id="fishing")
    hand.box.put_submission(submission)
    with closing(sqlite3.connect(hand.path)) as db:
        (sealed,) = db.execute("SELECT sealed FROM outbox").fetchone()
    hand.deliver()
    left = b"".join(file.read_bytes() for file in hand.path.parent.glob(f"{hand.path.name}*"))
    assert submission.reference.encode() in left
    assert sealed[:24] not in left
    assert sealed[-24:] not in left


@contextmanager
def held(hand: Hand) -> Iterator[None]:
    """Another process holds the database."""
    hand.box._holes._db.execute("PRAGMA busy_timeout=50")
    with closing(sqlite3.connect(hand.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield


def test_stand_ready_is_true_to_its_word(hand: Hand) -> None:
    """It is JournalFault while nothing could be kept: the database held, or no room for a letter; else it leaves nothing."""
    hand.box.stand_ready()
    with held(hand), pytest.raises(JournalFault):
        hand.box.stand_ready()
    db = hand.box._holes._db
    pages = db.execute("PRAGMA page_count").fetchone()[0] - db.execute("PRAGMA freelist_count").fetchone()[0]
    db.execute("VACUUM")
    db.execute(f"PRAGMA max_page_count={pages}")
    with pytest.raises(JournalFault, match="full"):
        hand.box.stand_ready()
    db.execute("PRAGMA max_page_count=1000")
    for _ in range(3):
        hand.box.stand_ready()
    assert db.execute("SELECT count(*) FROM outbox").fetchone() == (0,)
    hand.box.put_claim(a_claim())
    assert db.execute("SELECT seq FROM outbox").fetchone() == (1,)
