"""Papers in the printer's own letters: what is read from the paper is what stands in the receipt, and nothing of it is a command."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections import Counter
from pathlib import Path

import msgspec
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import ImageOps

from hardware.printer.commands import acknowledgement_request
from hardware.printer.driver import PrinterSettings
from hardware.printer.encode import encode as encode_picture
from hardware.printer.encode import orders
from hardware.printer.explain import explain_escpos
from hardware.printer.explain_orders import REAL_TIME
from hardware.printer.layout import WIDTHS, lay_out
from hardware.printer.profiles import PROFILES, ProfileName
from hardware.printer.text_encode import encode
from hardware.printer.windows import WINDOW_BYTES
from kiosk.domain.receipt import Partial, Printed, Qr, Receipt, Row, Text
from tests.hardware.printer.letters import GOLDEN, digests, read, words
from tests.hardware.printer.samples import PAPERS, PAYMENT, SHORT, URL
from tests.hardware.printer.test_any_content import HOSTILE_PAPER, RECEIPTS
from tests.hardware.printer.wire import wire

WITH_PAGES = sorted(name for name, profile in PROFILES.items() if profile.pages)
SENT = {
    "ESC @",
    "GS P",
    "GS a",
    "ESC J",
    "ESC d",
    "GS v 0",
    "GS V",
    "GS ( H",
    "GS r",
    "ESC 3",
    "ESC !",
    "ESC t",
    "ESC *",
}
SENT |= {"LF", "ESC a", "GS ( k", "text"}
ALL_LETTERS = Receipt(
    "R",
    "az",
    (
        Text("ƏəĞğIıİiÖöŞşÜüÇç ₼", bold=True),
        Text("Əlavə ödəniş: 5 ₼", "right", "large", bold=True),
        Text("Подъезд Ёлки № 5", size="large"),
        Row("Ünvan Улица", "Gəncə, ул. Низами 5"),
        Row("CƏMİ", "24,00 ₼", bold=True, size="large"),
    ),
)


def said(receipt: Receipt) -> Counter[str]:
    """Count the words of a receipt."""
    texts = (
        line.text if isinstance(line, Text) else f"{line.label} {line.value}" if isinstance(line, Row) else ""
        for line in receipt.lines
    )
    return Counter(word for text in texts for word in words(text))


@pytest.mark.parametrize("name", [*sorted(PAPERS), "all-letters"])
@pytest.mark.parametrize(
    ("model", "profile", "width_mm"),
    [("epson", "generic-80", 80), ("epson", "generic-80", 58), ("clone", "clone-80", 80)],
)
def test_what_is_read_is_the_receipt(tmp_path: Path, model: str, profile: str, width_mm: int, name: str) -> None:
    """Read from the dots of the paper, each word of the receipt stands there, and no other; the printer knew every byte."""
    receipt = {**PAPERS, "all-letters": ALL_LETTERS}[name]
    with wire(tmp_path, model, profile=profile, width_mm=width_mm, path="text") as wired:
        assert wired.driver.print(receipt) == Printed()
        (paper,) = wired.papers()
        assert Counter(word for line in read(paper) for word in words(line)) == said(receipt)
        assert wired.do("state")["unknown_bytes"] == 0


@pytest.mark.parametrize(("model", "profile"), [("epson", "generic-80"), ("clone", "clone-80")])
def test_the_code_is_read(tmp_path: Path, model: str, profile: str) -> None:
    """A scanner of another make reads the code, whether the printer drew it itself or got it as dots."""
    if shutil.which("zbarimg") is None:
        pytest.skip("zbarimg (Debian package zbar-tools) is not installed")
    with wire(tmp_path, model, profile=profile, path="text") as wired:
        assert wired.driver.print(PAPERS["certificate-ru"]) == Printed()
        ImageOps.expand(wired.papers()[0].convert("L"), 16, 255).save(tmp_path / "paper.png")
    command = ["zbarimg", "-q", "--raw", "--nodbus", tmp_path / "paper.png"]
    assert subprocess.run(command, capture_output=True, timeout=20, check=False).stdout.decode().strip() == URL


@settings(max_examples=80, deadline=None)
@given(receipt=RECEIPTS, profile=st.sampled_from(WITH_PAGES), width=st.sampled_from(sorted(WIDTHS.values())))
@example(receipt=HOSTILE_PAPER, profile="generic-80", width=576)
@example(receipt=Receipt("R", "az", (Qr("\x10\x04\x01\x1b@"), Qr("1" * 900))), profile="generic-80", width=576)
def test_any_content_is_only_letters(receipt: Receipt, profile: ProfileName, width: int) -> None:
    """Any receipt fits into windows of 2 KB, and all that is sent for it are the driver's own commands: no letter of it is one."""
    dialect = PROFILES[profile]
    rows, windows = encode(receipt, dialect, width)
    request = acknowledgement_request(dialect, "0147")
    stream = orders(dialect).start + b"".join(window + request for window in windows)
    told = explain_escpos(stream)
    assert {row.get("command", "error") for row in told} <= SENT
    assert sum(row["command"] == "GS V" for row in told) == 1
    assert REAL_TIME.search(stream) is None
    assert max(len(window + request) for window in windows) <= WINDOW_BYTES
    assert rows >= 0


@pytest.mark.parametrize(
    ("settings", "letters"),
    [
        ({"baudrate": 9600}, True),
        ({"baudrate": 19200, "profile": "clone-80"}, True),
        ({"baudrate": 38400}, False),
        ({}, False),
        ({"path": "text"}, True),
        ({"path": "picture", "baudrate": 9600}, False),
        ({"baudrate": 9600, "port": "tcp://printer"}, False),
        ({"baudrate": 9600, "profile": "custom-80"}, False),
        ({"baudrate": 9600, "profile": "star-tup900"}, False),
        ({"baudrate": 9600, "profile": "tx-only"}, False),
    ],
)
def test_who_prints_in_letters(settings: dict[str, object], letters: bool) -> None:
    """Letters are for slow serial lines whose printer's pages are known, or where the configuration says so."""
    assert PrinterSettings(**{"port": "/dev/ttyS0", **settings}).in_letters == letters


def test_letters_need_pages() -> None:
    """A configuration that wants letters of a printer whose pages nobody knows is refused."""
    with pytest.raises(msgspec.ValidationError, match="custom-80"):
        msgspec.convert({"port": "/dev/ttyS0", "path": "text", "profile": "custom-80"}, PrinterSettings)


def test_a_slow_line_is_not_slow(tmp_path: Path) -> None:
    """At 9600 baud a receipt goes out in letters without being told to, in a sixth of its picture's bytes."""
    with wire(tmp_path, baudrate=9600, acknowledge_s=8.0) as wired:
        assert wired.driver.print(SHORT) == Printed()
        assert Counter(word for line in read(wired.papers()[0]) for word in words(line)) == said(SHORT)
    profile = PROFILES["generic-80"]
    _, windows = encode(PAYMENT, profile, 576)
    assert sum(map(len, windows)) * 6 < sum(map(len, encode_picture(lay_out(PAYMENT), profile)))


def test_paper_ends_in_the_middle(tmp_path: Path) -> None:
    """In letters, too, paper that ends under way is Partial, and the next paper is whole and alone."""
    with wire(tmp_path, path="text") as wired:
        wired.do("paper_out_after", rows=300)
        outcome = wired.driver.print(PAYMENT)
        assert isinstance(outcome, Partial)
        assert outcome.reason == "paper_out"
        wired.do("paper_in")
        assert wired.driver.print(SHORT) == Printed()
        assert Counter(word for line in read(wired.papers()[-1]) for word in words(line)) == said(SHORT)


def test_letters_are_sent_as_they_were() -> None:
    """Every kind of paper in every language is sent in the bytes whose papers somebody has looked at (letters --accept)."""
    assert json.loads(GOLDEN.read_text("utf-8")) == digests()
