"""The end of the card terminal's day: closed once a night while nobody is served, and compared with the journal."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import tzinfo
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from kiosk.domain.faults import DeviceFault
from kiosk.domain.health import Health
from kiosk.domain.money import Money
from kiosk.domain.payment import BatchTotals, Declined
from kiosk.journey.answers import BatchClosed
from kiosk.log import logger
from kiosk.ports import PaymentTerminal
from kiosk.runtime.crew import Post
from kiosk.runtime.nightly import Nightly, Told, told_since

KINDS = (
    "PaymentPrepared",
    "PaymentApproved",
    "PaymentCancelled",
    "PaymentDeclined",
    "PaymentUnresolved",
    "SubmissionRefused",
)


class Expected(Struct, frozen=True):
    """What the journal knows of a batch: sales that stand, and payments of which nobody could tell."""

    count: int = 0
    amount: Money = Money(0)
    doubtful: int = 0


class DayEnd(Nightly):
    """Asks after the terminal's health in the terminal's own thread, and closes its day in the hour that was chosen."""

    def __init__(self, terminal: PaymentTerminal, post: Post, journal: Path, hour: int, zone: tzinfo) -> None:
        super().__init__(hour, zone)
        self._terminal, self._post, self._journal = terminal, post, journal

    def look(self) -> Health:
        """Say how the terminal is; at night, close its day first."""
        if night := self.due():
            self.close_once(night)
        return self._terminal.health()

    def close_once(self, night: str) -> None:
        """Close the day unless it was closed this night. What comes of it is an event: an entry of the chain."""
        if not self.begun(night):
            return
        expected = expected_of(
            told_since(self._journal, "BatchClosed", KINDS)
        )  # before: what cannot be compared is not closed
        try:
            outcome = self._terminal.close_batch()
        except DeviceFault as fault:  # not one byte left: it may be tried again
            logger().warning("day_not_closed", reason=fault.reason)
            return
        self.finish()
        event = judged(outcome, expected)
        if event.problem:
            logger().error("day_differs", reason=event.problem)
        self._post(event)


def judged(outcome: BatchTotals | object, expected: Expected) -> BatchClosed:
    """Compare a batch with the journal. ``problem``: "", differs, refused, unresolved."""
    known = BatchClosed(expected_count=expected.count, expected=expected.amount, doubtful=expected.doubtful)
    if not isinstance(outcome, BatchTotals):
        return replace(known, problem="refused" if isinstance(outcome, Declined) else "unresolved")
    # A payment in doubt may be among the terminal's: then staff have its claim. A terminal that tells no count tells 0.
    most = expected.count + expected.doubtful
    counted = outcome.count == 0 or expected.count <= outcome.count <= most
    more_minor = outcome.amount.minor - expected.amount.minor
    problem = "" if counted and (more_minor == 0 or (expected.doubtful and more_minor > 0)) else "differs"
    return replace(known, count=outcome.count, amount=outcome.amount, problem=problem)


def expected_of(entries: Iterable[Told]) -> Expected:
    """Fold (journey, event) pairs since the last closed day into what its batch should hold."""
    sales: dict[tuple[int, int], int | None] = {}
    attempt: dict[int, int] = {}
    refused: set[int] = set()
    for journey, event in entries:
        match event:
            case {"type": "PaymentPrepared"}:
                attempt[journey] = attempt.get(journey, 0) + 1
                sales[journey, attempt[journey]] = None  # until something is told of it
            case {"type": "PaymentApproved", "authorisation": {"amount": {"minor": int(minor)}}}:
                sales[journey, attempt.get(journey, 0)] = minor
            case {"type": "SubmissionRefused"}:
                refused.add(journey)
            case {"type": "PaymentDeclined"} if journey in refused:
                pass  # what was declined is giving the money back: the sale stands
            case {"type": "PaymentCancelled" | "PaymentDeclined"}:
                sales.pop((journey, attempt.get(journey, 0)), None)
            case {"type": "PaymentUnresolved"}:
                sales[journey, attempt.get(journey, 0)] = None
    known = [minor for minor in sales.values() if minor is not None]
    return Expected(len(known), Money(sum(known)), len(sales) - len(known))
