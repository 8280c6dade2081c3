"""What a Star printer says: automatic status (ASB) and its version, told apart by their bits.

    automatic status   first byte 0xx0xxx1: its length, in bits 5, 3, 2, 1, itself included; all others 0xx0xxx0
      3  printer       20 cover open, 08 offline, 02 ETB worked through
      4  errors        40 head too hot, 20 unrecoverable, 08 cutter, 04 mechanical
      5  errors        08 black mark, 04 jam in the presenter, 02 head up
      6  paper         08 end, 04 and 02 near the end
      8  ETB counter   bits 6, 5, 3, 2, 1, from 0 to 31
      9  presenter     bits 3, 2, 1: 0 no paper, 1 loop, 3 can be pulled out, 6 drawn in, 7 pulled out
    version            1B 23 2A 2C … 0A 00
    XON, XOFF          11, 13: flow control that nobody asked for, dropped

Source: Star Micronics, Star Line Mode command specifications (line thermal printers), appendix 2.
"""

from __future__ import annotations

from msgspec import Struct

from hardware.printer.status import Condition

SHORTEST, LONGEST = 7, 15
ESC, NUL = 0x1B, 0x00
LONGEST_VERSION = 64
EMPTY, LOOP, PULLABLE, DRAWN_IN, TAKEN = 0, 1, 3, 6, 7
"""Where the presenter's paper is."""


class AutomaticStatus(Struct, frozen=True):
    """One report. ``counter`` has counted ETB commands whose prints are done; ``position`` is the presenter's, 0 to 7."""

    condition: Condition
    counter: int
    position: int


class Version(Struct, frozen=True):
    """The printer's name and version."""

    text: str


class StarListener:
    """Turns bytes into reports. Bytes that fit nothing are dropped and counted in ``noise``."""

    def __init__(self) -> None:
        self.noise = 0
        self._part = b""

    def forget(self) -> None:
        """Drop a report that has only begun."""
        self._part = b""

    def hear(self, data: bytes) -> list[AutomaticStatus | Version]:
        """Take what has come; return what is now whole."""
        return [answer for byte in data if (answer := self._take(byte)) is not None]

    def _take(self, byte: int) -> AutomaticStatus | Version | None:
        if self._part[:1] == bytes((ESC,)):
            return self._in_version(byte)
        if self._part:
            return self._in_status(byte)
        if byte == ESC or (byte & 0x91 == 0x01 and SHORTEST <= length(byte) <= LONGEST):
            self._part = bytes((byte,))
        else:
            self.noise += 1
        return None

    def _in_status(self, byte: int) -> AutomaticStatus | Version | None:
        if byte & 0x91:
            self.noise += len(self._part)
            self._part = b""
            return self._take(byte)
        self._part += bytes((byte,))
        if len(self._part) < length(self._part[0]):
            return None
        report, self._part = self._part, b""
        return reported(report)

    def _in_version(self, byte: int) -> Version | None:
        self._part += bytes((byte,))
        whole, prefix = byte == NUL, b"\x1b#*,"
        if not whole and len(self._part) < LONGEST_VERSION and prefix.startswith(self._part[: len(prefix)]):
            return None
        block, self._part = self._part, b""
        if whole and block.startswith(prefix):
            return Version(block[len(prefix) : -1].strip().decode("ascii", "replace"))
        self.noise += len(block)
        return None


def length(header: int) -> int:
    """Return a report's length in bytes from its first one."""
    return header >> 1 & 0x07 | header >> 2 & 0x08


def reported(report: bytes) -> AutomaticStatus:
    """Read a report; what a short one does not hold is 0."""
    printer, errors, more, paper, _, etb, presenter = report[2:9].ljust(7, b"\0")
    bits = {
        "cutter": errors & 0x08,
        "mechanical": errors & 0x24 or more & 0x04,
        "overheated": errors & 0x40,
        "cover_open": printer & 0x20 or more & 0x02,
        "paper_out": paper & 0x08 or more & 0x08,
        "offline": printer & 0x08,
    }
    condition = Condition(frozenset(name for name, bit in bits.items() if bit), bool(paper & 0x06))
    return AutomaticStatus(condition, etb >> 1 & 0x07 | etb >> 2 & 0x18, presenter >> 1 & 0x07)
