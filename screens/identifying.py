"""The ID card: put it in, type its six digits, let it be read."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from kivy.clock import Clock

from kiosk.domain.secret import Secret
from kiosk.journey import events as e
from kiosk.journey import events_key as k
from kiosk.journey.identifying import MISTAKES_ALLOWED
from screens import theme as t
from screens.area import Area
from screens.field import Cells
from screens.keyboard import ERASE, Pad
from screens.pattern import DIGITS
from screens.screen import Screen
from screens.widgets import SECONDARY, Press, button

SHOWN_S = 1.2
"""How long the last secret digit can be read: enough to see that the right key was hit."""
KEY_DIGITS = 6
"""The card access number, CAN (ICAO Doc 9303-11, 4.4): six digits, printed on the card."""


PRESENT = {
    "holder": "presenting-card-title",
    "child": "presenting-card-title-child",
    "another": "presenting-card-title-another",
}
INSERT = {"child": "presenting-card-insert-child", "another": "presenting-card-insert-another"}
TYPE_KEY = {
    "holder": "entering-key-title",
    "child": "entering-key-title-child",
    "another": "entering-key-title-another",
}
"""By whose card it is: the visitor's own, or the second one."""


class PresentingCardScreen(Screen):
    """Shows how the card goes in; a notice says what went wrong before. The second card comes after the first was taken out."""

    changes_language = True

    def draw(self) -> None:
        """Place the two steps on the left and the picture on the right."""
        content = self.frame()
        left, right = content.cut_left(content.width * 0.56, self.theme.u(7))
        self.illustration(right, "card-insert")
        whose = self.state.journey.whose
        rest = self.title(left, PRESENT[whose])
        notice = self.state.notice
        if notice:
            strip, rest = rest.cut_top(self.theme.u(25), self.theme.u(3))
            notice_id = self.language.word_id("notice", notice)
            self.banner(strip, notice_id, self.text(notice_id))
        first = ["presenting-card-look", "presenting-card-insert"]
        if whose in INSERT:
            first = ["presenting-card-take-own", INSERT[whose]]
        steps = [*first, "presenting-card-leave"]
        self.numbered(rest, steps[:2] if notice else steps)
        self.exits(back=True)
        area = self._bar().cut_right(self.theme.touch(78))[0]
        self.footer_button(area, "no-chip", k.ChipMissing, "info", look=SECONDARY)

    def numbered(self, area: Area, message_ids: list[str]) -> None:
        """Put short instructions below each other, each with its number."""
        theme = self.theme
        height = min(theme.u(17), (area.height - theme.u(3) * (len(message_ids) - 1)) / len(message_ids))
        for index, message_id in enumerate(message_ids):
            row, area = area.cut_top(height, theme.u(3))
            size = min(theme.u(9.5), row.height)
            mark, words = row.cut_left(size, theme.u(4))
            item = self.words(words, message_id, "body")
            disc = mark.middle(size, size).whole()
            item.fill(disc, t.PRIMARY, size / 2 - 0.5)
            item.write(str(index + 1), disc, size * 0.6, t.ON_PRIMARY, bold=True, align="center")


class PadScreen(Screen):
    """A question on the left, a number pad on the right, going on at the lower right."""

    onward_button: Press

    def columns(self, content: Area, share: float = 0.54) -> tuple[Area, Area]:
        """Return the room for the question and that for the pad."""
        right, left = content.cut_right(content.width * (1 - share), self.theme.u(8))
        return left, right

    def digits_pad(self, area: Area) -> Pad:
        """Put a number pad into the area."""
        return Pad(self, area, DIGITS, self.typed)

    def typed(self, key: str) -> None:
        """Take a key of the pad."""
        if key == ERASE:
            self.draft.erase()
        else:
            self.draft.add(key)
        self.refresh()

    def refresh(self) -> None:
        """Show the draft and offer the keys that can follow."""
        raise NotImplementedError


class SecretScreen(PadScreen):
    """Asks for secret digits: shown as dots, the last one for a moment."""

    digits = KEY_DIGITS
    least = KEY_DIGITS
    pad: Pad
    _cover: Any = None

    def ask(self, area: Area, label: str) -> None:
        """Put the cells on the screen."""
        self.cells = self.put(Cells(area, self.theme, label, self.digits, [], hidden=True))

    def refresh(self) -> None:
        """Draw the dots; the digits themselves never reach the tree."""
        if self._cover is not None:
            self._cover.cancel()
        self.cells.show(self.draft.view())
        if self.draft:
            self._cover = Clock.schedule_once(lambda _dt: self.cells.show(self.draft.view(), last=False), SHOWN_S)
        self.pad.offer(frozenset(DIGITS) if len(self.draft) < self.digits else frozenset(), erase=bool(self.draft))
        self.onward_button.set_enabled(self.least <= len(self.draft) <= self.digits)

    def take(self) -> Secret:
        """Hand the secret out and overwrite it here."""
        secret = Secret(self.draft.view())
        self.draft.wipe()
        self.refresh()
        return secret

    def release(self) -> None:
        """End the timer too."""
        if self._cover is not None:
            self._cover.cancel()
        super().release()


class EnteringKeyScreen(SecretScreen):
    """Asks for the six digits of the card and shows where they stand."""

    changes_language = True

    def draft_key(self) -> Hashable:
        """One draft per try."""
        return "key", self.state.journey.number, self.state.journey.whose, self.state.mistakes

    def draw(self) -> None:
        """Place the question, the picture of the card, and the pad."""
        theme = self.theme
        content = self.frame()
        left, right = self.columns(content)
        rest = self.title(left, TYPE_KEY[self.state.journey.whose])
        strip, rest = rest.cut_bottom(theme.u(15 if theme.compact else 22), theme.u(3))
        self.ask(strip, self.text("entering-key-field"))
        lost, rest = rest.cut_bottom(theme.touch(14), theme.u(3))
        self.put(self._lost(lost))
        if self.state.mistakes or self.state.notice:
            self._complain(rest.middle(rest.width, min(rest.height, theme.u(20))))
        else:
            self._explain(rest)
        self.pad = self.digits_pad(right)
        self.exits(back=True)
        self.onward_button = self.onward("onward", self.enter)
        self.refresh()

    def _explain(self, area: Area) -> None:
        if not self.theme.compact:
            picture, area = area.cut_left(min(area.height * 1.35, area.width * 0.4), self.theme.u(5))
            self.illustration(picture, "card-digits")
        self.words(area, "entering-key-where-scan" if self.state.order else "entering-key-where", "body")

    def _lost(self, area: Area) -> Press:
        """Return the way for whoever cannot find the digits."""
        label, say = self.text("entering-key-lost"), self.language.say("entering-key-lost")

        def tap() -> None:
            self.send(k.KeyWayChosen("where"))

        return button(area, "entering-key-lost", label, tap, "info", theme=self.theme, look=SECONDARY, say=say)

    def _complain(self, area: Area) -> None:
        if self.state.notice:
            notice_id = self.language.word_id("notice", self.state.notice)
            self.banner(area, notice_id, self.text(notice_id))
            return
        left = max(1, MISTAKES_ALLOWED - self.state.mistakes)
        self.banner(area, "notice-wrong-key", self.text("notice-wrong-key", left=left))

    def enter(self) -> e.Event:
        """Send the digits."""
        return e.AccessKeyEntered(self.take())


class WaitScreen(Screen):
    """Something is under way that the citizen cannot hurry: a picture, a sentence, a sign of life."""

    picture_name = "sending"
    cancellable = False

    def ids(self) -> tuple[str, str]:
        """Return the ids of the title and of the sentence below it."""
        raise NotImplementedError

    def draw(self) -> None:
        """Place the words on the left and the picture on the right."""
        content = self.frame()
        left, right = content.cut_left(content.width * 0.54, self.theme.u(7))
        self.illustration(right, self.picture_name)
        title, sentence = self.ids()
        rest = self.title(left, title)
        rest = self.more(rest)
        room = rest.cut_top(min(rest.height - self.theme.u(10), self.theme.u(44)))[0]
        own = self.own_words()
        if own:
            words = self.plain(room, "own-words", own, "lead", valign="top")
        else:
            words = self.words(room, sentence, "lead", valign="top")
        below = rest.cut_top(words.text_height, self.theme.u(7))[1]
        self.pulse(below.cut_top(self.theme.u(6))[0].cut_left(self.theme.u(30))[0])
        if self.cancellable:
            self.exits()

    def own_words(self) -> str:
        """Return what a device says in words of its own, instead of the sentence; "" for nothing."""
        return ""

    def more(self, area: Area) -> Area:
        """Place what else there is above the sentence; return what is left."""
        return area


class ReadingCardScreen(WaitScreen):
    """The card is being read: it must stay where it is."""

    picture_name = "card-inside"
    cancellable = True

    def ids(self) -> tuple[str, str]:
        """Return what is said."""
        typed = self.state.way != "digits"
        return "reading-card-title", "reading-card-put-back" if typed else "reading-card-leave"
