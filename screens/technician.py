"""The technician's card: put it in, type its PIN, and what to do where that did not let in."""

from __future__ import annotations

from collections.abc import Hashable

from kiosk.domain.technician import UNKNOWN
from kiosk.journey import events as e
from kiosk.journey.technician import LAST_TRY
from screens.area import Area
from screens.identifying import SecretScreen
from screens.widgets import SECONDARY

LONGEST_PIN, SHORTEST_PIN = 8, 6
"""Of a PIV card (NIST SP 800-73-4, part 2, 2.4.3)."""
COUNTED = "wrong_pin"


class AskingCardScreen(SecretScreen):
    """Asks for card and PIN at once. A notice says why the last try let nobody in, and how many are left."""

    digits = LONGEST_PIN
    least = SHORTEST_PIN

    def draft_key(self) -> Hashable:
        """One draft per try."""
        return "card-pin", self.state.mistakes

    def draw(self) -> None:
        """Place the question, the picture or what went wrong, and the pad."""
        theme = self.theme
        content = self.frame()
        left, right = self.columns(content)
        rest = self.title(left, "asking-card-title", lines=1)
        strip, rest = rest.cut_bottom(theme.u(23), theme.u(4))
        self.ask(strip, self.text("asking-card-field"))
        if self.state.notice and not self.state.order:
            self._notice(rest)
        else:
            picture, words = rest.cut_left(min(rest.height * 1.35, rest.width * 0.46), theme.u(5))
            self.illustration(picture, "card-inside" if self.state.order else "card-insert")
            self.words(words, "asking-card-checking" if self.state.order else "asking-card-explained", "body")
        self.pad = self.digits_pad(right)
        self.onward_button = self.onward("onward", self.enter)
        if self.kiosk.way_in == "card_or_pin":
            area = self._bar().cut_left(theme.touch(72))[0]
            free = not self.state.order
            self.footer_button(area, "pin-instead", lambda: e.WayInChosen("pin"), "", look=SECONDARY, enabled=free)
        self.refresh()

    def _notice(self, area: Area) -> None:
        """Say what was wrong, on a strip, and what to do about it below."""
        notice, left = self.state.notice, self.state.tries_left
        if notice == COUNTED:
            notice = {UNKNOWN: "wrong", LAST_TRY: "wrong_last"}.get(left, COUNTED)
        theme = self.theme
        strip, rest = area.cut_top(min(theme.u(20), area.height * 0.46), theme.u(3))
        word_id = self.language.word_id("asking-card", notice)
        self.banner(
            strip, word_id, self.text(word_id, left=left), "warn" if notice in ("no_card", "removed") else "stop"
        )
        self.words(rest, self.language.word_id("asking-card-do", notice), "body", valign="top")

    def refresh(self) -> None:
        """Offer nothing while the card is being asked."""
        super().refresh()
        if self.state.order:
            self.pad.offer(frozenset(), erase=False)
            self.onward_button.set_enabled(False)

    def enter(self) -> e.Event:
        """Send the PIN."""
        return e.PinEntered(self.take())
