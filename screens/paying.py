"""While money is under way: what the terminal says, the amount, and never a doubt about what to do."""

from __future__ import annotations

from screens import theme as t
from screens.area import Area
from screens.identifying import WaitScreen

PICTURE_OF = {
    "insert_card": "terminal-insert",
    "enter_pin": "terminal-pin",
    "remove_card": "terminal-take",
    "approved": "terminal-take",
}
"""Which picture goes with a word of the terminal; any other word is a wait."""
LONGEST_TEXT = 120
"""Of a terminal's own text, in characters: its display shows no more either."""
PAST_STOPPING = ("approved", "remove_card", "declined")


class MoneyScreen(WaitScreen):
    """A wait with the amount above the sentence."""

    def more(self, area: Area) -> Area:
        """Place the amount."""
        quote = self.state.journey.quote
        if quote is None:
            return area
        strip, rest = area.cut_top(min(self.theme.u(23), area.height * 0.5), self.theme.u(5))
        card = self.under(strip, t.TINT, t.TINT).inset(self.theme.u(5), self.theme.u(2))
        left, right = card.cut_left(card.width * 0.36, self.theme.u(3))
        self.words(left, "amount-to-pay", "body", colour=t.SOFT, ground=t.TINT)
        total = self.language.money(quote.total)
        self.plain(right, "total", total, "display", bold=True, ground=t.TINT, align="right", lines=1)
        return rest


class PreparingPaymentScreen(MoneyScreen):
    """The terminal is being asked whether it is ready."""

    picture_name = "terminal-wait"
    cancellable = True

    def ids(self) -> tuple[str, str]:
        """Return what is said."""
        return "preparing-payment-title", "preparing-payment-wait"


class TakingPaymentScreen(MoneyScreen):
    """What the terminal wants of the citizen, in words and as a picture."""

    def draw(self) -> None:
        """Choose the picture by what the terminal says."""
        code = self.state.progress.code
        self.picture_name = "terminal-wait" if self.state.stopping else PICTURE_OF.get(code, "terminal-wait")
        self.cancellable = not self.state.stopping and code not in PAST_STOPPING
        super().draw()

    def ids(self) -> tuple[str, str]:
        """Return what is said; on the way out, that it is being stopped."""
        if self.state.stopping:
            return "stopping-title", "stopping-wait"
        title = self.language.word_id("terminal", self.state.progress.code)
        return title, f"{title}-do"

    def own_words(self) -> str:
        """Return the terminal's own text where we have no word for what it is doing."""
        progress = self.state.progress
        known = progress.code != "other" and self.language.has(f"terminal-{progress.code.replace('_', '-')}")
        if self.state.stopping or known:
            return ""
        return "".join(c for c in progress.text if c.isprintable()).strip()[:LONGEST_TEXT]


class SettlingPaymentScreen(MoneyScreen):
    """Approved; the terminal is finishing."""

    picture_name = "terminal-take"

    def ids(self) -> tuple[str, str]:
        """Return what is said."""
        return "settling-payment-title", "settling-payment-wait"


class CheckingPaymentScreen(MoneyScreen):
    """Nobody knows yet: do not pay again."""

    picture_name = "checking"

    def ids(self) -> tuple[str, str]:
        """Return what is said."""
        return "checking-payment-title", "checking-payment-wait"


class ReversingPaymentScreen(MoneyScreen):
    """The money is on its way back."""

    picture_name = "returned"

    def ids(self) -> tuple[str, str]:
        """Return what is said."""
        return "reversing-payment-title", "reversing-payment-wait"
