"""The tokens that every screen is made of: colours, type, spacing. No screen holds a colour or a size of its own.

Text keeps a contrast of 7:1 on what it stands on (WCAG 2.2, 1.4.6), borders and focus 3:1 (1.4.11); a test holds it.
Sizes are millimetres of the 10.1" panel; on a smaller or larger one all of them scale together, except that nothing to
be touched shrinks below its smallest size.
"""

from __future__ import annotations

from typing import Literal

from kiosk.domain.screen_profile import ScreenProfile

Colour = str
"""``#RRGGBB``."""

PAPER = "#F6F3EC"  # the ground: warm, does not glare
SURFACE = "#FFFFFF"  # cards and keys
SUNKEN = "#EBE6DB"  # what cannot be touched now
INK = "#17252E"  # text
SOFT = "#3A4852"  # second text
PRIMARY = "#0C4A5B"  # the deep turquoise of Azerbaijani tilework: what can be pressed
DEEP = "#08333F"  # the same, pressed; the ground of the welcome
TINT = "#DCEAEC"  # the same, thin
LATTICE = "#125A6D"  # the same, lit: what is done, what is pressed on dark ground
FAINT = "#0B4251"  # ornament on DEEP
ON_PRIMARY = "#FFFFFF"
SAFFRON = "#F2B84B"  # the one warm accent, on dark ground
EDGE = "#75838A"  # borders of what can be touched
LINE = "#D5D0C4"  # rules that only order
STOP = "#8C1C2B"  # pomegranate: cancelling, trouble
STOP_TINT = "#F8E3E1"
GOOD = "#175236"
GOOD_TINT = "#DFEEE3"
WARN_TINT = "#FBEBC8"
WARN = "#6B4700"
FOCUS = "#1746D1"

TEXT_PAIRS = (
    (INK, PAPER), (INK, SURFACE), (INK, TINT), (INK, WARN_TINT), (INK, STOP_TINT), (INK, GOOD_TINT), (INK, SUNKEN),
    (SOFT, PAPER), (SOFT, SURFACE), (SOFT, SUNKEN), (SOFT, TINT), (SOFT, WARN_TINT), (ON_PRIMARY, PRIMARY), (ON_PRIMARY, DEEP), (ON_PRIMARY, LATTICE),
    (PRIMARY, PAPER), (PRIMARY, SURFACE), (PRIMARY, TINT), (SAFFRON, DEEP), (TINT, DEEP), (TINT, PRIMARY),
    (STOP, PAPER), (STOP, SURFACE), (STOP, STOP_TINT), (WARN, WARN_TINT), (GOOD, PAPER), (GOOD, SURFACE), (GOOD, GOOD_TINT),
)  # fmt: skip
"""Every pair of text and ground that a screen may use."""

EDGE_PAIRS = ((EDGE, PAPER), (EDGE, SURFACE), (FOCUS, PAPER), (FOCUS, SURFACE), (SAFFRON, PRIMARY), (PRIMARY, PAPER))
"""Every pair of border and ground that must be seen."""

TYPE_MM = {
    "figure": 17.0,  # an amount
    "display": 12.0,  # a greeting, a typed number
    "title": 8.6,
    "lead": 6.6,  # tiles, buttons
    "body": 5.7,
    "small": 4.8,
}
"""Font sizes in millimetres; a capital is 0.71 of it."""

Style = Literal["figure", "display", "title", "lead", "body", "small"]

DESIGN_MM = (216.96, 135.6)
SMALLEST_TEXT_SCALE = 0.72
KEY_MM = 12.0
"""The smallest side of anything to be touched."""
TILE_MM = 20.0
"""The smallest side of a choice."""


class Theme:
    """The tokens on one panel: ``u`` scales with it, ``mm`` is a true millimetre."""

    def __init__(self, profile: ScreenProfile) -> None:
        self.px_per_mm = profile.px_per_mm
        self.width_px, self.height_px = profile.width_px, profile.height_px
        if profile.rotation in (90, 270):
            self.width_px, self.height_px = self.height_px, self.width_px
        self.scale = min(self.width_px / self.px_per_mm / DESIGN_MM[0], self.height_px / self.px_per_mm / DESIGN_MM[1])

    @property
    def compact(self) -> bool:
        """A panel too small for two keyboards side by side."""
        return self.scale < 0.85

    def mm(self, length_mm: float) -> float:
        """Return true millimetres in pixels."""
        return length_mm * self.px_per_mm

    def u(self, length_mm: float) -> float:
        """Return a length of the design in pixels of this panel."""
        return length_mm * self.scale * self.px_per_mm

    def touch(self, length_mm: float, least_mm: float = KEY_MM) -> float:
        """Return a length of the design that is never below what a finger needs (and a hair above it)."""
        return max(self.u(length_mm), self.mm(least_mm + 0.05))

    def font(self, style: Style) -> float:
        """Return a font size in pixels."""
        return TYPE_MM[style] * max(self.scale, SMALLEST_TEXT_SCALE) * self.px_per_mm


def rgba(colour: Colour, alpha: float = 1.0) -> tuple[float, float, float, float]:
    """Return what Kivy's Color takes."""
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return red, green, blue, alpha


def contrast(one: Colour, other: Colour) -> float:
    """Return the contrast of two colours, 1 to 21 (WCAG 2.2, relative luminance)."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: Colour) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in rgba(colour)[:3]]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
