"""Reading files: by short identifier or SELECT, and by as many bytes at once as card and reader bear."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hardware.card import capabilities, lds, tlv
from hardware.card.apdu import Command, Response, UnexpectedStatus
from hardware.card.dialogue import learn_size
from hardware.card.files import AskedTooMuch, DamagedFile, Files, ReadSize
from hardware.card.refusal import Refused
from hardware.card.secure_messaging import SessionEnded
from kiosk.domain.faults import ProtocolError

FAR = b"\x75\x82" + (60_000).to_bytes(2, "big") + bytes(i % 251 for i in range(60_000))
LONG = b"\x75\x82" + (9000).to_bytes(2, "big") + bytes(i % 251 for i in range(9000))
ATR_INFO = bytes.fromhex("47038081C0" + "7F6608" + "02021000" + "02021000")  # 4096 bytes each way


class Chip:
    """A chip with files; ``most`` bytes at once, more is answered by ``too_much``; without short identifiers on demand."""

    def __init__(self, files: dict[int, bytes], most: int = 65536, too_much: int = 0x6700, no_sfi: int = 0) -> None:
        self.files, self.most, self.too_much, self.no_sfi = files, most, too_much, no_sfi
        self.current = b""
        self.sent: list[Command] = []

    def __call__(self, command: Command) -> Response:
        self.sent.append(command)
        place = command.header & 0xFFFF
        if command.header >> 16 == 0x00A4:
            return self.select(int.from_bytes(command.data, "big"))
        if place & 0x8000:
            if self.no_sfi:
                return Response(b"", self.no_sfi)
            found = self.select(0x0100 | place >> 8 & 0x1F if place >> 8 != 0x81 else 0x2F01)
            if not found.ok:
                return found
            place &= 0xFF
        if (command.le or 0) > self.most:
            return Response(b"", self.too_much)
        if (
            command.header == 0x00B10000
        ):  # ISO/IEC 7816-4, 11.3.3: the offset in 54, the bytes in 53, both counted by Le
            place = int.from_bytes(tlv.only(command.data, 0x54), "big")
            room = max(
                size for size in range(command.le or 0) if len(tlv.encode(0x53, bytes(size))) <= (command.le or 0)
            )
            return Response(tlv.encode(0x53, self.current[place : place + room]), 0x9000)
        return Response(self.current[place : place + (command.le or 0)], 0x9000)

    def select(self, name: int) -> Response:
        if name not in self.files:
            return Response(b"", 0x6A82)
        self.current = self.files[name]
        return Response(b"", 0x9000)

    def largest(self) -> int:
        return max(command.le or 0 for command in self.sent)


def large() -> ReadSize:
    size = ReadSize()
    size.announce(65536)
    return size


def test_a_card_that_says_nothing_is_asked_for_short_pieces():
    """Without a stated buffer no READ BINARY asks for more than a short protected answer holds."""
    chip = Chip({0x0102: LONG})
    assert Files(chip).read(lds.data_group(2)) == LONG
    assert chip.largest() == 223


def test_the_stated_buffer_is_used():
    """EF.ATR/INFO states 4096 bytes: what is asked for leaves room for secure messaging, and nothing is asked twice."""
    size = ReadSize()
    chip = Chip({0x2F01: ATR_INFO})
    learn_size(chip, size)
    learn_size(chip, size)
    assert len(chip.sent) == 1
    reader = Chip({0x0102: LONG})
    assert Files(reader, size).read(lds.data_group(2)) == LONG
    assert reader.largest() == 4096 - 40


@pytest.mark.parametrize("most", [5000, 223])
def test_beyond_32_kib_the_offset_stands_in_a_data_object(most: int):
    """A file that P1 and P2 cannot reach to the end of comes whole, and no even READ BINARY names an offset above 7FFF."""
    chip = Chip({0x0102: FAR}, most)
    assert Files(chip, large()).read(lds.data_group(2)) == FAR
    far = [tlv.only(command.data, 0x54) for command in chip.sent if command.header == 0x00B10000]
    assert far
    assert min(int.from_bytes(each, "big") for each in far) > 0x7FFF
    assert all(command.le and command.le <= 0x2000 for command in chip.sent)


def test_a_card_that_cannot_read_that_far_says_so():
    """An instruction that a card does not know is a status, and no endless reading."""
    chip = Chip({0x0102: FAR})

    def transmit(command: Command) -> Response:
        return Response(b"", 0x6D00) if command.header >> 16 == 0x00B1 else chip(command)

    with pytest.raises(UnexpectedStatus) as refused:
        Files(transmit, large()).read(lds.data_group(2))
    assert refused.value.status == 0x6D00


def test_no_file_is_read_without_end():
    """A header that announces more than 128 KiB is damage: no card makes us read for minutes."""
    with pytest.raises(DamagedFile):
        Files(Chip({0x0102: bytes.fromhex("75830F0000") + bytes(300)})).read(lds.data_group(2))


@pytest.mark.parametrize("file", [lds.SOD, lds.CARD_ACCESS, lds.CARD_SECURITY, lds.data_group(14), lds.data_group(15)])
def test_no_file_of_asn1_is_read_at_such_length(file: lds.ElementaryFile):
    """What is taken apart number by number, in time that grows with its square, may have 32 KiB: no card has a quarter of it."""
    chip = Chip({0x0100 | file.short_identifier: bytes.fromhex("7783008000") + bytes(40000)})
    with pytest.raises(DamagedFile):
        Files(chip).read(file)
    assert len(chip.sent) == 1


@pytest.mark.parametrize("answer", ["54020102", "5302010200", "5301", "02", "53820100"])
def test_a_far_answer_that_is_no_data_object_is_damage(answer: str):
    """Bytes that are not in the one data object that they must be in are taken for nothing."""
    chip = Chip({0x0102: FAR})

    def transmit(command: Command) -> Response:
        return Response(bytes.fromhex(answer), 0x9000) if command.header >> 16 == 0x00B1 else chip(command)

    with pytest.raises(ProtocolError):
        Files(transmit, large()).read(lds.data_group(2))


@pytest.mark.parametrize("content", ["", "7F66", "7F6600", "7F660402021000", "470380", "7F66FF"])
def test_a_damaged_or_silent_atr_info_changes_nothing(content: str):
    """A file that is missing, damaged or without both sizes leaves the short pieces."""
    size = ReadSize()
    learn_size(Chip({0x2F01: bytes.fromhex(content)} if content else {}), size)
    assert (size.now, size.asked) == (223, True)


@pytest.mark.parametrize("too_much", [0x6700, 0x6B00, 0x6C80, 0x6282])
@pytest.mark.parametrize("most", [5000, 1024, 223, 200, 100])
def test_a_refused_length_is_made_smaller_and_remembered(most: int, too_much: int):
    """However a chip refuses too large a piece, the file is read whole, and the next one asks for no such piece again."""
    size = large()
    assert Files(Chip({0x0102: LONG}, most, too_much), size).read(lds.data_group(2)) == LONG
    second = Chip({0x0102: LONG}, most, too_much)
    assert Files(second, size).read(lds.data_group(2)) == LONG
    assert second.largest() <= most


def test_a_chip_that_bears_nothing_is_refused_in_bounded_time():
    """Where every length is refused there is an end, and the status is told."""
    with pytest.raises(UnexpectedStatus) as refused:
        Files(Chip({0x0102: LONG}, 50), large()).read(lds.data_group(2))
    assert refused.value.status == 0x6700


def test_between_a_short_and_an_extended_answer_lies_a_gap():
    """224 to 256 bytes would be asked for by a short APDU whose protected answer is longer: 223 are asked for instead."""
    content = b"\x75\x81\xf3" + bytes(243)
    chip = Chip({0x0102: content})
    assert Files(chip, large()).read(lds.data_group(2)) == content
    assert chip.largest() == 223


@pytest.mark.parametrize("end", [SessionEnded(0x6700), Refused("removed", "80100016"), SessionEnded(0x6CF0)])
def test_a_session_that_a_length_ended_asks_for_less_the_next_time(end: Exception):
    """An answer in the clear, or a reader that fails, at a long piece: the same again would ask for less."""
    chip, size = Chip({0x0102: LONG}), large()

    def transmit(command: Command) -> Response:
        if (command.le or 0) > 4096:
            raise end
        return chip(command)

    with pytest.raises(AskedTooMuch):
        Files(transmit, size).read(lds.data_group(2))
    assert Files(transmit, size).read(lds.data_group(2)) == LONG


class Clock:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


def pulled(size: ReadSize, chip: Chip, above: int) -> None:
    """Read from a card, or in a reader, that is gone at the first piece above so many bytes."""

    def transmit(command: Command) -> Response:
        if (command.le or 0) > above:
            raise Refused("removed", "80100016")
        return chip(command)

    size.begin()
    with pytest.raises(AskedTooMuch):
        Files(transmit, size).read(lds.data_group(2))


def test_a_card_that_is_pulled_out_makes_no_piece_smaller():
    """However often people pull their cards out at a long piece, the next card is asked for pieces as long as before."""
    clock, chip = Clock(), Chip({0x0102: LONG})
    size = ReadSize(clock=clock)
    size.announce(65536)
    for _ in range(4):
        pulled(size, chip, 223)
        clock.now_s += 8.0
    size.begin()
    assert Files(chip, size).read(lds.data_group(2)) == LONG
    assert chip.largest() == 8192


def test_a_reader_that_fails_at_a_length_is_never_asked_for_it_again():
    """Where the second try on the same card succeeds with less it was the length: it is remembered, step by step, for good."""
    clock, chip = Clock(), Chip({0x0102: LONG})
    size = ReadSize(clock=clock)
    size.announce(65536)
    for _ in range(2):
        pulled(size, chip, 1024)
        clock.now_s += 0.5
    size.begin()
    assert Files(chip, size).read(lds.data_group(2)) == LONG
    clock.now_s += 600.0
    size.begin()
    assert size.now == 1024


@pytest.mark.parametrize(
    ("end", "announced"),
    [(SessionEnded(0x6982), 65536), (Refused("removed", "80100016"), None), (ProtocolError("wrong MAC"), 65536)],
)
def test_another_end_is_no_question_of_length(end: Exception, announced: int | None):
    """A card that is pulled out at a short piece, a lost right, a wrong MAC: never taken for too long a piece."""
    size = ReadSize()
    size.announce(announced)
    before = size.now

    def transmit(command: Command) -> Response:
        raise end

    with pytest.raises(type(end)):
        Files(transmit, size).read(lds.data_group(2))
    assert size.now == before


@pytest.mark.parametrize("status", [0x6A86, 0x6981, 0x6D00, 0x6B00])
def test_without_short_identifiers_files_are_selected(status: int):
    """A card that does not know short identifiers is asked by SELECT, without Le, and after that by SELECT alone."""
    chip = Chip({0x0101: b"\x61\x01A", 0x0102: LONG}, no_sfi=status)
    files = Files(chip)
    assert files.read(lds.data_group(1)) == b"\x61\x01A"
    asked = len(chip.sent)
    assert files.read(lds.data_group(2)) == LONG
    assert chip.sent[asked] == Command(0x00A4020C, bytes.fromhex("0102"))
    assert all(command.le is None for command in chip.sent if command.data)


def test_a_file_that_is_not_there_is_asked_for_once():
    """6A82 is an answer: no SELECT is tried after it, and a file that need not be there is None."""
    chip = Chip({})
    assert Files(chip).find(lds.data_group(11)) is None
    assert len(chip.sent) == 1
    with pytest.raises(UnexpectedStatus):
        Files(chip).read(lds.data_group(1))


@pytest.mark.parametrize(
    ("atr", "history", "extended"),
    [
        ("3B80800101", "", None),
        ("3B8F80010031B86404B0ECC1739401808290000E", "0031B86404B0ECC173940180829000", False),
        ("3B888001007384214090000" + "0", "0073842140900000", True),
        ("3B8A80018031F873F741E08290001C", "8031F873F741E0829000", True),
        ("3B85800180738421800000", "8073842180", False),
        ("3BDF18FF8191FE1FC30031B8640C01ECC173940180829000B3", "0031B8640C01ECC173940180829000", False),
        ("3B", "", None),
        ("3BFF", "", None),
        ("3B0F0102", "0102", None),
        ("", "", None),
    ],
)
def test_what_an_atr_says_about_long_commands(atr: str, history: str, extended: bool | None):
    """Bit 7 of the third capability byte, wherever the historical bytes have it; a cut off ATR says nothing."""
    assert capabilities.historical_bytes(bytes.fromhex(atr)).hex().upper() == history
    assert capabilities.says_extended(bytes.fromhex(atr)) is extended


@pytest.mark.parametrize(
    ("properties", "extended"), [("0A0400000100", True), ("0A0400000000", False), ("010101", None), ("", None)]
)
def test_what_a_reader_says_about_long_commands(properties: str, extended: bool | None):
    """dwMaxAPDUDataSize: 10000 is extended, 0 short only; a reader without the property says nothing."""
    answers = {42003400: bytes.fromhex("060442330006" + "120442330012"), 0x42330012: bytes.fromhex(properties)}
    assert capabilities.reader_extended(lambda code: answers[code], lambda code: 42000000 + code) is extended
    assert capabilities.reader_extended(lambda _: b"", lambda code: code) is None


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=40))
def test_any_bytes_are_taken_for_what_they_say(noise: bytes):
    """Whatever an ATR, a reader or EF.ATR/INFO holds, the answer is one, or a ProtocolError."""
    assert capabilities.says_extended(noise) in {True, False, None}
    assert capabilities.reader_extended(lambda _: noise, lambda code: code) in {True, False, None}
    try:
        assert capabilities.response_bytes(noise) is None or capabilities.response_bytes(noise) >= 0
    except ProtocolError:
        return
