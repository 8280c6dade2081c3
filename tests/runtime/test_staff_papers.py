"""Who serviced stands on the papers of the staff, in every language; a visit by the kiosk's own PIN names nobody."""

from __future__ import annotations

import pytest

from kiosk.domain.cash import Box, Collection
from kiosk.domain.health import Check, SelfTest
from kiosk.domain.money import Money
from kiosk.domain.receipt import Receipt, Row
from kiosk.domain.technician import Technician
from kiosk.journey.effects import PrintCollection
from kiosk.runtime.clock import SystemClock
from kiosk.runtime.papers import Letterhead, Papers
from tests.runtime.test_cash_papers import FORMS, LANGUAGES

RANA = Technician("Rəna Əliyeva", "4F1C", ("technician", "cash-collector"))
TESTS = (SelfTest("card", (Check("reader", "passed", "ACR39U"),)),)
HEAD = Letterhead(dict.fromkeys(LANGUAGES, "A"), dict.fromkeys(LANGUAGES, "B"), "1", "2")
PAPERS = Papers(LANGUAGES, HEAD, FORMS, "K", SystemClock(), "1")


def rows(receipt: Receipt) -> dict[str, str]:
    return {line.label: line.value for line in receipt.lines if isinstance(line, Row)}


def slip(by: Technician | None, language: str) -> dict[str, str]:
    collection = Collection("K-C1", Box(((500, 2),)), Money(1000), 1, by)
    return rows(PAPERS.slip(PrintCollection(1, collection, "done", language)))


@pytest.mark.parametrize("language", ["az", "ru", "en"])
def test_report_and_slip_name_who_serviced(language: str):
    """Name and serial number of the certificate stand on both; the slip's blank for a name is not needed then."""
    words = LANGUAGES[language]
    name, number = words.text("paper-serviced-by"), words.text("paper-certificate")
    for found in (rows(PAPERS.report(TESTS, language, RANA)), slip(RANA, language)):
        assert (found[name], found[number]) == ("Rəna Əliyeva", "4F1C")
    assert words.text("paper-collection-name") not in slip(RANA, language)
    assert words.text("paper-collection-signature") in slip(RANA, language)


def test_by_the_pin_nobody_is_named():
    """Where the kiosk's own PIN let in, the report names nobody and the slip keeps its blank for a name."""
    words = LANGUAGES["en"]
    assert words.text("paper-serviced-by") not in rows(PAPERS.report(TESTS, "en"))
    assert set(slip(None, "en")[words.text("paper-collection-name")]) == {"_"}
