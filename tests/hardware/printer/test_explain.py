"""``kiosk decode escpos`` tells each command of a stream, and survives every stream."""

from __future__ import annotations

import hashlib
import io
import itertools
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hardware.printer.encode import encode, orders
from hardware.printer.explain import Explainer, explain_escpos
from hardware.printer.explain_orders import ORDERS
from hardware.printer.layout import lay_out
from hardware.printer.profiles import PROFILES
from kiosk.__main__ import main
from tests.hardware.printer.samples import PAPERS, SHORT

TABLE = bytes.fromhex("00 01 02 04 05 09 0a 0d 10 14 1b 1c 1d 20 21 28 2a 30 38 40 41 48 4c 56 64 65 6b 72 76 ff")
STREAMS = st.one_of(
    st.binary(max_size=200),
    st.lists(st.sampled_from(TABLE), max_size=120).map(bytes),
    st.lists(st.tuples(st.sampled_from(sorted(ORDERS)), st.binary(max_size=9)).map(b"".join), max_size=20).map(
        b"".join
    ),
)


@pytest.mark.parametrize(
    ("stream", "command", "parameters"),
    [
        ("1b 40", "ESC @", None),
        ("1d 50 cb cb", "GS P", {"x": 203, "y": 203}),
        ("1b 61 01", "ESC a", {"n": 1}),
        ("1b 24 34 12", "ESC $", {"dots": 0x1234}),
        ("1d 56 42 03", "GS V", {"m": 66, "kind": "partial", "feed": 3}),
        ("1d 56 00", "GS V", {"m": 0, "kind": "full"}),
        ("10 04 02", "DLE EOT", {"n": 2}),
        ("10 05 02", "DLE ENQ", {"n": 2}),
        ("10 14 08 01 03 14 01 06 02 08", "DLE DC4", {"fn": 8, "data": "01 03 14 01 06 02 08"}),
        ("1d 28 48 06 00 30 30 30 31 34 37", "GS ( H", {"fn": 48, "identifier": "0147"}),
        ("1d 28 48 03 00 31 30 02", "GS ( H", {"bytes": 3, "m": 49, "fn": 48, "data": "02"}),
        ("1d 28 6b 04 00 31 41 32 00", "GS ( k", {"bytes": 4, "m": 49, "fn": 65, "data": "32 00"}),
        ("1d 6b 04 41 42 00", "GS k", {"m": 4, "data": "AB"}),
        ("1d 6b 49 02 7b 42", "GS k", {"m": 73, "data": "{B"}),
        ("1d 65 03 10", "GS e", {"n": 3, "do": "present", "steps": 16}),
        ("1d 65 05", "GS e", {"n": 5, "do": "eject"}),
        ("1b 44 08 10 00", "ESC D", {"columns": [8, 16]}),
        ("1b 63 35 01", "ESC c 5", {"n": 1}),
        ("48 69 21", "text", {"text": "Hi!"}),
    ],
)
def test_a_command_is_told(stream: str, command: str, parameters: dict[str, Any] | None) -> None:
    """A command is told as the reference spells it, with its parameters by name."""
    (row,) = explain_escpos(bytes.fromhex(stream))
    assert (row["command"], row.get("parameters")) == (command, parameters)
    assert row["length"] == len(bytes.fromhex(stream))


def test_a_picture_is_its_size_and_hash() -> None:
    """A picture's dots are not repeated: its size and the hash of its bytes stand for them."""
    dots = bytes(range(48))
    (row,) = explain_escpos(bytes.fromhex("1d 76 30 00 06 00 08 00") + dots)
    assert row["parameters"] == {
        "mode": 0,
        "width_dots": 48,
        "rows": 8,
        "bytes": 48,
        "sha256": hashlib.sha256(dots).hexdigest(),
    }


def test_a_question_inside_a_picture_is_told() -> None:
    """Dots that a printer would take for a real-time command are counted, for they are obeyed."""
    (row,) = explain_escpos(bytes.fromhex("1d 76 30 00 05 00 01 00 aa 10 04 01 bb"))
    assert row["parameters"]["real_time_inside"] == 1


@pytest.mark.parametrize("profile", sorted(PROFILES))
@pytest.mark.parametrize("name", sorted(PAPERS))
def test_our_own_papers_are_wholly_told(name: str, profile: str) -> None:
    """All that the driver sends of a paper is told without an error, its rows add up to the paper's, its cut comes last."""
    paper, dialect = lay_out(PAPERS[name]), PROFILES[profile]
    told = explain_escpos(orders(dialect).start + b"".join(encode(paper, dialect)))
    assert not any("error" in row for row in told)
    fed = sum(row["parameters"]["n"] for row in told if row["command"] == "ESC J")
    assert fed + sum(row["parameters"]["rows"] for row in told if row["command"] == "GS v 0") == paper.height
    assert [row["command"] for row in told][-1] == "GS V"


@settings(max_examples=300, deadline=None)
@given(STREAMS, st.lists(st.integers(0, 200), max_size=6))
def test_any_stream_in_any_pieces(stream: bytes, cuts: list[int]) -> None:
    """Any bytes are told or refused; rows follow each other without a gap; and pieces tell the same as the whole."""
    whole = explain_escpos(stream)
    assert json.dumps(whole)
    for row, following in itertools.pairwise(whole):
        length = following["offset"] - row["offset"]
        assert length == row["length"] if "error" not in row else length > 0
    explainer, ends = Explainer(), sorted({0, *(min(cut, len(stream)) for cut in cuts), len(stream)})
    pieces = [explainer.feed(stream[begin:end]) for begin, end in itertools.pairwise(ends)]
    assert [row for piece in pieces for row in piece] + explainer.end() == whole


def test_the_printer_is_brought_back_in_one_row() -> None:
    """A long run of NULs is one row."""
    assert [row["length"] for row in explain_escpos(bytes(2048) + b"\x1b@")] == [2048, 2]


def test_a_length_that_nobody_can_send() -> None:
    """A header that announces gigabytes is an error at once, and is not waited for."""
    assert "bytes" in Explainer().feed(bytes.fromhex("1d 76 30 00 ff ff ff ff"))[0]["error"]


@pytest.fixture
def decoded(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a function that runs the command and gives its exit status and its rows."""

    def run(*words: str, stdin: str = "") -> tuple[int, list[dict[str, Any]]]:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
        status = main(["decode", "escpos", *words])
        out = capsys.readouterr()
        assert out.err == ""
        return status, [json.loads(line) for line in out.out.splitlines()]

    return run


def test_the_command_line(decoded: Any) -> None:
    """Words are one stream, however they are grouped."""
    expected = (
        0,
        [
            {"offset": 0, "command": "ESC @", "name": "initialise", "length": 2},
            {"offset": 2, "command": "ESC d", "name": "feed lines", "length": 3, "parameters": {"n": 6}},
        ],
    )
    assert decoded("1b401b6406") == decoded("1B 40 1B", "64", "06") == decoded("1b", "40", "1b6406") == expected


def test_lines_are_one_stream(decoded: Any) -> None:
    """A command may go over the end of a line; a line that is no bytes is an error and ends nothing."""
    status, told = decoded(stdin="1b 40 1b\n64 06\nzz\n1d 56 00\n")
    assert status == 1
    assert [row.get("command", "error") for row in told] == ["ESC @", "ESC d", "error", "GS V"]


@pytest.mark.parametrize("text", ["zz", "", "1", "1b", "1b ff", "1d 76 30 00 48 00", "1d 56 07", "01", "٠٦"])
def test_garbage_is_an_error(decoded: Any, text: str) -> None:
    """Half, empty, foreign and unknown input each give an error and exit status 1."""
    status, told = decoded(text)
    assert status == 1
    assert any(row.get("error") for row in told)


def test_a_paper_on_the_command_line(decoded: Any) -> None:
    """The bytes of a whole paper are told without an error."""
    status, told = decoded(stdin="\n".join(window.hex(" ") for window in encode(lay_out(SHORT), PROFILES["clone-80"])))
    assert status == 0
    assert {row["command"] for row in told} == {"GS v 0", "ESC d", "GS V"}
