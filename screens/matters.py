"""Somebody comes back: how earlier payments stand, each with its word in a colour, and on paper if wanted, and its own paper once more."""

from __future__ import annotations

from typing import Any

from kiosk.domain.health import Failed
from kiosk.domain.matter import Matter
from kiosk.journey import events as e
from screens import theme as t
from screens.area import Area
from screens.identifying import WaitScreen
from screens.screen import Screen
from screens.widgets import PRIMARY, SECONDARY, button

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


class AskingCopyScreen(WaitScreen):
    """The central system is asked for a paper."""

    picture_name = "checking"

    def ids(self) -> tuple[str, str]:
        """Return what is said."""
        return "asking-copy-title", "asking-copy-wait"


class PrintingCopyScreen(WaitScreen):
    """A paper is coming out once more."""

    picture_name = "printing"

    def ids(self) -> tuple[str, str]:
        """Return what is said."""
        return "printing-copy-title", "printing-copy-wait"


class ShowingMattersScreen(Screen):
    """One card a matter, with its paper once more where the centre can give it; a single one is explained."""

    changes_language = True
    uses_health = True

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
            self._cards(self._head(content), matters[:SHOWN])
        self.exits()
        right, rest = self._bar().cut_right(self.theme.touch(60), self.gap)
        self.footer_button(right, "finish", e.Acknowledged, "check", look=PRIMARY)
        if matters:
            paper = rest.cut_right(self.theme.touch(60))[0]
            self.footer_button(
                paper, "matters-print", e.PaperWanted, "printer", look=SECONDARY, enabled=self._printer_well()
            )

    def _printer_well(self) -> bool:
        return not isinstance(self.kiosk.devices.get("printer"), Failed)

    def _head(self, area: Area) -> Area:
        """Say what this is; or in its place what became of a copy, or that there is no paper now. Return the room left."""
        notice = self.state.notice or ("" if self._printer_well() else "copy_no_paper")
        if not notice:
            return self.title(area, "matters-title", lines=1)
        strip, rest = area.cut_top(self.theme.u(11), self.theme.u(3))
        message_id = self.language.word_id("notice", notice)
        self.banner(strip, message_id, self.text(message_id), "good" if notice == "copy_printed" else "warn")
        return rest

    def _cards(self, area: Area, matters: tuple[Matter, ...]) -> None:
        theme, gap = self.theme, self.theme.u(3)
        height = min(theme.u(34 if len(matters) > 1 else 26), (area.height - gap * (SHOWN - 1)) / SHOWN)
        for index, matter in enumerate(matters):
            card, area = area.cut_top(height, gap)
            self._card(card, index, matter)
        if len(matters) == 1:
            self.words(area, f"matter-explained-{self._word(matters[0])}", "lead", valign="top")

    def _word(self, matter: Matter) -> str:
        """Return the word for how a matter stands: what cost nothing is issued, not paid."""
        standing = "issued" if matter.standing == "paid" and not matter.amount else matter.standing
        return self.language.word_id("matter", standing).removeprefix("matter-")

    def _card(self, area: Area, index: int, matter: Matter) -> None:
        """Place what it was and when on the left, how much and how it stands in the middle, its paper on the right."""
        theme, language = self.theme, self.language
        again, inner = self.under(area).inset(theme.u(2), theme.u(0.6)).cut_right(theme.touch(44), theme.u(1))
        inner = inner.inset(theme.u(3), theme.u(1.9))
        if matter.paper:
            self._again(again, index, matter)
        right, left = inner.cut_right(inner.width * 0.44, theme.u(4))
        upper, lower = left.rows(2, theme.u(1))
        when = f"{language.date(matter.made_at_ms)} {language.time(matter.made_at_ms)}"
        self.plain(upper, f"matter-{index}", self._name(matter), "body", bold=True, ground=t.SURFACE, lines=1)
        self.plain(lower, f"matter-{index}-when", when, "small", colour=t.SOFT, ground=t.SURFACE, lines=1)
        upper, lower = right.rows(2, theme.u(1))
        amount = language.money(matter.amount) if matter.amount else matter.receipt_number
        self.plain(upper, f"matter-{index}-amount", amount, "body", bold=True, ground=t.SURFACE, align="right", lines=1)
        ink, ground = COLOURS[matter.standing]
        word = f"matter-{self._word(matter)}"
        self.under(lower, ground, ground)
        self.plain(
            lower, f"matter-{index}-{word}", self.text(word), "body", bold=True, colour=ink, ground=ground,
            align="center", lines=1,
        )  # fmt: skip

    def _again(self, area: Area, index: int, matter: Matter) -> None:
        """Place the button that brings the paper once more."""

        def tap() -> None:
            self.send(e.CopyWanted(matter.reference))

        label = self.text("copy-again")
        say = f"{label}: {self._name(matter)}"
        theme, enabled = self.theme, self._printer_well()
        how: dict[str, Any] = {"theme": theme, "say": say, "look": SECONDARY, "enabled": enabled, "size": "body"}
        self.put(button(area, f"copy-{index}", label, tap, "printer", **how))

    def _name(self, matter: Matter) -> str:
        """Return the service's title in the citizen's language, its id where this kiosk does not know it."""
        known = {service.id: service.title for service in self.kiosk.services}
        return self.language.pick(known[matter.service_id]) if matter.service_id in known else matter.service_id
