"""``kiosk verify``: a verdict for whatever is given, by its exit status and in words, without a network."""

from __future__ import annotations

import io
import json
import shutil
import sys
from pathlib import Path

import pytest
from PIL import Image, ImageOps

from hardware.printer.layout import HEADS, lay_out
from kiosk.__main__ import main
from kiosk.commands import verify as command
from kiosk.domain.receipt import Qr, Receipt
from kiosk.runtime.blocks import SEALED_MM
from kiosk.uplink.trust import write_keys
from tests.test_config import GOOD
from tests.uplink import seals

NOW_MS = (seals.ISSUED_S + 3600) * 1000
SPOILT = seals.text()[:-9] + ("A" if seals.text()[-9] != "A" else "B") + seals.text()[-8:]


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    path = tmp_path / "keys.json"
    write_keys(path, seals.keys())
    return path


@pytest.fixture(autouse=True)
def _noon(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock stands an hour after the documents were issued."""
    monkeypatch.setattr(command.time, "time_ns", lambda: NOW_MS * 1_000_000)


def said(keys: Path, capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, list[dict[str, object]]]:
    """Run the command and return its exit status and its lines."""
    status = main(["verify", *words, "--json", "--keys", str(keys)])
    return status, [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_genuine_code_is_told_whole(keys: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What is signed, by whom and until when, and exit status 0."""
    status, (told,) = said(keys, capsys, seals.text())
    assert status == 0
    assert told | {"facts": {}} == {
        "verdict": "valid",
        "kind": "residence-certificate",
        "number": "26-FCZDZK",
        "holder": "Məmmədova Aygün Elçin qızı",
        "facts": {},
        "issued_at": "2026-11-24T06:00:00Z",
        "valid_until": "2026-12-24T06:00:00Z",
        "kiosk": "AGALI-1",
        "language": "ru",
        "issuer": "The issuer",
        "key": seals.public().key_id,
        "address": seals.ADDRESS,
    }
    assert told["facts"] == seals.FACTS
    assert main(["verify", seals.text(), "--keys", str(keys)]) == 0
    words = capsys.readouterr().out
    assert words.startswith("VALID\n")
    assert all(text in words for text in ("Məmmədova Aygün Elçin qızı", "14-я улица", "The issuer", "2026-12-24"))


@pytest.mark.parametrize(
    ("text", "reason", "tells"),
    [
        (SPOILT, "tampered", False),
        (seals.text(8), "unknown_key", False),
        (seals.text(issued_at_s=seals.ISSUED_S - 90 * seals.DAY_S, valid_until_s=seals.ISSUED_S), "expired", True),
        (seals.text(issued_at_s=seals.ISSUED_S + seals.DAY_S), "not_yet_valid", True),
    ],
)
def test_what_is_not_valid_is_status_1_with_its_reason(
    keys: Path, capsys: pytest.CaptureFixture[str], text: str, reason: str, tells: bool
) -> None:
    """Each reason has its name; of what was never signed nothing is repeated, of what only ended everything."""
    status, (told,) = said(keys, capsys, text)
    assert (status, told["verdict"], told["reason"], "holder" in told) == (1, "not_valid", reason, tells)
    main(["verify", text, "--keys", str(keys)])
    assert capsys.readouterr().out.startswith("NOT VALID: ")


@pytest.mark.parametrize(
    "text", ["x", "https://central.example/", "", "#", "https://a#" + "A" * 5000, "\x00", "nothing.png", "ə#1"]
)
def test_what_is_no_code_is_status_2(keys: Path, capsys: pytest.CaptureFixture[str], text: str) -> None:
    """Anything else is unreadable, in one sentence."""
    status, (told,) = said(keys, capsys, text)
    assert (status, told["verdict"]) == (2, "unreadable")
    assert told["explanation"]


def test_a_scanner_is_answered_line_by_line(
    keys: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each line of the input gets its verdict, and the exit status is the worst of them."""
    lines = f"{seals.text()}\r\n\n{SPOILT}\n\xff\n".encode("latin-1")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(lines)))
    status, told = said(keys, capsys)
    assert (status, [each["verdict"] for each in told]) == (2, ["valid", "not_valid", "unreadable"])
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"")))
    assert said(keys, capsys, "-")[0] == 2


@pytest.mark.parametrize(("width_mm", "dots_per_inch"), sorted(HEADS))
def test_a_picture_of_the_fullest_slip_is_read(
    keys: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path, width_mm: int, dots_per_inch: int
) -> None:
    """The largest code that there is comes back from the paper of every head, one dead dot of the head included."""
    if shutil.which("zbarimg") is None:
        pytest.skip("zbarimg (Debian package zbar-tools) is not installed")
    text = seals.text(holder="Ş" * 100, facts={**seals.FACTS, "address": "Ж" * 200})
    slip = lay_out(Receipt("1", "az", (Qr(text, SEALED_MM),)), HEADS[width_mm, dots_per_inch], dots_per_inch)
    grey = slip.convert("L")
    grey.paste(255, (grey.width // 2 + 9, 0, grey.width // 2 + 10, grey.height))
    ImageOps.expand(grey, 16, 255).save(tmp_path / "slip.png")
    status, (told,) = said(keys, capsys, str(tmp_path / "slip.png"))
    assert (status, told["verdict"]) == (0, "valid")


def test_a_picture_without_a_code_is_unreadable(keys: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """White paper, and what is no picture at all, is status 2."""
    Image.new("L", (99, 99), 255).save(tmp_path / "white.png")
    (tmp_path / "broken.png").write_bytes(b"no picture")
    for name in ("white.png", "broken.png"):
        assert said(keys, capsys, str(tmp_path / name))[0] == 2


def test_without_a_reader_of_pictures_it_says_what_to_install(
    keys: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where zbarimg is not installed the sentence names its package and the other way."""
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    status, (told,) = said(keys, capsys, "slip.png")
    assert status == 2
    assert "zbar-tools" in str(told["explanation"])


def test_the_kiosks_own_keys_are_used(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without --keys those in the kiosk's data folder count; where there are none yet, a sentence says so."""
    config = tmp_path / "kiosk.toml"
    config.write_text(GOOD, "utf-8")
    assert main(["verify", seals.text(), "--config", str(config)]) == 78
    assert "signing-keys.json" in capsys.readouterr().err
    (tmp_path / "data").mkdir(exist_ok=True)
    write_keys(tmp_path / "data" / "signing-keys.json", seals.keys())
    assert main(["verify", seals.text(), "--config", str(config)]) == 0


def test_a_text_that_would_paint_the_terminal_is_shown_harmless(keys: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Control characters in a signed text come out as replacement characters."""
    main(["verify", seals.text(holder="A\x1b[2J\u202eB"), "--keys", str(keys)])
    assert "A\ufffd[2J\ufffdB" in capsys.readouterr().out
