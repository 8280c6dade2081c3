"""What the driver makes of right, wrong and missing answers. The other end is a script on a real pseudo-terminal."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from itertools import pairwise
from typing import Any

import pytest

from hardware.printer.driver import EscposPrinter, PrinterSettings, open_driver
from hardware.printer.encode import encode
from hardware.printer.profiles import PROFILES
from hardware.printer.windows import WINDOW_BYTES
from kiosk.domain.health import Failed, Ready
from kiosk.domain.receipt import NotStarted, Partial, Printed, Unverified
from tests.hardware.printer.peer import WELL, Peer, done, peer
from tests.hardware.printer.samples import PAYMENT, SHORT

COVER_OPEN, WELL_REPORT = bytes.fromhex("38 00 00 0f"), bytes.fromhex("10 00 00 0f")
QUICK: dict[str, Any] = {"grace_s": 0.0, "answer_s": 0.1, "acknowledge_s": 0.5}
WINDOW_1 = 2
"""The number of the acknowledgement request that ends the first window."""


@contextmanager
def driver(other: Peer, **settings: Any) -> Iterator[EscposPrinter]:
    printer = open_driver(PrinterSettings(port=other.port, **{**QUICK, **settings}))
    try:
        yield printer
    finally:
        printer.close()


@pytest.mark.parametrize("profile", ["generic-80", "clone-80"])
def test_each_window_waits_for_the_one_before(profile: str) -> None:
    """Never more than one window of 2 KB is on its way, and the last acknowledgements asked for are those of the two cuts."""
    with peer() as other, driver(other, profile=profile) as printer:
        assert printer.print(PAYMENT) == Printed()
        assert max(end - begin for begin, end in pairwise(other.ends)) <= WINDOW_BYTES
        assert other.ahead == 0
        assert len(other.requests) == WINDOW_1 + len(encode(printer.picture(PAYMENT), PROFILES[profile])) + 1
        assert len(set(other.requests[1:])) == (len(other.requests) - 1 if profile == "generic-80" else 1)


def test_the_old_rest_is_never_continued() -> None:
    """Not one byte sequence of all that is sent is DLE ENQ 1, which would print an earlier citizen's dots."""
    with peer() as other, driver(other) as printer:
        other.status[3] = 0x1A
        printer.print(SHORT)
        other.status[3] = 0x12
        printer.print(SHORT)
        assert b"\x10\x05\x02" in other.heard
        assert b"\x10\x05\x01" not in other.heard


@pytest.mark.parametrize("wrong", [b"\x37\x229999\0", b"\0", b"\x37\x23\x41\0\xff\xff"])
def test_a_wrong_acknowledgement_is_none(wrong: bytes) -> None:
    """Only the acknowledgement of this very window counts."""
    with (
        peer(lambda count, identifier: wrong if count >= WINDOW_1 else done(identifier)) as other,
        driver(other) as printer,
    ):
        assert printer.print(SHORT) == Partial("unconfirmed", 0)


def test_zeros_take_no_acknowledgement_away() -> None:
    """Noise that looks like a paper status and comes in one piece with an acknowledgement changes nothing of it."""
    with peer(lambda _, identifier: done(identifier) + bytes(20)) as other, driver(other) as printer:
        assert printer.print(PAYMENT) == Printed()


def test_a_late_acknowledgement_is_not_the_next_ones() -> None:
    """An acknowledgement that comes after its window was given up does not confirm another paper."""
    with (
        peer(lambda count, identifier: b"" if count == WINDOW_1 else done(identifier)) as other,
        driver(other) as printer,
    ):
        assert printer.print(SHORT) == Partial("unconfirmed", 0)
        other.say(done(other.requests[WINDOW_1]))
        assert printer.print(SHORT) == Printed()


def test_a_printer_that_confirms_nothing_gets_no_paper() -> None:
    """A printer that answers questions and does not acknowledge is told before the first dot."""
    with peer(lambda *_: b"") as other, driver(other) as printer:
        assert printer.print(SHORT) == NotStarted("unconfirmed")
        assert b"\x1dv0" not in other.heard


def cover_opens(other: Peer, count: int, identifier: bytes) -> bytes:
    """Answer as a printer whose cover is opened while the first window is printed."""
    if count != WINDOW_1:
        return done(identifier)
    other.status.update({1: 0x1E, 2: 0x16})
    return COVER_OPEN


def test_a_reported_fault_needs_no_waiting() -> None:
    """A fault that the printer reports by itself ends the paper at once."""
    with peer() as other, driver(other, acknowledge_s=30.0) as printer:
        other.acknowledge = partial(cover_opens, other)
        begun_s = time.monotonic()
        assert printer.print(SHORT) == Partial("cover_open", 0)
        assert time.monotonic() - begun_s < 2


def test_a_fault_that_passes_is_no_failure() -> None:
    """A fault reported and gone within the grace, and then the acknowledgement: Printed."""

    def close_cover() -> None:
        other.status.update(WELL)
        other.say(WELL_REPORT + done(other.requests[WINDOW_1]))

    with peer() as other, driver(other, grace_s=5.0) as printer:
        other.acknowledge = partial(cover_opens, other)
        closing = threading.Timer(0.6, close_cover)
        closing.start()
        assert printer.print(SHORT) == Printed()
        closing.join(5)


def test_noise_that_looks_like_a_fault() -> None:
    """A report that the printer's own answers deny does not end a paper."""
    with peer(lambda count, identifier: (COVER_OPEN if count == WINDOW_1 else b"") + done(identifier)) as other:
        with driver(other) as printer:
            assert printer.print(SHORT) == Printed()
        with driver(other, profile="tx-only") as printer:
            assert isinstance(printer.health(), Ready)
            other.say(COVER_OPEN)
            assert printer.print(SHORT) == Unverified("unconfirmed")


def test_a_fault_after_the_last_dot() -> None:
    """Paper that ends with the very cut is no fault of this paper: its acknowledgement came."""
    with peer() as other, driver(other) as printer:
        last = WINDOW_1 + len(encode(printer.picture(SHORT), PROFILES["generic-80"])) - 1

        def end(count: int, identifier: bytes) -> bytes:
            if count != last:
                return done(identifier)
            other.status.update({1: 0x1E, 4: 0x7E})
            return done(identifier) + bytes.fromhex("18 00 0f 0f")

        other.acknowledge = end
        assert printer.print(SHORT) == Printed()
        assert printer.health() == Failed("paper_out", "generic-80")


def test_a_clone_says_that_paper_ended() -> None:
    """A clone's answer to GS r 1 that there is no paper is not an acknowledgement."""

    def end(count: int, _: bytes) -> bytes:
        if count < WINDOW_1:
            return b"\0"
        other.status.update({1: 0x1E, 4: 0x7E})
        return b"\x0f"

    with peer() as other, driver(other, profile="clone-80") as printer:
        other.acknowledge = end
        assert printer.print(SHORT) == Partial("paper_out", 0)


def test_lost_while_an_old_rest_is_cut_off() -> None:
    """A line that breaks before the first byte of this paper is NotStarted, whatever was left of another."""
    with (
        peer(lambda count, identifier: b"" if count == WINDOW_1 else done(identifier)) as other,
        driver(other) as printer,
    ):
        assert printer.print(SHORT) == Partial("unconfirmed", 0)

        def pull(_: int, identifier: bytes) -> bytes:
            other.hang_up()
            return done(identifier)

        other.acknowledge = pull
        assert printer.print(SHORT) == NotStarted("lost")


def test_a_clone_whose_knife_jams_after_its_answer() -> None:
    """A clone answers GS r 1 and then reports the cutter: asked once more after the cut, it is found out."""
    with peer() as other, driver(other, profile="clone-80") as printer:
        windows = len(encode(printer.picture(SHORT), PROFILES["clone-80"]))

        def jam(count: int, _: bytes) -> bytes:
            if count == WINDOW_1 + windows - 1:
                other.status.update({1: 0x1E, 3: 0x1A})
            return b"\0"

        other.acknowledge = jam
        assert printer.print(SHORT) == Partial("cutter", windows - 1)


def test_hung_up_before_the_last_acknowledgement() -> None:
    """The cable is pulled when only the acknowledgement of the cut is missing: nobody can say Printed."""
    with peer() as other, driver(other) as printer:
        windows = len(encode(printer.picture(PAYMENT), PROFILES["generic-80"]))

        def pull(count: int, identifier: bytes) -> bytes:
            if count == WINDOW_1 + windows - 1:
                other.hang_up()
            return done(identifier)

        other.acknowledge = pull
        assert printer.print(PAYMENT) == Partial("lost", windows - 1)


@pytest.mark.parametrize("profile", ["generic-80", "tx-only"])
def test_a_printer_that_takes_no_more(profile: str) -> None:
    """A printer that stops taking bytes in the middle of a window does not hold the driver for ever."""
    with peer() as other, driver(other, profile=profile) as printer:
        other.deaf_after = 9000
        begun_s = time.monotonic()
        outcome = printer.print(PAYMENT)
        assert isinstance(outcome, Partial)
        assert outcome.reason in ("silent", "offline")
        assert time.monotonic() - begun_s < 8


def test_a_stalled_line_gets_the_grace_and_no_more() -> None:
    """A line that takes no byte for its time is given up when the grace is over, long before the paper's limit."""
    with peer() as other, driver(other, profile="tx-only", acknowledge_s=20.0) as printer:
        other.deaf_after = 9000
        begun_s = time.monotonic()
        outcome = printer.print(PAYMENT)
        assert isinstance(outcome, Partial)
        assert outcome.reason == "offline"
        assert time.monotonic() - begun_s < 10


def test_a_paper_has_a_limit() -> None:
    """All windows together take no longer than the paper may, however slowly each is acknowledged."""

    def slowly(_: int, identifier: bytes) -> bytes:
        time.sleep(0.1)
        return done(identifier)

    with peer(slowly) as other, driver(other, limit_s=1.0) as printer:
        begun_s = time.monotonic()
        assert isinstance(printer.print(PAYMENT), Partial)
        assert time.monotonic() - begun_s < 2.5


def test_transmit_only() -> None:
    """To a printer without a wire back everything is sent, nothing is asked, and the paper is Unverified."""
    with peer() as other, driver(other, profile="tx-only") as printer:
        assert printer.print(SHORT) == Unverified("unconfirmed")
        assert isinstance(printer.health(), Ready)
        assert b"\x10\x04" not in other.heard


def test_no_such_port() -> None:
    """Without a port, opening succeeds, printing says lost, health says absent, the self-test fails, and nothing raises."""
    printer = open_driver(PrinterSettings(port="/dev/no-such-printer"))
    assert printer.print(SHORT) == NotStarted("lost")
    assert printer.health() == Failed("absent", "/dev/no-such-printer: No such file or directory")
    assert printer.self_test().outcome == "failed"
    printer.cancel()
    printer.close()


def test_answers_that_are_missing_are_no_faults() -> None:
    """A clone that knows only DLE EOT 1 is as healthy as it says."""
    with peer() as other, driver(other, profile="clone-80") as printer:
        other.status = {1: 0x16}
        assert printer.health() == Ready("clone-80")
