"""What the simulated Star printer feels, and the status bytes that say it: ASB, ENQ and EOT.

Source: Star Line Mode Command Specifications, appendix 2 "Status Specifications" (headers, printer status 1 to 7).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from hardware.printer.sim_sensors import Sensors

ASB_BYTES: Final = 9
ASB_VERSION: Final = 3  # up to printer status 7, the presenter's
COUNTER_TOP: Final = 32


@dataclass(frozen=True)
class StarSensors(Sensors):
    """What other printers feel, and the presenter: jammed, or holding paper at ``paper_position`` (0 to 7)."""

    presenter_jammed: bool = False
    paper_position: int = 0

    @property
    def error(self) -> bool:
        """Any error of any other printer, or a paper jam in the presenter."""
        return super().error or self.presenter_jammed


def spread(value: int) -> int:
    """Give a number of up to five bits its place in a status byte: bits 1, 2, 3, 5, 6; bits 0, 4 and 7 stay free."""
    return (value & 0x07) << 1 | (value >> 3 & 0x03) << 5


def automatic_status(sensors: StarSensors, counter: int, *, document_ended: bool, detects: bool) -> bytes:
    """Say everything in nine bytes.

    ``counter`` is that of ETB, ``document_ended`` its flag; ``detects``: the presenter has a paper detector.
    """
    return bytes(
        (
            spread(ASB_BYTES) | 0x01,
            spread(ASB_VERSION),
            _bits(0x20, sensors.cover_open, 0x08, sensors.offline, 0x02, document_ended),
            _bits(0x40, sensors.hot, 0x20, sensors.broken, 0x08, sensors.cutter_error),
            _bits(0x04, sensors.presenter_jammed),
            _bits(0x08, sensors.paper_end, 0x04, sensors.near_end),
            _bits(0x02, detects and sensors.paper_position in {1, 3}),
            spread(counter % COUNTER_TOP),
            spread(sensors.paper_position),
        )
    )


def enquiry_status(sensors: StarSensors, *, buffer_empty: bool) -> int:
    """Answer ENQ: bit 4 clear; "other errors" are an open cover and those that only a technician ends."""
    other = sensors.cover_open or sensors.broken or sensors.cutter_error
    return _bits(0x20, buffer_empty, 0x08, sensors.paper_end, 0x04, other)


def paper_status(sensors: StarSensors) -> int:
    """Answer EOT: bit 4 set, bit 0 clear."""
    return 0x10 | _bits(0x40, sensors.presenter_jammed, 0x08, sensors.paper_end, 0x04, sensors.near_end)


def _bits(*pairs: int) -> int:
    return sum(mask for mask, on in zip(pairs[::2], pairs[1::2], strict=True) if on)
