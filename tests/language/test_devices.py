"""What devices tell, in a technician's language."""

import ast
from pathlib import Path

import pytest

import hardware
from hardware.document.ipp import ADVICE as DOCUMENT_ADVICE
from hardware.printer.driver import ADVICE
from kiosk.domain.health import Check
from kiosk.language import devices, load_languages

ROOT = Path(__file__).resolve().parents[2]
LANGUAGES = load_languages(ROOT / "config" / "languages")
CODES = sorted(LANGUAGES)


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
