"""What is said to a card: which commands, in which order, and what each refusal means."""

from __future__ import annotations

from datetime import date

import pytest

from hardware.card import dialogue, lds, pace
from hardware.card.apdu import Command, Response
from hardware.card.dialogue import offered_pace, read_citizen, read_file
from hardware.card.refusal import Refused
from kiosk.domain.faults import ProtocolError
from kiosk.domain.secret import Secret

CARD_ACCESS = bytes.fromhex("31143012060A04007F0007020204020202010202010D")
ZONE = "I<AZEAA000000117ABC1D2<<<<<<<<9001011F3001019AZE<<<<<<<<<<<6MAMMADOVA<<AYGUN<<<<<<<<<<<<<<"


class Files:
    """A card that knows SELECT and READ BINARY, and answers everything else as it is told."""

    def __init__(self, files: dict[int, bytes], statuses: dict[int, int] | None = None) -> None:
        self.files, self.statuses = files, statuses or {}
        self.current = b""
        self.sent: list[Command] = []

    def __call__(self, command: Command) -> Response:
        self.sent.append(command)
        ins, place = command.header >> 16 & 0xFF, command.header & 0xFFFF
        if command.header in self.statuses:
            return Response(b"", self.statuses[command.header])
        if ins == 0xA4:
            return self.select(int.from_bytes(command.data, "big"))
        if ins != 0xB0:
            return Response(b"", 0x6D00)
        if place & 0x8000:
            status = self.select(0x0100 | place >> 8 & 0x1F).status
            if status != 0x9000:
                return Response(b"", status)
            place &= 0xFF
        return Response(self.current[place : place + (command.le or 0)], 0x9000)

    def select(self, name: int) -> Response:
        if name not in self.files:
            return Response(b"", 0x6A82)
        self.current = self.files[name]
        return Response(b"", 0x9000)

    def headers(self) -> list[str]:
        return [f"{command.header:08X}" for command in self.sent]


@pytest.mark.parametrize("size", [4, 223, 224, 300, 1000])
def test_a_file_is_read_whole_in_pieces_of_at_most_223_bytes(size: int):
    """Whatever its size, a file comes back as it is, and no command asks for more than a chip can protect."""
    content = b"\x77\x82" + (size - 4).to_bytes(2, "big") + bytes(i % 251 for i in range(size - 4))
    card = Files({0x011D: content + b"\x00\x00"})
    assert read_file(card, 0x9D00, lds.CARD_SECURITY) == content
    assert max(command.le or 0 for command in card.sent) <= 0xDF


def test_card_access_is_read_by_its_short_identifier():
    """Two commands are enough where the card knows the short identifier."""
    card = Files({0x011C: CARD_ACCESS})
    assert offered_pace(card).parameter_id == 13
    assert card.headers() == ["00B09C00", "00B00004"]


def test_card_access_is_selected_where_the_card_wants_it():
    """A card without short identifiers is asked by SELECT, without Le; a refused SELECT of the master file does not matter."""
    card = Files({0x011C: CARD_ACCESS}, {0x00B09C00: 0x6A86, 0x00A4000C: 0x6A86})
    assert offered_pace(card).parameter_id == 13
    assert card.headers() == ["00B09C00", "00A4000C", "00A4020C", "00B00000", "00B00004"]
    assert all(command.le is None for command in card.sent if command.header >> 16 & 0xFF == 0xA4)


@pytest.mark.parametrize("status", [0x6A82, 0x6982, 0x6D00, 0x6E00])
def test_a_card_without_card_access_is_unsupported_and_never_asked_for_more(status: int):
    """A card that is no identity card is told so: it is asked for its application at most, never for a challenge."""
    refused = dict.fromkeys((0x00B09C00, 0x00A4000C, 0x00A4020C, 0x00A4040C), status)
    card = Files({}, refused)
    with pytest.raises(Refused) as caught:
        read_citizen(card, Secret("123456"), date(2026, 11, 24))
    assert caught.value.refusal.reason == "unsupported"
    assert card.headers() == ["00B09C00", "00A4000C", "00A4020C", *(["00A4040C"] if status == 0x6A82 else [])]


def test_a_wrong_number_leads_to_nothing_else():
    """After a refused token nothing more is sent, least of all the older protocol."""
    steps = {0x0022C1A4: 0x9000, 0x10860000: 0x63C1}
    card = Files({0x011C: CARD_ACCESS}, steps)
    with pytest.raises(Refused) as caught:
        read_citizen(card, Secret("123456"), date(2026, 11, 24))
    assert caught.value.refusal.reason == "wrong_key"
    assert card.headers()[2:] == ["0022C1A4", "10860000"]


@pytest.mark.parametrize("content", [b"", b"\x31", b"\x31\x80\x00\x00", b"\x31\x83\xff\xff\xff", b"\x31\x20abcd"])
def test_a_damaged_file_is_a_protocol_error(content: bytes):
    """Empty, cut off, without a length, too long: damaged, and never an endless reading."""
    with pytest.raises(ProtocolError):
        read_file(Files({0x011C: content}), 0x9C00, lds.CARD_ACCESS)


def test_more_than_was_asked_for_is_a_protocol_error():
    """A card that returns more than Le is not trusted."""
    with pytest.raises(ProtocolError):
        read_file(lambda _: Response(bytes(5), 0x9000), 0x9C00, lds.CARD_ACCESS)


def test_the_zone_of_a_card():
    """EF.DG1 is 61 around 5F1F around the zone."""
    assert lds.machine_readable_zone(bytes.fromhex("615D5F1F5A") + ZONE.encode()) == ZONE


@pytest.mark.parametrize("length", [72, 88])
def test_the_zone_of_a_booklet(length: int):
    """EF.DG1 of a TD2 or TD3 document holds two lines; they are one zone as well."""
    found = lds.machine_readable_zone(bytes([0x61, length + 3, 0x5F, 0x1F, length]) + b"<" * length)
    assert found == "<" * length


@pytest.mark.parametrize(
    "damaged", ["", "6100", "615D5F1F5A", "61045F1F0130", "605D5F1F5A" + "3C" * 90, "615D5F1F5A" + "FF" * 90]
)
def test_a_damaged_dg1_is_a_protocol_error(damaged: str):
    """Another tag, another length, other characters: damaged."""
    with pytest.raises(ProtocolError):
        lds.machine_readable_zone(bytes.fromhex(damaged))


class Application:
    """A card in a session that needs no protection: SELECT and READ BINARY of the application's files."""

    def __init__(self, files: dict[int, bytes]) -> None:
        self.files = Files(files)

    def over(self, _: pace.Transmit) -> pace.Transmit:
        return self.files

    def end(self) -> None:
        self.files = Files({})


DG1 = bytes.fromhex("615D5F1F5A") + ZONE.encode()


@pytest.mark.parametrize(
    ("dg11", "names"),
    [
        ("6B165F0E13" + "MƏMMƏDOVA<<AYGÜN".encode().hex(), ("MƏMMƏDOVA", "AYGÜN")),
        (None, ("MAMMADOVA", "AYGUN")),
        ("", ("MAMMADOVA", "AYGUN")),
        ("0000", ("MAMMADOVA", "AYGUN")),
        ("6B045F0E01FF", ("MAMMADOVA", "AYGUN")),
        ("6B0A5F0E07" + b"A<<B\x1b@<".hex(), ("MAMMADOVA", "AYGUN")),
        ("6B085F0E05" + b"AYGUN".hex(), ("MAMMADOVA", "AYGUN")),
    ],
    ids=["there", "none", "empty", "zeros", "no UTF-8", "control characters", "no surname"],
)
def test_the_name_in_its_own_letters_is_preferred(
    dg11: str | None, names: tuple[str, str], monkeypatch: pytest.MonkeyPatch
):
    """Where EF.DG11 has the name, it is the citizen's, ə and all; where it is missing or damaged, the zone's is."""
    files = {0x0101: DG1} | ({0x010B: bytes.fromhex(dg11)} if dg11 is not None else {})
    card = dialogue.OpenCard(Application(files))  # type: ignore[arg-type]  # stands for a session
    monkeypatch.setattr(dialogue, "open_card", lambda *_, **__: card)
    citizen = read_citizen(lambda _: Response(b"", 0x6F00), Secret("123456"), date(2026, 11, 24))
    assert (citizen.surname, citizen.given_names) == names
    assert citizen.document_number == "AA0000001"
