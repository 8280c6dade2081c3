"""Each check of the catalogues finds the mistake it is for, and nothing in a good catalogue."""

import pytest

from kiosk.language import check

GOOD = {
    "az": "pay = Ödə { $sum }\nleft = { $n ->\n    [one] bir\n   *[other] { $n }\n}\n",
    "ru": "pay = Оплатить { $sum }\nleft = { $n ->\n    [one] a\n    [few] b\n    [many] c\n   *[other] { $n }\n}\n",
}


@pytest.fixture
def catalogues(tmp_path):
    def write(**changed):
        for code, source in {**GOOD, **changed}.items():
            (tmp_path / code).mkdir(exist_ok=True)
            (tmp_path / code / "screens.ftl").write_text(source, "utf-8")
        return [tmp_path / code for code in GOOD]

    return write


def every_mistake(folders):
    glyphs = set(map(ord, "".join(GOOD.values())))
    each = [check.junk(f) + check.plural_gaps(f) + check.tofu(f, glyphs) for f in folders]
    return sum(each, check.differences(folders))


def test_good_catalogues_have_no_mistake(catalogues):
    """Nothing is found where nothing is wrong."""
    assert every_mistake(catalogues()) == []


@pytest.mark.parametrize(
    ("az", "mistake"),
    [
        (GOOD["az"] + "more = x\n", "ru: more is missing"),
        ("left = { $n ->\n    [one] bir\n   *[other] { $n }\n}\n", "az: pay is missing"),
        (GOOD["az"].replace("$sum", "$amount"), "pay: not the same variables"),
        (GOOD["az"] + "this is no message\n", "az: cannot be read"),
        (GOOD["az"] + "pay = { $sum } Ödə\n", "az: pay stands twice"),
        (GOOD["az"] + "said =\n    .say = x\n", "az: said has no label"),
        (GOOD["az"].replace("    [one] bir\n", "    [few] bir\n"), "az: left lacks ['one']"),
        (GOOD["az"].replace("Ödə", "Ödə ✓"), "az: pay needs '✓'"),
    ],
)
def test_a_mistake_is_found_and_named(catalogues, az, mistake):
    """A mistake in one language is found, with the language and the message it is in."""
    assert any(found.startswith(mistake) for found in every_mistake(catalogues(az=az)))


def test_an_id_that_nobody_wrote_is_found(catalogues):
    """An id that a program uses and a catalogue lacks is found."""
    az, _ru = catalogues()
    assert check.unknown({"pay", "refund"}, az) == ["az: refund is used and missing"]


def test_a_message_that_nobody_uses_is_found(catalogues):
    """A message that is neither used nor a word of a family is found."""
    az, _ru = catalogues()
    assert check.unused({"pay"}, ("none-",), az) == ["az: left is never used"]
