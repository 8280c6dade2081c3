"""Paying in cash: what is due, what is in, what is left; and a surplus is shown before the note is taken."""

from __future__ import annotations

from kiosk.domain.money import Money
from kiosk.journey import events as e
from kiosk.journey.readiness import methods
from screens import theme as t
from screens.area import Area
from screens.identifying import WaitScreen
from screens.screen import Screen
from screens.widgets import PRIMARY, SECONDARY, Look, button

CHOICES = {"account": "surplus-account", "claim": "surplus-claim", "return": "surplus-return"}


class CashScreen(WaitScreen):
    """A wait with due, inserted and remaining above the sentence."""

    picture_name = "cash"

    def more(self, area: Area) -> Area:
        """Place the three amounts."""
        journey, theme = self.state.journey, self.theme
        due = journey.quote.total if journey.quote else Money(0)
        amounts = (("cash-due", due), ("cash-inserted", journey.inserted), ("cash-remaining", journey.remaining))
        box, rest = area.cut_top(min(theme.u(40), area.height * 0.6), theme.u(4))
        inner = self.under(box, t.TINT, t.TINT).inset(theme.u(5), theme.u(2))
        for (name, amount), row in zip(amounts, inner.rows(3, theme.u(1)), strict=True):
            last = name == "cash-remaining"
            left, right = row.cut_left(row.width * 0.5, theme.u(3))
            self.words(left, name, "body", colour=t.SOFT, ground=t.TINT, lines=1)
            value = self.language.money(amount)
            style: t.Style = "lead" if last else "body"
            self.plain(right, f"{name}-value", value, style, bold=last, ground=t.TINT, align="right", lines=1)
        return rest


class PreparingCashScreen(CashScreen):
    """The acceptor is being asked whether it is ready."""

    cancellable = True

    def ids(self) -> tuple[str, str]:
        """Return what is said."""
        return "preparing-cash-title", "preparing-cash-wait"


class TakingCashScreen(CashScreen):
    """Waiting for a note: which ones fit, that there is no change, and the rest by card."""

    def draw(self) -> None:
        """Offer the ways out only while nothing is being stopped."""
        self.cancellable = not self.state.then
        super().draw()
        if self.state.then:
            return
        if "card" in methods(self.kiosk.devices):
            self.onward("pay-rest-by-card", lambda: e.PaymentConfirmed("card"), "card", 84)

    def ids(self) -> tuple[str, str]:
        """Return what is said."""
        if self.state.then:
            return "stopping-title", "cash-stopping-wait"
        notice = {"": "taking-cash-fits", "note_returned": "taking-cash-returned"}
        return "taking-cash-title", notice.get(self.state.notice, "taking-cash-no-card")

    def own_words(self) -> str:
        """Say which notes fit."""
        if self.state.then or self.state.notice:
            return ""
        most = self.state.journey.remaining + self.kiosk.surplus_most
        return self.text("taking-cash-fits", most=self.language.money(most))


class ChoosingSurplusScreen(Screen):
    """The note is worth more than is due: how much, and what becomes of it. It is not taken yet."""

    def draw(self) -> None:
        """Place the surplus on top, and a button for each thing that can become of it."""
        theme, journey = self.theme, self.state.journey
        content = self.frame()
        surplus = self.state.value - journey.remaining
        content = self.title(content, "surplus-title", {"surplus": self.language.money(surplus)}, lines=1)
        amounts: dict[str, str | int] = {
            "value": self.language.money(self.state.value),
            "due": self.language.money(journey.remaining),
        }
        head, content = content.cut_top(content.height * (0.36 if theme.compact else 0.22), theme.u(2))
        self.words(head, "surplus-explained", "body", amounts, valign="top")
        if self.state.chosen:
            self.pulse(content.cut_top(theme.u(6))[0].cut_left(theme.u(30))[0])
            return
        allowed = journey.service.surplus if journey.service else ()
        count, gap = len(allowed) + 1, theme.u(2.6)
        rows = content.grid(2, (count + 1) // 2, gap) if theme.compact else content.rows(count, gap)
        for to, row in zip((*allowed, "return"), rows, strict=False):
            self._choice(row, CHOICES[to], e.SurplusChosen(to), SECONDARY if to == "return" else PRIMARY)
        self.exits()

    def _choice(self, area: Area, message_id: str, event: e.SurplusChosen, look: Look) -> None:
        label, say = self.text(message_id), self.language.say(message_id)

        def tap() -> None:
            self.send(event)

        self.put(button(area, message_id, label, tap, "", theme=self.theme, look=look, say=say))


class StackingNoteScreen(CashScreen):
    """The note is being taken."""

    def ids(self) -> tuple[str, str]:
        """Return what is said."""
        return "stacking-note-title", "stacking-note-wait"


class ReturningNoteScreen(CashScreen):
    """The note comes back."""

    def ids(self) -> tuple[str, str]:
        """Return what is said."""
        return "returning-note-title", "returning-note-wait"


class CheckingNoteScreen(CashScreen):
    """Nobody knows yet what became of the note."""

    picture_name = "checking"

    def ids(self) -> tuple[str, str]:
        """Return what is said."""
        return "checking-note-title", "checking-note-wait"
