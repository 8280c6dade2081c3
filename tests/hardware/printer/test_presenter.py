"""A kiosk printer with a presenter: the paper is held out, taken or drawn in again, and nobody gets another's."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from hardware.printer.status import FullStatus, Listener, RealTime, Report
from kiosk.domain.receipt import Partial, Printed
from tests.hardware.printer.samples import PAYMENT, SHORT
from tests.hardware.printer.sim_host import printer_and_host
from tests.hardware.printer.wire import is_exactly, wire


def test_a_paper_taken_in_time_is_not_drawn_in(tmp_path: Path) -> None:
    """A paper that has been taken is not asked back, and the time of the next one begins anew."""
    with wire(tmp_path, "custom", take_s=0.4) as wired:
        assert wired.driver.print(SHORT) == Printed()
        wired.do("take")
        time.sleep(0.5)
        wired.driver.health()
        assert wired.driver.print(SHORT) == Printed()
        wired.driver.health()
        assert wired.do("state")["fates"] == {1: "taken"}
        assert wired.do("state")["held_out"]


def test_a_restarted_kiosk_draws_in_what_it_finds(tmp_path: Path) -> None:
    """A program that knows nothing of the paper in the mouth gives it its time, and then draws it in."""
    with wire(tmp_path, "custom", take_s=0.4) as wired:
        assert wired.driver.print(SHORT) == Printed()
        wired.restart()
        wired.driver.health()
        assert wired.do("state")["held_out"]
        time.sleep(0.5)
        wired.driver.health()
        assert wired.do("state")["fates"] == {1: "retracted"}


@pytest.mark.parametrize(
    ("happens", "ends"), [("paper_out", "paper_in"), ("cover_open", "cover_close"), ("unplug", "plug")]
)
def test_a_broken_off_paper_is_not_held_out(tmp_path: Path, happens: str, ends: str) -> None:
    """What broke off is never held out to the next citizen together with his own paper."""
    with wire(tmp_path, "custom") as wired:
        printing = wired.begin(PAYMENT)
        wired.do(happens)
        assert isinstance(printing.result(30), Partial)
        wired.do(ends)
        assert wired.driver.print(SHORT) == Printed()
        assert is_exactly(wired.papers()[-1], wired, SHORT)
        assert wired.do("state")["held_out"]


def test_a_full_status_is_no_report() -> None:
    """The six bytes of a full status are told from reports and answers, in any pieces, and hide none that follow."""
    listener = Listener()
    heard = [
        answer for byte in bytes.fromhex("10 0f 20 00 00 00 12 10 00 00 0f") for answer in listener.hear(bytes((byte,)))
    ]
    assert [type(answer) for answer in heard] == [FullStatus, RealTime, Report]
    assert heard[0] == FullStatus(in_mouth=True)
    assert listener.hear(bytes.fromhex("10 0f 04 00 00 00")) == [FullStatus(in_mouth=False)]
    assert listener.noise == 0


def test_the_simulated_presenter(tmp_path: Path) -> None:
    """The printer itself, by its bytes: held back, held out, thrown out, and pushed out by the next piece."""
    dot = bytes.fromhex("1d 76 30 00 01 00 01 00 80 1d 56 00 1d 72 01")
    with printer_and_host(tmp_path, model="custom") as host:
        assert host.ask(dot) == b"\0"
        assert host.ask(b"\x10\x04\x14", 6).hex(" ") == "10 0f 00 00 00 00"
        assert host.ask(b"\x1de\x06").hex() == "04"
        assert not host.printer.do({"do": "take"})["ok"]
        assert host.ask(b"\x1de\x03\x40\x1dr\x01") == b"\0"
        assert host.ask(b"\x10\x04\x14", 6).hex(" ") == "10 0f 20 00 00 00"
        assert host.ask(dot) == b"\0"
        assert host.ask(b"\x1de\x05\x1dr\x01") == b"\0"
        assert host.printer.do({"do": "state"})["fates"] == {1: "dropped", 2: "dropped"}
        host.printer.do({"do": "cover_open"})
        assert host.ask(b"\x10\x04\x14", 6).hex(" ") == "10 0f 00 02 00 00"
