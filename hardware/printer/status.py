"""What a printer says, byte by byte: answers, reports and acknowledgements share one line and are told apart by their bits.

    DLE EOT n answer    one byte      b & 93h == 12h
    GS r 1 answer       one byte      b & 90h == 00h
    ASB                 four bytes    first b & 93h == 10h, the others b & 90h == 00h
    full status         six bytes   10 0F, paper, user, recoverable and unrecoverable errors (Custom, DLE EOT 20)
    block               35 37 3B 3D 5F … 00     e.g. 37 22 d1 d2 d3 d4 00, the process identifier of GS ( H
    XON, XOFF           11, 13        flow control that nobody asked for: dropped

Source: Epson, ESC/POS command reference, DLE EOT, GS a, GS r, GS ( H and "identifying the transmission status".
"""

from __future__ import annotations

from msgspec import Struct

BLOCK_HEADERS = frozenset(b"\x35\x37\x3b\x3d\x5f")
LONGEST_BLOCK = 96
PROCESS_ID = 0x22
FULL_STATUS_HEADER = b"\x10\x0f"
FIXABLE = frozenset(("paper_out", "cover_open", "overheated", "offline"))
"""Faults that end by somebody's hand at the roll, or by waiting; a jammed knife needs the technician."""
GRAVITY = ("cutter", "mechanical", "cover_open", "overheated", "paper_out", "offline")


class Condition(Struct, frozen=True):
    """How the printer is: all faults it names (reasons of kiosk.domain.receipt), and whether the roll is near its end."""

    faults: frozenset[str] = frozenset()
    paper_low: bool = False

    @property
    def fault(self) -> str:
        """The gravest fault, or ""."""
        return next((fault for fault in GRAVITY if fault in self.faults), "")


class RealTime(Struct, frozen=True):
    """The answer to a DLE EOT question."""

    value: int


class PaperStatus(Struct, frozen=True):
    """The answer to GS r 1: all before it has been worked through. ``ended``: and there is no paper."""

    value: int

    @property
    def ended(self) -> bool:
        """Whether the paper's end has been reached."""
        return bool(self.value & 0x0C)


class ProcessDone(Struct, frozen=True):
    """Everything up to this GS ( H identifier has been printed."""

    identifier: str


class Report(Struct, frozen=True):
    """Automatic Status Back."""

    condition: Condition


class FullStatus(Struct, frozen=True):
    """The answer to DLE EOT 20. ``in_mouth``: a paper is held out."""

    in_mouth: bool


class Block(Struct, frozen=True):
    """A block of another kind."""

    data: bytes


Answer = RealTime | PaperStatus | ProcessDone | Report | FullStatus | Block


class Listener:
    """Turns bytes into answers. Bytes that fit nothing are dropped and counted in ``noise``."""

    def __init__(self) -> None:
        self.noise = 0
        self._part = b""

    def forget(self) -> None:
        """Drop an answer that has only begun."""
        self._part = b""

    def hear(self, data: bytes) -> list[Answer]:
        """Take what has come; return the answers that are now whole."""
        return [answer for byte in data if (answer := self._take(byte)) is not None]

    def _take(self, byte: int) -> Answer | None:
        if self._part and self._part[0] in BLOCK_HEADERS:
            return self._in_block(byte)
        # No report has 0F for its second byte: the two lowest bits of that are always 0.
        if self._part[:2] == FULL_STATUS_HEADER or self._part + bytes((byte,)) == FULL_STATUS_HEADER:
            return self._in_full_status(byte)
        if self._part:
            return self._in_report(byte)
        if byte & 0x93 == 0x12:
            return RealTime(byte)
        if byte & 0x90 == 0x00:
            return PaperStatus(byte)
        if byte & 0x93 == 0x10 or byte in BLOCK_HEADERS:
            self._part = bytes((byte,))
        else:
            self.noise += 1
        return None

    def _in_block(self, byte: int) -> Answer | None:
        self._part += bytes((byte,))
        if byte and len(self._part) < LONGEST_BLOCK:
            return None
        block, self._part = self._part, b""
        if byte:
            self.noise += len(block)
            return None
        if len(block) == 7 and block[:2] == bytes((0x37, PROCESS_ID)):
            return ProcessDone(block[2:6].decode("latin-1"))
        return Block(block)

    def _in_full_status(self, byte: int) -> Answer | None:
        self._part += bytes((byte,))
        if len(self._part) < 6:
            return None
        status, self._part = self._part, b""
        return FullStatus(bool(status[2] & 0x20))

    def _in_report(self, byte: int) -> Answer | None:
        if byte & 0x90:
            self.noise += len(self._part)
            self._part = b""
            return self._take(byte)
        self._part += bytes((byte,))
        if len(self._part) < 4:
            return None
        report, self._part = self._part, b""
        return Report(reported(report))


def reported(report: bytes) -> Condition:
    """Read the four bytes of an ASB report."""
    printer, error, paper = report[0], report[1], report[2]
    return _condition(
        cutter=error & 0x08,
        mechanical=error & 0x24,
        overheated=error & 0x40,
        cover_open=printer & 0x20,
        paper_out=paper & 0x0C,
        offline=printer & 0x08,
        paper_low=paper & 0x03,
    )


def answered(answers: dict[int, int]) -> Condition:
    """Read the answers to the DLE EOT questions, by number; one that was not answered says nothing."""
    printer, cause, error, paper = (answers.get(number, 0) for number in (1, 2, 3, 4))
    return _condition(
        cutter=error & 0x08,
        mechanical=error & 0x24,
        overheated=error & 0x40,
        cover_open=cause & 0x04,
        paper_out=paper & 0x60 or cause & 0x20,
        offline=printer & 0x08,
        paper_low=paper & 0x0C,
    )


def _condition(*, paper_low: int, **bits: int) -> Condition:
    return Condition(frozenset(name for name, bit in bits.items() if bit), bool(paper_low))
