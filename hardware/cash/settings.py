"""What is configured for a bill validator: the table ``[cash]`` of kiosk.toml."""

from __future__ import annotations

from typing import Annotated

import msgspec

Seconds = Annotated[float, msgspec.Meta(gt=0, le=900)]


class CashTimings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How long to wait. The protocol's own times are shorter than what a USB adapter adds to them."""

    answer_s: Seconds = 0.2
    """For an answer; the manual says 10 ms, an adapter buffers 16 ms and more."""
    poll_s: Seconds = 0.1
    """Between two polls (manual: 100 to 200 ms)."""
    hold_s: Seconds = 5.0
    """A note in escrow comes back after 10 s unless it is held anew."""
    motion_s: Seconds = 15.0
    """For a note to be stacked or returned, or a reset to end."""
    health_limit_s: Seconds = 2.5


class CashSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A CashCode validator on a serial line (CCNET)."""

    port: Annotated[str, msgspec.Meta(min_length=1)]
    """Its stable name (udev symlink or /dev/serial/by-path)."""
    baudrate: Annotated[int, msgspec.Meta(ge=9600, le=115200)] = 9600
    currencies: tuple[str, ...] = ("AZN", "AZE")
    """How the table of notes may name the manat: some firmware sends a form of the country."""
    timings: CashTimings = CashTimings()
