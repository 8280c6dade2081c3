"""A payment's usual ends, each against a terminal that does exactly one thing."""

from __future__ import annotations

import pytest

from hardware.terminal.driver import ZvtTerminal
from kiosk.domain.money import Money
from kiosk.domain.payment import Approved, Cancelled, Declined, TransactionMark, Unresolved
from kiosk.domain.signals import Progress
from tests.hardware.terminal import frames
from tests.hardware.terminal.peer import ACK, Peer, frame
from tests.hardware.terminal.scripts import ABORT, AUTHORISATION, YES, Terminal, status

SALE = Money(240)


def pay(zvt: ZvtTerminal, heard: list[Progress] | None = None):
    return zvt.pay(SALE, "A-1", (heard if heard is not None else []).append)


def approved(zvt: ZvtTerminal, peer: Peer, terminal: Terminal) -> Approved:
    def script() -> None:
        terminal.accept()
        peer.say(status())

    with peer.playing(script):
        outcome = pay(zvt)
    assert isinstance(outcome, Approved)
    return outcome


def test_approved_is_returned_unanswered(zvt, peer, terminal):
    """An approval is returned while the terminal still waits: it has our ACK and no 80 00 00."""
    outcome = approved(zvt, peer, terminal)
    assert peer.quiet(0.2)
    sale = outcome.authorisation
    assert (sale.amount, sale.terminal_id) == (SALE, "29001006")
    assert sale.mark == TransactionMark("0023", "000023", "", "120000", "1124")


def test_progress_is_reported(zvt, peer, terminal):
    """What the terminal is doing reaches the screen as a word and the terminal's own text."""
    heard: list[Progress] = []

    def script() -> None:
        terminal.accept()
        peer.tell(frames.INSERT_CARD)
        peer.tell("04 FF 01 04")
        peer.tell(status("05"))
        peer.tell("06 1E 01 05")

    with peer.playing(script):
        pay(zvt, heard)
    assert [told.code for told in heard] == ["insert_card", "insert_card", "contacting_bank"]
    assert heard[1].text.startswith("Karte vorhalten")


def test_a_failing_screen_does_not_harm_the_payment(zvt, peer, terminal):
    """An error in the report of progress does not reach the payment."""

    def script() -> None:
        terminal.accept()
        peer.say(status())

    def fail(_progress: Progress) -> None:
        raise ValueError("no screen")

    with peer.playing(script):
        assert isinstance(zvt.pay(SALE, "A-1", fail), Approved)


def test_settled_is_acknowledged_and_stands(zvt, peer, terminal):
    """Settling answers 80 00 00, takes the receipts, and ends approved with 06 0F."""
    outcome = approved(zvt, peer, terminal)

    def script() -> None:
        peer.hear(YES)
        peer.tell("06 D1 03 00 41 42")
        peer.tell(frames.PRINT_BLOCK)
        peer.tell("06 0F 00")

    with peer.playing(script):
        assert zvt.settle("A-1") == outcome


def test_settled_and_reversed_is_cancelled(zvt, peer, terminal):
    """A terminal that ends with 06 1E after our acknowledgement has reversed the sale."""
    approved(zvt, peer, terminal)

    def script() -> None:
        peer.hear(YES)
        peer.tell("06 1E 01 6C")

    with peer.playing(script):
        assert zvt.settle("A-1") == Cancelled()


def test_a_failure_told_by_status_is_cancelled_too(zvt, peer, terminal):
    """A 04 0F with a failure after our acknowledgement says reversed, even if 06 0F ends it."""
    approved(zvt, peer, terminal)

    def script() -> None:
        peer.hear(YES)
        peer.tell(frames.ABORTED_STATUS)
        peer.tell("06 0F 00")

    with peer.playing(script):
        assert zvt.settle("A-1") == Cancelled()


def test_repeats_while_the_caller_journals(zvt, peer, terminal):
    """A 04 0F repeated while the caller was busy is acknowledged each time and answered once."""
    outcome = approved(zvt, peer, terminal)
    peer.write(frame(status()) * 2)

    def script() -> None:
        assert peer.read(2) == ACK * 2
        peer.hear(YES)
        peer.tell("06 0F 00")

    with peer.playing(script):
        assert zvt.settle("A-1") == outcome


def test_a_repeat_that_crosses_our_answer(zvt, peer, terminal):
    """A 04 0F repeated just as we answer it is answered again in the same way."""
    outcome = approved(zvt, peer, terminal)

    def script() -> None:
        peer.hear(YES)
        peer.tell(status())
        peer.tell("06 0F 00")

    with peer.playing(script):
        assert zvt.settle("A-1") == outcome


@pytest.mark.parametrize(("end", "outcome"), [("06 1E 01 6C", Cancelled), ("06 0F 00", Unresolved)])
def test_too_late_to_settle(zvt, peer, terminal, end, outcome):
    """A terminal that has gone on is answered what it said since, and no late yes besides; its end says what became of it."""
    approved(zvt, peer, terminal)
    peer.write(frame("04 FF 01 05") + frame("06 D8 00"))

    def script() -> None:
        assert peer.read(2) == ACK * 2
        peer.hear(YES)
        peer.hear("84 83 00")
        peer.tell(end)

    with peer.playing(script):
        assert isinstance(zvt.settle("A-1"), outcome)
    assert peer.quiet(0.05)


def test_line_lost_while_settling_is_unresolved(zvt, peer, terminal):
    """A line that dies before the end of a settlement leaves it unresolved."""
    approved(zvt, peer, terminal)

    def script() -> None:
        peer.hear(YES)
        peer.unplug()

    with peer.playing(script):
        assert isinstance(zvt.settle("A-1"), Unresolved)


def test_silence_while_settling_is_unresolved(hasty, peer, terminal):
    """A terminal that falls silent after our acknowledgement leaves it unresolved, in bounded time."""
    approved(hasty, peer, terminal)
    with peer.playing(lambda: peer.hear(YES)):
        assert isinstance(hasty.settle("A-1"), Unresolved)


def test_nothing_to_settle_is_unresolved(zvt, peer, terminal):
    """Settling what was never approved, or another reference, or twice, says nothing and is unresolved."""
    assert isinstance(zvt.settle("A-1"), Unresolved)
    approved(zvt, peer, terminal)
    assert isinstance(zvt.settle("B-2"), Unresolved)
    assert isinstance(zvt.settle("A-1"), Unresolved)
    assert peer.quiet(0.05)


def test_declined(zvt, peer, terminal):
    """A refusal of the bank is acknowledged, led to its end and returned with code and text."""

    def script() -> None:
        terminal.accept()
        peer.tell(frames.DECLINED)
        peer.tell("06 1E 01 05")

    with peer.playing(script):
        assert pay(zvt) == Declined("05", "Karte abgelehnt")


def test_declined_and_completed_is_declined(zvt, peer, terminal):
    """A refusal that a terminal closes with 06 0F is still a refusal."""

    def script() -> None:
        terminal.accept()
        peer.tell(status("05"))
        peer.tell("06 0F 00")

    with peer.playing(script):
        assert pay(zvt) == Declined("05", "")


def test_declined_then_approved_is_approved(zvt, peer, terminal):
    """After a wrong PIN the terminal may ask again: the last word counts."""

    def script() -> None:
        terminal.accept()
        peer.tell(status("55"))
        peer.tell("04 FF 01 01")
        peer.say(status())

    with peer.playing(script):
        assert isinstance(pay(zvt), Approved)


@pytest.mark.parametrize("course", [["06 1E 01 6C"], ["06 1E 00"], [frames.ABORTED_STATUS, "06 1E 01 6C"]])
def test_cancelled_at_the_terminal(zvt, peer, terminal, course):
    """The citizen's stop key, in every form a terminal reports it, is cancelled."""

    def script() -> None:
        terminal.accept()
        for step in course:
            peer.tell(step)

    with peer.playing(script):
        assert pay(zvt) == Cancelled()


def test_cancelled_by_the_kiosk(zvt, peer, terminal):
    """``cancel`` sends one abort, and the end that the terminal reports is the outcome."""

    def script() -> None:
        terminal.accept()
        zvt.cancel()
        peer.hear(ABORT)
        peer.say(YES)
        peer.tell(frames.ABORT_WITH_TEXT)

    with peer.playing(script):
        assert pay(zvt) == Cancelled()


def test_a_card_faster_than_the_abort_is_approved(zvt, peer, terminal):
    """An abort that the terminal refuses changes nothing: the approval counts."""

    def script() -> None:
        terminal.accept()
        zvt.cancel()
        peer.hear(ABORT)
        peer.say("84 83 00")
        peer.say(status())

    with peer.playing(script):
        assert isinstance(pay(zvt), Approved)


def test_an_ignored_abort_is_no_fault(hasty, peer, terminal):
    """A terminal that does not even acknowledge the abort is listened to on: its approval counts."""

    def script() -> None:
        terminal.accept()
        hasty.cancel()
        assert peer.take() == ABORT
        peer.say(status())

    with peer.playing(script):
        assert isinstance(pay(hasty), Approved)


def test_cancel_before_pay_prevents_it(zvt, peer, terminal):
    """A cancel that comes before the payment has begun prevents it, once."""

    def script() -> None:
        terminal.register()
        terminal.tell_last(None)

    with peer.playing(script):
        zvt.last_transaction()
    zvt.cancel()
    assert pay(zvt) == Cancelled()
    assert peer.quiet(0.05)


@pytest.mark.parametrize("answer", ["84 1E 03 6F 09 78", "84 6F 00"])
def test_refused_at_once_is_declined(zvt, peer, terminal, answer):
    """A terminal that does not begin has taken nothing."""

    def script() -> None:
        terminal.register()
        peer.hear(AUTHORISATION)
        peer.say(answer)

    with peer.playing(script):
        assert pay(zvt) == Declined("6F", "the terminal did not begin")
