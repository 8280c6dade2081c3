"""The question over any screen that waits, before the visit ends."""

from __future__ import annotations

from collections.abc import Callable, Hashable

from msgspec.structs import replace

from kiosk.domain.draft import Draft
from kiosk.journey import events as e
from kiosk.journey.state import Kiosk
from screens import theme as t
from screens.pictures import picture
from screens.screen import Context, Screen
from screens.widgets import PRIMARY, STOP, Block, Picture, button


class StillThereScreen(Screen):
    """Dims the screen below, which is only a picture now, and asks. What was typed below is kept."""

    below_of: Callable[[Kiosk, Context, Draft], Screen]
    """Builds the screen of the state below; the router sets it."""

    def draft_key(self) -> Hashable:
        """Return that of the screen below."""
        return self.below.draft_key()

    def draw(self) -> None:
        """Place the screen below, a veil, and the question."""
        theme = self.theme
        kiosk = replace(self.kiosk, state=self.state.resume)
        self.below = type(self).below_of(kiosk, self.context, self.draft)
        self.add_widget(self.below)
        veil = Block(self.area, t.DEEP)
        veil.opacity = 0.82
        self.add_widget(veil)
        card = self.under(self.area.middle(theme.u(168), theme.u(92)), t.PAPER, t.PAPER)
        inner = card.inset(theme.u(9), theme.u(8))
        bar, inner = inner.cut_bottom(theme.touch(24, t.TILE_MM), theme.u(6))
        left, inner = inner.cut_left(theme.u(44), theme.u(7))
        self.put(Picture(left, "picture-waiting", picture("waiting", int(left.width)), self.text("picture-waiting")))
        head, rest = inner.cut_top(inner.height * 0.5, theme.u(2))
        self.words(head, "still-there-title", "title", bold=True, colour=t.PRIMARY, valign="bottom")
        self.words(rest, "still-there-explained", "body", valign="top")
        end, more = bar.cut_left(bar.width * 0.36, theme.u(6))
        self._answer(more, "still-there-yes", e.MoreTimeWanted(), PRIMARY, "check")
        self._answer(end, "still-there-no", e.CancelPressed(), STOP, "cancel")

    def _answer(self, area: object, message_id: str, event: e.Event, look: object, icon_name: str) -> None:
        def tap() -> None:
            self.send(event)

        say = self.language.say(message_id)
        label = self.text(message_id)
        self.put(button(area, message_id, label, tap, icon_name, theme=self.theme, look=look, say=say))  # type: ignore[arg-type]

    def release(self) -> None:
        """End what ticks, below too."""
        self.below.release()
        super().release()
