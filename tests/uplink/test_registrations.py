"""A registered sale on its way to the centre: delivered once, in nobody's way, and read back as it went."""

from __future__ import annotations

import sqlite3

import msgspec
import pytest
import sqlalchemy as sa
from msgspec.structs import replace

from central.schema import registrations
from kiosk.domain.faults import JournalFault
from kiosk.domain.fiscal import Registration
from kiosk.uplink import messages as wire
from kiosk.uplink import pigeonholes
from kiosk.uplink.copies import CopyAnswer
from kiosk.uplink.problems import Problem
from kiosk.uplink.reprints import copy_of, registration_request
from tests.central.server import RunningCentral, with_store
from tests.journey.play import DOCUMENT
from tests.uplink.kiosk import Hand, a_certificate, a_claim
from tests.uplink.test_reprints import GIVEN

PROBLEM = {"Content-Type": "application/problem+json"}
OLDER = msgspec.json.encode(Problem("urn:kiosk:problem:not-found", "there is nothing here", 404))
IN_ORDER = ["POST /v1/claims", "POST /v1/submissions", "POST /v1/registrations"]
UNKNOWN = [(404, OLDER, PROBLEM), (405, b"<html>", {}), (404, b"<html>", {}), (503, b"", {})]


def a_registration() -> Registration:
    """Return a registered sale of its own."""
    return Registration(a_certificate().reference, DOCUMENT)


def known(central: RunningCentral) -> set[str]:
    """Return the references of all registered sales that the centre knows."""

    def keys(store):
        with store.read() as connection:
            return set(connection.scalars(sa.select(registrations.c.key)))

    return with_store(central.database, keys)


def test_it_goes_without_waiting_and_once(hand: Hand, central: RunningCentral) -> None:
    """Nobody's journey waits for the answer, so it is delivered at once; put again by a register that is asked, it is the same."""
    told = a_registration()
    hand.box.put_registration(told)
    assert hand.box.deliver_due() == 1
    hand.box.put_registration(told)
    assert hand.deliver() == 0
    assert told.reference in known(central)


def test_another_document_under_the_same_reference_is_not_kept(hand: Hand) -> None:
    """One receipt has one document: another is JournalFault."""
    told = a_registration()
    hand.box.put_registration(told)
    with pytest.raises(JournalFault, match="another message"):
        hand.box.put_registration(replace(told, document=replace(DOCUMENT, number=28)))


@pytest.mark.parametrize(("status", "body", "headers"), UNKNOWN)
def test_a_centre_that_does_not_take_it_is_told_later_and_holds_nothing_up(
    hand: Hand, central: RunningCentral, status: int, body: bytes, headers: dict[str, str]
) -> None:
    """An older centre, or a proxy that knows no such address: what is about money goes on, few are tried for all, none is lost."""
    told = [a_registration() for _ in range(3)]
    for each in told:
        hand.box.put_registration(each)
    central.wire.answer("/v1/registrations", body, status, headers)
    assert hand.deliver() == 0
    assert [hand.box.deliver_due() for _ in range(5)] == [0] * 5
    assert central.wire.calls == ["POST /v1/registrations"] * 2
    money = a_claim()
    hand.box.put_claim(money)
    assert hand.deliver() == 1
    assert (hand.dead, hand.box.pending().count) == ([], 3)
    central.up()
    hand.later(900)
    assert hand.deliver() == 3
    assert {each.reference for each in told} <= known(central)


def test_an_older_centre_is_asked_less_and_less(hand: Hand, central: RunningCentral) -> None:
    """However many registered sales wait, a centre that takes none is asked after waits that grow, as if there were one."""
    for _ in range(30):
        hand.box.put_registration(a_registration())
    central.wire.answer("/v1/registrations", OLDER, 404, PROBLEM)
    for _ in range(600):
        hand.box.deliver_due()
        hand.later(5)
    assert len(central.wire.calls) <= 12


def test_what_waits_for_an_older_centre_is_not_written_again_and_again(hand: Hand, central: RunningCentral) -> None:
    """A failed try writes about the one that was tried, and of the others nothing."""
    for _ in range(30):
        hand.box.put_registration(a_registration())
    central.wire.answer("/v1/registrations", OLDER, 404, PROBLEM)
    before = hand.box._holes._db.total_changes
    for _ in range(2):
        hand.box.deliver_due()
    assert hand.box._holes._db.total_changes - before <= 4


def test_nothing_is_looked_for_while_an_older_centre_is_waited_for(hand: Hand, central: RunningCentral) -> None:
    """The outbox rests until one of many registered sales may be tried again, and for a claim it rests no longer than before."""
    for _ in range(3):
        hand.box.put_registration(a_registration())
    central.wire.answer("/v1/registrations", OLDER, 404, PROBLEM)
    for _ in range(2):
        hand.box.deliver_due()
    assert hand.box._holes.next_due_ms(hand.now_ms) == 10_000
    hand.box.put_claim(a_claim())
    hand.later(9)
    assert hand.box._holes.next_due_ms(hand.now_ms) == 1_000
    assert hand.deliver() == 1


def test_one_that_always_fails_stops_no_other(hand: Hand, central: RunningCentral) -> None:
    """Where a proxy fails over one registered sale, those put before and after it are told, and it is tried again itself."""
    bad, *good = (a_registration() for _ in range(4))
    hand.box.put_registration(bad)
    central.wire.answer("/v1/registrations", b"", 504)
    hand.box.deliver_due()
    central.up()
    for each in good:
        hand.box.put_registration(each)
    assert hand.box.deliver_due() == 3
    hand.later(900)
    assert hand.box.deliver_due() == 1
    assert {each.reference for each in (bad, *good)} <= known(central)


def test_registered_sales_leave_room_for_money(hand: Hand, monkeypatch: pytest.MonkeyPatch) -> None:
    """So many may wait and no more; what is there can be put again, and what is about money finds its place."""
    monkeypatch.setattr(pigeonholes, "REGISTRATIONS_AT_MOST", 2)
    told = [a_registration() for _ in range(3)]
    for each in (*told[:2], *told[:2]):
        hand.box.put_registration(each)
    with pytest.raises(JournalFault, match="2 registered sales wait"):
        hand.box.put_registration(told[2])
    hand.box.put_claim(a_claim())
    assert hand.box.pending().count == 3


def test_what_is_about_money_goes_first(hand: Hand, central: RunningCentral) -> None:
    """Of all that waits, submissions and claims are delivered before registered sales that were put earlier."""
    hand.box.put_registration(a_registration())
    hand.box.put_claim(a_claim())
    hand.box.put_submission(a_certificate())
    assert hand.deliver() == 3
    assert [call for call in central.wire.calls if call.startswith("POST")] == IN_ORDER


def make_older(hand: Hand) -> sqlite3.Connection:
    """Make a closed outbox one of schema 2, and return its database."""
    db = sqlite3.connect(hand.path, isolation_level=None)
    (made,) = db.execute("SELECT sql FROM sqlite_master WHERE name = 'outbox'").fetchone()
    older = made.replace("TABLE outbox", "TABLE older").replace(", 'registration'", "")
    db.executescript(
        f"{older}; INSERT INTO older SELECT * FROM outbox; DROP TABLE outbox; ALTER TABLE older RENAME TO outbox;"
        "CREATE INDEX outbox_waiting ON outbox (seq) WHERE state = 'waiting'; PRAGMA user_version = 2"
    )
    return db


def test_an_outbox_more_than_half_full_is_brought_to_schema_3(hand: Hand, monkeypatch: pytest.MonkeyPatch) -> None:
    """Migrating an outbox needs no room for a second one of its size."""
    for _ in range(300):
        hand.box.put_claim(a_claim())
    hand.box.close()
    db = make_older(hand)
    db.execute("VACUUM")
    ((pages,),) = db.execute("PRAGMA page_count")
    db.close()
    monkeypatch.setattr(pigeonholes, "PAGES_AT_MOST", pages + 10)
    hand.box = hand.open()
    hand.box.put_registration(a_registration())
    assert hand.box.pending().count == 301


def test_an_outbox_of_schema_2_takes_it(hand: Hand, central: RunningCentral) -> None:
    """What an older program has put stays in its order and is delivered, and a registered sale has its place."""
    old = [a_claim(), a_certificate()]
    hand.box.put_claim(old[0])
    hand.box.put_submission(old[1])
    hand.box.close()
    db = make_older(hand)
    with pytest.raises(sqlite3.IntegrityError):
        db.execute("UPDATE outbox SET kind = 'registration'")
    db.close()
    hand.box = hand.open()
    hand.box.put_registration(a_registration())
    assert hand.deliver() == 3
    assert [call for call in central.wire.calls if call.startswith("POST")] == IN_ORDER


def test_it_comes_back_as_it_went() -> None:
    """All that the receipt says of the registered sale survives the way to the centre and back."""
    told = registration_request(Registration("K-1", DOCUMENT), "K").fiscal
    assert copy_of(replace(GIVEN, fiscal=told), "K-1").fiscal == DOCUMENT


def test_an_older_centres_copy_is_read() -> None:
    """A copy without a word of a registered sale, as an older centre gives it, is a copy without the block."""
    older = {key: value for key, value in msgspec.to_builtins(GIVEN).items() if not key.startswith("fiscal")}
    copy = copy_of(msgspec.convert(older, CopyAnswer), "K-1")
    assert (copy.fiscal, copy.fiscal_due) == (None, "")


@pytest.mark.parametrize(
    "wrong",
    [
        {"short_id": ""},
        {"fiscal_id": "x" * 201},
        {"register": "1\n2"},
        {"url": "file:///etc/passwd"},
        {"vat_percent": 101},
        {"amount": wire.Amount(-1)},
        {"amount": wire.Amount(40, "USD")},
    ],
)
def test_a_document_that_cannot_be_right_is_not_printed(wrong) -> None:
    """An identifier that is none, an endless text, a line break, an address that is none, an impossible rate: a copy without the block."""
    told = registration_request(Registration("K-1", DOCUMENT), "K").fiscal
    copy = copy_of(replace(GIVEN, fiscal=replace(told, **wrong)), "K-1")
    assert copy == copy_of(replace(GIVEN, fiscal=None), "K-1")
