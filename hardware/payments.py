"""What the drivers of payment terminals have in common, whatever protocol they speak."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TypeVar

from kiosk.domain.faults import DeviceFault, DeviceSilent, ProtocolError
from kiosk.domain.money import Money
from kiosk.domain.signals import Progress

_log = logging.getLogger(__name__)

T = TypeVar("T")

FALTERING = (DeviceSilent.reason, ProtocolError.reason)
"""Faults of the line that another attempt may not meet; a refusal has a reason of its own and is final."""


def asked_again(ask: Callable[[], T]) -> T:
    """Return the answer, asked for once more where the line faltered. Only before a payment: there it can charge nobody."""
    try:
        return ask()
    except (DeviceSilent, ProtocolError) as fault:
        if fault.reason not in FALTERING:
            raise
    return ask()


def require_payable(amount: Money, currency: str, largest_minor: int) -> None:
    """Raise DeviceFault, ``wrong_currency``, for an amount that a terminal of this currency cannot be asked to take."""
    if amount.currency != currency or not 0 < amount.minor <= largest_minor:
        raise DeviceFault(f"{amount} cannot be asked of a terminal that takes {currency}", "wrong_currency")


def guarded(on_progress: Callable[[Progress], None]) -> Callable[[Progress], None]:
    """Return ``on_progress`` such that it never raises: a screen that fails must not leave a payment half led."""

    def report(progress: Progress) -> None:
        try:
            on_progress(progress)
        except Exception:  # noqa: BLE001 - see above; what failed is in the log
            _log.warning("the report of the terminal's progress failed", exc_info=True)

    return report
