"""A pen for icons and pictures: round strokes on a grid of 100 units, drawn large by Pillow and reduced, so edges are soft.

Drawn once per size and kept: a picture on a screen is one textured rectangle.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from kivy.graphics.texture import Texture
from PIL import Image, ImageDraw

Point = tuple[float, float]
CLEAR = (0, 0, 0, 0)


class Pen:
    """Draws on a sheet of ``width`` x ``height`` units, y downwards; ``px`` is the width in pixels of the finished image."""

    def __init__(self, px: int, width: float = 100, height: float = 100) -> None:
        self._over = 4 if px <= 200 else 3 if px <= 400 else 2
        self._unit = px * self._over / width
        size = (px * self._over, round(height * self._unit / self._over) * self._over)
        self._image = Image.new("RGBA", size, CLEAR)
        self._draw = ImageDraw.Draw(self._image)

    def line(self, *points: Point, width: float = 8, colour: str = "#FFFFFF") -> None:
        """Draw a stroke with round ends and joints."""
        scaled = [self._at(p) for p in points]
        self._draw.line(scaled, fill=colour, width=round(width * self._unit), joint="curve")
        radius = width * self._unit / 2
        for x, y in (scaled[0], scaled[-1]):
            self._draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=colour)

    def outline(self, *points: Point, width: float = 8, colour: str = "#FFFFFF") -> None:
        """Draw a closed stroke."""
        self.line(*points, points[0], points[1], width=width, colour=colour)

    def shape(self, *points: Point, colour: str = "#FFFFFF") -> None:
        """Fill a polygon."""
        self._draw.polygon([self._at(p) for p in points], fill=colour)

    def cut(self, *points: Point) -> None:
        """Cut a polygon out."""
        self._draw.polygon([self._at(p) for p in points], fill=CLEAR)

    def disc(self, x: float, y: float, radius: float, colour: str | None = "#FFFFFF") -> None:
        """Fill a circle; None cuts it out."""
        self._draw.ellipse(self._box(x - radius, y - radius, x + radius, y + radius), fill=colour or CLEAR)

    def ring(self, x: float, y: float, radius: float, width: float = 8, colour: str = "#FFFFFF") -> None:
        """Draw a circle; ``radius`` is that of the stroke's middle."""
        outer = radius + width / 2
        box = self._box(x - outer, y - outer, x + outer, y + outer)
        self._draw.ellipse(box, outline=colour, width=round(width * self._unit))

    def arc(
        self, x: float, y: float, radius: float, start: float, end: float, width: float = 8, colour: str = "#FFFFFF"
    ) -> None:
        """Draw a piece of a circle, in degrees clockwise from the right, with round ends."""
        steps = max(8, int(abs(end - start) / 4))
        angles = [math.radians(start + (end - start) * i / steps) for i in range(steps + 1)]
        self.line(*((x + radius * math.cos(a), y + radius * math.sin(a)) for a in angles), width=width, colour=colour)

    def box(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        radius: float = 0,
        colour: str | None = "#FFFFFF",
        edge: float = 0,
        edge_colour: str | None = None,
    ) -> None:
        """Fill a rectangle with round corners, or draw only its ``edge``; colour None without edge cuts it out."""
        place = self._box(x, y, x + width, y + height)
        fill: Any = colour if colour or edge else CLEAR
        line = max(1, round(edge * self._unit)) if edge else 0
        self._draw.rounded_rectangle(place, radius * self._unit, fill=fill, outline=edge_colour or colour, width=line)

    def texture(self) -> Texture:
        """Return the finished picture for the screen."""
        image = self._image.reduce(self._over)
        texture = Texture.create(size=image.size, colorfmt="rgba")
        texture.blit_buffer(image.tobytes(), colorfmt="rgba", bufferfmt="ubyte")
        texture.flip_vertical()
        return texture

    def _at(self, point: Point) -> Point:
        return point[0] * self._unit, point[1] * self._unit

    def _box(self, left: float, top: float, right: float, bottom: float) -> Sequence[float]:
        return left * self._unit, top * self._unit, right * self._unit, bottom * self._unit
