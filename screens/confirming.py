"""The bill before money: whose it is, what it is for, the fee, and the total in very large figures."""

from __future__ import annotations

from kiosk.domain.citizen import Citizen
from kiosk.journey import events as e
from kiosk.journey.readiness import methods
from screens import theme as t
from screens.area import Area
from screens.icons import icon
from screens.portrait import portrait
from screens.screen import Screen
from screens.widgets import PRIMARY, Block


class ConfirmingScreen(Screen):
    """Shows what will be paid, or for a free service what will be applied for."""

    changes_language = True

    def draw(self) -> None:
        """Place the particulars on the left and the amount on the right."""
        content = self.frame()
        free = self.state.journey.quote is None
        content = self.title(content, "confirming-free-title" if free else "confirming-title", lines=1)
        if self.state.notice:
            strip, content = content.cut_top(self.theme.u(16), self.theme.u(4))
            notice_id = self.language.word_id("notice", self.state.notice)
            self.banner(strip, notice_id, self.text(notice_id))
        left, right = content.cut_left(content.width * 0.55, self.theme.u(6))
        self._particulars(left)
        if free:
            self._nothing_due(right)
        else:
            self._amount(right)
        due = not free and bool(self.state.journey.quote.total)
        if due and "cash" in methods(self.kiosk.devices):
            self._both_ways()
            return
        self.exits(back=True)
        again = self.state.notice in ("declined", "cancelled")
        label = "apply" if free else "onward" if not due else "pay-again" if again else "pay"
        self.onward(label, e.PaymentConfirmed, "next", 84)

    def _both_ways(self) -> None:
        """Offer card and cash side by side; a card terminal that does not work is not offered."""
        self.exits()
        bar = self.foot.inset(self.margin, self.theme.u(3))
        right, rest = bar.cut_right(self.theme.touch(66), self.gap)
        self.footer_button(right, "pay-in-cash", lambda: e.PaymentConfirmed("cash"), "note", look=PRIMARY)
        if "card" in methods(self.kiosk.devices):
            left = rest.cut_right(self.theme.touch(66))[0]
            self.footer_button(left, "pay-by-card", lambda: e.PaymentConfirmed("card"), "card", look=PRIMARY)

    def rows(self) -> list[tuple[str, str, str]]:
        """Return id, label and value of every line below the citizen's name."""
        journey, language = self.state.journey, self.language
        rows: list[tuple[str, str, str]] = []
        for field in journey.service.fields if journey.service else ():
            if field.id in journey.answers:
                value = grouped(journey.answers[field.id], field.group)
                rows.append((f"answer-{field.id}", language.pick(field.label), value))
        quote = journey.quote
        if quote is not None:
            if quote.payer:
                rows.append(("payer", self.text("confirming-payer"), quote.payer))
            # With a notice above there is room for what identifies the bill, not for its particulars.
            for index, line in enumerate(() if self.state.notice else quote.lines):
                value = language.money(line.amount) if line.amount else line.value
                rows.append((f"line-{index}", language.pick(line.label), value))
        return rows

    def _particulars(self, area: Area) -> None:
        theme = self.theme
        card = self.under(area)
        inner = card.inset(theme.u(6), theme.u(4))
        inner = self._two(inner) or self._recognised(inner) or self._named(inner)
        rows = self.rows()
        if not rows:
            return
        height = min(theme.u(11.5), (inner.height - theme.u(1) * (len(rows) - 1)) / len(rows))
        for item_id, label, value in rows:
            row, inner = inner.cut_top(height, theme.u(1))
            self._row(row, item_id, label, value)

    def _two(self, inner: Area) -> Area | None:
        """Place the service, whose visit it is, and whom it is about, each under its label; None where it is one person."""
        theme, journey = self.theme, self.state.journey
        if journey.citizen is None or journey.subject is None:
            return None
        head, inner = inner.cut_top(theme.u(11), theme.u(2))
        self._service(head)
        about = "confirming-subject-child" if journey.whose == "child" else "confirming-subject-another"
        people = (("citizen", journey.citizen, "confirming-asking"), ("subject", journey.subject, about))
        for item_id, person, label in people:
            said, inner = inner.cut_top(theme.u(6.5), theme.u(1))
            self.words(said, label, "small", colour=t.SOFT, ground=t.SURFACE, lines=1)
            name, inner = inner.cut_top(theme.u(13), theme.u(3))
            self._person(name, item_id, person, label)
        return inner

    def _named(self, inner: Area) -> Area:
        """Place the service and below it the citizen; return the room that is left."""
        theme, citizen = self.theme, self.state.journey.citizen
        head, inner = inner.cut_top(theme.u(11), theme.u(2))
        self._service(head)
        if citizen is not None:
            name, inner = inner.cut_top(min(theme.u(10), inner.height * 0.3), theme.u(2))
            self._person(name, "citizen", citizen, "confirming-citizen")
        return inner

    def _recognised(self, inner: Area) -> Area | None:
        """Place the citizen's picture, beside it the service and the name; None where there is no picture."""
        theme, citizen = self.theme, self.state.journey.citizen
        if citizen is None or not citizen.portrait:
            return None
        both, rest = inner.cut_top(min(theme.u(23), inner.height * 0.46), theme.u(3))
        place, words = both.cut_left(both.height * 3 / 4, theme.u(5))
        texture = portrait(citizen.portrait, int(place.width), int(place.height), int(theme.u(2)))
        if texture is None:
            return None
        head, name = words.rows(2, theme.u(1))
        self._service(head)
        say = f"{self.text('confirming-citizen')}: {citizen.full_name}"
        self.plain(
            name, "citizen", citizen.full_name, "body", say=say, bold=True, ground=t.SURFACE, valign="top"
        ).picture(texture, place)
        return rest

    def _service(self, area: Area) -> None:
        service = self.state.journey.service
        title = self.language.pick(service.title) if service else ""
        self.plain(area, "service", title, "lead", bold=True, colour=t.PRIMARY, ground=t.SURFACE, lines=1)

    def _person(self, area: Area, item_id: str, citizen: Citizen, label: str) -> None:
        """Place a name beside the person's picture, or a drawn one: first whose visit it is, whoever the bill is for."""
        name = citizen.full_name
        size = min(self.theme.u(7), area.height)
        mark, rest = area.cut_left(area.height * 3 / 4 if citizen.portrait else size, self.theme.u(3))
        texture = portrait(citizen.portrait, int(mark.width), int(area.height), int(self.theme.u(1)))
        words = self.plain(rest, item_id, name, "body", say=f"{self.text(label)}: {name}", bold=True, ground=t.SURFACE)
        if texture is None:
            words.picture(icon("person", int(size)), mark, t.PRIMARY)
        else:
            words.picture(texture, mark)

    def _row(self, area: Area, item_id: str, label: str, value: str) -> None:
        left, right = area.cut_left(area.width * 0.4, self.theme.u(3))
        self.plain(left, f"{item_id}-label", label, "small", colour=t.SOFT, ground=t.SURFACE)
        self.plain(right, item_id, value, "body", bold=True, ground=t.SURFACE, align="right")

    def _amount(self, area: Area) -> None:
        """Place amount, fee and total: the total as large as it goes."""
        theme, language, quote = self.theme, self.language, self.state.journey.quote
        card = self.under(area, t.TINT, t.TINT)
        inner = card.inset(theme.u(6), theme.u(5))
        for item_id, amount in (("confirming-amount", quote.amount), ("confirming-fee", quote.fee)):
            row, inner = inner.cut_top(min(theme.u(9), inner.height * 0.16), theme.u(1))
            left, right = row.cut_left(row.width * 0.52, theme.u(2))
            self.words(left, item_id, "body", colour=t.SOFT, ground=t.TINT, lines=1)
            self.plain(right, f"{item_id}-value", language.money(amount), "body", ground=t.TINT, align="right", lines=1)
        rule, inner = inner.cut_top(theme.u(0.5), theme.u(2))
        self.add_widget(Block(rule.whole(), t.PRIMARY))
        head, inner = inner.cut_top(min(theme.u(9), inner.height * 0.24))
        self.words(head, "confirming-total", "lead", bold=True, colour=t.PRIMARY, ground=t.TINT, lines=1)
        total = language.money(quote.total)
        self.plain(inner, "total", total, "figure", bold=True, colour=t.INK, ground=t.TINT, align="center", lines=1)

    def _nothing_due(self, area: Area) -> None:
        theme = self.theme
        card = self.under(area, t.GOOD_TINT, t.GOOD_TINT)
        inner = card.inset(theme.u(6), theme.u(6))
        head, inner = inner.cut_top(inner.height * 0.42, theme.u(3))
        self.words(
            head, "confirming-free", "display", bold=True, colour=t.GOOD, ground=t.GOOD_TINT, align="center", lines=1
        )
        self.words(inner, "confirming-free-explained", "body", ground=t.GOOD_TINT, align="center", valign="top")


def grouped(value: str, size: int) -> str:
    """Return a number in groups that do not break apart: 104 558 210."""
    return "\u00a0".join(value[i : i + size] for i in range(0, len(value), size)) if size else value
