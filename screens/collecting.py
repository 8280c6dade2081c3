"""The technician takes the cash box out: the journal's count, the count by hand, and how they differ."""

from __future__ import annotations

from collections.abc import Hashable

from kiosk.domain.cash import Box
from kiosk.domain.money import Money
from kiosk.journey import events as e
from screens import theme as t
from screens.area import Area
from screens.field import Cells
from screens.identifying import PadScreen, WaitScreen
from screens.keyboard import Pad
from screens.pattern import DIGITS
from screens.widgets import SECONDARY

MANAT_DIGITS = 6
"""No box holds a million manat."""
MINOR = 100


class CollectingCashScreen(PadScreen):
    """What the journal says lies in the box, by denomination; what was counted is typed in whole manat."""

    pad: Pad

    @property
    def box(self) -> Box:
        """What lies in the cash box by the journal."""
        return self.kiosk.box

    def draft_key(self) -> Hashable:
        """One draft per content of the box."""
        return "collecting", self.box

    def draw(self) -> None:
        """Place the journal's count above the question, and the pad beside them."""
        theme = self.theme
        if theme.compact:  # no room but in the header
            self.headline = "collecting-title"
        content = self.frame()
        left, right = self.columns(content, 0.58)
        if not theme.compact:
            left = self.title(left, "collecting-title", lines=1)
        line = theme.u(8)
        strip, left = left.cut_bottom(line, theme.u(2))
        cells, left = left.cut_bottom(min(theme.u(20), left.height * 0.3), theme.u(1))
        label, left = left.cut_bottom(line, theme.u(2))
        self.words(label, "collecting-counted", "body", bold=True, lines=1)
        self.cells = self.put(Cells(cells, theme, self.text("collecting-counted"), MANAT_DIGITS, []))
        self._journal(left)
        self._strip = strip
        self.pad = self.digits_pad(right)
        self.exits()
        self._ways_on()
        self.refresh()

    def _journal(self, area: Area) -> None:
        """Place each denomination, in two columns, and the sum below them."""
        theme, box = self.theme, self.box
        rows = (len(box.notes) + 1) // 2
        inner = self.under(area, t.TINT, t.TINT).inset(theme.u(4), theme.u(1.5))
        height = min(theme.u(9), inner.height / (rows + 1))
        total, rest = inner.cut_bottom(height, 0)
        name, value = total.cut_left(total.width * 0.6, theme.u(2))
        count: dict[str, str | int] = {"count": box.count}
        self.words(name, "collecting-journal", "body", count, bold=True, ground=t.TINT, lines=1)
        worth = self.language.money(box.total)
        self.plain(value, "collecting-sum", worth, "lead", bold=True, ground=t.TINT, align="right", lines=1)
        places = rest.cut_top(height * rows)[0].grid(2, max(1, rows), theme.u(0.6))
        for (minor, count_of), place in zip(box.notes, places, strict=False):
            words = f"{self.language.number(minor // MINOR)} ₼ × {count_of}"
            self.plain(place, f"notes-{minor}", words, "body", ground=t.TINT, lines=1)

    def _ways_on(self) -> None:
        """Place the ways on: with what was counted, or with the box sealed as it is."""
        bar = self._bar().cut_left(self.theme.touch(46), self.gap)[1]
        width = self.theme.touch(64)
        self.onward_button = self.onward("collect-counted", self.counted_event, "check", 64)
        middle = bar.cut_right(width, self.gap)[1].cut_right(self.theme.touch(72))[0]
        self.sealed = self.footer_button(middle, "collect-sealed", e.CashCollected, "", look=SECONDARY)

    def refresh(self) -> None:
        """Show what was typed and how it differs; a sum and a sealed box exclude each other."""
        self.cells.show(self.draft.view())
        self.pad.offer(frozenset(DIGITS) if len(self.draft) < MANAT_DIGITS else frozenset(), erase=bool(self.draft))
        self.onward_button.set_enabled(bool(self.draft))
        self.sealed.set_enabled(not self.draft)
        for item in [each for each in self.body if each.item_id.startswith("collecting-diff")]:
            self.drop(item)
        if not self.draft:
            self.words(self._strip, "collecting-diff-how", "body", colour=t.SOFT, lines=1)
            return
        difference = self.counted() - self.box.total
        if difference:
            args: dict[str, str | int] = {"difference": self.language.money(difference)}
            self.words(self._strip, "collecting-diff-is", "body", args, bold=True, colour=t.STOP, lines=1)
        else:
            self.words(self._strip, "collecting-diff-none", "body", bold=True, colour=t.GOOD, lines=1)

    def counted(self) -> Money:
        """Return what was typed."""
        return Money(int(self.draft.text() or "0") * MINOR)

    def counted_event(self) -> e.Event:
        """Send what was counted."""
        return e.CashCollected(self.counted())


class FilingCollectionScreen(WaitScreen):
    """The centre is being told."""

    def ids(self) -> tuple[str, str]:
        """Return what is said."""
        return "filing-collection-title", "filing-collection-wait"


class PrintingCollectionScreen(WaitScreen):
    """The slip is coming out."""

    picture_name = "printing"

    def ids(self) -> tuple[str, str]:
        """Return what is said."""
        return "printing-collection-title", "printing-collection-wait"
