"""What is being typed, one cell a character, grouped as it stands on the bill or on the number plate."""

# mypy: disallow-subclassing-any=False
from __future__ import annotations

from kiosk.domain.draft import Draft
from screens import theme as t
from screens.area import Area
from screens.widgets import Item

ONE_LINE = 16
"""So many characters can be read on one line."""


class Cells(Item):
    """A line of cells, two for long codes. ``ends`` are the places after which a gap stands; ``hidden`` shows dots for all but the last."""

    def __init__(
        self, area: Area, theme: t.Theme, label: str, count: int, ends: list[int], *, hidden: bool = False
    ) -> None:
        super().__init__(area, item_id="field", role="field", label=label)
        self.theme, self.count, self.ends, self.hidden = theme, count, ends, hidden
        self.show(Draft().view())

    def spoken(self) -> str:
        """Return the label and what has been typed: how much of a secret, anything else spelled. Spelled when asked, and not kept."""
        typed = self._typed
        what = f"{len(typed)}/{self.count}" if self.hidden else " ".join(chr(octet) for octet in typed)
        return f"{self.label}: {what}"

    def show(self, typed: memoryview, *, last: bool = True) -> None:
        """Draw what has been typed, character by character. With ``hidden``, ``last`` still shows the last one."""
        self.canvas.clear()
        self._typed = typed
        self.fill(self.area, t.SURFACE, self.theme.u(3))
        self.edge(self.area, t.PRIMARY, max(2, self.theme.u(0.5)), self.theme.u(3))
        for index, cell in enumerate(self._cells()):
            character = chr(typed[index]) if index < len(typed) else ""
            if self.hidden and character and not (last and index == len(typed) - 1):
                radius = cell.width * 0.2
                dot = cell.middle(2 * radius, 2 * radius)
                self.fill(dot, t.INK, radius)
            elif character:
                size = min(self.theme.font("display"), cell.width * 1.5, cell.height * 0.85)
                self.write(character, cell, size, t.INK, bold=True, align="center", lines=1)
            self._underline(cell, here=index == len(typed))

    def _underline(self, cell: Area, *, here: bool) -> None:
        height = max(2, self.theme.u(1.0 if here else 0.6))
        line = Area(cell.x + cell.width * 0.1, cell.y, cell.width * 0.8, height).whole()
        self.fill(line, t.PRIMARY if here else t.EDGE)

    def _cells(self) -> list[Area]:
        """Return the places of the characters: on one line, or on two where one would make them too small to read."""
        if self.count <= ONE_LINE:
            return self._line(self.area.inset(self.theme.u(4), self.area.height * 0.16), 0, self.count)
        middle = min(
            [end for end in self.ends if 0 < end < self.count],
            key=lambda end: abs(2 * end - self.count),
            default=self.count // 2,
        )
        upper, lower = self.area.inset(self.theme.u(4), self.area.height * 0.08).rows(2, self.theme.u(1))
        return self._line(upper, 0, middle) + self._line(lower, middle, self.count)

    def _line(self, area: Area, begin: int, end: int) -> list[Area]:
        gaps = [gap for gap in self.ends if begin < gap < end]
        cells = end - begin + 0.5 * len(gaps)
        width = min(area.width / cells, self.theme.font("display") * 0.8)
        line = area.middle(width * cells, area.height)
        places, x = [], line.x
        for index in range(begin, end):
            x += width * 0.5 if index in gaps else 0
            places.append(Area(x, line.y, width, line.height))
            x += width
        return places
