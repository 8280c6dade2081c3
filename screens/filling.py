"""One question a screen, then the wait for what is due."""

from __future__ import annotations

import re
from collections.abc import Hashable

from kiosk.domain.service import Field
from kiosk.journey import events as e
from screens import theme as t
from screens.area import Area
from screens.field import Cells
from screens.identifying import PadScreen, WaitScreen
from screens.keyboard import Pad, Page, least_height
from screens.pattern import DIGITS, LETTERS, breaks, following

ALPHABETS = {"digits": DIGITS, "plate": DIGITS + LETTERS, "code": DIGITS + LETTERS}


class FieldScreen(PadScreen):
    """Asks for one field. Only keys that can lead to a whole answer are enabled; going on, only when it is whole."""

    _drawn_notice = ""

    @property
    def field(self) -> Field:
        """The field that is asked for."""
        raise NotImplementedError

    @property
    def answer(self) -> memoryview:
        """What has been typed, where it lies."""
        return self.draft.view()

    @property
    def notice(self) -> str:
        """What is wrong with what was or is typed, in a word of the catalogue; "" for nothing."""
        return str(self.state.notice)

    @property
    def ends(self) -> list[int]:
        """The places after which a gap stands."""
        field = self.field
        return list(range(field.group, field.max_length, field.group)) if field.group else breaks(field.pattern)

    def notice_text(self, message_id: str) -> str:
        """Return what the notice says."""
        return self.text(message_id)

    def whole(self) -> bool:
        """Say whether one can go on."""
        raise NotImplementedError

    def enter(self) -> e.Event | None:
        """Send the answer."""
        raise NotImplementedError

    def leave(self) -> e.Event | None:
        """Go back."""
        return e.WentBack()

    def draw(self) -> None:
        """Place the question and the keys that its kind needs."""
        self._drawn_notice = self.notice
        content = self.frame()
        alphabet = ALPHABETS.get(self.field.kind, DIGITS + LETTERS)
        if alphabet == DIGITS:
            left, right = self.columns(content)
            self._ask(left)
        elif self.theme.compact:
            left, right = self.columns(content, 0.27)
            self._ask(left)
        else:
            right, upper = content.cut_bottom(least_height(self.theme), self.theme.u(3))
            self._ask_across(upper)
        self.pad = Pad(self, right, alphabet, self.typed, self._first_keys())
        self.exits(back=self.leave)
        self.onward_button = self.onward("onward", self.enter)
        self.refresh()

    def _first_keys(self) -> Page:
        """Return what a small panel's keys begin with: what comes next in an answer like the example."""
        coming = self.field.example[len(self.answer) : len(self.answer) + 1]
        return "letters" if coming and coming in LETTERS else "digits"

    def _ask(self, area: Area) -> None:
        """Place question, hint, cells and notice below each other."""
        theme = self.theme
        rest = self._question(area, 2)
        narrow = area.width < theme.u(80)
        if not (self.notice and (narrow or theme.compact)):  # a small panel has room for one of them
            hint = self._hint(rest.cut_top(rest.height * 0.36)[0])
            rest = rest.cut_top(hint, theme.u(5))[1]
        strip, rest = rest.cut_top(min(theme.u(27), rest.height * (0.38 if narrow else 0.6)), theme.u(4))
        self._cells(strip)
        if self.notice:
            self._complain(rest.cut_top(min(theme.u(27), rest.height))[0])

    def _ask_across(self, area: Area) -> None:
        """Place question and hint beside the cells: the keys need the width."""
        right, left = area.cut_right(area.width * 0.47, self.theme.u(6))
        self._cells(right.middle(right.width, self.theme.u(26)))
        rest = self._question(left, 1)
        if self.notice:
            self._complain(rest)
        else:
            self._hint(rest)

    def _complain(self, area: Area) -> None:
        notice_id = self.language.word_id("notice", self.notice)
        self.banner(area, notice_id, self.notice_text(notice_id))

    def _question(self, area: Area, lines: int) -> Area:
        room = min(self.theme.font("title") * 1.22 * lines, area.height * 0.5)
        label = self.language.pick(self.field.label)
        words = self.plain(
            area.cut_top(room)[0], "question", label, "title", bold=True, colour=t.PRIMARY, valign="top", lines=lines
        )
        return area.cut_top(words.text_height, self.theme.u(2))[1]

    def _hint(self, area: Area) -> float:
        """Place the hint; return how high it is."""
        hint = self.language.pick(self.field.hint)
        return self.plain(area, "hint", hint, "body", colour=t.SOFT, valign="top").text_height

    def _cells(self, area: Area) -> None:
        label = self.language.pick(self.field.label)
        self.cells = self.put(Cells(area, self.theme, label, self.field.max_length, self.ends))

    def refresh(self) -> None:
        """Draw the answer as it is and offer what can follow."""
        if self.notice != self._drawn_notice:
            self.redraw()
            return
        answer, field = self.answer, self.field
        room = len(answer) < field.max_length
        self.cells.count = field.max_length
        self.cells.show(answer)
        self.pad.offer(following(field.pattern, map(chr, answer)) if room else frozenset(), erase=bool(answer))
        self.onward_button.set_enabled(self.whole())


class AnsweringScreen(FieldScreen):
    """Asks for one field of a service."""

    changes_language = True

    @property
    def field(self) -> Field:
        """The field that is asked for."""
        field: Field = self.state.journey.service.fields[self.state.index]
        return field

    def draft_key(self) -> Hashable:
        """One draft per field, and per complaint about it."""
        return "answer", self.state.journey.number, self.state.index, self.state.notice

    def draw(self) -> None:
        """Begin with what was answered before."""
        if not self.draft:
            for character in self.state.journey.answers.get(self.field.id, ""):
                self.draft.add(character)
        super().draw()

    def whole(self) -> bool:
        """Say whether one can go on."""
        return re.fullmatch(self.field.pattern, self.draft.text()) is not None

    def enter(self) -> e.Event:
        """Send the answer."""
        return e.AnswerGiven(self.field.id, self.draft.text())


class QuotingScreen(WaitScreen):
    """The central system is asked what is due."""

    cancellable = True

    def ids(self) -> tuple[str, str]:
        """Return what is said."""
        return "quoting-title", "quoting-wait"
