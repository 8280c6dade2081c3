"""End of day: 06 50, and what the terminal says it settled (PA00P015 rev 13.08, 2.16 and BMP 60)."""

from __future__ import annotations

import time
from collections.abc import Sequence

from hardware.terminal import commands
from hardware.terminal.dialogue import Aborted, Completed, End, Refused, accept_into
from hardware.terminal.messages import StatusInformation
from hardware.terminal.settings import TerminalSettings
from hardware.terminal.station import Station
from kiosk.domain.faults import DeviceFault
from kiosk.domain.money import Money
from kiosk.domain.payment import BatchTotals, Declined, Unresolved


def close_batch(station: Station, settings: TerminalSettings) -> BatchTotals | Declined | Unresolved:
    """Lead one end of day. Raises DeviceFault only before its first byte has left; it is never repeated here."""
    times = settings.timings
    station.connect(time.monotonic() + times.enquiry_limit_s)
    told: list[StatusInformation] = []
    try:
        limit = time.monotonic() + times.batch_limit_s
        end = station.exchange(commands.end_of_day(settings.password), limit, accept_into(told))
    except DeviceFault as fault:
        return Unresolved(f"the end of day was asked for, and then: {fault}")
    if isinstance(end, Refused | Aborted):
        station.refused(end.code)
    return _outcome(end, told, settings)


def _outcome(
    end: End, told: Sequence[StatusInformation], settings: TerminalSettings
) -> BatchTotals | Declined | Unresolved:
    last = told[-1] if told else None
    if isinstance(end, Refused):
        return Declined(end.code, "the terminal did not begin")
    if last is not None and last.result not in ("00", ""):
        return Declined(last.result, last.text)
    if last is None or not isinstance(end, Completed):
        if isinstance(end, Aborted) and last is None:
            return Declined(end.code, end.text)
        return Unresolved("the terminal told totals and aborted" if last else "the terminal completed without totals")
    if last.amount_minor is None or last.currency_code not in ("", settings.currency_code):
        return Unresolved(f"the terminal closed its batch; amount {last.amount_minor}, currency {last.currency_code}")
    by_card = tuple((name, count, Money(minor, settings.currency)) for name, count, minor in last.totals)
    count = sum(count for _, count, _ in by_card)
    return BatchTotals(count, Money(last.amount_minor, settings.currency), by_card)
