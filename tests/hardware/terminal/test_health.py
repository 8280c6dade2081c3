"""Health and self-test, and what a call leaves behind for the next."""

from __future__ import annotations

import time

import pytest
from msgspec.structs import replace

from hardware.terminal.driver import open_driver
from hardware.terminal.settings import TerminalSettings
from kiosk.domain.health import Degraded, Failed, Ready
from kiosk.domain.money import Money
from kiosk.domain.payment import Authorisation, TransactionMark
from tests.hardware.terminal.peer import TIMINGS, frame
from tests.hardware.terminal.scripts import ENQUIRY, REGISTRATION, YES, status

SALE = Money(240)
BEFORE = TransactionMark("0022", "000022", "", "120000", "1124")
SOLD = Authorisation(SALE, TransactionMark("0023", "000023", "", "120000", "1124"))
REVERSAL = "06 30 10 00 00 00 87 00 23 04 00 00 00 00 02 40 49 09 44"


@pytest.mark.parametrize(
    ("code", "health"),
    [
        ("00", Ready("status 00")), ("DC", Degraded("card_inside", "status DC")), ("9C", Failed("busy", "status 9C")),
        ("DF", Failed("out_of_order", "status DF")), ("F0", Failed("needs_end_of_day", "status F0")),
        ("C0", Failed("out_of_order", "status C0")),
    ],
)  # fmt: skip
def test_health(zvt, peer, terminal, code, health):
    """Each status of the terminal is one health with its reason."""

    def script() -> None:
        terminal.register()
        terminal.enquired(code)

    with peer.playing(script):
        assert zvt.health() == health


def test_health_registers_once(zvt, peer, terminal):
    """While the line lives, health is one short question."""

    def script() -> None:
        terminal.register()
        terminal.enquired()
        terminal.enquired()

    with peer.playing(script):
        assert isinstance(zvt.health(), Ready)
        assert isinstance(zvt.health(), Ready)


def test_health_of_a_silent_terminal(hasty):
    """Silence is said within the limit."""
    started = time.monotonic()
    health = hasty.health()
    assert isinstance(health, Failed)
    assert health.reason == "silent"
    assert time.monotonic() - started < 2


def test_health_of_a_terminal_at_work(hasty, peer, terminal):
    """A terminal that starts a job of its own on being asked is busy; what it says meanwhile is answered."""

    def script() -> None:
        terminal.register()
        peer.hear(ENQUIRY)
        peer.say(YES)
        peer.tell("04 FF 01 0F")

    with peer.playing(script):
        health = hasty.health()
    assert isinstance(health, Failed)
    assert health.reason == "busy"


def test_health_comes_and_goes_with_the_line(tmp_path, peer, terminal):
    """An unplugged terminal is absent, and well again soon after it is plugged in, without a restart."""
    link = tmp_path / "terminal"
    zvt = open_driver(TerminalSettings(port=str(link), timings=TIMINGS))
    absent = zvt.health()
    assert isinstance(absent, Failed)
    assert absent.reason == "absent"
    link.symlink_to(peer.port)
    time.sleep(0.06)

    def script() -> None:
        terminal.register()
        terminal.enquired()

    with peer.playing(script):
        assert zvt.health() == Ready("status 00")
    zvt.close()


def test_health_leaves_a_held_sale_alone(zvt, peer, terminal):
    """While an approval waits to be settled, health and self-test send nothing."""

    def script() -> None:
        terminal.accept()
        peer.say(status())

    with peer.playing(script):
        zvt.pay(SALE, "A-1", lambda _: None)
    assert isinstance(zvt.health(), Ready)
    assert zvt.self_test().outcome == "degraded"
    assert peer.quiet(0.05)


def test_leftovers_are_answered_before_the_next_command(zvt, peer, terminal):
    """What the terminal said since the last call is answered first; a forgotten sale is refused."""

    def script() -> None:
        terminal.register()
        terminal.enquired()

    with peer.playing(script):
        zvt.health()
    peer.write(frame("06 D1 02 00 41") + frame(status()) + frame("06 D8 00"))

    def then() -> None:
        assert peer.read(3) == b"\x06" * 3
        peer.hear(YES)
        peer.hear("84 66 00")
        peer.hear("84 83 00")
        terminal.enquired()

    with peer.playing(then):
        assert isinstance(zvt.health(), Ready)


def test_self_test_passes(zvt, terminal):
    """A good terminal passes every check."""
    with terminal.peer.playing(lambda: terminal.recover(status())):
        report = zvt.self_test()
    assert [(check.name, check.outcome) for check in report.checks] == [
        ("port", "passed"), ("registration", "passed"), ("status", "passed"), ("last_transaction", "passed"),
    ]  # fmt: skip
    assert "0023" in report.checks[-1].detail


def test_self_test_names_the_first_thing_wrong(hasty, peer, terminal):
    """A failed check says what to do, and the checks that need it are left out."""
    with peer.playing(lambda: peer.hear(REGISTRATION)):
        report = hasty.self_test()
    assert [(check.name, check.outcome) for check in report.checks] == [("port", "passed"), ("registration", "failed")]
    assert "115200" in report.checks[-1].advice
    peer.unplug()
    report = hasty.self_test()
    assert [(check.name, check.outcome) for check in report.checks] == [("port", "failed")]
    assert report.checks[0].advice


def test_self_test_of_a_terminal_with_a_status(zvt, peer, terminal):
    """A status other than ready fails or degrades its check with the manual's remedy, and the rest is still tested."""
    with peer.playing(lambda: [terminal.register(), terminal.enquired("F0"), terminal.tell_last(None)]):
        report = zvt.self_test()
    assert [check.outcome for check in report.checks] == ["passed", "passed", "failed", "passed"]
    assert "end-of-day" in report.checks[2].advice


def test_self_test_of_a_terminal_with_an_unknown_status(zvt, peer, terminal):
    """A status that only the terminal's manual explains sends the technician there, and not to the terminal's service."""
    with peer.playing(lambda: [terminal.register(), terminal.enquired("7E"), terminal.tell_last(None)]):
        report = zvt.self_test()
    assert report.checks[2].outcome == "failed"
    assert "manual" in report.checks[2].advice


def test_the_terminals_own_jobs_are_heard_to_their_end(peer, terminal):
    """A status enquiry may start an end of day: the terminal is busy then, not hung up on, and its prints and totals are answered."""
    zvt = open_driver(TerminalSettings(port=peer.port, timings=replace(TIMINGS, health_limit_s=1.0)))

    def start() -> None:
        terminal.register()
        peer.hear(ENQUIRY)
        peer.say(YES)
        peer.tell("04 FF 01 0E")

    with peer.playing(start):
        busy = zvt.health()
    assert isinstance(busy, Failed)
    assert busy.reason == "busy"

    def end() -> None:
        peer.tell("06 D1 07 00 54 4F 54 41 4C 53")
        peer.tell("04 0F 0D 27 00 04 00 00 00 00 02 40 60 F0 F0 F0")
        peer.tell("06 0F 00")
        terminal.enquired()

    with peer.playing(end):
        assert isinstance(zvt.health(), Ready)
    zvt.close()
