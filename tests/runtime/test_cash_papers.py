"""What stands on the papers of a payment in cash."""

from pathlib import Path

import pytest

from kiosk.commands.parts import read_forms
from kiosk.domain.cash import Note
from kiosk.domain.money import Money
from kiosk.domain.receipt import Row, Text
from kiosk.journey.effects import PrintPaper
from kiosk.journey.state import Journey
from kiosk.language import load_languages
from kiosk.runtime.clock import SystemClock
from kiosk.runtime.papers import Letterhead, Papers
from tests.journey.play import ELECTRICITY, QUOTE

LANGUAGES = load_languages(Path(__file__).parents[2] / "config" / "languages")
FORMS = read_forms(Path(__file__).parents[2] / "config" / "receipts")
NOTES = (Note("K-1-N1", Money(2000)), Note("K-1-N2", Money(1000)))


def said(paper, language="en", **more):
    """Return what a paper says, a line each."""
    head = Letterhead(dict.fromkeys(LANGUAGES, "A"), dict.fromkeys(LANGUAGES, "B"), "1", "2")
    journey = Journey(1, language, 0, ELECTRICITY, quote=QUOTE, reference="K-1", notes=NOTES, paid_ms=1, **more)
    receipt = Papers(LANGUAGES, head, FORMS, "K", SystemClock(), "1").compose(PrintPaper(1, paper, journey))
    rows = [f"{line.label}: {line.value}" for line in receipt.lines if isinstance(line, Row)]
    return rows + [line.text for line in receipt.lines if isinstance(line, Text)]


def test_a_receipt_in_cash_says_what_came_in_and_what_is_too_much():
    """Inserted, due and surplus stand on the receipt, and the code under which the surplus is owed."""
    lines = said("receipt", surplus_to="claim")
    assert any(line.startswith("Inserted in cash: ") and "30,00" in line for line in lines)
    assert any(line.startswith("Surplus: ") and "6,00" in line for line in lines)
    assert "Code: K-1-S" in lines


def test_a_surplus_for_the_account_needs_no_code():
    """A credited surplus is said to be credited, and there is no code to be shown."""
    lines = said("receipt", surplus_to="account")
    assert "The surplus is credited to your customer account." in lines
    assert "Code: K-1-S" not in lines


@pytest.mark.parametrize("language", ["az", "ru", "en"])
def test_a_claim_slip_has_its_code(language):
    """The slip of an order that ended short has the reference as its code, in every language."""
    lines = said("claim", language, doubt="undelivered")
    assert any(line.endswith(": K-1") and line != lines[0] for line in lines)
    assert any(LANGUAGES[language].text("paper-claim-cash-done") == line for line in lines)


def test_a_note_in_doubt_stands_on_the_slip():
    """The slip of a note of which nobody can tell says what it is worth."""
    lines = said("claim", doubt="unresolved", doubtful=Note("K-1-N3", Money(500)))
    assert any(line.startswith("Note being checked: ") and "5,00" in line for line in lines)
