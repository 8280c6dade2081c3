"""kiosk decode: one JSON object per frame, an error on its own line, never a traceback and never card data."""

import io
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.__main__ import main
from kiosk.commands.decode import FRAMES, KINDS, attempt, decoder_of
from tests.hardware.terminal import frames

ZONE = "I<AZEAA000000117ABC1D2<<<<<<<<9001011F3001019AZE<<<<<<<<<<<6MAMMADOVA<<AYGUN<<<<<<<<<<<<<<"
OPEN = frames.SERIAL["approved, open card number"]


@pytest.fixture
def decoded(capsys, monkeypatch):
    """Return a function that runs the command and gives its exit status and its objects."""

    def run(*words, stdin=None):
        if stdin is not None:
            monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        status = main(["decode", *words])
        out = capsys.readouterr()
        assert out.err == ""
        return status, [json.loads(line) for line in out.out.splitlines()]

    return run


@pytest.mark.parametrize(("words", "expected"), [
    (["zvt", frames.ABORT], {"command": "06 1E", "name": "abort (terminal)", "result": "6C"}),
    (["zvt", frames.DECLINED], {"name": "status information", "result": "05"}),
    (["zvt", frames.VALINA_APPROVED], {"name": "status information", "amount_minor": 1, "result": "00"}),
    (["zvt-serial", frames.SERIAL["authorise 10.10, stuffed twice"]], {"name": "authorisation", "amount_minor": 1010}),
    (["zvt-serial", frames.SERIAL["version, ready"]], {"command": "06 0F", "name": "completion"}),
    (["zvt-serial", "06"], {"name": "ACK"}),
    (["apdu", "00A4020C02011E"], {"kind": "command", "name": "SELECT", "data": "011E"}),
    (["apdu", "6A82"], {"kind": "response", "meaning": "6A82 (file or application not found)"}),
    (["mrz", ZONE], {"kind": "td1", "document_number": "AA0000001"}),
    (["mrz", ("615D5F1F5A" + ZONE.encode().hex())], {"kind": "td1", "birth": "900101"}),
])  # fmt: skip
def test_a_frame_is_explained(decoded, words, expected):
    """A frame of each kind, taken from published traces, gives one JSON object and exit status 0."""
    status, (told,) = decoded(*words)
    assert status == 0
    assert {key: told[key] for key in expected} == expected


@pytest.mark.parametrize("name", sorted(frames.SERIAL))
def test_every_golden_frame_has_a_name(decoded, name):
    """No frame of the traces is unknown or an error."""
    status, (told,) = decoded("zvt-serial", frames.SERIAL[name])
    assert status == 0
    assert told["name"] != "unknown"


@pytest.mark.parametrize("words", [
    ["061E016C"], ["06", "1E", "01", "6C"], ["06 1e 01 6c"], ["061E", "016C"], [" 06  1E\t01 6C "],
])  # fmt: skip
def test_a_frame_may_be_written_in_groups(decoded, words):
    """Spaces, single bytes, small letters and groups of any size mean the same frame."""
    assert decoded("zvt", *words) == decoded("zvt", frames.ABORT)


def test_several_frames_may_be_given(decoded):
    """Words that are no frame together, but each by itself, are explained one by one."""
    status, told = decoded("zvt", "800000", "84 9C 00")
    assert status == 0
    assert [each["name"] for each in told] == ["positive response", "negative response"]


@pytest.mark.parametrize(("kind", "text"), [
    ("zvt", "06 1E 02 6C"), ("zvt", "0"), ("zvt", "06 1E 01 6"), ("zvt", "zz"), ("zvt", ""), ("zvt", "٠٦"),
    ("zvt-serial", frames.SERIAL["abort"][:-2] + "00"), ("zvt-serial", "10 02 06"), ("zvt-serial", "99"),
    ("apdu", "90"), ("mrz", ZONE[:-1]), ("mrz", ZONE.replace("117ABC", "127ABC")), ("mrz", "Ə<<"), ("mrz", "00"),
])  # fmt: skip
def test_what_is_no_frame_is_an_error_on_its_line(decoded, kind, text):
    """Damaged, half, odd, empty and foreign input each give one ``{"error": …}`` and exit status 1."""
    status, told = decoded(kind, text)
    assert status == 1
    assert [list(each) for each in told] == [["error"]]
    assert told[0]["error"]


@pytest.mark.parametrize("words", [[], ["-"]])
def test_lines_of_the_input_are_answered_line_by_line(decoded, words):
    """Each line of the input has its own line of output; one bad line neither ends nor shifts the others."""
    lines = b"06 1E 01 6C\n\n\xff\xfe\n80 00 00\r\n849C00"
    status, told = decoded("zvt", *words, stdin=lines)
    assert status == 1
    assert [each.get("name", "error") for each in told] == [
        "abort (terminal)", "error", "error", "positive response", "negative response"
    ]  # fmt: skip


def test_zone_and_its_file_may_stand_in_one_input(decoded):
    """A line with ``<`` is the zone itself, any other its bytes in hexadecimal."""
    status, told = decoded("mrz", stdin=f"{ZONE}\n615D5F1F5A{ZONE.encode().hex()}\n".encode())
    assert status == 0
    assert told[0] == told[1]


@pytest.mark.parametrize("kind", KINDS)
def test_no_input_is_no_frame(decoded, kind):
    """An empty input is answered by nothing, and nothing is wrong with it."""
    assert decoded(kind, stdin=b"") == (0, [])


def test_no_card_number_is_repeated(decoded):
    """The open card number of a trace appears neither in its explanation nor in the error about its damaged copy."""
    whole = decoded("zvt-serial", OPEN)
    assert whole[0] == 0
    assert whole[1][0]["masked_pan"] == "****6666"
    apdu = frames.apdu_in(OPEN).hex()
    told = (
        whole,
        decoded("zvt-serial", OPEN[:-2] + "00"),
        decoded("zvt", apdu),
        decoded("zvt", apdu[:-1]),
        decoded("zvt", apdu[:-2]),
    )
    assert [status for status, _ in told] == [0, 1, 0, 1, 1]
    for canary in ("66666666", "66 66 66 66", "5966", "0512", "05 12"):
        assert canary not in json.dumps(told)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(FRAMES), st.one_of(st.binary(max_size=80).map(bytes.hex), st.text(max_size=40)))
def test_any_text_is_explained_or_an_error(kind, text):
    """Whatever stands on a line, the answer is JSON."""
    assert json.dumps(attempt(kind, decoder_of(kind), text))


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(["040F", "04FF", "061E", "06D1", "06D3", "0601", "060F", "8400", "8000"]), st.binary(max_size=60)
)
def test_any_content_of_a_known_message_is_explained_or_an_error(command, data):
    """A message whose length is right and whose content is anything at all is explained or refused."""
    assert json.dumps(attempt("zvt", decoder_of("zvt"), f"{command}{len(data):02X}{data.hex()}"))
