"""A payment that goes wrong, each against a terminal that does exactly one thing."""

from __future__ import annotations

import threading
import time

import pytest

from hardware.terminal.driver import ZvtTerminal
from kiosk.domain.faults import DeviceAbsent, DeviceFault, DeviceSilent, ProtocolError
from kiosk.domain.money import Money
from kiosk.domain.payment import Approved, Cancelled, Declined, Unresolved
from kiosk.domain.signals import Progress
from tests.hardware.terminal import frames
from tests.hardware.terminal.peer import frame
from tests.hardware.terminal.scripts import ABORT, AUTHORISATION, REGISTRATION, YES, apdu, status

SALE = Money(240)


def pay(zvt: ZvtTerminal, heard: list[Progress] | None = None):
    return zvt.pay(SALE, "A-1", (heard if heard is not None else []).append)


@pytest.mark.parametrize(
    "odd",
    [
        status(amount="00 00 00 00 02 41"), status(currency="09 78"), apdu("04 0F", "27 00"),
        apdu("04 0F", "27 00 04 00 00 00 00 02 40"), apdu("04 0F", "04 00 00 00 00 02 40 49 09 44"),
        apdu("04 0F", "27 00 04 00 00 00 00 02 40 77 49 09 44"),
    ],
)  # fmt: skip
def test_what_was_not_asked_is_refused(zvt, peer, terminal, odd):
    """Another amount, another currency, or one not stated: refused with 84 66 00, and unresolved."""

    def script() -> None:
        terminal.accept()
        peer.say(odd)
        peer.hear("84 66 00")
        peer.tell(frames.ABORTED_STATUS)
        peer.tell("06 1E 01 6C")

    with peer.playing(script):
        outcome = pay(zvt)
    assert isinstance(outcome, Unresolved)
    assert "not what was asked" in outcome.evidence


def test_completed_without_a_result_is_unresolved(zvt, peer, terminal):
    """06 0F without any 04 0F says nothing about the money."""

    def script() -> None:
        terminal.accept()
        peer.tell("06 0F 00")

    with peer.playing(script):
        assert isinstance(pay(zvt), Unresolved)


def test_what_came_before_is_not_taken_for_ours(zvt, peer, terminal):
    """An end or an approval that comes before our command is accepted belongs to something older: no yes for it."""

    def script() -> None:
        terminal.register()
        peer.hear(AUTHORISATION)
        peer.tell("06 1E 01 6C")
        peer.say(status(receipt="00 22"))
        peer.hear("84 66 00")
        peer.say(YES)
        peer.tell("06 1E 01 05")

    with peer.playing(script):
        assert pay(zvt) == Declined("05")


def test_no_first_answer_is_unresolved(hasty, peer, terminal):
    """A terminal that acknowledges the payment and does not answer within T3 leaves it unresolved."""

    def script() -> None:
        terminal.register()
        peer.hear(AUTHORISATION)

    with peer.playing(script):
        outcome = pay(hasty)
    assert isinstance(outcome, Unresolved)
    assert "did not answer" in outcome.evidence


def test_no_acknowledgement_is_unresolved(hasty, peer, terminal):
    """A payment sent three times without an ACK may have arrived: unresolved, not a fault."""

    def script() -> None:
        terminal.register()
        for _ in range(3):
            assert peer.take() == AUTHORISATION

    with peer.playing(script):
        assert isinstance(pay(hasty), Unresolved)


def test_silence_in_between_is_unresolved(hasty, peer, terminal):
    """T4 without a sign of life leaves the payment unresolved."""
    with peer.playing(terminal.accept):
        outcome = pay(hasty)
    assert isinstance(outcome, Unresolved)
    assert "did not come to an end" in outcome.evidence


def test_signs_of_life_begin_t4_anew(hasty, peer, terminal):
    """Each 04 FF grants another T4, so that a slow citizen is not cut short."""

    def script() -> None:
        terminal.accept()
        for _ in range(4):
            time.sleep(0.25)
            peer.tell("04 FF 01 0E")
        peer.say(status())

    with peer.playing(script):
        assert isinstance(pay(hasty), Approved)


def test_a_terminal_may_ask_for_more_time(hasty, peer, terminal):
    """A 04 FF may carry a longer T4, in minutes."""

    def script() -> None:
        terminal.accept()
        peer.tell("04 FF 02 0F 01")
        time.sleep(0.7)
        peer.say(status())

    with peer.playing(script):
        assert isinstance(pay(hasty), Approved)


def test_signs_of_life_do_not_last_for_ever(hasty, peer, terminal):
    """However lively the terminal, a payment ends by its limit."""

    def script() -> None:
        terminal.accept()
        peer.tell("04 FF 02 0F 09")

    started = time.monotonic()
    with peer.playing(script):
        assert isinstance(pay(hasty), Unresolved)
    assert time.monotonic() - started < 4


def test_line_lost_in_between_is_unresolved(zvt, peer, terminal):
    """A line that dies while the citizen pays leaves the payment unresolved."""

    def script() -> None:
        terminal.accept()
        peer.unplug()

    with peer.playing(script):
        assert isinstance(pay(zvt), Unresolved)


def test_declined_before_the_line_died_is_declined(zvt, peer, terminal):
    """What the terminal has said of a refusal holds, even if the line dies before its end."""

    def script() -> None:
        terminal.accept()
        peer.tell(status("05"))
        peer.unplug()

    with peer.playing(script):
        assert pay(zvt) == Declined("05")


def test_absent_before_it_began_is_a_fault(zvt, peer):
    """Without a terminal no payment starts: a fault, and no doubt."""
    peer.unplug()
    with pytest.raises(DeviceAbsent):
        pay(zvt)


def test_silent_before_it_began_is_a_fault(hasty, peer):
    """A terminal that does not even register is a fault, and no doubt."""
    with pytest.raises(DeviceSilent):
        pay(hasty)


@pytest.mark.parametrize("amount", [Money(0), Money(-1), Money(10**12), Money(100, "EUR")])
def test_impossible_amounts_are_faults(zvt, peer, amount):
    """An amount that cannot be asked for is refused before anything is sent."""
    with pytest.raises(DeviceFault):
        zvt.pay(amount, "A-1", lambda _: None)
    assert peer.quiet(0.05)


def test_garbage_within_a_payment(zvt, peer, terminal):
    """Noise, a damaged frame and a broken one within a payment cost their repeats and nothing else."""
    good = frame(status())

    def script() -> None:
        terminal.accept()
        peer.write(b"\x00\x15\x03\x69" + good[:-1] + bytes([good[-1] ^ 0x20]))
        assert peer.read(1) == b"\x15"
        peer.write(good[:20])
        assert peer.read(1) == b"\x15"
        peer.say(status())

    with peer.playing(script):
        assert isinstance(pay(zvt), Approved)


def test_registration_refused_is_a_fault_with_its_reason(zvt, peer):
    """A terminal without our currency is found before any payment, and the reason is named."""

    def script() -> None:
        peer.hear(REGISTRATION)
        peer.say("84 1E 03 6F 09 78")

    with peer.playing(script), pytest.raises(ProtocolError) as caught:
        zvt.last_transaction()
    assert caught.value.reason == "wrong_currency"


def test_registration_in_another_currency_is_a_fault(zvt, peer):
    """A terminal that registers in another currency than asked is not used."""

    def script() -> None:
        peer.hear(REGISTRATION)
        peer.say(YES)
        peer.tell(frames.REGISTERED)

    with peer.playing(script), pytest.raises(ProtocolError) as caught:
        zvt.last_transaction()
    assert caught.value.reason == "wrong_currency"


def test_cancel_from_another_thread_while_waiting(zvt, peer, terminal):
    """``cancel`` works from any thread and is noticed within a tenth of a second or so."""
    waiting = threading.Event()

    def script() -> None:
        terminal.accept()
        waiting.set()
        started = time.monotonic()
        peer.hear(ABORT)
        assert time.monotonic() - started < 1
        peer.say(YES)
        peer.tell("06 1E 01 6C")

    presser = threading.Thread(target=lambda: waiting.wait(5) and zvt.cancel())
    presser.start()
    with peer.playing(script):
        assert pay(zvt) == Cancelled()
    presser.join(5)
