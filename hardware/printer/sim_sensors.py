"""What the simulated printer feels, and the status bytes that say it.

Bits: Epson ESC/POS reference, DLE EOT, GS a, GS r; the cover bit of error status: TM-T88III specification, DLE EOT n = 3.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Sensors:
    """The physical condition of the printer. ``cutter_jammed`` is the cause, ``cutter_error`` what the printer noticed."""

    paper_end: bool = False
    near_end: bool = False
    cover_open: bool = False
    cover_opened_in_print: bool = False
    cutter_jammed: bool = False
    cutter_error: bool = False
    hot: bool = False
    broken: bool = False

    @property
    def auto_recoverable(self) -> bool:
        """An error that ends by itself when its cause does."""
        return self.hot or self.cover_opened_in_print

    @property
    def error(self) -> bool:
        """Any error; an open cover at rest and a paper end are conditions, not errors."""
        return self.auto_recoverable or self.cutter_error or self.broken

    @property
    def offline(self) -> bool:
        """The printer neither prints nor takes commands out of its buffer."""
        return self.paper_end or self.cover_open or self.error


def real_time_status(n: int, sensors: Sensors) -> bytes:
    """Answer DLE EOT n: one byte with bits 1 and 4 set, bits 0 and 7 clear."""
    bits = {
        1: (0x08, sensors.offline),
        2: (0x04, sensors.cover_open, 0x20, sensors.paper_end, 0x40, sensors.error),
        3: (0x08, sensors.cutter_error, 0x20, sensors.broken, 0x40, sensors.auto_recoverable),
        4: (0x0C, sensors.near_end, 0x60, sensors.paper_end),
    }[n]
    return bytes((0x12 | _bits(*bits),))


def auto_status(sensors: Sensors) -> bytes:
    """Say everything in the four bytes of GS a."""
    first = 0x10 | _bits(0x08, sensors.offline, 0x20, sensors.cover_open)
    second = _bits(0x08, sensors.cutter_error, 0x20, sensors.broken, 0x40, sensors.auto_recoverable)
    third = _bits(0x03, sensors.near_end, 0x0C, sensors.paper_end)
    return bytes((first, second, third, 0x0F))


def watched(items: int, status: bytes) -> bytes:
    """Mask an automatic status to the items that GS a n enabled: a change of these is what is reported."""
    masks = (0x28 if items & 0x02 else 0, 0x68 if items & 0x04 else 0, 0x0F if items & 0x08 else 0, 0)
    return bytes(value & mask for value, mask in zip(status, masks, strict=True))


def paper_status(sensors: Sensors) -> bytes:
    """Answer GS r 1. The end bits are never seen in practice: at paper end the printer does not execute GS r."""
    return bytes((_bits(0x03, sensors.near_end, 0x0C, sensors.paper_end),))


def offline_cause(sensors: Sensors) -> bytes:
    """Give the cause byte (40h to 7Fh) of the offline response; its coding is the model's own."""
    bits = (0x01, sensors.cover_open, 0x02, sensors.paper_end, 0x04, sensors.cutter_error, 0x08, sensors.hot)
    return bytes((0x40 | _bits(*bits, 0x10, sensors.broken),))


def _bits(*pairs: int) -> int:
    return sum(mask for mask, on in zip(pairs[::2], pairs[1::2], strict=True) if on)
