"""The end of a visit: the centre is told, the paper comes, and a last word."""

from __future__ import annotations

from kiosk.journey import events as e
from kiosk.journey.fulfilling import UNFILED
from screens import theme as t
from screens.area import Area
from screens.carrying import place_code
from screens.identifying import WaitScreen
from screens.screen import Screen


class SubmittingScreen(WaitScreen):
    """The central system is being told."""

    def ids(self) -> tuple[str, str]:
        """Return what is said."""
        return "submitting-title", "submitting-wait"


class RegisteringSaleScreen(WaitScreen):
    """The sale is told to the fiscal register."""

    def ids(self) -> tuple[str, str]:
        """Return what is said."""
        return "registering-sale-title", "registering-sale-wait"


class CheckingSaleScreen(WaitScreen):
    """The register is asked what became of the sale."""

    picture_name = "checking"

    def ids(self) -> tuple[str, str]:
        """Return what is said."""
        return "checking-sale-title", "checking-sale-wait"


class FilingUnregisteredScreen(WaitScreen):
    """The centre is told of a sale that is not registered."""

    def ids(self) -> tuple[str, str]:
        """Return what is said."""
        return "filing-unregistered-title", "filing-unregistered-wait"


class FilingClaimScreen(WaitScreen):
    """The claim is being filed."""

    picture_name = "checking"

    def ids(self) -> tuple[str, str]:
        """Return what is said."""
        return "filing-claim-title", "filing-claim-wait"


class PrintingScreen(WaitScreen):
    """Paper is coming out."""

    picture_name = "printing"

    def ids(self) -> tuple[str, str]:
        """Return what is said."""
        return "printing-title", "printing-wait"


class PrintingDocumentScreen(WaitScreen):
    """The centre's document is being printed on A4."""

    picture_name = "printing"

    def ids(self) -> tuple[str, str]:
        """Return what is said."""
        return "printing-document-title", "printing-document-wait"


class FarewellScreen(Screen):
    """How it ended, whether the paper came, the number to keep, and the card to take."""

    def draw(self) -> None:
        """Place the words on the left, the picture of what to do last on the right."""
        state = self.state
        content = self.frame()
        left, right = content.cut_left(content.width * 0.58, self.theme.u(7))
        if state.carries:
            place_code(self, right, state.journey.reference)
        else:
            self.illustration(right, self._picture())
        rest = self.title(left, self._title())
        if state.card_inside:
            strip, rest = rest.cut_bottom(self.theme.u(16 if state.carries else 19), self.theme.u(3))
            self.banner(strip, "take-card", self.text("take-card"))
        if not state.printed:
            self.words(rest, "farewell-seen", "body", valign="top")
            self.onward("finish", e.Acknowledged, "check", 60)
            return
        if not state.carries:
            number, rest = rest.cut_bottom(self.theme.u(15), self.theme.u(3))
            self._number(number)
        outcome = rest.cut_top(rest.height * 0.56)[0]
        words = self.words(outcome, self._sentence(), "body", valign="top")
        self._paper(rest.cut_top(words.text_height, self.theme.u(3))[1])
        self.onward("finish", e.Acknowledged, "check", 60)

    @property
    def _missing(self) -> bool:
        """Say whether a paper that was due did not come out whole."""
        return self.state.outcome == "done" and self.state.printed in ("partial", "not_started")

    @property
    def _by_card_alone(self) -> bool:
        """Say whether the paper is all about a person, so that the code alone does not bring it."""
        return bool(self.state.paper == "slip")

    @property
    def _cash_claim(self) -> bool:
        """Say whether notes are claimed that are known to be in the box."""
        return (
            self.state.outcome == "claim"
            and self.state.journey.doubt == "undelivered"
            and bool(self.state.journey.notes)
        )

    def _picture(self) -> str:
        if self.state.card_inside:
            return "card-take"
        usual = "checking" if self._missing else "done"
        return {"claim": "checking", "reversed": "returned"}.get(self.state.outcome, usual)

    def _title(self) -> str:
        if not self.state.printed:
            return "farewell-seen-title"
        if self.state.paper == "statement":
            return "farewell-statement-title"
        slip = self.state.paper == "slip" and self.state.outcome == "done"
        if slip and self._missing:
            return "farewell-slip-missing-title"
        if self._cash_claim:
            return "farewell-cash-claim-title"
        return "farewell-slip-title" if slip else f"farewell-{self.state.outcome}-title"

    def _sentence(self) -> str:
        if self.state.paper == "statement":
            return "farewell-statement"
        slip = self.state.paper == "slip" and self.state.outcome == "done"
        if self._missing:
            return "farewell-slip-missing" if slip else "farewell-done-missing"
        if self._cash_claim:
            return "farewell-cash-claim"
        return "farewell-slip" if slip else f"farewell-{self.state.outcome}"

    def _paper(self, area: Area) -> None:
        """Say what became of the paper; where it may be missing, say so plainly, and what to do with the code."""
        word = self.state.printed.replace("_", "-")
        message_id = f"paper-came-{word}"
        if not self.language.has(message_id):
            message_id = "paper-came-unverified"
        if self.state.sheet:
            message_id = f"{message_id}-sheet"
        elif word == "printed" and self.state.journey.unprinted:
            message_id = "paper-came-slip-instead"
        elif self.state.carries:
            message_id = f"{message_id}-slip" if self._by_card_alone else message_id
        if self.state.carries and self.state.journey.doubt == UNFILED:
            message_id = "paper-came-unfiled"  # the centre does not know of it: no kiosk can print it
        self.words(area, message_id, "body", bold=word != "printed", valign="top")

    def _number(self, area: Area) -> None:
        theme, journey = self.theme, self.state.journey
        number = journey.receipt_number or journey.reference
        card = self.under(area).inset(theme.u(5), theme.u(1.5))
        left, right = card.cut_left(card.width * 0.36, theme.u(3))
        kept = "certificate-number" if self.state.paper == "slip" else "receipt-number"
        label = kept if journey.receipt_number else "reference-number"
        self.words(left, label, "small", colour=t.SOFT, ground=t.SURFACE)
        self.plain(right, "number", number, "lead", bold=True, ground=t.SURFACE, align="right", lines=1)


class ApologyScreen(Screen):
    """It could not be done; why, that nothing was taken, and what to do now."""

    def draw(self) -> None:
        """Place the words on the left and a calm picture on the right."""
        theme = self.theme
        content = self.frame()
        left, right = content.cut_left(content.width * 0.6, theme.u(7))
        nothing_due = self.state.reason == "nothing_due"
        self.illustration(right, "done" if nothing_due else "sorry")
        rest = self.title(left, "apology-title-nothing-due" if nothing_due else "apology-title", lines=1)
        strip, rest = rest.cut_bottom(theme.u(19), theme.u(3))
        self.banner(strip, "apology-nothing-taken", self.text("apology-nothing-taken"), "good")
        if self.state.journey.card_inside:
            strip, rest = rest.cut_bottom(theme.u(17), theme.u(3))
            self.banner(strip, "take-card", self.text("take-card"))
        reason = self.language.word_id("apology", self.state.reason)
        self.words(rest, reason, "lead", valign="top")
        self.onward("understood", e.Acknowledged, "check", 70)


class EndedByCardScreen(Screen):
    """A card was put in that nobody asked for, so the visit is over. Whoever reads it may speak another language."""

    changes_language = True

    def draw(self) -> None:
        """Place the words on the left, what to do with the card on the right."""
        theme, inside = self.theme, self.state.card_inside
        content = self.frame()
        left, right = content.cut_left(content.width * 0.6, theme.u(7))
        self.illustration(right, "card-take" if inside else "sending")
        rest = self.title(left, "ended-by-card-title")
        strip, rest = rest.cut_bottom(theme.u(19), theme.u(3))
        self.banner(strip, "apology-nothing-taken", self.text("apology-nothing-taken"), "good")
        if inside:
            strip, rest = rest.cut_bottom(theme.u(19), theme.u(3))
            self.banner(strip, "take-card", self.text("take-card"))
        self.words(rest, "ended-by-card", "lead", valign="top")
        self.onward("understood", e.Acknowledged, "check", 70)
