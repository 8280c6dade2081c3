"""After doubt: what the terminal did last, and giving money back."""

from __future__ import annotations

import threading
import time

import pytest
from msgspec.structs import replace

from hardware.terminal.driver import ZvtTerminal
from hardware.terminal.settings import TerminalSettings
from kiosk.domain.faults import DeviceFault, DeviceSilent, ProtocolError
from kiosk.domain.money import Money
from kiosk.domain.payment import Approved, Authorisation, Cancelled, Declined, TransactionMark, Unresolved
from tests.hardware.terminal import frames
from tests.hardware.terminal.peer import TIMINGS, settings_for
from tests.hardware.terminal.scripts import ABORT, REGISTRATION, REPEAT_RECEIPT, YES, Terminal, apdu, status

SALE = Money(240)
BEFORE = TransactionMark("0022", "000022", "", "120000", "1124")
SOLD = Authorisation(SALE, TransactionMark("0023", "000023", "", "120000", "1124"))
REVERSAL = "06 30 10 00 00 00 87 00 23 04 00 00 00 00 02 40 49 09 44"


def outcome_when(zvt: ZvtTerminal, terminal: Terminal, last: str | None, before: TransactionMark = BEFORE):
    with terminal.peer.playing(lambda: terminal.recover(last)):
        return zvt.outcome_of("A-1", SALE, before)


def test_last_transaction(zvt, peer, terminal):
    """The mark is what the terminal tells of its last transaction, after a fresh registration."""

    def script() -> None:
        for _ in range(2):
            terminal.register()
            terminal.tell_last(status(receipt="00 22"))

    with peer.playing(script):
        assert zvt.last_transaction() == BEFORE
        assert zvt.last_transaction() == BEFORE


def test_no_transaction_yet(zvt, peer, terminal):
    """A terminal that completes without telling of any transaction has an empty mark."""

    def script() -> None:
        terminal.register()
        terminal.tell_last(None)

    with peer.playing(script):
        assert zvt.last_transaction() == TransactionMark()


def test_a_faltering_line_is_asked_once_more(zvt, peer, terminal):
    """A terminal that was silent once is registered anew and asked again before a payment: asking charges nobody."""

    def script() -> None:
        terminal.register()
        peer.hear(REPEAT_RECEIPT)  # and no answer
        terminal.register()
        terminal.tell_last(status(receipt="00 22"))

    with peer.playing(script):
        assert zvt.last_transaction() == BEFORE


def test_a_silent_terminal_is_asked_twice_at_most(zvt, peer, terminal):
    """Silence to both attempts is a fault, and no payment starts."""

    def script() -> None:
        for _ in range(2):
            terminal.register()
            peer.hear(REPEAT_RECEIPT)

    with peer.playing(script), pytest.raises(DeviceSilent):
        zvt.last_transaction()


@pytest.mark.parametrize(("answer", "reason"), [("84 83 00", "refused"), ("84 9C 00", "busy")])
def test_a_refused_question_is_never_an_empty_mark(zvt, peer, terminal, answer, reason):
    """A terminal that will not tell its last transaction is a fault: no payment could be cleared up later."""

    def script() -> None:
        terminal.register()
        peer.hear(REPEAT_RECEIPT)
        peer.say(answer)

    with peer.playing(script), pytest.raises(ProtocolError) as caught:
        zvt.last_transaction()
    assert caught.value.reason == reason


def test_an_approval_without_a_mark_is_a_fault(zvt, peer, terminal):
    """An approved transaction without number, trace and time could not be told from the next."""

    def script() -> None:
        terminal.register()
        terminal.tell_last(apdu("04 0F", "27 00 04 00 00 00 00 02 40 49 09 44"))

    with peer.playing(script), pytest.raises(ProtocolError) as caught:
        zvt.last_transaction()
    assert caught.value.reason == "no_recovery"


def test_same_mark_is_cancelled(zvt, terminal):
    """If the last transaction is still the one before the payment, nothing was taken."""
    assert outcome_when(zvt, terminal, status(receipt="00 22")) == Cancelled()


def test_none_before_and_none_now_is_cancelled(zvt, terminal):
    """A terminal that had no transaction and has none has taken nothing."""
    assert outcome_when(zvt, terminal, None, TransactionMark()) == Cancelled()


def test_new_and_as_asked_is_approved(zvt, terminal):
    """A new approved transaction with our amount and currency is the sale, and it stands."""
    assert outcome_when(zvt, terminal, status()) == Approved(replace(SOLD, terminal_id="29001006"))


@pytest.mark.parametrize("before", [TransactionMark("9999", "009999", "", "235959", "1231"), TransactionMark()])
def test_marks_are_compared_by_inequality(zvt, terminal, before):
    """Numbers wrap and start anew: any other mark is a new one, whatever its order."""
    assert isinstance(outcome_when(zvt, terminal, status(), before), Approved)


@pytest.mark.parametrize(
    ("last", "outcome"),
    [
        (status(amount="00 00 00 00 02 41"), Unresolved),
        (status(currency="09 78"), Unresolved),
        (status(more="37 00 00 22"), Unresolved),
        (status(more="37 00 00 23"), Cancelled),
        (status("05"), Declined),
        (status("6C"), Cancelled),
        (status("05", amount="00 00 00 00 99 99"), Unresolved),
        (frames.ABORTED_STATUS, Cancelled),
        (apdu("04 0F", "27 00 04 00 00 00 00 02 40 49 09 44"), Unresolved),
        (apdu("04 0F", "77 00 00"), Unresolved),
        (None, Unresolved),
    ],
)
def test_anything_else(zvt, terminal, last, outcome):
    """A failure or a reversal of ours took nothing; what is not clearly ours is unresolved."""
    assert isinstance(outcome_when(zvt, terminal, last), outcome)


def test_waits_until_it_is_ready(zvt, peer, terminal):
    """A terminal that is busy reversing is waited for, and asked once to stop what it does for us."""

    def script() -> None:
        terminal.register()
        terminal.enquired("9C")
        peer.hear(ABORT)
        peer.say(YES)
        terminal.enquired("E1")
        terminal.enquired("9C")
        terminal.enquired()
        terminal.tell_last(status(receipt="00 22"))

    with peer.playing(script):
        assert zvt.outcome_of("A-1", SALE, BEFORE) == Cancelled()


def test_a_sale_still_held_out_is_refused_in_recovery(zvt, peer, terminal):
    """A 04 0F repeated from before a crash is not acknowledged by accident: the terminal is told to reverse."""

    def script() -> None:
        peer.hear(REGISTRATION)
        peer.say(status())
        peer.hear("84 66 00")
        peer.say(YES)
        peer.tell("06 0F 00")
        terminal.enquired()
        terminal.tell_last(status(receipt="00 22"))

    with peer.playing(script):
        assert zvt.outcome_of("A-1", SALE, BEFORE) == Cancelled()


def test_no_answer_is_unresolved_in_bounded_time(hasty):
    """A terminal that stays silent leaves the payment unresolved by the recovery limit."""
    started = time.monotonic()
    outcome = hasty.outcome_of("A-1", SALE, BEFORE)
    assert isinstance(outcome, Unresolved)
    assert "could not be asked" in outcome.evidence
    assert time.monotonic() - started < 4


def test_comes_back_when_the_terminal_does(tmp_path, peer):
    """A terminal that is away when recovery starts is found when its line comes back."""
    link = tmp_path / "terminal"
    zvt = ZvtTerminal(TerminalSettings(port=str(link), timings=TIMINGS))
    plugged = threading.Timer(0.2, lambda: link.symlink_to(peer.port))
    plugged.start()
    with peer.playing(lambda: Terminal(peer).recover(status(receipt="00 22"))):
        assert zvt.outcome_of("A-1", SALE, BEFORE) == Cancelled()
    zvt.close()


def test_close_ends_a_recovery(peer):
    """Closing the driver ends the pauses of a recovery, which stays unresolved."""
    peer.unplug()
    zvt = ZvtTerminal(settings_for(peer, replace(TIMINGS, recovery_limit_s=60.0, retry_first_s=30.0)))
    threading.Timer(0.1, zvt.close).start()
    started = time.monotonic()
    assert isinstance(zvt.outcome_of("A-1", SALE, BEFORE), Unresolved)
    assert time.monotonic() - started < 5


def reverse_when(zvt: ZvtTerminal, terminal: Terminal, course: list[str], last: str | None = None):
    def script() -> None:
        terminal.register()
        terminal.peer.hear(REVERSAL)
        terminal.peer.say(YES)
        for step in course:
            terminal.peer.tell(step)
        if last:
            terminal.recover(last)

    with terminal.peer.playing(script):
        return zvt.reverse(SOLD)


@pytest.mark.parametrize(
    ("course", "outcome"),
    [
        ([status(more="37 00 00 23"), "06 0F 00"], Cancelled()),
        ([status("B4"), "06 1E 01 B4"], Cancelled()),
        (["06 1E 01 B4"], Cancelled()),
        (["06 1E 01 B5"], Declined("B5")),
        ([frames.DECLINED, "06 0F 00"], Declined("05", "Karte abgelehnt")),
    ],
)
def test_reverse(zvt, terminal, course, outcome):
    """The money is back when the terminal says so, or says that it was already; a refusal leaves the sale standing."""
    assert reverse_when(zvt, terminal, course) == outcome


@pytest.mark.parametrize(
    ("last", "outcome"), [(status(receipt="00 24", more="37 00 00 23"), Cancelled), (status(), Unresolved)]
)
def test_reverse_in_doubt_is_asked_for(zvt, terminal, last, outcome):
    """A reversal without a clear end is looked up, never repeated."""
    assert isinstance(reverse_when(zvt, terminal, ["06 0F 00"], last), outcome)


def test_reverse_refused_at_once(zvt, peer, terminal):
    """A terminal that does not begin a reversal leaves the sale standing."""

    def script() -> None:
        terminal.register()
        peer.hear(REVERSAL)
        peer.say("84 83 00")

    with peer.playing(script):
        assert zvt.reverse(SOLD) == Declined("83")


def test_reverse_without_a_receipt_number(zvt, peer):
    """What has no receipt number cannot be reversed, and nothing is sent."""
    assert isinstance(zvt.reverse(Authorisation(SALE, TransactionMark())), Declined)
    assert peer.quiet(0.05)


def test_reverse_without_a_terminal_is_a_fault(zvt, peer):
    """A reversal that never left is a fault, and no doubt."""
    peer.unplug()
    with pytest.raises(DeviceFault):
        zvt.reverse(SOLD)
