"""The images of a card, taken out of their wrappings and never decoded: a decoder is no place for a stranger's bytes.

EF.DG2   75 ▸ 7F61 ▸ 02 how many, 7F60 ▸ A1 header (CBEFF), 5F2E facial record    Doc 9303-10, 4.7.2
         facial record: FAC, version, length, number │ per image 20 bytes, feature points of 8, 12 bytes, the image
                                                                                 ISO/IEC 19794-5:2005, 5.4 to 5.7
         or, in the place of 5F2E: 7F2E ▸ A1 ▸ 65 ▸ A0 version, A1 ▸ per image 30 ▸ … A1 ▸ A0 ▸ A0 ▸ 80 the image
                                                                                 ISO/IEC 39794-5:2019, annex A
EF.DG7   67 ▸ 02 how many, 5F43 image                                            Doc 9303-10, 4.7.7
"""

from __future__ import annotations

import struct
from typing import Literal

from msgspec import Struct

from hardware.card import tlv
from kiosk.domain.faults import ProtocolError

_RECORD = struct.Struct(">4s4sIH")
_FACE = struct.Struct(">IH14x")
_FEATURE_BYTES = 8
_IMAGE = struct.Struct(">xBHH6x")
_FORMAT, _VERSION = b"FAC\x00", b"010\x00"
_IMAGES_MAX = 16

Kind = Literal["jpeg", "jpeg2000"]
_KINDS: tuple[tuple[bytes, Kind], ...] = (
    (bytes.fromhex("FFD8FF"), "jpeg"),
    (bytes.fromhex("0000000C6A5020200D0A870A"), "jpeg2000"),
    (bytes.fromhex("FF4FFF51"), "jpeg2000"),
)
"""How JPEG, a JP2 file and a bare JPEG 2000 codestream begin."""


class Image(Struct, frozen=True):
    """An image as the card has it. ``width_px``, ``height_px`` are what the record says, 0 where it does not."""

    kind: Kind
    data: bytes
    width_px: int = 0
    height_px: int = 0

    def __repr__(self) -> str:
        return f"Image({self.kind}, {len(self.data)} bytes)"


def face_images(dg2: bytes) -> list[Image]:
    """Return the faces of EF.DG2, the newest first. ProtocolError where it is damaged."""
    group = tlv.parse(tlv.only(tlv.only(dg2, 0x75), 0x7F61))
    templates = [found.value for found in group if found.tag == 0x7F60]
    _verify_count(group, len(templates), 1)
    return [image for template in templates for image in _faces_of(template)]


def signature_images(dg7: bytes) -> list[Image]:
    """Return the displayed signatures of EF.DG7. ProtocolError where it is damaged."""
    group = tlv.parse(tlv.only(dg7, 0x67))
    found = [Image(_kind(each.value), each.value) for each in group if each.tag == 0x5F43]
    _verify_count(group, len(found), 0)
    return found


def _verify_count(group: list[tlv.DataObject], there: int, least: int) -> None:
    announced = [tlv.number(found.value) for found in group if found.tag == 0x02]
    if announced != [there] or not least <= there <= _IMAGES_MAX:
        raise ProtocolError(f"{announced} images or templates announced, {there} there")


def _faces_of(template: bytes) -> list[Image]:
    objects = tlv.parse(template)
    tags = [found.tag for found in objects]
    if tags == [0xA1, 0x5F2E]:
        return _faces(objects[1].value)
    if tags == [0xA1, 0x7F2E]:
        return _extensible_faces(objects[1].value)
    raise ProtocolError(f"a biometric template of {', '.join(f'{tag:X}' for tag in tags) or 'nothing'}")


def _extensible_faces(block: bytes) -> list[Image]:
    """Take a face image data block of ISO/IEC 39794-5 apart; what it may have beside the images is not asked for."""
    objects = tlv.parse(block)
    wrapped = len(objects) == 1 and objects[0].tag == 0xA1  # some encoders leave the wrapping out
    representations = tlv.parse(tlv.find(tlv.only(objects[0].value if wrapped else block, 0x65), 0xA1))
    if not 0 < len(representations) <= _IMAGES_MAX or any(each.tag != 0x30 for each in representations):
        raise ProtocolError(f"{len(representations)} representations in a face image data block")
    return [_extensible_face(each.value) for each in representations]


def _extensible_face(representation: bytes) -> Image:
    """Return the image of a representation: its way through two choices, each with a tag of its own."""
    found = representation
    for tag in (0xA1, 0xA0, 0xA0, 0x80):
        found = tlv.find(found, tag)
    return Image(_kind(found), found)


def _faces(record: bytes) -> list[Image]:
    """Take a facial record apart; every length in it must add up."""
    if len(record) < _RECORD.size:
        raise ProtocolError(f"a facial record of {len(record)} bytes")
    name, version, length, count = _RECORD.unpack_from(record)
    if (name, version, length) != (_FORMAT, _VERSION, len(record)) or not 0 < count <= _IMAGES_MAX:
        raise ProtocolError(f"a facial record {name.hex()} {version.hex()} of {length} bytes with {count} images")
    place, found = _RECORD.size, []
    for _ in range(count):
        size, image = _face(record[place:])
        found.append(image)
        place += size
    if place != len(record):
        raise ProtocolError(f"{len(record) - place} bytes left over in a facial record")
    return found


def _face(block: bytes) -> tuple[int, Image]:
    """Return the length of the first facial record data block and its image."""
    if len(block) < _FACE.size:
        raise ProtocolError("a facial record ends where an image should be")
    size, points = _FACE.unpack_from(block)
    start = _FACE.size + points * _FEATURE_BYTES + _IMAGE.size
    if not start < size <= len(block):
        raise ProtocolError(f"an image of {size} bytes, {start} of them headers, where {len(block)} are left")
    _, width_px, height_px = _IMAGE.unpack_from(block, start - _IMAGE.size)
    data = block[start:size]
    return size, Image(_kind(data), data, width_px, height_px)


def _kind(data: bytes) -> Kind:
    """Tell by the first bytes, whatever the header says: some issuers write another type than they store."""
    for beginning, kind in _KINDS:
        if data.startswith(beginning):
            return kind
    raise ProtocolError(f"neither JPEG nor JPEG 2000 begins with {data[:12].hex() or 'nothing'}")
