"""What is shown when a screen itself has failed: as little as can fail again."""

from __future__ import annotations

from kiosk.journey import events as e
from screens import theme as t
from screens.screen import Screen


class SorryScreen(Screen):
    """Says sorry and offers to end. The journey is safe: it lives in the journal, not here."""

    def draw(self) -> None:
        """Place two texts and cancel."""
        theme = self.theme
        self.ground(t.PAPER)
        self.foot, content = self.area.cut_bottom(theme.touch(15) + 2 * theme.u(3))
        middle = content.middle(content.width * 0.7, theme.u(50))
        head, rest = middle.cut_top(middle.height / 2, theme.u(3))
        self.words(head, "sorry-title", "title", bold=True, colour=t.PRIMARY, align="center", valign="bottom")
        self.words(rest, "sorry-explained", "body", align="center", valign="top")
        self.footer_button(self._bar().cut_left(theme.touch(46))[0], "cancel", e.CancelPressed, "cancel")
