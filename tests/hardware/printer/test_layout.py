"""The receipt as a picture."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops

from hardware.printer import typeface
from hardware.printer.layout import HEADS, MARGIN, WIDTHS, lay_out, qr_modules, split
from hardware.printer.typeface import FACES, FOLDER, balanced, check_fonts, font, wrap
from kiosk.domain.faults import DeviceFault
from kiosk.domain.receipt import Gap, Qr, Receipt, ReceiptLine, Row, Rule, Text
from tests.hardware.printer.samples import CERTIFICATE, PAPERS, URL

AZERBAIJANI = "abcçdeəfgğhxıijkqlmnoöprsştuüvyzABCÇDEƏFGĞHXIİJKQLMNOÖPRSŞTUÜVYZ"
RUSSIAN = "абвгдеёжзийклмнопрстуфхцчшщъыьэюяАБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ"
OTHERS = "0123456789 .,:;!?()/-+−*%№₼·—…\u00a0\u202f"
WORDS = st.text(st.sampled_from(AZERBAIJANI + RUSSIAN + OTHERS), max_size=90)
SIZES = st.sampled_from(("small", "normal", "large"))


def drawn(*lines: ReceiptLine, width: int = 576) -> Image.Image:
    return lay_out(Receipt("R", "az", lines), width)


def ink(picture: Image.Image) -> tuple[int, int, int, int]:
    """Return the box around all ink."""
    box = ImageChops.invert(picture).getbbox()
    assert box is not None, "nothing was drawn"
    return box


@pytest.mark.parametrize("face", FACES.values())
def test_alphabets_are_covered(face: str) -> None:
    """Both faces hold every letter of Azerbaijani and Russian, and all signs that receipts use."""
    held = set(TTFont(FOLDER / face)["cmap"].getBestCmap())
    assert {letter for letter in AZERBAIJANI + RUSSIAN + OTHERS if ord(letter) not in held} == set()


@pytest.mark.parametrize("bold", [False, True])
@pytest.mark.parametrize("letter", list("əƏğĞıİşŞçÇöü"))
def test_azerbaijani_letters_are_drawn(letter: str, bold: bool) -> None:
    """Each Azerbaijani letter leaves ink of its own, not the box that stands for a missing one."""
    missing = drawn(Text("\uffff", bold=bold))
    assert ImageChops.difference(drawn(Text(letter, bold=bold)), missing).getbbox()
    assert font("normal", bold=bold).getlength(letter) == typeface.GRADES["normal"].cell


def test_look_alikes_stay_apart() -> None:
    """Letters that differ by a dot or a hook differ on paper."""
    for pair in ("ıi", "Iİ", "gğ", "sş", "cç", "oö", "uü", "eə", "ЕЁ"):
        one, other = (drawn(Text(letter, size="small")) for letter in pair)
        assert ImageChops.difference(one, other).getbbox(), pair


@settings(max_examples=60, deadline=None)
@given(text=WORDS, cells=st.integers(1, 47))
def test_wrapping_keeps_every_letter(text: str, cells: int) -> None:
    """Broken lines are never too long and together hold every letter, in order."""
    for lines in (wrap(text, cells), balanced(text, cells)):
        assert all(len(line) <= cells for line in lines)
        assert "".join(lines).replace(" ", "") == text.replace(" ", "")


@settings(max_examples=60, deadline=None)
@given(label=WORDS, value=WORDS, cells=st.integers(12, 47))
def test_rows_keep_to_their_columns(label: str, value: str, cells: int) -> None:
    """Label and value never meet: side by side they leave the gutter free, else the value stands below."""
    labels, values = split(label, value, cells)
    assert "".join(labels).replace(" ", "") == label.replace(" ", "")
    held = "".join(values).replace(" ", "").replace("\u00a0", "")
    assert held == value.replace(" ", "").replace("\u00a0", ""), "a number's spaces are held together"
    column = max(map(len, values), default=0)
    beside = [lab for lab, val in zip(labels, values, strict=False) if lab and val]
    assert all(len(lab) + 1 + column <= cells for lab in beside)


@settings(max_examples=30, deadline=None)
@given(label=WORDS, value=WORDS, size=SIZES, bold=st.booleans(), width=st.sampled_from(sorted(HEADS.values())))
def test_nothing_leaves_the_paper(label: str, value: str, size: str, bold: bool, width: int) -> None:
    """Whatever is written, the picture is exactly as wide as the paper and its margins stay white."""
    sheet = drawn(Row(label, value, bold, size), Text(f"{label} {value}", "right", size, bold), Rule(), width=width)
    assert sheet.mode == "1"
    assert sheet.width == width
    left, _, right, _ = ink(sheet)
    assert left >= MARGIN - 2, "an overhanging letter may use two dots of the margin"
    assert right <= width - MARGIN + 2


def test_a_value_ends_at_the_right_edge() -> None:
    """Values of all rows end on one line, in all sizes."""
    ends = {ink(drawn(Row("a", "104 558 21H", size=size)))[2] for size in ("small", "normal", "large")}
    assert max(ends) - min(ends) <= 2
    assert max(ends) <= WIDTHS[80] - MARGIN


def test_no_break_space_holds_an_amount_together() -> None:
    """An amount and its currency are never torn apart."""
    assert "24,00\u00a0AZN" in " | ".join(wrap("Məbləğ cəmi 24,00\u00a0AZN", 15))


def test_a_number_is_not_broken() -> None:
    """A value without letters stays in one line, and what is too long for any line is broken all the same."""
    assert split("Müştəri kodu", "104 558 210", 23).values == ["104\u00a0558\u00a0210"]
    assert all(len(line) <= 10 for line in split("Kod", "104 558 210 330", 10).values)


def test_a_word_of_one_letter_ends_no_line() -> None:
    """Prepositions of one letter go with their word, unless no line holds both."""
    assert balanced("Отчёт о готовности", 16) == ["Отчёт", "о готовности"]
    assert wrap("о готовности", 10) == ["о", "готовности"]


def test_no_word_is_torn_for_evenness() -> None:
    """A paragraph is broken evenly only as far as its words stay whole."""
    assert balanced(f"{'x' * 20} {'y' * 8}", 24) == ["x" * 20, "y" * 8]


def test_control_characters_are_spaces() -> None:
    """What a wire may have smuggled into a text is not drawn as boxes."""
    assert wrap("a\x1bb\nc\x00d", 40) == ["a b c d"]


def test_letters_composed_of_two_are_one() -> None:
    """A letter that comes decomposed is drawn whole, in one cell."""
    assert wrap("s\u0327", 40) == ["ş"]


@pytest.mark.parametrize("width", sorted(HEADS.values()))
@pytest.mark.parametrize("name", sorted(PAPERS))
def test_no_speckle(name: str, width: int) -> None:
    """Pictures are thresholded, never dithered: no lone dot stands anywhere."""
    sheet = ImageChops.invert(lay_out(PAPERS[name], width))
    near = Image.new("1", sheet.size)
    for dx in (-1, 0, 1):
        for dy in (-1, 0, 1):
            if dx or dy:
                near = ImageChops.logical_or(near, ImageChops.offset(sheet, dx, dy))
    alone = ImageChops.logical_and(sheet, ImageChops.invert(near))
    assert alone.getbbox() is None


def test_a_qr_code_is_read_by_a_scanner(tmp_path: Path) -> None:
    """A scanner of another make reads the verification address from the printed slip."""
    if shutil.which("zbarimg") is None:
        pytest.skip("zbarimg (Debian package zbar-tools) is not installed")
    for (_, per_inch), width in HEADS.items():
        lay_out(CERTIFICATE, width, per_inch).save(tmp_path / "slip.png")
        read = subprocess.run(["zbarimg", "-q", "--raw", tmp_path / "slip.png"], capture_output=True, timeout=20)  # noqa: PLW1510 - a code not found is told by the text
        assert read.stdout.decode().strip() == URL


def test_a_qr_code_has_its_quiet_zone() -> None:
    """Four modules of white stand around the code, and it is centred."""
    sheet = drawn(Rule(), Qr(URL, 28.0), Rule())
    code = sheet.crop((MARGIN, 30, 576 - MARGIN, sheet.height - 30))
    left, top, right, bottom = ink(code)
    module = (right - left) / len(qr_modules(URL))
    assert module == int(module)
    assert top >= 4 * module - 30 + 13
    assert code.height - bottom >= 4 * module - 30 + 13
    assert abs((left + right) - code.width) <= 1
    assert right - left <= 28 * 8


@pytest.mark.parametrize("length", [1400, 4000])
def test_a_qr_code_too_large_for_the_paper_is_written_out(length: int) -> None:
    """What no telephone could read as a code stands there in words."""
    data = "https://central.example/" + "x" * length
    assert (
        ImageChops.difference(drawn(Qr(data), width=384), drawn(Text(data, size="small"), width=384)).getbbox() is None
    )


def test_gaps_are_millimetres() -> None:
    """A gap of 4 mm is 32 dots; a negative one is none."""
    assert drawn(Rule(), Gap(4.0)).height - drawn(Rule()).height == 32
    assert drawn(Rule(), Gap(-4.0)).height == drawn(Rule()).height


def test_an_empty_receipt_is_blank_paper() -> None:
    """A receipt without lines is drawn without a fault."""
    assert drawn().size == (576, 1)


def test_missing_fonts_are_a_clear_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the Debian package the fault names the file and the package."""
    monkeypatch.setattr(typeface, "FOLDER", tmp_path)
    typeface.font.cache_clear()
    try:
        with pytest.raises(DeviceFault, match=r"NotoSansMono-Regular\.ttf.*fonts-noto-mono"):
            check_fonts()
    finally:
        typeface.font.cache_clear()
