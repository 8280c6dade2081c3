"""EF.DG2 and EF.DG7: images out of their wrappings, every length checked."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hardware.card.images import Image, face_images, signature_images
from hardware.card.tlv import encode
from kiosk.domain.faults import ProtocolError

JPEG = bytes.fromhex("FFD8FFE000104A46494600") + bytes(40)
JP2 = bytes.fromhex("0000000C6A5020200D0A870A") + bytes(60)
CODESTREAM = bytes.fromhex("FF4FFF51") + bytes(30)


def face(data: bytes, points: int = 0, width: int = 240, height: int = 320, kind: int = 0) -> bytes:
    """One facial record data block (ISO/IEC 19794-5, 5.5 to 5.7)."""
    size = 20 + 8 * points + 12 + len(data)
    information = struct.pack(">IH", size, points) + bytes(14)
    return information + bytes(8 * points) + struct.pack(">BBHHBBHH", 1, kind, width, height, 1, 2, 0, 0) + data


def record(*faces: bytes, count: int | None = None, name: bytes = b"FAC\x00010\x00") -> bytes:
    body = b"".join(faces)
    return name + struct.pack(">IH", 14 + len(body), len(faces) if count is None else count) + body


def template(data: bytes, tag: int = 0x5F2E) -> bytes:
    header = encode(0xA1, bytes.fromhex("8002010181010287020101" + "88020008"))
    return encode(0x7F60, header + encode(tag, data))


def extensible(*images: bytes, wrapped: bool = True) -> bytes:
    """A template whose data are encoded by ISO/IEC 39794-5: version, then the representations."""
    version = encode(0xA0, bytes.fromhex("800103810207E3"))
    representations = b"".join(
        encode(
            0x30,
            bytes.fromhex("800100")
            + encode(0xA1, encode(0xA0, encode(0xA0, encode(0x80, data) + bytes.fromhex("A105A003800102")))),
        )
        for data in images
    )
    block = encode(0x65, version + encode(0xA1, representations))
    header = encode(0xA1, bytes.fromhex("80020101" + "81010287020101" + "88020008"))
    return encode(0x7F60, header + encode(0x7F2E, encode(0xA1, block) if wrapped else block))


def dg2(*templates: bytes, count: int | None = None) -> bytes:
    number = encode(0x02, bytes([len(templates) if count is None else count]))
    return encode(0x75, encode(0x7F61, number + b"".join(templates)))


@pytest.mark.parametrize(("data", "kind"), [(JPEG, "jpeg"), (JP2, "jpeg2000"), (CODESTREAM, "jpeg2000")])
@pytest.mark.parametrize("points", [0, 1, 12])
def test_a_face_comes_out_as_it_went_in(data: bytes, kind: str, points: int):
    """With and without feature points the image is the bytes of the image alone, and its kind is told by them."""
    assert face_images(dg2(template(record(face(data, points))))) == [Image(kind, data, 240, 320)]


@pytest.mark.parametrize("wrapped", [True, False])
@pytest.mark.parametrize(("data", "kind"), [(JPEG, "jpeg"), (JP2, "jpeg2000"), (CODESTREAM, "jpeg2000")])
def test_a_face_of_the_newer_encoding_comes_out_too(data: bytes, kind: str, wrapped: bool):
    """ISO/IEC 39794-5, which replaces 19794-5 in documents issued from 2030 on: the image alone, with either wrapping."""
    assert face_images(dg2(extensible(data, wrapped=wrapped))) == [Image(kind, data)]


def test_several_faces_keep_their_order():
    """Two templates, the first with two images: the newest is the first."""
    found = face_images(dg2(template(record(face(JPEG), face(JP2))), template(record(face(CODESTREAM)))))
    assert [image.data for image in found] == [JPEG, JP2, CODESTREAM]


def test_a_wrong_type_in_the_header_does_not_matter():
    """Some issuers write JPEG and store JPEG 2000: what the bytes are counts."""
    assert face_images(dg2(template(record(face(JP2, kind=0)))))[0].kind == "jpeg2000"


def test_signatures():
    """EF.DG7 is a number and so many images."""
    content = encode(0x67, encode(0x02, b"\x02") + encode(0x5F43, JPEG) + encode(0x5F43, JP2))
    assert [image.kind for image in signature_images(content)] == ["jpeg", "jpeg2000"]


def test_an_image_does_not_print_its_bytes():
    """A face is nothing for a log."""
    assert repr(Image("jpeg", JPEG)) == f"Image(jpeg, {len(JPEG)} bytes)"


GOOD = record(face(JPEG))
DAMAGED = {
    "no template": dg2(),
    "more templates announced": dg2(template(GOOD), count=2),
    "another file": encode(0x63, encode(0x7F61, b"")),
    "no header": encode(0x75, encode(0x7F61, encode(0x02, b"\x01") + encode(0x7F60, encode(0x5F2E, GOOD)))),
    "a facial record where ISO/IEC 39794 belongs": dg2(template(GOOD, 0x7F2E)),
    "no representation": dg2(extensible()),
    "too many representations": dg2(extensible(*[JPEG] * 17)),
    "a representation of another kind": dg2(extensible(b"GIF89a" + bytes(20))),
    "another format": dg2(template(record(face(JPEG), name=b"FIR\x00010\x00"))),
    "another version": dg2(template(record(face(JPEG), name=b"FAC\x00030\x00"))),
    "a record too short": dg2(template(GOOD[:-1])),
    "a record too long": dg2(template(GOOD + b"\x00")),
    "an empty record": dg2(template(b"")),
    "fewer images than announced": dg2(template(record(face(JPEG), count=2))),
    "more images than announced": dg2(template(record(face(JPEG), face(JPEG), count=1))),
    "no image announced": dg2(template(record(count=0))),
    "too many images": dg2(template(record(*[face(JPEG)] * 17))),
    "an image of no bytes": dg2(template(record(face(b"")))),
    "an image of another kind": dg2(template(record(face(b"GIF89a" + bytes(20))))),
    "feature points beyond the end": dg2(template(record(face(JPEG)[:4] + b"\xff\xff" + face(JPEG)[6:]))),
    "an image beyond the end": dg2(template(record(b"\x7f\xff\xff\xff" + face(JPEG)[4:]))),
}


@pytest.mark.parametrize("name", DAMAGED)
def test_what_does_not_add_up_is_a_protocol_error(name: str):
    """A length that does not fit, a number that is not kept, a stranger's format: no image comes of it."""
    with pytest.raises(ProtocolError):
        face_images(DAMAGED[name])


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=60), st.integers(0, len(GOOD)))
def test_any_bytes_are_images_or_a_protocol_error(noise: bytes, place: int):
    """Whatever stands in a file, a template, a record, nothing else escapes, and an image is never longer than what it is in."""
    spoiled = GOOD[:place] + noise + GOOD[place:]
    newer = encode(0x7F60, encode(0xA1, b"") + encode(0x7F2E, encode(0x65, noise)))
    for content in (
        noise,
        dg2(template(noise)),
        dg2(template(spoiled)),
        dg2(template(record(noise))),
        dg2(noise),
        dg2(newer),
    ):
        for parse in (face_images, signature_images):
            try:
                assert all(len(image.data) <= len(content) for image in parse(content))
            except ProtocolError:
                continue
