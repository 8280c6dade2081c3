"""The end of the fiscal register's day: its shift closed once a night, after the card terminal's day, and compared with the journal."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import tzinfo
from pathlib import Path

from msgspec.structs import replace

from kiosk.domain.faults import DeviceFault
from kiosk.domain.fiscal import DayOutcome, Refused, ShiftTotals
from kiosk.domain.health import Health
from kiosk.domain.money import Money
from kiosk.journey.events_fiscal import FiscalDayClosed
from kiosk.log import logger
from kiosk.ports import FiscalRegister
from kiosk.runtime.crew import Post
from kiosk.runtime.nightly import Nightly, Told, told_since

KINDS = ("SaleRegistered", "SaleNotRegistered", "SaleUnresolved")


class FiscalDay(Nightly):
    """Asks after the register's health in its own thread, and closes its shift at night once ``after`` says that it may."""

    def __init__(
        self,
        register: FiscalRegister,
        post: Post,
        journal: Path,
        hour: int,
        zone: tzinfo,
        after: Callable[[str], bool] = lambda _night: True,
    ) -> None:
        super().__init__(hour, zone)
        self._register, self._post, self._journal, self._after = register, post, journal, after

    def look(self) -> Health:
        """Say how the register is; at night, close its shift first."""
        night = self.due()
        if night and self._after(night):
            self.close_once(night)
        return self._register.health()

    def close_once(self, night: str) -> None:
        """Close the shift unless that was done this night. What comes of it is an event: an entry of the chain."""
        if not self.begun(night):
            return
        told = told_since(self._journal, "FiscalDayClosed", KINDS)  # before: what cannot be compared is not closed
        try:
            outcome = self._register.close_day()
        except DeviceFault as fault:  # nothing was asked: it may be tried again
            logger().warning("shift_not_closed", reason=fault.reason)
            return
        self.finish()
        event = judged(outcome, told)
        if event is None:
            return
        if event.problem:
            logger().error("shift_differs", reason=event.problem)
        self._post(event)


def judged(outcome: DayOutcome, told: Iterable[Told]) -> FiscalDayClosed | None:
    """Compare a closed shift with the journal's sales of its numbers. None: none was open, and nothing was sold.

    ``problem``: "", differs, refused (also: somebody else closed it), unresolved.
    """
    sales, doubtful = sales_of(told)
    if isinstance(outcome, ShiftTotals):
        sales = {number: minor for number, minor in sales.items() if outcome.first <= number <= outcome.last}
    known = FiscalDayClosed(expected_count=len(sales), expected=Money(sum(sales.values())), doubtful=doubtful)
    if not isinstance(outcome, ShiftTotals):
        if isinstance(outcome, Refused) and outcome.reason == "no_shift" and not sales and not doubtful:
            return None
        return replace(known, problem="refused" if isinstance(outcome, Refused) else "unresolved")
    # A sale in doubt may be among the register's: then staff have its claim.
    more_minor = outcome.amount.minor - known.expected.minor
    counted = known.expected_count <= outcome.count <= known.expected_count + doubtful
    problem = "" if counted and (more_minor == 0 or (doubtful and more_minor > 0)) else "differs"
    return replace(
        known,
        number=outcome.number,
        first=outcome.first,
        last=outcome.last,
        count=outcome.count,
        amount=outcome.amount,
        unsent=outcome.unsent,
        problem=problem,
    )


def sales_of(told: Iterable[Told]) -> tuple[dict[int, int], int]:
    """Fold (journey, event) pairs into the sum of each registered document by its number, and the count of sales in doubt."""
    sales: dict[int, int] = {}
    doubt: set[int] = set()
    for journey, event in told:
        match event:
            case {"type": "SaleRegistered", "document": {"number": int(number), "amount": {"minor": int(minor)}}}:
                sales[number] = minor
                doubt.discard(journey)
            case {"type": "SaleUnresolved"}:
                doubt.add(journey)
            case {"type": "SaleNotRegistered"}:
                doubt.discard(journey)
    return sales, len(doubt)
