"""The other ways to the ID card's key: where its six digits stand, its document number and dates, and a card without a chip."""

from __future__ import annotations

import re
from collections.abc import Hashable
from datetime import UTC, date, datetime, timedelta

from kiosk.domain.access_key import MrzKey
from kiosk.domain.card_profile import CardProfile
from kiosk.domain.document_dates import in_zone, is_birth, is_expiry, typed_date
from kiosk.domain.secret import overwrite
from kiosk.domain.service import Field
from kiosk.journey import events as e
from kiosk.journey import events_key as k
from kiosk.journey.identifying import MISTAKES_ALLOWED
from screens import theme as t
from screens.filling import FieldScreen
from screens.keyboard import ERASE
from screens.pattern import following
from screens.screen import Screen

EAST = timedelta(hours=4)
"""Baku is so far ahead of UTC all the year: what day it is there decides which dates have passed."""
NEXT = "|"
"""Stands in the draft between what was typed on one page and on the next."""
PAGES = (
    ("number", "document-number-label", "document-number-hint"),
    ("birth", "document-birth-label", "document-birth-hint"),
    ("expiry", "document-expiry-label", "document-expiry-hint"),
)
DATE_KEYS = "[0-3][0-9][01][0-9][12][09][0-9]{2}"
NUMBER_LEAST, NUMBER_FIELD, NUMBER_MOST = 5, 9, 14
NUMBER_EXAMPLE = "AA1234567"
IMPOSSIBLE = ("date_wrong", "birth_wrong", "expiry_wrong")
"""What is wrong with a whole date: it can only be typed anew."""


class FindingDigitsScreen(Screen):
    """Shows where the six digits stand, and the way on for a card that has none."""

    changes_language = True

    def draw(self) -> None:
        """Place the words on the left and the picture, large, on the right."""
        theme = self.theme
        content = self.frame()
        left, right = content.cut_left(content.width * 0.5, theme.u(7))
        profile = self._profile()
        self.illustration(right, profile.digits_picture if profile else "card-digits")
        rest = self.title(left, "finding-digits-title")
        if profile is not None:
            where = self.plain(rest, "where", self.language.pick(profile.digits_where), "body", valign="top")
        else:
            where = self.words(rest, "finding-digits-where", "body", valign="top")
        rest = rest.cut_top(where.text_height, theme.u(6))[1]
        if opened_by_zone(self.context.cards):
            self.words(rest, "finding-digits-not-there", "body", colour=t.SOFT, valign="top")
            self.onward("finding-digits-document", lambda: k.KeyWayChosen("document"), "document", 84)
        self.exits(back=True)

    def _profile(self) -> CardProfile | None:
        known = (each for each in self.context.cards if "can" in each.opens_with and each.digits_where)
        return next(known, None)


class EnteringDocumentScreen(FieldScreen):
    """Asks for document number, date of birth and date of expiry on three pages. What is typed stays on this screen."""

    changes_language = True

    def draft_key(self) -> Hashable:
        """One draft per try."""
        return "document", self.state.journey.number, self.state.mistakes

    @property
    def page(self) -> int:
        """Which of the three is asked for."""
        return len(self.draft.parts(NEXT)) - 1

    @property
    def answer(self) -> memoryview:
        """What has been typed on this page, where it lies."""
        return self.draft.parts(NEXT)[-1]

    @property
    def field(self) -> Field:
        """Describe this page's field as a service describes its own."""
        name, *ids = PAGES[self.page]
        asked, told = (self.text(message_id) for message_id in ids)
        label, hint = {self.code: f"{self.page + 1}/{len(PAGES)}  {asked}"}, {self.code: told}
        if name == "number":
            count = min(NUMBER_MOST, max(NUMBER_FIELD, len(self.answer) + 1))
            pattern = f"[0-9A-Z]{{{NUMBER_LEAST},{NUMBER_MOST}}}"
            return Field("number", "code", label, hint, pattern, count, example=NUMBER_EXAMPLE)
        return Field(name, "digits", label, hint, DATE_KEYS, len("DDMMYYYY"))

    @property
    def ends(self) -> list[int]:
        """Group a date as DD MM YYYY."""
        return [2, 4] if self.page else []

    @property
    def notice(self) -> str:
        """Say what is wrong with a whole date at once; what was wrong with the last try, until it is begun anew."""
        if self.page == 0:
            return str(self.state.notice)
        if len(self.answer) < len("DDMMYYYY"):
            return "misread" if self.state.notice == "misread" else ""
        day = typed_date(self.answer)
        if day is None:
            return "date_wrong"
        right = (is_birth, is_expiry)[self.page - 1](day, self._today())
        return "" if right else ("birth_wrong", "expiry_wrong")[self.page - 1]

    def notice_text(self, message_id: str) -> str:
        """Tell how many tries are left, where that is told."""
        if self.notice == "wrong_document":
            return self.text(message_id, left=max(1, MISTAKES_ALLOWED - self.state.mistakes))
        return self.text(message_id)

    def whole(self) -> bool:
        """Say whether one can go on."""
        return re.fullmatch(self.field.pattern.encode(), self.answer) is not None and not self._impossible

    @property
    def _impossible(self) -> bool:
        return self.page > 0 and self.notice in IMPOSSIBLE

    def typed(self, key: str) -> None:
        """Take a key; a digit after a date that cannot be begins it anew, erasing still mends its end."""
        if self._impossible and key != ERASE:
            self.draft.erase(len(self.answer))
        super().typed(key)

    def refresh(self) -> None:
        """Offer a date's first digits where the one that was typed cannot be."""
        super().refresh()
        if self._impossible:
            self.pad.offer(following(DATE_KEYS, ""), erase=True)

    def leave(self) -> e.Event | None:
        """Go back a page; from the first, to the six digits."""
        if self.page == 0:
            return e.WentBack()
        self.draft.erase(len(self.answer) + len(NEXT))
        self.redraw()
        return None

    def enter(self) -> e.Event | None:
        """Go on to the next page; from the last, hand out the key and overwrite what was typed."""
        if self.page < 2:
            self.draft.add(NEXT)
            self.redraw()
            return None
        number, *days = self.draft.parts(NEXT)
        birth, expiry = map(in_zone, days)
        key = MrzKey(number, birth, expiry)
        for each in (birth, expiry):
            overwrite(each)
        self.draft.wipe()
        self.cells.show(self.answer)
        return e.AccessKeyEntered(key, "document")

    def _today(self) -> date:
        started = datetime.fromtimestamp(self.state.journey.started_ms / 1000, UTC)
        return (started + EAST).date()


class WithoutChipScreen(Screen):
    """Says plainly that a card without a chip proves nothing here, what is needed, and how to go on."""

    changes_language = True

    def draw(self) -> None:
        """Place the words on the left and the card on the right."""
        theme = self.theme
        content = self.frame()
        left, right = content.cut_left(content.width * 0.6, theme.u(7))
        self.illustration(right, "card-no-chip")
        rest = self.title(left, "without-chip-title")
        kinds = [self.language.pick(each.title) for each in self.context.cards if not each.chip]
        if kinds:
            strip, rest = rest.cut_bottom(theme.u(15), theme.u(3))
            args: dict[str, str | int] = {"cards": ", ".join(kinds)}
            self.words(strip, "without-chip-kinds", "small", args, colour=t.SOFT, valign="bottom")
        cannot = self.words(rest, "without-chip-cannot", "body", valign="top")
        rest = rest.cut_top(cannot.text_height, theme.u(5))[1]
        self.words(rest, "without-chip-needed", "body", bold=True, valign="top")
        self.exits(back=True)
        self.onward("without-chip-others", e.Acknowledged, "next", 70)


def opened_by_zone(cards: tuple[CardProfile, ...]) -> bool:
    """Say whether there is any card that document number and dates open."""
    return not cards or any(each.chip and "zone" in each.opens_with for each in cards)
