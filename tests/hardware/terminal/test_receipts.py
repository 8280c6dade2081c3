"""The card receipts that a terminal has the kiosk print: whole, the customer's, and acknowledged line by line."""

from __future__ import annotations

import pytest

from hardware.terminal.apdu import Apdu
from hardware.terminal.printing import MOST_LINES, Receipts
from kiosk.domain.payment import Approved, Authorisation, TransactionMark
from kiosk.journal.codec import from_row, to_row
from kiosk.journey.answers import PaymentApproved, PaymentSettled
from tests.hardware.terminal.bench import SALE
from tests.hardware.terminal.scripts import AUTHORISATION, YES, apdu, status


def line(text: str, attribute: int = 0, kind: int = 0) -> Apdu:
    behind = bytes([0x06, 0x04, 0x1F, 0x07, 0x01, kind]) if kind else b""
    return Apdu(0x06D1, bytes([attribute]) + text.encode("cp437") + behind)


def block(*texts: str, kind: int = 0, end: int | None = 0x81, charset: bytes = b"") -> Apdu:
    lines = b"".join(bytes([0x07, len(text)]) + text.encode("latin-1") for text in texts)
    lines += bytes([0x09, 0x01, end]) if end is not None else b""
    objects = (b"\x1f\x07\x01" + bytes([kind]) if kind else b"") + charset + bytes([0x25, len(lines)]) + lines
    return Apdu(0x06D3, bytes([0x06, len(objects)]) + objects)


MERCHANT, CUSTOMER, ADMINISTRATION = 1, 2, 3
NAMED = [line("M1", kind=1), line("M2", 0x81, kind=1), line(" C1", kind=2), line("", kind=2), line("C3", 0xFF, kind=2)]


@pytest.mark.parametrize(
    ("told", "slip"),
    [
        (NAMED, (" C1", "", "C3")),
        ([*NAMED[2:], *NAMED[:2]], (" C1", "", "C3")),
        ([line("M"), line("", 0x81), line("C"), line("", 0x81)], ("C",)),
        ([line("only"), line("", 0x81)], ("only",)),
        ([line("broken off")], ("broken off",)),
        ([line("M", 0x80), line("N", 0x81, 1)], ()),
        ([block("M", kind=1), block("C1", "C2", kind=2)], ("C1", "C2")),
        ([block("M1", kind=1, end=None), block("C1", kind=2, end=None)], ("C1",)),
        ([block("C1", kind=2, end=0x40), block("C2", kind=2)], ("C1", "C2")),
        ([block("admin", kind=3), block("M", kind=1)], ()),
        ([block("\xc4rger", kind=2, charset=b"\x14\x01\x01")], ("Ärger",)),
        ([], ()),
    ],
    ids=["named lines", "customer first", "unnamed", "one", "broken off", "merchant only", "blocks", "no ends", "two blocks",
         "no customer", "charset", "nothing"],
)  # fmt: skip
def test_the_customers_receipt(told, slip):
    """Of all that is printed the customer's receipt is found, by its name or by its place, and whole."""
    receipts = Receipts()
    for each in told:
        receipts.take(each)
    assert receipts.customer() == slip
    assert receipts.customer() == slip


def test_a_terminal_that_prints_for_ever():
    """More lines than any receipt has are not kept."""
    receipts = Receipts()
    for _ in range(MOST_LINES + 50):
        receipts.take(line("x"))
    assert len(receipts.customer()) == MOST_LINES


def test_the_slip_comes_with_the_settled_sale(bench):
    """The receipt that the terminal prints at the end of a sale is in the settled outcome: amount, masked card, its own words."""
    bench.driver.last_transaction()
    approved = bench.pay()
    assert isinstance(approved, Approved)
    assert approved.authorisation.slip == ()
    settled = bench.driver.settle("A-1")
    assert isinstance(settled, Approved)
    slip = settled.authorisation.slip
    assert slip[0] == "** CUSTOMER RECEIPT **"
    assert "2.40 AZN" in slip
    assert "Visa Debit ************4242" in slip
    assert bench.outcomes() == ["stored"]


def test_each_line_is_acknowledged(zvt, peer, terminal):
    """Every line and block is answered with 80 00 00, whatever it holds, and the sale is completed with its receipt."""

    def sell() -> None:
        terminal.register()
        peer.hear(AUTHORISATION)
        peer.say(YES)
        peer.say(status())

    with peer.playing(sell):
        assert isinstance(zvt.pay(SALE, "A-1", lambda _: None), Approved)

    def end() -> None:
        peer.hear(YES)
        for printed in (*NAMED, block("C4", kind=2), Apdu(0x06D1), Apdu(0x06D3, b"\xff\xff")):
            peer.tell(printed.encode().hex())
        peer.tell("06 0F 00")

    with peer.playing(end):
        settled = zvt.settle("A-1")
    assert isinstance(settled, Approved)
    assert settled.authorisation.slip == ("C4",)


def test_receipts_of_an_end_of_day_are_acknowledged_too(zvt, peer, terminal):
    """What is printed at other times is taken as well: the terminal is not left waiting."""

    def play() -> None:
        terminal.register()
        peer.hear("06 50")
        peer.say(YES)
        peer.tell(block("totals", kind=3).encode().hex())
        peer.tell(apdu("04 0F", "27 00 04 00 00 00 00 00 00 49 09 44"))
        peer.tell("06 0F 00")

    with peer.playing(play):
        assert zvt.close_batch().count == 0


def test_events_of_before_are_still_read():
    """A journal written before there were slips is read, and one written now tells them."""
    old = to_row(PaymentSettled(7))[0].replace(',"slip":[]', "")
    assert "slip" not in old
    assert from_row(old, None) == PaymentSettled(7)
    approved = PaymentApproved(7, Authorisation(SALE, TransactionMark("0023")))
    body = to_row(approved)[0]
    assert from_row(body.replace(',"slip":[]', ""), None) == from_row(body, None) == approved
    told = PaymentSettled(7, ("a", " b"))
    body, personal = to_row(told)
    assert "slip" not in body  # a card holder's name may stand on it
    assert from_row(body, personal) == told
    assert from_row('{"type":"PaymentSettled","order":7,"slip":["a"," b"]}', None) == told
