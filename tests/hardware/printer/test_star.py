"""The Star dialect: pictures, reports and the counter that proves a window. The other end is a script on a pseudo-terminal."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from typing import Any

import pytest
from PIL import Image

from hardware.printer.driver import EscposPrinter, PrinterSettings, open_driver
from hardware.printer.profiles import PROFILES
from hardware.printer.star import Star
from hardware.printer.star_encode import encode
from hardware.printer.star_status import AutomaticStatus, StarListener, Version
from hardware.printer.status import Condition
from hardware.printer.windows import WINDOW_BYTES
from kiosk.domain.health import Degraded, Failed, Ready
from kiosk.domain.receipt import NotStarted, Partial, Printed
from tests.hardware.printer.samples import PAPERS, PAYMENT, SHORT
from tests.hardware.printer.star_peer import StarPeer, picture, report, star_peer

QUICK: dict[str, Any] = {"grace_s": 0.0, "answer_s": 0.2, "acknowledge_s": 1.0}
FIRST_WINDOW = 3
"""The ETB that ends the first window: the greeting and the opening come before, the opening's with two."""


@contextmanager
def driver(other: StarPeer, **settings: Any) -> Iterator[EscposPrinter]:
    printer = open_driver(PrinterSettings(port=other.port, profile="star-tup900", **{**QUICK, **settings}))
    try:
        yield printer
    finally:
        printer.close()


@pytest.mark.parametrize("name", sorted(PAPERS))
def test_a_paper_arrives_dot_for_dot(name: str) -> None:
    """Each paper is sent dot for dot in windows of at most 2 KB, one at a time, and cut once; nothing sent is unknown to the manual."""
    with star_peer() as other, driver(other) as printer:
        assert printer.print(PAPERS[name]) == Printed()
        drawn = printer.picture(PAPERS[name])
        assert picture(other.pieces[-1], drawn.width).tobytes() == drawn.tobytes()
        assert other.cuts == 1
        assert other.unknown == b""
        assert max(end - begin for begin, end in pairwise(other.ends)) <= WINDOW_BYTES
        assert other.ahead == 0


def test_real_time_questions_are_kept_out_of_pictures() -> None:
    """A row whose dots spell the beginning of a real-time command differs by one dot, and every other row by none."""
    rows = [b"\x1b\x06\x01\x05\x04", b"\x1b\x1b\x06\x06", bytes(range(32))]
    drawn = Image.frombytes("1", (256, 3), b"".join(bytes(255 - dot for dot in row.ljust(32, b"\0")) for row in rows))
    sent = b"".join(encode(drawn))
    assert not re.search(rb"\x1b\x06", sent)
    assert b"b\x05\0\x1b\x46\x01\x05\x04" in sent
    assert b"b\x04\0\x1b\x1b\x46\x06" in sent
    assert b"b\x20\0" + rows[2] in sent


@pytest.mark.parametrize(
    ("bits", "fault"),
    [
        ({"printer": 0x28}, "cover_open"),
        ({"printer": 0x08}, "offline"),
        ({"errors": 0x08}, "cutter"),
        ({"errors": 0x04}, "mechanical"),
        ({"errors": 0x20}, "mechanical"),
        ({"errors": 0x40}, "overheated"),
        ({"more": 0x04}, "mechanical"),
        ({"more": 0x02}, "cover_open"),
        ({"paper": 0x08}, "paper_out"),
        ({"paper": 0x04}, ""),
        ({"printer": 0x06}, ""),
    ],
)
def test_reports_are_read(bits: dict[str, int], fault: str) -> None:
    """Each bit of a report that stands for a fault is that fault, and low paper and the drawer's switch are none."""
    (heard,) = StarListener().hear(report(19, 3, **bits))
    assert isinstance(heard, AutomaticStatus)
    assert heard.condition.fault == fault
    assert heard.condition.paper_low == ("paper" in bits and bits["paper"] == 0x04)
    assert (heard.counter, heard.position) == (19, 3)


def test_short_reports_and_noise() -> None:
    """Reports of seven bytes and of nine, a version and noise share a line in any pieces, and only the noise is dropped."""
    listener = StarListener()
    sent = (
        b"\xff\x13"
        + report(1)[:4]
        + report(2)
        + bytes((0x0F, 2, 8, 0, 0, 0, 0))
        + b"\x1b#*,TUP\n\0"
        + b"\x11"
        + report(3)
    )
    heard = [answer for byte in sent for answer in listener.hear(bytes((byte,)))]
    assert [type(answer) for answer in heard] == [AutomaticStatus, AutomaticStatus, Version, AutomaticStatus]
    assert heard[1] == AutomaticStatus(Condition(frozenset(("offline",))), 0, 0)
    assert heard[2] == Version("TUP")
    assert listener.noise == 7


def test_no_window_is_mistaken_for_a_restart() -> None:
    """Over a hundred windows, none expects the number that a printer restarted in its middle would tell."""
    star = Star(PROFILES["star-tup900"], 30.0)
    counted = star.opening("0000").count(b"\x17")
    for number in range(100):
        asked = star.request(f"{number:04}").count(b"\x17")
        star.expect()
        star.hear(report(asked))
        assert not star.acknowledged(""), "a restarted printer's number"
        counted = (counted + asked) % 32
        star.hear(report(counted))
        assert star.acknowledged("")


def test_an_old_report_is_no_acknowledgement() -> None:
    """A printer that reports by itself and never counts on is told before the first dot."""
    with star_peer(lambda etb: etb == 1) as other, driver(other) as printer:
        assert printer.print(SHORT) == NotStarted("unconfirmed")
        assert not any(other.rows)


def test_a_window_that_is_not_counted() -> None:
    """A window whose ETB the printer does not count is not acknowledged, however often it reports."""
    with star_peer(lambda etb: etb < FIRST_WINDOW + 3) as other, driver(other) as printer:
        outcome = printer.print(PAYMENT)
        assert isinstance(outcome, Partial)
        assert outcome.reason == "unconfirmed"
        assert not other.cuts


def test_a_restart_in_the_middle() -> None:
    """A printer that restarts between two windows counts from the beginning: the paper is Partial."""
    with star_peer() as other, driver(other) as printer:

        def restart(etb: int) -> bool:
            other.counter = 0 if etb == FIRST_WINDOW + 3 else other.counter
            return True

        other.confirm = restart
        outcome = printer.print(PAYMENT)
        assert isinstance(outcome, Partial)


@pytest.mark.parametrize(
    ("bits", "reason"),
    [
        ({"printer": 0x28}, "cover_open"),
        ({"errors": 0x08, "printer": 0x08}, "cutter"),
        ({"paper": 0x08, "printer": 0x08}, "paper_out"),
        ({"more": 0x04, "printer": 0x08}, "mechanical"),
    ],
)
def test_a_fault(bits: dict[str, int], reason: str) -> None:
    """A fault before is NotStarted, one in the middle Partial, each with its reason and at once; health names it too."""
    with star_peer() as other, driver(other) as printer:
        other.bits = bits
        assert printer.print(PAYMENT) == NotStarted(reason)
        assert printer.health() == Failed(reason, "star-tup900")
        assert not any(other.rows)
        other.bits, middle = {}, other.etbs + 6

        def breaks(etb: int) -> bool:
            if etb >= middle:
                other.bits = bits
                other.say(report(other.counter, **bits))
            return etb < middle

        other.confirm = breaks
        begun_s = time.monotonic()
        outcome = printer.print(PAYMENT)
        assert isinstance(outcome, Partial)
        assert outcome.reason == reason
        assert time.monotonic() - begun_s < 5
        other.bits, other.confirm = {}, lambda _: True
        assert printer.print(SHORT) == Printed()
        drawn = printer.picture(SHORT)
        assert picture(other.pieces[-1], drawn.width).tobytes() == drawn.tobytes()
        assert len(other.pieces) == 2


def test_a_torn_row_is_completed() -> None:
    """A printer left in the middle of a row is brought back, and the torn paper is cut off before the next."""
    with star_peer() as other:
        other.heard += b"\x1b*rA\x1b*rP0\0\x1b*rE1\0b\x48\x00\xff"
        with driver(other) as printer:
            assert printer.print(SHORT) == Printed()
            drawn = printer.picture(SHORT)
            assert len(other.pieces) == 2
            assert picture(other.pieces[-1], drawn.width).tobytes() == drawn.tobytes()


def test_a_paper_left_in_the_mouth_is_drawn_in() -> None:
    """A paper that nobody took is drawn in before the next is begun; one that was taken is not asked back."""
    with star_peer() as other, driver(other) as printer:
        other.position_after_cut = 3
        assert printer.print(SHORT) == Printed()
        assert printer.print(SHORT) == Printed()
        assert other.drawn_in == 1
        other.position = 7
        assert printer.print(SHORT) == Printed()
        assert other.drawn_in == 1


def test_health_draws_in_what_is_forgotten() -> None:
    """The idle kiosk's look at the printer draws a forgotten paper in, after its time and not before."""
    with star_peer() as other, driver(other, take_s=0.3) as printer:
        other.position_after_cut = 3
        printer.print(SHORT)
        assert printer.health() == Ready("star-tup900")
        assert other.position == 3
        time.sleep(0.4)
        printer.health()
        assert other.position == 6


def test_a_paper_that_is_stuck_in_the_mouth() -> None:
    """A presenter that does not draw in gets no other paper."""
    with star_peer() as other, driver(other) as printer:
        other.position_after_cut = 3
        printer.print(SHORT)
        other.bits = {"more": 0x04, "printer": 0x08}
        assert printer.print(SHORT) == NotStarted("mechanical")
        assert len(other.pieces) == 1


def test_self_test_and_low_paper() -> None:
    """The self-test names the printer's version and passes; a roll near its end is told by health."""
    with star_peer() as other, driver(other) as printer:
        checks = {check.name: check for check in printer.self_test().checks}
        assert {check.outcome for check in checks.values()} == {"passed"}
        assert checks["answer"].detail == "TUP992 Ver1.2"
        other.bits = {"paper": 0x04}
        assert printer.health() == Degraded("paper_low", "star-tup900")
