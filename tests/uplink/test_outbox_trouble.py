"""Letters in trouble of their own, and defects of ours: neither stops the others."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from kiosk.domain.application import Acceptance, Claim, Submission
from kiosk.domain.faults import CentralRefused
from kiosk.journal.vault import Cipher, new_key
from kiosk.uplink.client import HttpCentral
from kiosk.uplink.outbox import Outbox
from kiosk.uplink.verdicts import CentralUnreadable
from tests.central.server import RunningCentral
from tests.uplink.kiosk import Hand, a_certificate, a_claim

HTML = {"Content-Type": "text/html"}
TROUBLE = [(201, b"<html>", HTML), (201, b'{"reference":"other"}', {}), (413, b"", HTML), (201, b" " * (1 << 20), {})]


class Broken:
    """The real client, but for a defect of ours with one reference."""

    def __init__(self, client: HttpCentral, reference: str) -> None:
        self.client, self.reference = client, reference

    def submit(self, submission: Submission, timeout_s: float | None = None) -> Acceptance:
        if submission.reference == self.reference:
            raise KeyError("MAMMADOVA")
        return self.client.submit(submission, timeout_s)

    def claim(self, claim: Claim, timeout_s: float | None = None) -> None:
        self.client.claim(claim, timeout_s)


def wait_until(done: Callable[[], bool]) -> bool:
    """Wait at most five seconds."""
    end = time.monotonic() + 5
    while not done() and time.monotonic() < end:
        time.sleep(0.01)
    return done()


@pytest.mark.parametrize(("status", "body", "headers"), TROUBLE)
def test_an_unreadable_answer_is_about_one_letter(
    central: RunningCentral, client: HttpCentral, status: int, body: bytes, headers: dict[str, str]
) -> None:
    """A success that cannot be read, one without an end, and a proxy's 413 are CentralUnreadable."""
    central.wire.answer("/v1/submissions", body * 2, status, headers)
    with pytest.raises(CentralUnreadable):
        client.submit(a_certificate())


@pytest.mark.parametrize(("status", "body", "headers"), TROUBLE)
def test_an_unreadable_answer_to_the_oldest_holds_up_nobody_else(
    hand: Hand, central: RunningCentral, status: int, body: bytes, headers: dict[str, str]
) -> None:
    """What stands behind a letter that gets an unreadable answer every time is delivered in the same round."""
    hand.box.put_submission(a_certificate())
    claims = [a_claim(), a_claim()]
    for claim in claims:
        hand.box.put_claim(claim)
    central.wire.answer("/v1/submissions", body * 2, status, headers)
    assert hand.deliver() == 2
    assert {claim.reference for claim in claims} <= {entry["reference"] for entry in central.ledger()}
    assert (hand.box.pending().count, hand.box.pending().problem) == (1, "garbled")
    hand.box.put_claim(a_claim())
    assert hand.deliver() == 1


def test_a_letter_that_is_stuck_waits_longer_and_longer_and_is_reported(hand: Hand, central: RunningCentral) -> None:
    """It is tried after 5, 10, 20 … s, never sooner; its fifth failure is logged; when the centre is mended it goes."""
    submission = a_certificate()
    hand.box.put_submission(submission)
    central.wire.answer("/v1/submissions", b"<html>", 201)
    with capture_logs() as log:
        assert hand.deliver() == 0
        for wait_s in (5, 10, 20, 40):
            assert "letter_stuck" not in [line["event"] for line in log]
            calls = len(central.wire.calls)
            hand.later(wait_s - 1)
            assert hand.box.deliver_due() == 0
            assert len(central.wire.calls) == calls
            hand.later(1)
            assert hand.box.deliver_due() == 0
            assert len(central.wire.calls) == calls + 1
    stuck = [line for line in log if line["event"] == "letter_stuck"]
    assert [(line["reference"], line["reason"], line["count"]) for line in stuck] == [
        (submission.reference, "garbled", 5)
    ]
    central.up()
    hand.later(80)
    assert hand.box.deliver_due() == 1


def test_a_defect_with_one_letter_holds_up_nobody_else_and_tells_nothing_of_anybody(
    hand: Hand, client: HttpCentral
) -> None:
    """An unforeseen exception is logged by type and place alone; the letter waits by itself, the next one goes."""
    submission = a_certificate()
    hand.box.close()
    hand.carrier = Broken(client, submission.reference)
    hand.box = hand.open()
    hand.box.put_submission(submission)
    hand.box.put_submission(a_certificate())
    with capture_logs() as log:
        assert hand.deliver() == 1
    assert [line["error"].split(":")[0] for line in log] == ["KeyError at test_outbox_trouble.py"]
    assert "MAMMADOVA" not in repr(log)
    assert hand.box.pending().problem == "defect"
    hand.carrier.reference = ""
    hand.later(5)
    assert hand.box.deliver_due() == 1


def test_the_background_outlives_a_defect(tmp_path: Path, client: HttpCentral, central: RunningCentral) -> None:
    """Whatever is thrown in the delivering thread, it says type and place, goes on, and delivers what comes next."""
    defects = [ValueError("MAMMADOVA"), OSError("MAMMADOVA")]
    now_ms, now_s = [1_790_000_000_000], [0.0]

    def clock_ms() -> int:
        if defects and threading.current_thread().name == "outbox":
            raise defects.pop()
        return now_ms[-1]

    box = Outbox(tmp_path / "outbox.db", Cipher(new_key()), client, clock_ms=clock_ms, clock_s=lambda: now_s[-1])
    try:
        with capture_logs() as log:
            box.start()
            assert wait_until(lambda: len(defects) == 1)
            box.put_claim(a_claim())
            assert wait_until(lambda: not defects)
            now_s.append(61.0)
            now_ms.append(now_ms[0] + 61_000)
            box.put_claim(a_claim())
            assert wait_until(lambda: box.pending().count == 1)
        assert [line["event"] for line in log] == ["outbox_defect", "outbox_defect"]
        assert "MAMMADOVA" not in repr(log)
    finally:
        box.close()


def test_a_report_that_fails_stops_nothing(tmp_path: Path, client: HttpCentral, central: RunningCentral) -> None:
    """A dead letter whose report throws is dead all the same, and the next letter goes."""

    def report(_letter: object) -> None:
        raise RuntimeError

    box = Outbox(tmp_path / "outbox.db", Cipher(new_key()), client, report=report)
    try:
        poison = a_certificate()
        box.put_submission(Submission(poison.reference, "fishing", {}, 1, "az"))
        box.put_submission(a_certificate())
        assert box.deliver_due(2**60) == 1
        assert (box.pending().count, box.pending().refused) == (0, 1)
        with pytest.raises(CentralRefused):
            box.try_now(poison.reference, 5)
    finally:
        box.close()


def test_a_line_that_fails_is_still_everybodys(hand: Hand, central: RunningCentral) -> None:
    """A redirect of a captive portal is about the line: one letter probes it, the others are not tried."""
    for _ in range(3):
        hand.box.put_submission(a_certificate())
    central.wire.answer("/v1/submissions", b"", 302, {"Location": "http://portal.example/"})
    calls = len(central.wire.calls)
    assert hand.deliver() == 0
    assert len(central.wire.calls) == calls + 1
    assert (hand.box.pending().count, hand.box.pending().problem) == (3, "unreachable")
