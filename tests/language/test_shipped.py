"""The catalogues that the project ships, checked as a set."""

import ast
import re
from pathlib import Path

import kivy
import pytest
from fontTools.ttLib import TTFont

import screens
from kiosk.language import check

ROOT = Path(__file__).resolve().parents[2]
LANGUAGES = sorted(path for path in (ROOT / "config" / "languages").iterdir() if path.is_dir())
FONTS = Path(kivy.__file__).parent / "data" / "fonts"
ID_PLACE = {"text": 0, "say": 0, "has": 0, "onward": 0, "words": 1, "title": 1, "banner": 1, "footer_button": 1}
"""At which place a call of the screens takes the id of a message."""
FAMILIES = (
    "paper-", "obstacle-", "notice-", "apology-", "out-of-service-", "terminal-", "step-", "picture-", "health-",
    "fault-", "matter-", "device-", "servicing-", "farewell-", "key-", "paper-came-", "asking-card-", "check-", "advice-",
)  # fmt: skip
pytestmark = pytest.mark.check


def used_ids():
    """Return every id that stands in the sources of the screens, also those of the pairs that ``ids`` returns."""
    found = set()
    for path in Path(screens.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                place = ID_PLACE.get(node.func.attr)
                found |= constants(node.args[place]) if place is not None and len(node.args) > place else set()
            if isinstance(node, ast.FunctionDef) and node.name == "ids":
                found |= {
                    name for ret in ast.walk(node) if isinstance(ret, ast.Return) for name in constants(ret.value)
                }
    return found


def constants(node):
    """Return the texts that an expression may be."""
    if isinstance(node, ast.IfExp):
        return constants(node.body) | constants(node.orelse)
    if isinstance(node, ast.Tuple):
        return set().union(*map(constants, node.elts))
    return {node.value} if isinstance(node, ast.Constant) and isinstance(node.value, str) else set()


@pytest.fixture(scope="module")
def font():
    """The code points that both weights of the screens' font can draw."""
    cmaps = []
    for name in ("Roboto-Regular.ttf", "Roboto-Bold.ttf"):
        with TTFont(FONTS / name) as face:
            cmaps.append(set(face.getBestCmap()))
    return set.intersection(*cmaps)


def test_there_are_three_languages():
    """The kiosk speaks Azerbaijani, Russian and English."""
    assert {path.name for path in LANGUAGES} == {"az", "ru", "en"}


@pytest.mark.parametrize("folder", LANGUAGES, ids=lambda path: path.name)
def test_a_catalogue_can_be_read_whole(folder):
    """Every line of a catalogue is understood, and no id stands twice."""
    assert check.junk(folder) == []


def test_all_languages_have_the_same_messages():
    """Every message exists in every language and takes the same variables."""
    assert check.differences(LANGUAGES) == []


@pytest.mark.parametrize("folder", LANGUAGES, ids=lambda path: path.name)
def test_every_number_has_its_plural_form(folder):
    """A message with plural forms has all that its language needs."""
    assert check.plural_gaps(folder) == []


@pytest.mark.parametrize("folder", LANGUAGES, ids=lambda path: path.name)
def test_the_screens_font_draws_every_letter(folder, font):
    """No message needs a character that the screens' font lacks, nor do amounts."""
    assert check.tofu(folder, font) == []
    assert {ord(c) for c in "₼−\u00a0№ƏəĞğİıÖöŞşÜüÇç"} <= font


@pytest.mark.parametrize("folder", LANGUAGES, ids=lambda path: path.name)
def test_every_id_the_screens_use_exists(folder):
    """An id that stands in a screen's source is in the catalogue."""
    used = used_ids()
    assert len(used) > 60  # the search itself works
    assert check.unknown(used, folder) == []


@pytest.mark.parametrize("folder", LANGUAGES, ids=lambda path: path.name)
def test_every_family_of_words_has_a_general_sentence(folder):
    """A word that no catalogue knows has something to fall back to."""
    kinds = (
        "obstacle",
        "notice",
        "apology",
        "out-of-service",
        "terminal",
        "fault",
        "servicing",
        "matter",
        "matter-explained",
        "paper-matter",
    )
    assert check.unknown({f"{kind}-other" for kind in kinds}, folder) == []


def test_no_message_is_left_over():
    """What the screens do not use any more is not kept."""
    paths = [*Path(screens.__file__).parent.glob("*.py"), ROOT / "kiosk" / "language" / "catalogue.py"]
    sources = "".join(path.read_text("utf-8") for path in paths)
    used = set(re.findall(r"""["']([a-z][a-z0-9-]+)["']""", sources))
    assert check.unused(used, FAMILIES, LANGUAGES[0]) == []


@pytest.mark.parametrize("folder", LANGUAGES, ids=lambda path: path.name)
def test_sentences_are_short(folder):
    """No sentence of a screen has more than 15 words: our citizens read slowly."""
    for key, message in check.messages(folder).items():
        if key.startswith(("paper-", "picture-")) or message.value is None:
            continue
        text = " ".join(getattr(part, "value", "x") for part in message.value.elements if hasattr(part, "value"))
        for sentence in re.split(r"[.!?:]", text):
            assert len(sentence.split()) <= 15, (key, sentence)
