"""The outbox: nothing is lost, nothing is done twice, nothing is in the way."""

from __future__ import annotations

import sqlite3
import threading
import time
from pathlib import Path

import pytest
from msgspec.structs import replace

from kiosk.domain.application import Acceptance
from kiosk.domain.faults import CentralRefused, CentralUnreachable, JournalFault
from kiosk.domain.money import Money
from kiosk.journal.vault import Cipher, new_key
from kiosk.uplink.client import HttpCentral
from kiosk.uplink.letters import Pending
from kiosk.uplink.outbox import Outbox
from kiosk.uplink.patience import wait_of
from tests.central.server import RunningCentral
from tests.uplink.kiosk import Hand, a_certificate, a_claim, a_paid, a_quote


def references(central: RunningCentral) -> list[str]:
    return [entry["reference"] for entry in central.ledger()]


def test_what_is_put_can_be_tried_at_once(hand: Hand, central: RunningCentral) -> None:
    """try_now delivers a fresh submission and returns the whole acceptance; nothing is pending then."""
    submission = a_certificate()
    hand.box.put_submission(submission)
    acceptance = hand.box.try_now(submission.reference, 5)
    assert acceptance
    assert acceptance.document
    assert submission.reference in references(central)
    assert hand.box.pending().count == 0


def test_putting_and_trying_again_changes_nothing(hand: Hand, central: RunningCentral) -> None:
    """After a power cut the journey puts and tries again: the same receipt number, without another call."""
    submission = a_certificate()
    hand.box.put_submission(submission)
    first = hand.box.try_now(submission.reference, 5)
    calls = len(central.wire.calls)
    hand.box.put_submission(submission)
    assert first
    assert hand.box.try_now(submission.reference, 5) == Acceptance(first.receipt_number)
    assert len(central.wire.calls) == calls


def test_the_first_content_of_a_reference_counts(hand: Hand, central: RunningCentral) -> None:
    """A claim put again with other evidence and time is delivered as it was first put, and once."""
    claim = a_claim(evidence="first")
    hand.box.put_claim(claim)
    hand.box.put_claim(replace(claim, evidence="second", made_at_ms=1, language="en"))
    assert hand.box.try_now(claim.reference, 5) is None
    hand.box.put_claim(replace(claim, evidence="third"))
    assert hand.deliver() == 0
    assert [each["amount_minor"] for each in central.ledger() if each["reference"] == claim.reference] == [2400]


def test_a_lost_answer_is_no_second_carrying_out(hand: Hand, central: RunningCentral) -> None:
    """The centre did it and nobody heard: it waits, is sent again, and gets the first answer."""
    submission = a_certificate()
    hand.box.put_submission(submission)
    central.lose_answers()
    with pytest.raises(CentralUnreachable):
        hand.box.try_now(submission.reference, 5)
    assert references(central).count(submission.reference) == 1
    central.up()
    assert hand.deliver() == 1
    assert references(central).count(submission.reference) == 1


def test_days_without_a_line_and_a_restart_lose_nothing_and_keep_the_order(hand: Hand, central: RunningCentral) -> None:
    """Put while the wire is down, closed, opened again days later: all arrive, in the order they were put."""
    central.down()
    sent = [a_claim() for _ in range(7)]
    for claim in sent:
        hand.box.put_claim(claim)
        with pytest.raises(CentralUnreachable):
            hand.box.try_now(claim.reference, 1)
    for _ in range(3):
        hand.later(86_400)
        assert hand.box.deliver_due() == 0
    hand.box.close()
    hand.box = hand.open()
    assert hand.box.pending() == Pending(7, 259_200.0, 0, "unreachable")
    central.stop()
    central.start()
    hand.later(86_400)
    assert hand.box.deliver_due() == 7
    assert [each for each in references(central) if each in {claim.reference for claim in sent}] == [
        c.reference for c in sent
    ]


def test_while_the_line_is_down_one_message_probes_it(hand: Hand, central: RunningCentral) -> None:
    """A full outbox does not hammer a dead line: one call per wait; once one is through, the rest follow at once."""
    for _ in range(5):
        hand.box.put_claim(a_claim())
    central.hang()
    central.wire.answer("/v1/claims", b"", 503)
    assert hand.deliver() == 0
    assert hand.box.deliver_due() == 0
    assert len(central.wire.calls) == 1
    central.up()
    hand.later(6)
    assert hand.box.deliver_due() == 5


def test_when_one_is_through_the_others_wait_no_longer(hand: Hand, central: RunningCentral) -> None:
    """Messages that failed for the line are all due the moment any of them gets through."""
    claims = [a_claim() for _ in range(3)]
    central.down()
    for claim in claims:
        hand.box.put_claim(claim)
        with pytest.raises(CentralUnreachable):
            hand.box.try_now(claim.reference, 1)
    central.up()
    assert hand.box.deliver_due() == 0
    hand.box.try_now(claims[2].reference, 5)
    assert hand.box.deliver_due() == 2


def test_what_is_put_is_on_disk(hand: Hand) -> None:
    """The outbox runs in WAL with synchronous=FULL, and a second process sees a message that was put at once."""
    assert hand.box._holes._db.execute("PRAGMA synchronous").fetchone() == (2,)
    assert hand.box._holes._db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    claim = a_claim()
    hand.box.put_claim(claim)
    assert sqlite_row(hand.path, "SELECT kind, reference FROM outbox") == ("claim", claim.reference)


def test_waits_double_up_to_a_quarter_of_an_hour_with_full_jitter() -> None:
    """The bound is 5 s, 10 s, 20 s … 900 s, the dice choose below it, and never less than a second."""
    assert [wait_of(attempts, None, 1.0) for attempts in (0, 1, 2, 7, 8, 1000)] == [5, 10, 20, 640, 900, 900]
    assert wait_of(4, None, 0.5) == 40
    assert wait_of(4, None, 0.0) == 1
    assert wait_of(0, 120.0, 0.0) == 120
    assert wait_of(0, 1e9, 0.0) == 3600


def test_retry_after_is_honoured(hand: Hand, central: RunningCentral) -> None:
    """A centre that asks for two minutes gets two minutes."""
    hand.box.put_claim(a_claim())
    central.wire.answer("/v1/claims", b"", 503, {"Retry-After": "120"})
    hand.deliver()
    central.up()
    hand.later(119)
    assert hand.box.deliver_due() == 0
    hand.later(2)
    assert hand.box.deliver_due() == 1


@pytest.mark.parametrize("start_ms", [0, 4_000_000_000_000])
def test_a_clock_that_jumps_delays_nothing(hand: Hand, central: RunningCentral, start_ms: int) -> None:
    """A Pi that wakes in 1970, or in 2096, tries at once instead of waiting for the year it knew."""
    hand.box.put_claim(a_claim())
    central.down()
    hand.deliver()
    central.up()
    hand.now_ms = start_ms
    assert hand.box.deliver_due() == 1


def test_a_dead_letter_is_reported_and_in_nobodys_way(hand: Hand, central: RunningCentral) -> None:
    """What the centre refuses for good is reported once, never sent again, and the next message goes."""
    poison, good = replace(a_certificate(), service_id="fishing"), a_certificate()
    hand.box.put_submission(poison)
    hand.box.put_submission(good)
    assert hand.deliver() == 1
    assert [(dead.reference, dead.problem, dead.claimed) for dead in hand.dead] == [
        (poison.reference, "unknown-service", False)
    ]
    assert good.reference in references(central)
    calls = len(central.wire.calls)
    assert hand.deliver() == 0
    with pytest.raises(CentralRefused) as refused:
        hand.box.try_now(poison.reference, 5)
    assert refused.value.type == "unknown-service"
    assert (len(central.wire.calls), hand.box.pending().refused, len(hand.dead)) == (calls, 1, 1)


def test_money_in_a_late_dead_letter_becomes_a_claim(hand: Hand, client: HttpCentral, central: RunningCentral) -> None:
    """Paid, deferred, and refused days later: staff get a claim of that amount under the same reference."""
    submission = a_paid(Money(4000), "no-such-quote")
    hand.box.put_submission(submission)
    assert hand.deliver() == 0
    assert [(dead.problem, dead.claimed) for dead in hand.dead] == [("quote-unknown", True)]
    assert hand.box.deliver_due() == 1
    found = [each for each in central.ledger() if each["reference"] == submission.reference]
    assert [(each["entry"], each["outcome"], each["amount_minor"]) for each in found] == [
        ("claim", "undelivered", 4000)
    ]


def test_money_refused_before_the_citizen_is_left_to_the_journey(hand: Hand) -> None:
    """try_now files no claim by itself: the journey gives the money back or files its own, under the same reference."""
    submission = a_paid(Money(4000), "no-such-quote")
    hand.box.put_submission(submission)
    with pytest.raises(CentralRefused):
        hand.box.try_now(submission.reference, 5)
    assert (hand.box.pending().count, hand.dead[0].claimed) == (0, False)
    hand.box.put_claim(replace(a_claim("undelivered"), reference=submission.reference))
    assert hand.box.try_now(submission.reference, 5) is None


def test_a_wrong_token_makes_no_dead_letter(hand: Hand, central: RunningCentral) -> None:
    """What is about the set-up and not about the message waits until people have put it right."""
    submission = a_certificate()
    hand.box.put_submission(submission)
    problem = b'{"type":"urn:kiosk:problem:unauthorised","title":"x","status":401}'
    central.wire.answer("/v1/submissions", problem, 401, {"Content-Type": "application/problem+json"})
    with pytest.raises(CentralUnreachable):
        hand.box.try_now(submission.reference, 5)
    assert hand.box.pending().problem == "unauthorised"
    central.up()
    assert hand.deliver() == 1
    assert not hand.dead


def test_a_500_holds_up_its_own_message_only(hand: Hand, central: RunningCentral) -> None:
    """A defect of the centre with one message lets the others pass."""
    submission, claim = a_certificate(), a_claim()
    hand.box.put_submission(submission)
    hand.box.put_claim(claim)
    central.wire.answer("/v1/submissions", b"", 500)
    assert hand.deliver() == 1
    assert claim.reference in references(central)
    central.up()
    hand.later(6)
    assert hand.box.deliver_due() == 1


def test_a_message_of_a_journey_is_left_to_it_for_a_minute(hand: Hand) -> None:
    """The background does not snatch a fresh message: its journey is to hear the answer first."""
    hand.box.put_submission(a_certificate())
    hand.later(59)
    assert hand.box.deliver_due() == 0
    hand.later(2)
    assert hand.box.deliver_due() == 1


def test_nothing_readable_lies_in_the_file_and_nothing_at_all_after_delivery(hand: Hand, tmp_path: Path) -> None:
    """Bodies are sealed on disk; after delivery not even the sealed bytes are left, the receipt number is."""
    submission = a_certificate()
    hand.box.put_submission(submission)
    (sealed,) = sqlite_row(hand.path, "SELECT sealed FROM outbox")
    assert isinstance(sealed, bytes)
    assert b"MAMMADOVA" not in on_disk(tmp_path)
    assert sealed[:24] in on_disk(tmp_path)
    assert hand.deliver() == 1
    assert sealed[:24] not in on_disk(tmp_path)
    assert sealed[-24:] not in on_disk(tmp_path)
    assert sqlite_row(hand.path, "SELECT reference, sealed, length(receipt_number) FROM outbox") == (
        submission.reference,
        None,
        14,
    )


def on_disk(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.iterdir())


def sqlite_row(path: Path, query: str) -> tuple[object, ...]:
    db = sqlite3.connect(path)
    try:
        row: tuple[object, ...] = db.execute(query).fetchone()
    finally:
        db.close()
    return row


def test_a_lost_key_makes_dead_letters_and_no_deadlock(hand: Hand, central: RunningCentral) -> None:
    """What does not open any more is reported as unreadable; what was put since goes its way."""
    hand.box.put_submission(a_certificate())
    hand.box.close()
    hand.cipher = Cipher(new_key())
    hand.box = hand.open()
    claim = a_claim()
    hand.box.put_claim(claim)
    assert hand.deliver() == 1
    assert [dead.problem for dead in hand.dead] == ["unreadable"]
    assert claim.reference in references(central)


def test_a_reference_that_was_never_put_is_a_mistake_of_ours(hand: Hand) -> None:
    """try_now of nothing is LookupError."""
    with pytest.raises(LookupError):
        hand.box.try_now("K1-nothing", 1)


def test_try_now_ends_in_its_time(hand: Hand, central: RunningCentral) -> None:
    """However long the client would wait, the citizen waits no longer than was said."""
    claim = a_claim()
    hand.box.put_claim(claim)
    central.hang()
    started = time.monotonic()
    with pytest.raises(CentralUnreachable):
        hand.box.try_now(claim.reference, 0.4)
    assert time.monotonic() - started < 2


def test_the_background_delivers_by_itself_and_stops_when_told(hand: Hand, central: RunningCentral) -> None:
    """Started, the outbox delivers what is due without being asked; stopped, no thread is left."""
    claim = a_claim()
    hand.box.put_claim(claim)
    hand.later(61)
    hand.box.start()
    hand.box.start()
    end = time.monotonic() + 5
    while hand.box.pending().count and time.monotonic() < end:
        time.sleep(0.01)
    hand.box.stop()
    assert claim.reference in references(central)
    assert not [thread for thread in threading.enumerate() if thread.name == "outbox"]


def test_doubles_of_one_message_are_one_entry(hand: Hand, client: HttpCentral, central: RunningCentral) -> None:
    """try_now from several threads at once is one submission at the centre."""
    quote = a_quote(client)
    submission = a_paid(quote.total, quote.id)
    hand.box.put_submission(submission)
    numbers: list[str] = []

    def attempt() -> None:
        acceptance = hand.box.try_now(submission.reference, 5)
        numbers.append(acceptance.receipt_number if acceptance else "")

    threads = [threading.Thread(target=attempt) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert len(numbers) == 4
    assert len(set(numbers)) == 1
    assert references(central).count(submission.reference) == 1


def test_an_outbox_that_cannot_be_used_says_so(tmp_path: Path, client: HttpCentral) -> None:
    """Garbage in place of the database, or a schema of the future, is JournalFault."""
    garbage, future = tmp_path / "garbage.db", tmp_path / "future.db"
    garbage.write_bytes(b"not a database" * 500)
    db = sqlite3.connect(future)
    db.execute("PRAGMA user_version = 99")
    db.close()
    for path in (garbage, future):
        with pytest.raises(JournalFault):
            Outbox(path, Cipher(new_key()), client)
