"""Everything of the driver that reads a stranger's bytes, with true examples to spoil: what ``./run bench fuzz`` goes through."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date

from msgspec import Struct

from hardware.card import bac, capabilities, dialogue, explain, images, lds, pace_info, tlv
from hardware.card.apdu import Command, Response, Transmit, over_t0
from hardware.card.cipher import AES, TRIPLE_DES
from hardware.card.details import parse_document_details, parse_personal_details
from hardware.card.files import Files, ReadSize
from hardware.card.mrz import citizen_of, parse_zone
from hardware.card.portrait import Decoder
from hardware.card.secure_messaging import SecureMessaging
from hardware.card.sim_issue import personalise
from hardware.card.sim_persons import PERSONS
from hardware.card.sim_photo import face_group
from kiosk.domain.access_key import MrzKey
from kiosk.domain.faults import ProtocolError
from kiosk.domain.secret import Secret
from tests.hardware.card import mutations
from tests.hardware.card.proving_chip import Session
from tests.hardware.card.school_bac import BacChip
from tests.hardware.card.test_images import JPEG, dg2, extensible, face, record, template
from tests.hardware.card.test_passive import FILES, STATE

TODAY = date(2026, 11, 24)
KEYS = bytes(16), bytes(range(16))
MRZ_KEY = MrzKey("AA0000001", "900101", "300101")
INFORMATION = "AA0000001190010113001019"
"""MRZ_information, of which this is the key."""
ANSWERS_MAX, ANSWER_BYTES_MAX = 64, 512
READ = Command(0x00B00000, le=96)


class Parser(Struct, frozen=True):
    """``read`` takes any bytes and raises nothing but Refused and ProtocolError. ``share``: of the inputs, a part in so many."""

    read: Callable[[bytes], object]
    seeds: Sequence[bytes]
    share: int = 1


def frames(*answers: str) -> bytes:
    """Answers of a card in a row, each behind its length."""
    return b"".join(len(each).to_bytes(2, "big") + each for each in map(bytes.fromhex, answers))


def pieces(data: bytes) -> list[bytes]:
    """Take ``frames`` apart; of a piece that says more than there is, what there is."""
    found, place = [], 0
    while place < len(data) and len(found) < ANSWERS_MAX:
        size = int.from_bytes(data[place : place + 2], "big")
        found.append(data[place + 2 : place + 2 + size])
        place += 2 + size
    return found


def card_that_says(data: bytes) -> Transmit:
    """A card that gives these answers one after the other, then the last one again and again, and at last errors alone."""
    answers = [answer[:ANSWER_BYTES_MAX] for answer in pieces(data)]
    asked = 0

    def transmit(_: Command) -> Response:
        nonlocal asked
        asked += 1
        if asked > 4 * ANSWERS_MAX or not answers:
            return Response(b"", 0x6F00)
        return Response.from_bytes(answers[min(asked, len(answers)) - 1])

    return transmit


def read_objects(data: bytes) -> None:
    """Whatever is taken for data objects is exactly the bytes that were there."""
    objects = tlv.parse(data)
    if tlv.parse(b"".join(found.to_bytes() for found in objects)) != objects:
        raise AssertionError("data objects that do not come back")


def read_access(data: bytes) -> None:
    """What is chosen can be run."""
    info = pace_info.choose(pace_info.parse_card_access(data))
    if not info.supported or info.group.order <= 1:
        raise AssertionError("a way of PACE is chosen that cannot be gone")


def read_command(data: bytes) -> None:
    """A command encodes to itself, or to its shortest form."""
    command = Command.from_bytes(data)
    if Command.from_bytes(command.to_bytes()) != command:
        raise AssertionError("a command that does not come back")


def read_faces(data: bytes) -> None:
    """No image is longer than what it was in."""
    if any(len(image.data) > len(data) for image in images.face_images(data)):
        raise AssertionError("an image longer than its file")


def read_protected(data: bytes) -> None:
    """What passes is what the card said; with the cipher that fits, else with neither."""
    response = Response.from_bytes(data)
    for suite in (AES, TRIPLE_DES):
        talk = SecureMessaging(bytearray(KEYS[0]), bytearray(KEYS[1]), suite=suite)
        talk.wrap(READ)
        with suppress(ProtocolError):
            if talk.unwrap(response).data != ZONE:
                raise AssertionError("a protected response holds that no card sent")
            return
    raise ProtocolError("no protected response")


def read_capabilities(data: bytes) -> None:
    """An ATR, a reader's answers, and the file that says how long they may be."""
    capabilities.says_extended(data)
    capabilities.reader_extended(lambda _: data, int)
    capabilities.response_bytes(data)


def talk_to(data: bytes) -> None:
    """A card from its power-up on, opened by PACE: up to its tokens, which no answer that was written down can have."""
    transmit = over_t0(card_that_says(data))
    dialogue.learn_size(transmit, ReadSize())
    dialogue.read_citizen(transmit, Secret("123456"), TODAY)


def read_holder(data: bytes) -> None:
    """A card whose session stands and whose files hold anything: as far as the proof, which only what was signed passes."""
    files = dict(zip((0x0101, 0x010B, 0x011D, 0x010E, 0x010F), pieces(data), strict=False))
    card = BacChip(INFORMATION, {name: content for name, content in files.items() if content})
    citizen = dialogue.read_citizen(card, MRZ_KEY, TODAY, anchors=mutations.ANCHORS)
    if files[0x0101] != FILES[1] or citizen.proof.passive.outcome != "held":
        raise AssertionError("a holder whom nobody signed")


def read_files(data: bytes) -> None:
    """Files, with large pieces allowed."""
    size = ReadSize()
    size.announce(70000)
    Files(card_that_says(data), size).read(lds.data_group(2))


def sealed(last: int) -> bytes:
    """A protected response, the second message of its session: a zone, and success."""
    session = Session(KEYS, last)
    session.counter = 1
    return session.seal(Response(ZONE, 0x9000)).to_bytes()


def decode_picture(data: bytes) -> None:
    """An image, in the decoder's own process."""
    with Decoder() as decoder:
        decoder.pixels_of(data)


ISSUED = personalise(PERSONS["leyla"])
ZONE = ISSUED.content(0x0101, application=True)
DG11 = ISSUED.content(0x010B, application=True)
DG12 = tlv.encode(0x6C, tlv.encode(0x5F19, "Daxili İşlər".encode()) + tlv.encode(0x5F26, b"20240131"))
FACES = [
    dg2(template(record(face(JPEG, 2), face(JPEG)))),
    dg2(extensible(JPEG)),
    face_group("AA0000001", "F", "jpeg2000", 3000),
]
SIGNATURE = tlv.encode(0x67, tlv.encode(0x02, b"\x01") + tlv.encode(0x5F43, JPEG))
ACCESS = [
    bytes.fromhex("31143012060A04007F0007020204020202010202010D"),
    bytes.fromhex("31283012060A04007F0007020204020202010202010D3012060A04007F0007020204060402010202010F"),
]
"""EF.CardAccess with one way and with two."""

TALKS = [
    frames("47030000C09000", ACCESS[0].hex() + "9000", "9000"),
    frames(
        "6A82",
        ACCESS[0][:4].hex() + "9000",
        ACCESS[0][4:].hex() + "9000",
        "9000",
        "7C128010" + "00" * 16 + "9000",
        "7C43824104" + "01" * 64 + "9000",
    ),
]

HOLDERS = [
    frames(FILES[1].hex(), "", STATE.sod(FILES).hex(), FILES[14].hex()),
    frames(FILES[1].hex(), DG11.hex(), STATE.sod({**FILES, 11: DG11}).hex(), FILES[14].hex()),
]
"""EF.DG1, EF.DG11, EF.SOD, EF.DG14, EF.DG15."""

PARSERS: dict[str, Parser] = {
    "TLV": Parser(read_objects, [ZONE, DG11, *ACCESS], 4),
    "command APDU": Parser(
        read_command, [bytes.fromhex("00A4040C07A0000002471001"), bytes.fromhex("00B0820000FFFF")], 4
    ),
    "response APDU, explained": Parser(explain.decode_apdu, [ACCESS[1] + b"\x90\x00", *TALKS], 2),
    "protected response": Parser(read_protected, [sealed(1), sealed(2)], 2),
    "EF.CardAccess": Parser(read_access, ACCESS, 2),
    "ATR, EF.ATR/INFO, reader": Parser(
        read_capabilities,
        [bytes.fromhex("3B8F8001804F0CA000000306030001000000006A"), bytes.fromhex("7F6608020207FF02020800")],
        4,
    ),
    "EF.DG1": Parser(lambda data: citizen_of(parse_zone(lds.machine_readable_zone(data)), TODAY), [ZONE], 4),
    "EF.DG2": Parser(read_faces, FACES, 6),
    "EF.DG7": Parser(images.signature_images, [SIGNATURE], 2),
    "EF.DG11": Parser(parse_personal_details, [DG11], 2),
    "EF.DG12": Parser(parse_document_details, [DG12], 2),
    "a card's answers": Parser(talk_to, TALKS, 1),
    "a card's holder": Parser(read_holder, HOLDERS, 1),
    "a card's files": Parser(
        read_files,
        [
            frames("758201009000", "00" * 223 + "9000", "00" * 33 + "9000"),
            frames("758280109000", "538201F4" + "00" * 500 + "9000"),
        ],
        2,
    ),
    "BAC": Parser(
        lambda data: bac.open_session(card_that_says(data), MRZ_KEY),
        [frames("0011223344556677" + "9000", "00" * 40 + "9000")],
    ),
    **{name: Parser(read, seeds, 2) for name, (read, seeds) in mutations.PARSERS.items()},
}

PICTURES = Parser(
    decode_picture, [images.face_images(face_group("AA0000001", "F", kind, 0))[0].data for kind in ("jpeg", "jpeg2000")]
)
