"""What devices tell, in a technician's language."""

import ast
from pathlib import Path

import pytest

import hardware
import kiosk
from hardware.cash.driver import ADVICE as CASH_ADVICE
from hardware.document.ipp import ADVICE as DOCUMENT_ADVICE
from hardware.fiscal.checks import STATE_ADVICE
from hardware.nexo.checks import ADVICE as NEXO_ADVICE
from hardware.printer.driver import ADVICE
from hardware.terminal.checks import REASONS
from kiosk.domain.health import Check
from kiosk.language import devices, load_languages

ROOT = Path(__file__).resolve().parents[2]
LANGUAGES = load_languages(ROOT / "config" / "languages")
CODES = sorted(LANGUAGES)
ADVISED = Check.__struct_fields__.index("advised")
STEPS = [
    *(("terminal", check) for check in ("port", "registration", "status", "last_transaction", "settling")),
    *(("terminal", check) for check in ("diagnosis", "transaction_status")),
    *(("fiscal", check) for check in ("register", "certificate", "shift")),
    *(("card", "card reader"), ("cash", "slot"), ("scanner", "port"), ("central", "reachable"), ("central", "open")),
    *(("panel", check) for check in ("pins", "mains", "lamp card", "lamp terminal", "lamp printer")),
]
"""The checks that have one advice."""


def names_of_checks():
    """Return every name of a check that stands as such in a driver's source."""
    found = set()
    for path in Path(hardware.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Check" and len(node.args) > 1:
                found |= {node.args[0].value} if isinstance(node.args[0], ast.Constant) else set()
    return found - {"failed", "held", "not_checked", "not_offered"}  # of a card's proof, which has a Check of its own


@pytest.mark.parametrize("code", CODES)
def test_every_check_has_a_name_in_every_language(code):
    """A check that a driver makes is called by words of the catalogue."""
    names = names_of_checks()
    assert {"paper", "mains"} <= names  # the search itself works
    assert {name for name in names if not LANGUAGES[code].has(f"check-{name.replace(' ', '-')}")} == set()


def test_a_reason_is_put_into_words():
    """A reason, several of them, and a reason before its evidence are words of the language; the evidence stays."""
    russian = LANGUAGES["ru"]
    assert devices.detail(russian, "paper_low") == "Мало бумаги"
    assert devices.detail(russian, "mechanical, overheated") == "Механическая неисправность, Перегрев"
    assert devices.detail(russian, "silent: no answer to 06 00") == "Не отвечает: no answer to 06 00"


def test_what_the_catalogue_does_not_know_stays():
    """Evidence, an unknown check and an advice without a translation are shown as the driver gave them."""
    azerbaijani = LANGUAGES["az"]
    own = Check("self_made", "failed", "no answer: 5 s", "Turn it round.")
    assert devices.check_name(azerbaijani, own.name) == "self made"
    assert devices.detail(azerbaijani, own.detail) == "no answer: 5 s"
    assert devices.advice(azerbaijani, "printer", own) == "Turn it round."


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize(("device", "advices"), [("printer", ADVICE), ("document", DOCUMENT_ADVICE)])
def test_a_printers_advice_is_in_the_technicians_language(code, device, advices):
    """Each advice of the printers' drivers has its translation, and where a driver has nothing to advise nothing is said."""
    language = LANGUAGES[code]
    for name, text in advices.items():
        assert language.has(f"advice-{device}-{name}")
        assert devices.advice(language, device, Check(name, "passed")) == ""
        if code == "en":
            assert devices.advice(language, device, Check(name, "failed", "", text)) == text


SEVERAL = {
    ("terminal", "status"): {*(reason for reason, _ in REASONS.values()), "other"},
    ("terminal", "diagnosis"): set(NEXO_ADVICE),
    ("cash", "answers"): set(CASH_ADVICE),
    ("card", "smart card service"): {"stopped", "frozen"},
    ("card", "card"): {"refused", "frozen", "try"},
    ("card", "technicians"): {"authority", "list"},
    ("fiscal", "state"): set(STATE_ADVICE),
    ("central", "reachable"): {"slow"},
    ("any", "open"): {"central"},
    ("any", "self_test"): {"late", "defect"},
}
"""The checks whose drivers have several advices, and the words that tell these apart."""


def words_of_advices():
    """Return every word that stands as such in a program's source as the one that names an advice."""
    found = set()
    for package in (hardware, kiosk):
        for path in Path(package.__file__).parent.rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Check" and len(node.args) > ADVISED:
                    found |= {node.args[ADVISED].value} if isinstance(node.args[ADVISED], ast.Constant) else set()
    return found


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize(("device", "check"), SEVERAL)
def test_each_of_several_advices_is_in_the_technicians_language(code, device, check):
    """Where a check has several advices each has words of its own in every language, in the place of the driver's English."""
    language, owner = LANGUAGES[code], "panel" if device == "any" else device
    told = {
        word: devices.advice(language, owner, Check(check, "failed", "", "Turn it round.", word))
        for word in SEVERAL[device, check]
    }
    assert "Turn it round." not in told.values()
    assert len(set(told.values())) == len(told)


def test_no_advice_is_forgotten():
    """Every word by which a program names an advice is one of those that have translations."""
    assert {"try", "slow", "late"} <= words_of_advices()  # the search itself works
    assert words_of_advices() <= set().union(*SEVERAL.values())


def test_an_advice_that_is_not_translated_is_not_replaced_by_another():
    """An advice whose word the catalogue does not know stays the driver's, although the check has words for others."""
    own = Check("status", "failed", "", "Turn it round.", "upside_down")
    assert devices.advice(LANGUAGES["az"], "terminal", own) == "Turn it round."


@pytest.mark.parametrize(("device", "check"), STEPS)
@pytest.mark.parametrize("code", CODES)
def test_a_check_with_one_advice_has_it_in_the_technicians_language(code, device, check):
    """What to do about a check that has failed is said in every language, not in the driver's English."""
    assert devices.advice(LANGUAGES[code], device, Check(check, "failed", "", "Turn it round.")) != "Turn it round."
