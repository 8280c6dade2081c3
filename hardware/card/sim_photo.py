"""EF.DG2 of the simulated cards: a drawn face as JPEG or JPEG 2000 in an ISO/IEC 19794-5 record (ICAO Doc 9303-10, 4.7.2)."""

from __future__ import annotations

from io import BytesIO

from PIL import Image, ImageDraw

from hardware.card.sim_apdu import encode_object

_WIDTH, _HEIGHT = 120, 150
_COMMENT_MAX = 0xFFFD  # bytes of one JPEG comment
_GENDERS = {"M": 1, "F": 2}


def face_group(seed: str, sex: str, photo: str, photo_bytes: int) -> bytes:
    """Return EF.DG2; the image is filled up to `photo_bytes` where the format allows it."""
    draw = _jpeg if photo == "jpeg" else _jpeg2000
    record = _facial_record(draw(_face(seed), photo_bytes), sex, 0 if photo == "jpeg" else 1)
    header = b"".join(
        encode_object(tag, value)
        for tag, value in (
            (b"\x80", b"\x01\x01"),
            (b"\x81", b"\x02"),  # facial features
            (b"\x87", b"\x01\x01"),  # ISO/IEC JTC 1/SC 37
            (b"\x88", b"\x00\x08"),  # 19794-5
        )
    )
    template = encode_object(b"\x7f\x60", encode_object(b"\xa1", header) + encode_object(b"\x5f\x2e", record))
    return encode_object(b"\x75", encode_object(b"\x7f\x61", encode_object(b"\x02", b"\x01") + template))


def _face(seed: str) -> Image.Image:
    """Draw a face of ellipses whose colours the seed decides."""
    shade = sum(seed.encode()) % 60
    image = Image.new("RGB", (_WIDTH, _HEIGHT), (200, 210 - shade, 220))
    pen = ImageDraw.Draw(image)
    pen.ellipse((10, 110, 110, 220), fill=(60 + shade, 80, 110))
    pen.ellipse((30, 20, 90, 120), fill=(222, 184 - shade // 2, 150))
    pen.chord((28, 12, 92, 80), 180, 360, fill=(50, 35 + shade // 2, 25))
    for x in (46, 74):
        pen.ellipse((x - 5, 62, x + 5, 68), fill=(250, 250, 250))
        pen.ellipse((x - 2, 63, x + 2, 67), fill=(40, 40, 40))
    pen.arc((46, 80, 74, 104), 20, 160, fill=(150, 60, 60), width=3)
    return image


def _jpeg(image: Image.Image, size: int) -> bytes:
    """Encode as JPEG, filled up with comments behind its first marker."""
    encoded = _saved(image, "JPEG", quality=80)
    filling = b""
    while (room := size - len(encoded) - len(filling)) > 4:
        comment = min(room - 4, _COMMENT_MAX)
        filling += b"\xff\xfe" + (comment + 2).to_bytes(2, "big") + bytes(comment)
    return encoded[:2] + filling + encoded[2:]


def _jpeg2000(image: Image.Image, size: int) -> bytes:
    """Encode as a JP2 file, filled up with a box of free space (ISO/IEC 15444-12, section 8.1.2)."""
    encoded = _saved(image, "JPEG2000", quality_mode="rates", quality_layers=[20])
    room = size - len(encoded)
    return encoded + (room.to_bytes(4, "big") + b"free" + bytes(room - 8) if room >= 8 else b"")


def _saved(image: Image.Image, form: str, **options: object) -> bytes:
    file = BytesIO()
    image.save(file, form, **options)
    return file.getvalue()


def _facial_record(image: bytes, sex: str, image_type: int) -> bytes:
    """Return a facial record with one image, no feature points (ISO/IEC 19794-5:2005, section 5)."""
    information = b"\x00\x00" + bytes([_GENDERS.get(sex, 0)]) + bytes(13)
    details = bytes([1, image_type]) + _WIDTH.to_bytes(2, "big") + _HEIGHT.to_bytes(2, "big") + b"\x01\x02" + bytes(4)
    block = (4 + len(information) + len(details) + len(image)).to_bytes(4, "big") + information + details + image
    return b"FAC\x00010\x00" + (14 + len(block)).to_bytes(4, "big") + b"\x00\x01" + block
