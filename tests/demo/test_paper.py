import pytest
from PIL import Image

from hardware.demo.paper import Sheet, copy_marks, is_blank, read_paper
from hardware.printer.layout import lay_out
from kiosk.domain.receipt import Gap, Receipt, Row, Rule, Text

REFERENCE = "DEMO-1-000042"
LINES = (
    Text("Kənd xidmət terminalı", "centre", bold=True),
    Rule(),
    Text("ÖDƏNİLDİ", "centre", "large", bold=True),
    Row("İstinad", REFERENCE),
    Row("Məbləğ", "1\u00a0178,10\u00a0AZN"),
    Row("CƏMİ", "1\u00a0178,50\u00a0AZN", bold=True, size="large"),
    Text("Ödənişiniz qəbul edildi. Bu qəbzi saxlayın."),
    Gap(4),
)
TEXT = "\n".join(
    line.text if isinstance(line, Text) else f"{line.label}: {line.value}"
    for line in LINES
    if isinstance(line, Text | Row)
)


@pytest.fixture
def paper(tmp_path):
    """Print lines as the printer burns them; return the picture's path."""

    def make(lines=LINES, height=None):
        picture = lay_out(Receipt(REFERENCE, "az", tuple(lines)))
        if height is not None:
            picture = picture.crop((0, 0, picture.width, height))
        path = tmp_path / "paper-0001.png"
        picture.save(path)
        return path

    return make


def test_a_receipt_is_read_off_its_paper(paper):
    """Reference and total are found on the picture of a whole receipt."""
    told = read_paper(paper(), {REFERENCE: TEXT})
    assert (told["reference"], told["amount_minor"], told["outcome"]) == (REFERENCE, 117850, "printed")


def test_a_torn_receipt_is_partial(paper):
    """A paper that ends before its last line is not whole, though it bears its reference."""
    told = read_paper(paper(height=280), {REFERENCE: TEXT})
    assert (told["reference"], told["outcome"]) == (REFERENCE, "partial")


def test_a_copy_is_told_from_an_original(paper):
    """A paper marked as a copy is read as one, in every language of the catalogue."""
    for mark in copy_marks():
        marked = [LINES[0], Text(mark, "centre", "large", bold=True), *LINES[1:]]
        assert read_paper(paper(marked), {REFERENCE: f"{mark}\n{TEXT}"})["outcome"] == "copy"
    assert len(copy_marks()) >= 3


def test_another_reference_is_not_found(paper):
    """A reference that differs in one digit is not read into the paper."""
    assert read_paper(paper(), {"DEMO-1-000043": TEXT})["reference"] is None


def test_another_amount_is_not_found(paper):
    """An amount that differs in one digit from the printed total is not read into the paper."""
    other = TEXT.replace("178,50", "178,60")
    told = read_paper(paper(), {REFERENCE: other})
    assert (told["amount_minor"], told["outcome"]) == (0, "partial")


def test_blank_paper_says_nothing(tmp_path):
    """On white paper no word is found."""
    Image.new("1", (576, 200), 1).save(tmp_path / "white.png")
    assert not Sheet(tmp_path / "white.png").holds("ÖDƏNİLDİ")


def test_a_blank_piece_is_told_from_a_paper(paper):
    """The piece that a new kiosk's first start cuts off tells of no payment; a printed one is never taken for it."""
    assert not is_blank(paper())
    path = paper()
    Image.new("1", (576, 180), 1).save(path)
    assert is_blank(path)
