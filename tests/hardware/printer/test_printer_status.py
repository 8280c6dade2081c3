"""What the printer says, told apart by its bits."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hardware.printer.status import (
    LONGEST_BLOCK,
    Block,
    Condition,
    Listener,
    PaperStatus,
    ProcessDone,
    RealTime,
    Report,
    answered,
)

WELL = Report(Condition())


def hear(text: str) -> list[object]:
    return list(Listener().hear(bytes.fromhex(text)))


@pytest.mark.parametrize(
    ("wire", "answer"),
    [
        ("12", RealTime(0x12)),
        ("7e", RealTime(0x7E)),
        ("00", PaperStatus(0x00)),
        ("0f", PaperStatus(0x0F)),
        ("37 22 30 31 34 37 00", ProcessDone("0147")),
        ("37 25 00", Block(b"\x37\x25\x00")),
        ("5f 54 4d 2d 54 38 38 56 00", Block(b"_TM-T88V\0")),
        ("10 00 00 0f", WELL),
        ("14 00 00 0f", WELL),
        ("38 00 00 0f", Report(Condition(frozenset({"offline", "cover_open"})))),
        ("18 08 00 0f", Report(Condition(frozenset({"offline", "cutter"})))),
        ("18 04 00 0f", Report(Condition(frozenset({"offline", "mechanical"})))),
        ("18 20 00 0f", Report(Condition(frozenset({"offline", "mechanical"})))),
        ("18 40 00 0f", Report(Condition(frozenset({"offline", "overheated"})))),
        ("10 00 03 0f", Report(Condition(paper_low=True))),
        ("18 00 0f 0f", Report(Condition(frozenset({"offline", "paper_out"}), paper_low=True))),
    ],
)
def test_one_answer(wire: str, answer: object) -> None:
    """Each kind of answer is known by its mask, with its meaning."""
    assert hear(wire) == [answer]


@pytest.mark.parametrize(
    ("answers", "fault", "low"),
    [
        ({1: 0x16, 2: 0x12, 3: 0x12, 4: 0x12}, "", False),
        ({1: 0x1E, 2: 0x16, 3: 0x12, 4: 0x12}, "cover_open", False),
        ({1: 0x1E, 2: 0x32, 3: 0x12, 4: 0x7E}, "paper_out", True),
        ({1: 0x16, 2: 0x12, 3: 0x12, 4: 0x1E}, "", True),
        ({1: 0x1E, 2: 0x52, 3: 0x1A, 4: 0x12}, "cutter", False),
        ({1: 0x1E, 2: 0x52, 3: 0x32, 4: 0x12}, "mechanical", False),
        ({1: 0x1E, 2: 0x52, 3: 0x52, 4: 0x12}, "overheated", False),
        ({1: 0x1E, 2: 0x56, 3: 0x52, 4: 0x12}, "cover_open", False),
        ({1: 0x1E}, "offline", False),
    ],
)
def test_the_four_questions(answers: dict[int, int], fault: str, low: bool) -> None:
    """The answers to DLE EOT 1 to 4 name the gravest fault, and whether the roll is near its end."""
    condition = answered(answers)
    assert (condition.fault, condition.paper_low) == (fault, low)


def test_the_gravest_fault_is_told() -> None:
    """A jammed cutter is told before an open cover, and that before what follows from it: a pause, paper nobody sees."""
    assert Condition(frozenset({"offline", "overheated", "paper_out", "cover_open"})).fault == "cover_open"
    assert Condition(frozenset({"offline", "cover_open", "cutter"})).fault == "cutter"


def test_flow_control_is_dropped() -> None:
    """XON and XOFF that nobody asked for are no answers."""
    listener = Listener()
    assert listener.hear(b"\x11\x13") == []
    assert listener.noise == 2


def test_answers_do_not_wait_for_each_other() -> None:
    """Answers of all kinds in one read are all heard, in order."""
    assert hear("12 10 00 00 0f 37 22 30 30 30 31 00 00 16") == [
        RealTime(0x12),
        WELL,
        ProcessDone("0001"),
        PaperStatus(0),
        RealTime(0x16),
    ]


def test_digits_in_a_block_are_no_answers() -> None:
    """A process identifier of twos, whose bits are those of a DLE EOT answer, stays one identifier."""
    assert hear("37 22 32 32 32 32 00") == [ProcessDone("2222")]


def test_a_torn_report_gives_way() -> None:
    """A report that breaks off is dropped, and what follows is heard."""
    assert hear("10 00 12 37 22 30 30 30 31 00") == [RealTime(0x12), ProcessDone("0001")]


def test_a_block_without_end_is_given_up() -> None:
    """A block that never ends is dropped, and the listener hears again."""
    listener = Listener()
    assert listener.hear(b"\x37" + b"A" * (LONGEST_BLOCK - 1)) == []
    assert listener.noise == LONGEST_BLOCK
    assert listener.hear(b"\x12") == [RealTime(0x12)]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.binary(max_size=30), max_size=8))
def test_any_bytes(pieces: list[bytes]) -> None:
    """Garbage never raises, and where reads begin and end changes nothing."""
    in_pieces, at_once = Listener(), Listener()
    heard = [answer for piece in pieces for answer in in_pieces.hear(piece)]
    assert heard == at_once.hear(b"".join(pieces))
    assert in_pieces.noise == at_once.noise
