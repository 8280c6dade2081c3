"""The terminal's table in kiosk.toml."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlsplit

import msgspec

from hardware.terminal.commands import CURRENCY_CODES

TCP, TCP_PORT = "tcp://", 20007

Seconds = Annotated[float, msgspec.Meta(gt=0, le=900)]
Count = Annotated[int, msgspec.Meta(ge=1, le=255)]


class TerminalTimings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How long to wait. T1-T4 are the manual's (PA00P016 rev 04, 3.4 and 5.2); the limits are ours and end everything."""

    t1_s: Seconds = 0.2
    """Between two bytes of a frame."""
    t2_s: Seconds = 5.0
    """For ACK or NAK."""
    connect_s: Seconds = 2.0
    """For a connection over TCP."""
    stall_s: Seconds = 1.0
    """Between two bytes of an APDU over TCP, where nothing gets lost and T1 and T2 do not exist."""
    t3_s: Seconds = 5.0
    """For the first answer to a command."""
    t4_s: Seconds = 180.0
    """For the next sign of life of a command under way."""
    health_limit_s: Seconds = 2.7
    enquiry_limit_s: Seconds = 12.0
    """One registration, or one repeat receipt."""
    pay_limit_s: Seconds = 400.0
    settle_limit_s: Seconds = 220.0
    recovery_limit_s: Seconds = 120.0
    """Until a terminal that is away or busy has become ready and has answered."""
    batch_limit_s: Seconds = 300.0
    """One end of day: the terminal calls its acquirer, and may print much."""
    retry_first_s: Seconds = 0.5
    retry_longest_s: Seconds = 5.0
    """Pauses between two attempts to reach it: the first, doubled each time, to the longest."""


class TerminalSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A ZVT terminal on a serial line, or on the network (a cable or VLAN of its own: ZVT is not encrypted)."""

    port: Annotated[str, msgspec.Meta(min_length=1)]
    """Its stable name (udev symlink or /dev/serial/by-path): two like adapters change their numbers. Or ``tcp://HOST:PORT``."""
    baudrate: Annotated[int, msgspec.Meta(ge=1200, le=921600)] = 115200
    password: Annotated[str, msgspec.Meta(pattern="^[0-9]{6}$")] = "000000"  # noqa: S105 - the manual's default, no secret
    currency: str = "AZN"
    delivery_timeout_s: Count = 60
    """BMP 01: how long the terminal holds an approval open for us before it reverses."""
    max_status: Count = 30
    """BMP 02: how often it may ask anew."""
    timings: TerminalTimings = TerminalTimings()

    def __post_init__(self) -> None:
        if self.currency not in CURRENCY_CODES:
            raise ValueError(f"currency: expected one of {', '.join(CURRENCY_CODES)}, got {self.currency}")
        if self.port.startswith(TCP) and self.address is None:
            raise ValueError(f"port: expected a device name or {TCP}HOST:PORT, got {self.port}")

    @property
    def address(self) -> tuple[str, int] | None:
        """Host and port of a terminal on the network; None for one on a serial line."""
        if not self.port.startswith(TCP):
            return None
        try:
            parts = urlsplit(self.port)
            port = TCP_PORT if parts.port is None else parts.port
        except ValueError:
            return None
        whole = parts.hostname and not (parts.path or parts.query or parts.fragment or parts.username is not None)
        return (parts.hostname or "", port) if whole and port else None

    @property
    def currency_code(self) -> str:
        """The ISO 4217 number as BMP 49 holds it, such as "0944"."""
        return CURRENCY_CODES[self.currency]
