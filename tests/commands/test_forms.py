"""The forms of papers are data: each mistake in them is told with file, key and what was expected, before anything is printed."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from kiosk.commands.parts import forms_of, read_forms
from kiosk.config import examine
from kiosk.domain.faults import ConfigError
from kiosk.domain.receipt import Row, Text
from kiosk.journey.effects import PrintPaper
from kiosk.journey.state import Journey
from kiosk.runtime.blocks import MAKERS
from kiosk.runtime.clock import SystemClock
from kiosk.runtime.forms import ANYWHERE, BLOCKS
from kiosk.runtime.papers import Papers
from tests.commands.edits import edit
from tests.journey.play import ELECTRICITY, QUOTE, SALE
from tests.world.parts import HEAD
from tests.world.words import languages

SHIPPED = Path(__file__).parents[2] / "config" / "receipts"


@pytest.fixture
def folder(tmp_path):
    """A copy of the shipped forms, to be edited as an operator would."""
    return Path(shutil.copytree(SHIPPED, tmp_path / "receipts"))


def printed(folder, language="ru"):
    """Return the lines of a payment's receipt by the forms of a folder."""
    papers = Papers(languages(), HEAD, read_forms(folder), "K", SystemClock(), "1")
    visit = Journey(1, language, 0, ELECTRICITY, quote=QUOTE, reference="K-1", payment=SALE, paid_ms=1)
    return papers.compose(PrintPaper(1, "receipt", visit)).lines


def test_a_register_needs_its_block(tmp_path):
    """A kiosk with a fiscal register refuses a receipt without its block: a registered sale must reach the buyer."""
    shutil.copytree(SHIPPED.parent, tmp_path / "config")
    path = tmp_path / "config" / "kiosk.toml"
    edit(path, ('# fiscal = "ekassa"', 'fiscal = "ekassa"'))
    config, _ = examine(path)
    assert config is not None
    forms_of(config)
    receipt = tmp_path / "config" / "receipts"
    lines = (receipt / "receipt.toml").read_text("utf-8").splitlines(keepends=True)
    (receipt / "receipt.toml").write_text("".join(line for line in lines if "fiscal" not in line), "utf-8")
    with pytest.raises(ConfigError, match='expected "fiscal"'):
        forms_of(config)


def test_the_shipped_forms_have_no_mistake():
    """Every kind of paper has its form, and none of them is wrong."""
    assert set(read_forms(SHIPPED)) == set(BLOCKS)


def test_every_block_that_may_be_named_can_be_made():
    """No form that passes the check can name a block that nobody makes."""
    assert {name for names in BLOCKS.values() for name in names} | set(ANYWHERE) == set(MAKERS)


@pytest.mark.parametrize(
    ("name", "old", "new", "told"),
    [
        ("receipt.toml", '"bill"', '"bil"', 'receipt.toml: blocks[4].name = "bil": is no block of a receipt'),
        ("receipt.toml", '  { name = "total", rows = ["amount", "fee", "total"] },\n', "",
         'receipt.toml: blocks: expected "total", which a receipt must not lack'),
        ("receipt.toml", '"fee", "total"]', '"fee"]', 'blocks[5].rows: expected "total", which this block must not lack'),
        ("receipt.toml", '"aid", ', "", 'blocks[7].rows: expected "aid"'),
        ("receipt.toml", '"aid", ', '"aid", "iban", ', 'blocks[7].rows: "iban": expected one of card, authorisation'),
        ("claim.toml", '["reference", ', "[", 'claim.toml: blocks[2].rows: expected "reference"'),
        ("claim.toml", '  { name = "help" },\n', "", 'claim.toml: blocks: expected "help", which a claim must not lack'),
        ("claim.toml", '{ name = "title" }', '{ name = "title", size = "huge" }', "claim.toml: blocks"),
        ("slip.toml", '  { name = "help" },', '  { name = "text", text = { az = "Salam" } },', "blocks[4].text.ru: expected a text"),
        ("slip.toml", '  { name = "help" },', '  { name = "document" },', "stands here twice"),
        ("slip.toml", "both_languages", "both_langages", "both_langages: Object contains unknown field"),
        ("slip.toml", "blocks = [", "blocks = [[", "slip.toml: is not whole TOML"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_file_key_and_what_was_expected(folder, name, old, new, told):
    """An unknown block, a row that is none, a paper without its amount or its code: each in a sentence, and nothing is composed."""
    edit(folder / name, (old, new))
    with pytest.raises(ConfigError) as error:
        read_forms(folder)
    assert any(told in mistake for mistake in error.value.mistakes), error.value.mistakes


def test_a_missing_form_is_told(folder):
    """A kind of paper without a form is a mistake now, not when it is to be printed."""
    (folder / "claim.toml").unlink()
    with pytest.raises(ConfigError, match="there is no such file"):
        read_forms(folder)


def test_the_operator_orders_leaves_out_and_adds(folder):
    """Rows left out do not come, the order is the form's, the operator's own words stand where they were put, in the citizen's language."""
    own = '  { name = "text", size = "small", text = { az = "A", ru = "Б", en = "C" } },'
    edit(folder / "receipt.toml", ('["amount", "fee", "total"]', '["total"]'), ('  { name = "help" },', own))
    lines = printed(folder)
    ru = languages()["ru"]
    assert ru.text("paper-fee") not in [line.label for line in lines if isinstance(line, Row)]
    assert Text("Б", "centre", "small") in lines
    assert not any("108" in line.text for line in lines if isinstance(line, Text))


def test_azerbaijani_stands_first_unless_the_form_says_otherwise(folder):
    """The title is Azerbaijani with the citizen's language beneath; with one language alone it is the citizen's."""
    titles = [languages()[code].text("paper-receipt-title") for code in ("az", "ru")]
    texts = [line.text for line in printed(folder) if isinstance(line, Text)]
    assert texts.index(titles[0]) + 1 == texts.index(titles[1])
    edit(folder / "receipt.toml", ("both_languages = true", "both_languages = false"))
    texts = [line.text for line in printed(folder) if isinstance(line, Text)]
    assert titles[0] not in texts
    assert titles[1] in texts
