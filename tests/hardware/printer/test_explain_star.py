"""``kiosk decode star`` tells each command of a stream, in both modes, and leaves no byte untold."""

from __future__ import annotations

import hashlib
import io
import itertools
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from hardware.printer.explain_star import StarExplainer, explain_star
from hardware.printer.explain_star_orders import LINE_MODE, RASTER_MODE
from hardware.printer.layout import lay_out
from hardware.printer.profiles import PROFILES
from hardware.printer.star import QUESTION, VERSION_REQUEST, Star
from kiosk.__main__ import main
from tests.hardware.printer.samples import PAPERS

TUP900 = PROFILES["star-tup900"]
TABLE = bytes.fromhex(
    "00 01 05 06 07 0a 0c 16 17 18 1b 1c 1d 1e 1f 20 26 2a 30 31 41 42 44 45 50 59 62 64 6b 6d 72 79 ff"
)
STREAMS = st.one_of(
    st.binary(max_size=200),
    st.lists(st.sampled_from(TABLE), max_size=120).map(bytes),
    st.lists(
        st.tuples(st.sampled_from(sorted({*LINE_MODE, *RASTER_MODE})), st.binary(max_size=9)).map(b"".join), max_size=20
    ).map(b"".join),
)
RASTER = "1b 2a 72 41 "


@pytest.mark.parametrize(
    ("stream", "command", "parameters"),
    [
        ("1b 40", "ESC @", None),
        ("1b 06 01", "ESC ACK SOH", None),
        ("17", "ETB", None),
        ("18", "CAN", None),
        ("1b 1e 61 01", "ESC RS a", {"n": 1}),
        ("1b 1e 45 00", "ESC RS E", {"n": 0}),
        ("1b 64 02", "ESC d", {"n": 2, "kind": "full after feeding to the knife"}),
        ("1b 64 31", "ESC d", {"n": 49, "kind": "partial"}),
        ("1b 16 30 00", "ESC SYN 0", {"n": 0}),
        ("1b 16 31 14", "ESC SYN 1", {"n": 20, "after_s": 10.0}),
        ("1b 23 2a 0a 00", "ESC # * LF NUL", None),
        ("1b 1d 03 01 00 07", "ESC GS ETX", {"s": 1, "n1": 0, "n2": 7}),
        ("1b 1d 41 34 12", "ESC GS A", {"dots": 0x1234}),
        ("1b 1d 52 f6 ff", "ESC GS R", {"dots": -10}),
        ("1b 44 08 10 00", "ESC D", {"columns": [8, 16]}),
        ("1b 43 00 02", "ESC C", {"units_24_mm": 2}),
        ("1b 62 36 32 31 40 41 42 1e", "ESC b", {"kind": 54, "text": 50, "width": 49, "height": 64, "data": "AB"}),
        ("1b 1d 79 44 31 00 03 00 61 62 63", "ESC GS y D 1", {"m": 0, "data": "abc"}),
        ("1b 1d 79 50", "ESC GS y P", None),
        ("1b 1d 19 12 01 03 00", "ESC GS EM DC2", {"m": 1, "times": 3}),
        ("1b 1d 23 57 30 30 30 30 31 0a 00", "ESC GS #", {"m": "W", "switch": "0", "data": "30 30 30 31"}),
        ("1b 2a 72 45 33 37 00", "ESC * r E", {"n": 37, "do": "feed, cut, hold out"}),
        ("1b 2a 72 50 30 00", "ESC * r P", {"rows": 0, "kind": "without an end"}),
        ("1b 2a 72 56 31 33 00", "ESC * r V", {"m": 1, "times": 3}),
        ("1b 2a 72 6d 6c 34 00", "ESC * r m l", {"n": 4}),
        ("48 69 21", "text", {"text": "Hi!"}),
    ],
)
def test_a_command_is_told(stream: str, command: str, parameters: dict[str, Any] | None) -> None:
    """A command is told as the manual spells it, with its parameters by name."""
    (row,) = explain_star(bytes.fromhex(stream))
    assert (row["command"], row.get("parameters")) == (command, parameters)
    assert row["length"] == len(bytes.fromhex(stream))


def test_a_picture_by_the_manual() -> None:
    """A page as the manual has it: entered, its rows by their sizes, a feed, its end by FF, left again, then letters."""
    stream = bytes.fromhex(
        RASTER
        + "1b 2a 72 46 39 00  62 02 00 ff 81  6b 01 00 18  62 00 00  1b 2a 72 59 38 30 00  1b 0c 00  1b 2a 72 42  62 0a"
    )
    told = explain_star(stream)
    assert [row["command"] for row in told] == [
        "ESC * r A", "ESC * r F", "b", "k", "b", "ESC * r Y", "ESC FF NUL", "ESC * r B", "text", "LF",
    ]  # fmt: skip
    assert told[1]["parameters"] == {"n": 9, "do": "feed, full cut"}
    assert told[2]["parameters"] == {
        "width_dots": 16, "rows": 1, "bytes": 2, "sha256": hashlib.sha256(b"\xff\x81").hexdigest(),
    }  # fmt: skip
    assert (told[4]["parameters"]["bytes"], told[8]["parameters"]) == (0, {"text": "b"})


def test_what_the_driver_says_of_a_paper() -> None:
    """Question, opening, one small picture and its acknowledgement, byte for byte as the driver sends them, are told in order."""
    star = Star(TUP900, take_s=10.0)
    drawn = Image.frombytes("1", (16, 4), bytes.fromhex("ff ff  00 ff  ff ff  ff ff"))
    sent = star.greeting("") + star.opening("0000") + b"".join(star.encode(drawn)) + star.request("0001")
    assert sent.hex(" ") == (
        "1b 06 01 00 00 00 00 00 1b 2a 72 42 1b 40 1b 1e 45 00 1b 1e 61 01 1b 16 31 14 17 17 1b 2a 72 41 1b 2a 72 50 30 00"
        " 1b 2a 72 45 31 00 62 01 00 00 62 01 00 ff 1b 2a 72 59 32 00 1b 2a 72 42 1b 2a 72 42 1b 64 02 17"
    )
    assert [(row["offset"], row["command"]) for row in explain_star(sent)] == [
        (0, "ESC ACK SOH"), (3, "NUL"), (8, "ESC * r B"), (12, "ESC @"), (14, "ESC RS E"), (18, "ESC RS a"), (22, "ESC SYN 1"),
        (26, "ETB"), (27, "ETB"), (28, "ESC * r A"), (32, "ESC * r P"), (38, "ESC * r E"), (44, "b"), (48, "b"),
        (52, "ESC * r Y"), (58, "ESC * r B"), (62, "ESC * r B"), (66, "ESC d"), (69, "ETB"),
    ]  # fmt: skip


@pytest.mark.parametrize("name", sorted(PAPERS))
def test_our_own_papers_are_wholly_told(name: str) -> None:
    """All that the driver sends of a paper is told without an error, its rows add up to the paper's, its cut comes last."""
    star, paper = Star(TUP900, take_s=10.0), lay_out(PAPERS[name])
    told = explain_star(star.clearing + VERSION_REQUEST + QUESTION + star.opening("") + b"".join(star.encode(paper)))
    assert not any("error" in row for row in told)
    fed = sum(row["parameters"]["n"] for row in told if row["command"] == "ESC * r Y")
    assert fed + sum(row["command"] == "b" for row in told) == paper.height
    assert told[-1]["command"] == "ESC d"


def test_no_letter_is_read_in_a_picture() -> None:
    """In the raster mode a byte that begins none of its commands is an error of its own, and so is a command of the line mode."""
    told = explain_star(bytes.fromhex(RASTER + "48 0a 1b 64 02 1b 2a 72 42"))
    errors = [row for row in told if "error" in row]
    assert [row["offset"] for row in errors] == [4, 5, 6, 7, 8]
    assert all("in the raster mode" in row["error"] for row in errors)
    assert told[-1]["command"] == "ESC * r B"


@pytest.mark.parametrize("leaves", ["18", "1b 06 18"])
def test_a_cancelled_picture_is_left(leaves: str) -> None:
    """After a cancel or a reset the printer stands in the line mode: what follows is text."""
    assert explain_star(bytes.fromhex(RASTER + leaves + "62 62"))[-1]["parameters"] == {"text": "bb"}


def test_a_question_inside_a_picture_is_told() -> None:
    """Dots that a printer would take for a real-time command are counted, for they may be obeyed."""
    *_, row = explain_star(bytes.fromhex(RASTER + "62 05 00 aa 1b 06 01 bb"))
    assert row["parameters"]["real_time_inside"] == 1


@settings(max_examples=300, deadline=None)
@given(STREAMS, st.lists(st.integers(0, 200), max_size=6))
def test_any_stream_in_any_pieces(stream: bytes, cuts: list[int]) -> None:
    """Any bytes are told or refused; rows follow each other without a gap to the end; and pieces tell the same as the whole."""
    whole = explain_star(stream)
    assert json.dumps(whole)
    for row, following in itertools.pairwise([*whole, {"offset": len(stream)}]):
        length = following["offset"] - row["offset"]
        assert length == row["length"] if "error" not in row else length > 0
    explainer, ends = StarExplainer(), sorted({0, *(min(cut, len(stream)) for cut in cuts), len(stream)})
    pieces = [explainer.feed(stream[begin:end]) for begin, end in itertools.pairwise(ends)]
    assert [row for piece in pieces for row in piece] + explainer.end() == whole


@pytest.mark.parametrize("table", [LINE_MODE, RASTER_MODE])
def test_no_command_begins_another(table: dict[bytes, Any]) -> None:
    """No command's code is the beginning of another's: each is found without knowing what follows."""
    assert not [(one, other) for one in table for other in table if one != other and other.startswith(one)]


@pytest.fixture
def decoded(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a function that runs the command and gives its exit status and its rows."""

    def run(*words: str, stdin: str = "") -> tuple[int, list[dict[str, Any]]]:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
        status = main(["decode", "star", *words])
        out = capsys.readouterr()
        assert out.err == ""
        return status, [json.loads(line) for line in out.out.splitlines()]

    return run


def test_the_command_line(decoded: Any) -> None:
    """A picture may go over the end of a line; a line that is no bytes is an error and ends nothing."""
    status, told = decoded(stdin="1b 2a 72\n41 62 02 00 ff\nzz\nff 1b 2a 72 42 17\n")
    assert status == 1
    assert [row.get("command", "error") for row in told] == ["ESC * r A", "error", "b", "ESC * r B", "ETB"]
    assert decoded("17") == (
        0,
        [{"offset": 0, "command": "ETB", "name": "count when all before is printed", "length": 1}],
    )


@pytest.mark.parametrize(
    "text", ["zz", "", "1b", "1b ff", "1b 2a 72 45 78 00", "1b 64 07", "01", "1b 2a 72 41 62 05 00 ff"]
)
def test_garbage_is_an_error(decoded: Any, text: str) -> None:
    """Half, empty, foreign and unknown input each give an error and exit status 1."""
    status, told = decoded(text)
    assert status == 1
    assert any(row.get("error") for row in told)
