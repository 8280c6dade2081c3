"""What kiosk and rasteriser agree on: how they speak, and how much a document may ask for."""

from __future__ import annotations

import struct

PAGES_MAX = 10
PIXELS_MAX = 40_000_000
"""Of all pages together: ten pages of A4 at 203 dots per inch, four at 300."""
INPUT_MAX_BYTES = 2 << 20
ADDRESS_SPACE_BYTES, CPU_S = 1 << 30, 15
ASK, HEAD = struct.Struct(">HH"), struct.Struct(">cB")
WHITE = 255

DAMAGED, LOCKED, TOO_MANY, TOO_LARGE = 10, 11, 12, 13
REFUSALS = {
    DAMAGED: "it is damaged or no PDF",
    LOCKED: "it is locked with a password",
    TOO_MANY: f"it has no page, or more than {PAGES_MAX}",
    TOO_LARGE: "its pages are too large",
}
