"""Somebody comes back: how earlier payments stand, each with its word in a colour, and on paper if wanted."""

from __future__ import annotations

from kiosk.domain.matter import Matter
from kiosk.journey import events as e
from screens import theme as t
from screens.area import Area
from screens.identifying import WaitScreen
from screens.screen import Screen
from screens.widgets import PRIMARY, SECONDARY

SHOWN = 3
"""So many matters stand on the screen, the newest; the paper has them all."""

COLOURS: dict[str, tuple[t.Colour, t.Colour]] = {
    "paid": (t.GOOD, t.GOOD_TINT),
    "returned": (t.GOOD, t.GOOD_TINT),
    "owed": (t.PRIMARY, t.TINT),
    "being_checked": (t.WARN, t.WARN_TINT),
    "not_paid": (t.STOP, t.STOP_TINT),
}


class FindingMattersScreen(WaitScreen):
    """The central system is asked how things stand."""

    picture_name = "checking"
    cancellable = True

    def ids(self) -> tuple[str, str]:
        """Return what is said."""
        return "finding-matters-title", "finding-matters-wait"


class ShowingMattersScreen(Screen):
    """One card a matter; a single one is explained."""

    changes_language = True

    def draw(self) -> None:
        """Place the newest matters below each other."""
        matters = self.state.journey.matters
        content = self.frame()
        if not matters:
            left, right = content.cut_left(content.width * 0.58, self.theme.u(7))
            self.illustration(right, "checking")
            rest = self.title(left, "matters-none-title")
            self.words(rest, "matters-none", "lead", valign="top")
        else:
            self._cards(self.title(content, "matters-title", lines=1), matters[:SHOWN])
        self.exits()
        right, rest = self._bar().cut_right(self.theme.touch(60), self.gap)
        self.footer_button(right, "finish", e.Acknowledged, "check", look=PRIMARY)
        if matters:
            paper = rest.cut_right(self.theme.touch(60))[0]
            self.footer_button(paper, "matters-print", e.PaperWanted, "printer", look=SECONDARY)

    def _cards(self, area: Area, matters: tuple[Matter, ...]) -> None:
        theme, gap = self.theme, self.theme.u(3)
        height = min(theme.u(34 if len(matters) > 1 else 26), (area.height - gap * (SHOWN - 1)) / SHOWN)
        for index, matter in enumerate(matters):
            card, area = area.cut_top(height, gap)
            self._card(card, index, matter)
        if len(matters) == 1:
            word = self.language.word_id("matter-explained", matters[0].standing)
            self.words(area, word, "lead", valign="top")

    def _card(self, area: Area, index: int, matter: Matter) -> None:
        """Place what it was and when on the left, how much and how it stands on the right."""
        theme, language = self.theme, self.language
        inner = self.under(area).inset(theme.u(5), theme.u(2.5))
        right, left = inner.cut_right(inner.width * 0.42, theme.u(4))
        upper, lower = left.rows(2, theme.u(1))
        when = f"{language.date(matter.made_at_ms)} {language.time(matter.made_at_ms)}"
        self.plain(upper, f"matter-{index}", self._name(matter), "body", bold=True, ground=t.SURFACE, lines=1)
        self.plain(lower, f"matter-{index}-when", when, "small", colour=t.SOFT, ground=t.SURFACE, lines=1)
        upper, lower = right.rows(2, theme.u(1))
        amount = language.money(matter.amount)
        self.plain(upper, f"matter-{index}-amount", amount, "body", bold=True, ground=t.SURFACE, align="right", lines=1)
        ink, ground = COLOURS[matter.standing]
        word = language.word_id("matter", matter.standing)
        self.under(lower, ground, ground)
        self.plain(
            lower, f"matter-{index}-{word}", self.text(word), "body", bold=True, colour=ink, ground=ground,
            align="center", lines=1,
        )  # fmt: skip

    def _name(self, matter: Matter) -> str:
        """Return the service's title in the citizen's language, its id where this kiosk does not know it."""
        known = {service.id: service.title for service in self.kiosk.services}
        return self.language.pick(known[matter.service_id]) if matter.service_id in known else matter.service_id
