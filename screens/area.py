"""Rectangles cut out of rectangles: how a screen is laid out, in pixels, with the origin at the bottom left as in Kivy.

A layout is cut once, when a screen is built; nothing is laid out again afterwards, so nothing moves and rest costs nothing.
"""

from __future__ import annotations

from msgspec import Struct


class Area(Struct, frozen=True):
    """A rectangle. Cutting gives the piece and the rest, with ``gap`` lost between them."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """The right edge."""
        return self.x + self.width

    @property
    def top(self) -> float:
        """The upper edge."""
        return self.y + self.height

    @property
    def pos(self) -> tuple[float, float]:
        """The lower left corner."""
        return self.x, self.y

    @property
    def size(self) -> tuple[float, float]:
        """Width and height."""
        return self.width, self.height

    def cut_top(self, height: float, gap: float = 0) -> tuple[Area, Area]:
        """Return the upper piece and the rest."""
        piece = Area(self.x, self.top - height, self.width, height)
        return piece, Area(self.x, self.y, self.width, max(0, self.height - height - gap))

    def cut_bottom(self, height: float, gap: float = 0) -> tuple[Area, Area]:
        """Return the lower piece and the rest."""
        rest_y = self.y + height + gap
        return Area(self.x, self.y, self.width, height), Area(self.x, rest_y, self.width, max(0, self.top - rest_y))

    def cut_left(self, width: float, gap: float = 0) -> tuple[Area, Area]:
        """Return the left piece and the rest."""
        rest_x = self.x + width + gap
        return Area(self.x, self.y, width, self.height), Area(rest_x, self.y, max(0, self.right - rest_x), self.height)

    def cut_right(self, width: float, gap: float = 0) -> tuple[Area, Area]:
        """Return the right piece and the rest."""
        piece = Area(self.right - width, self.y, width, self.height)
        return piece, Area(self.x, self.y, max(0, self.width - width - gap), self.height)

    def inset(self, across: float, along: float | None = None) -> Area:
        """Return what is left inside a margin."""
        along = across if along is None else along
        return Area(self.x + across, self.y + along, max(0, self.width - 2 * across), max(0, self.height - 2 * along))

    def columns(self, count: int, gap: float) -> list[Area]:
        """Return equal columns, left to right."""
        width = (self.width - gap * (count - 1)) / count
        return [Area(self.x + i * (width + gap), self.y, width, self.height) for i in range(count)]

    def rows(self, count: int, gap: float) -> list[Area]:
        """Return equal rows, top to bottom."""
        height = (self.height - gap * (count - 1)) / count
        return [Area(self.x, self.top - (i + 1) * height - i * gap, self.width, height) for i in range(count)]

    def grid(self, columns: int, rows: int, gap: float) -> list[Area]:
        """Return equal cells, in reading order."""
        return [cell for row in self.rows(rows, gap) for cell in row.columns(columns, gap)]

    def middle(self, width: float, height: float) -> Area:
        """Return a piece of at most that size in the middle."""
        width, height = min(width, self.width), min(height, self.height)
        return Area(self.x + (self.width - width) / 2, self.y + (self.height - height) / 2, width, height)

    def whole(self) -> Area:
        """Return the same on whole pixels, so that edges and letters are sharp."""
        return Area(round(self.x), round(self.y), round(self.right) - round(self.x), round(self.top) - round(self.y))
