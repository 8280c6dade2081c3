"""Reading a card's files (ISO/IEC 7816-4, 11.3; Doc 9303-10, 3.6.3): by short identifier, where the card wants it by SELECT.

    READ BINARY B0, offset in P1 P2          up to 7FFF
    READ BINARY B1, 54 offset → 53 bytes     beyond (3.6.3.2)

How much one READ BINARY may ask for is found out and remembered (``ReadSize``): chips and readers differ, and one that
is asked for too much refuses, cuts the answer, or ends the session.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from hardware.card import tlv
from hardware.card.apdu import (
    END_OF_FILE,
    OK,
    SHORT_LE_MAX,
    Command,
    Response,
    Transmit,
    UnexpectedStatus,
    expect_ok,
)
from hardware.card.lds import ElementaryFile
from hardware.card.refusal import Refused
from hardware.card.secure_messaging import READ_MAX, SessionEnded
from kiosk.domain.faults import ProtocolError

STEPS = (8192, 4096, 1024, READ_MAX, 160, 96)
"""Bytes. 223 is what a short protected response holds; some chips bear less."""

PROTECTION_BYTES = 40
"""What secure messaging adds to a response at most: tags, lengths, padding, status, MAC."""

_SELECT_FILE, _READ_BINARY, _READ_FAR, _SHORT_IDENTIFIER = 0x00A4020C, 0x00B00000, 0x00B10000, 0x8000
_OFFSET, _DISCRETIONARY = 0x54, 0x53
_HEADER_BYTES = 4
_OFFSET_MAX = 0x7FFF
_NOT_FOUND = 0x6A82
_TOO_MUCH = frozenset({0x6700, 0x6B00, 0x6F00})
"""An offset outside the file (6B00) cannot be meant: its length is known."""


class AskedTooMuch(ProtocolError):
    """A READ BINARY ended the session, most likely by its length. The same again asks for less."""


class DamagedFile(ProtocolError):
    """What a file holds is no data object; the card and the session are well."""


_RETRY_WITHIN_S = 5.0
"""A second try on the same card begins at once; whoever put a card in again has to give its key first."""


class ReadSize:
    """How many bytes a READ BINARY may ask for, of one kind of card in one reader. Starts at what every card is said to bear.

    ``most``: what the reader bears, by all that is known of it (``readers``). ``asked``: whether the card was asked for its
    buffers before. A reader that fails at a long piece and a card that is pulled out at one look alike: what only that
    speaks against is not asked for on trial, and for good once a second try on the same card succeeds with less. ``clock``: seconds.
    """

    def __init__(self, most: int = STEPS[0], clock: Callable[[], float] = time.monotonic) -> None:
        self.asked = False
        self._clock = clock
        self._trial, self._failed_at_s = STEPS[0], 0.0
        self._refused: frozenset[int] = frozenset()
        self.long_apdus = most > READ_MAX
        self._announced = READ_MAX
        self._borne = most

    @property
    def now(self) -> int:
        """Bytes to ask for now."""
        return min(self._announced, self._borne, self._trial)

    def begin(self) -> None:
        """Begin with a card: what failed some time ago failed on another, which was pulled out."""
        if self._clock() - self._failed_at_s > _RETRY_WITHIN_S:
            self._trial, self._refused = STEPS[0], frozenset()

    def announce(self, response_bytes: int | None) -> None:
        """Take what the card says of its buffer; nothing, or less than a short response, changes nothing."""
        self.asked = True
        if response_bytes is not None:
            self._announced = max(READ_MAX, response_bytes - PROTECTION_BYTES)

    def lower(self, failed: int, *, on_trial: bool = False) -> bool:
        """Remember that so many bytes were too many, or perhaps were. False where there is no smaller step."""
        smaller = [step for step in STEPS if step < failed]
        if smaller and on_trial:
            self._trial, self._failed_at_s = min(self._trial, smaller[0]), self._clock()
        elif smaller:
            self._borne = min(self._borne, smaller[0])
        return bool(smaller)

    def refuse(self, le: int) -> None:
        """Remember for the next try that the card ended the session at an Le that another one may replace."""
        self._refused, self._failed_at_s = self._refused | {le}, self._clock()

    def untried(self, lengths: Sequence[int]) -> tuple[int, ...]:
        """Return those of several Le at which the card has not just ended a session."""
        return tuple(le for le in lengths if le not in self._refused)

    def bore(self, asked: int) -> None:
        """Learn that so many bytes were answered: if they are as many as are on trial, more are not asked for again."""
        if asked == self._trial < self._borne:
            self._borne, self._trial = self._trial, STEPS[0]


class Files:
    """The files that can be read over one transmit, each one data object."""

    def __init__(self, transmit: Transmit, size: ReadSize | None = None) -> None:
        self._transmit = transmit
        self.size = size or ReadSize()
        self._by_short_identifier = True

    @property
    def long_apdus(self) -> bool:
        """Whether the reader may be sent extended APDUs."""
        return self.size.long_apdus

    def read(self, file: ElementaryFile) -> bytes:
        """Return a file. UnexpectedStatus: the card refuses it. DamagedFile, ProtocolError, AskedTooMuch."""
        if self._by_short_identifier:
            try:
                return read_file(self._transmit, _SHORT_IDENTIFIER | file.short_identifier << 8, file, self.size)
            except UnexpectedStatus as error:
                if error.status == _NOT_FOUND:
                    raise
        expect_ok(self._transmit(Command(_SELECT_FILE, file.identifier)), f"SELECT {file.name}")
        content = read_file(self._transmit, 0, file, self.size)
        self._by_short_identifier = False
        return content

    def find(self, file: ElementaryFile) -> bytes | None:
        """Return a file that a card need not have, or None where it does not have it, does not show it, or it is damaged."""
        try:
            return self.read(file)
        except (UnexpectedStatus, DamagedFile):
            return None


_READS_MAX, _READ_LEAST = 16, 16
"""A card that gives fewer bytes at once would keep a citizen waiting without end."""


def read_file(transmit: Transmit, first: int, file: ElementaryFile, size: ReadSize | None = None) -> bytes:
    """Read a file that is one data object. ``first``: P1 P2 of the first READ BINARY, which names the file or is 0.

    UnexpectedStatus where the card refuses; DamagedFile where it is none; ProtocolError for any other answer; AskedTooMuch.
    """
    size = size or ReadSize()
    content = _read(transmit, Command(_READ_BINARY | first), _HEADER_BYTES, size)
    try:
        _, start, length = tlv.read_header(content)
    except ProtocolError as error:
        raise DamagedFile(str(error)) from error
    whole = start + length
    if whole > file.bytes_max:
        raise DamagedFile(f"{file.name} of {whole} bytes")
    for _ in range(_READS_MAX + whole // _READ_LEAST):
        if len(content) >= whole:
            return content[:whole]
        content += _read(transmit, _from(len(content)), whole - len(content), size)
    raise ProtocolError(f"a file of {whole} bytes comes in pieces too small to end: {len(content)} so far")


def _from(place: int) -> Command:
    """Return the READ BINARY that begins at a place of the current file, without its Le."""
    if place <= _OFFSET_MAX:
        return Command(_READ_BINARY | place)
    return Command(_READ_FAR, tlv.encode(_OFFSET, place.to_bytes((place.bit_length() + 7) // 8, "big")))


def _read(transmit: Transmit, command: Command, wanted: int, size: ReadSize) -> bytes:
    """Read up to so many bytes, in as many tries as there are steps. Never nothing."""
    far = bool(command.data)
    whole = len(tlv.encode(_DISCRETIONARY, bytes(min(wanted, size.now)))) if far else wanted
    for _ in STEPS:
        asked = min(whole, size.now)
        if READ_MAX < asked <= SHORT_LE_MAX:  # its protected answer would not fit the short APDU that it makes
            asked = READ_MAX
        response = _ask(transmit, Command(command.header, command.data, asked), size)
        carried_out = response.status in {OK, END_OF_FILE}
        data = tlv.only(response.data, _DISCRETIONARY) if far and carried_out and response.data else response.data
        if carried_out and 0 < len(data) <= asked:
            size.bore(asked)
            return data
        if not _is_too_much(response.status, response.data) or not size.lower(asked):
            break
    doing = f"READ BINARY {command.header:08X} {command.data.hex()}".rstrip()
    if response.status in {OK, END_OF_FILE}:
        kind = ProtocolError if response.data else DamagedFile
        raise kind(f"{doing}: asked for {asked} bytes, got {len(response.data)}")
    raise UnexpectedStatus(response.status, doing)


def _ask(transmit: Transmit, command: Command, size: ReadSize) -> Response:
    asked = command.le or 0
    try:
        return transmit(command)
    except SessionEnded as error:
        if _is_too_much(error.status) and size.lower(asked):
            raise AskedTooMuch(f"READ BINARY of {asked} bytes: {error}") from error
        raise
    except Refused as refused:
        if refused.refusal.reason == "removed" and asked > READ_MAX and size.lower(asked, on_trial=True):
            raise AskedTooMuch(f"READ BINARY of {asked} bytes: {refused}") from refused
        raise


def _is_too_much(status: int, data: bytes = b"") -> bool:
    """Whether a card refuses an Le in this way."""
    return (status == END_OF_FILE and not data) or status in _TOO_MUCH or status >> 8 == 0x6C
