"""The logical data structure of an eMRTD (ICAO Doc 9303-10): where its files are, and EF.DG1 → machine readable zone."""

from __future__ import annotations

from msgspec import Struct

from hardware.card import tlv
from kiosk.domain.faults import ProtocolError

APPLICATION = bytes.fromhex("A0000002471001")
"""The application identifier of the eMRTD application (Doc 9303-10, 4.2)."""


_BYTES_MAX, _ASN1_BYTES_MAX = 0x20000, 0x8000
"""More than any face has, and several times what any state puts into a file of ASN.1, whose numbers take long to read."""


class ElementaryFile(Struct, frozen=True):
    """A file: what it is called, its short identifier of five bits, its identifier of two bytes.

    ``bytes_max``: whatever is longer is damaged, or of a card that would rather never come to an end.
    """

    name: str
    short_identifier: int
    identifier: bytes
    bytes_max: int = _BYTES_MAX


ATR_INFO = ElementaryFile("EF.ATR/INFO", 0x01, bytes.fromhex("2F01"))
CARD_ACCESS = ElementaryFile("EF.CardAccess", 0x1C, bytes.fromhex("011C"), _ASN1_BYTES_MAX)
CARD_SECURITY = ElementaryFile("EF.CardSecurity", 0x1D, bytes.fromhex("011D"), _ASN1_BYTES_MAX)
"""Files of the master file (3.11)."""

COM = ElementaryFile("EF.COM", 0x1E, bytes.fromhex("011E"))
SOD = ElementaryFile("EF.SOD", 0x1D, bytes.fromhex("011D"), _ASN1_BYTES_MAX)
"""Files of the eMRTD application (4.6)."""


_ASN1_GROUPS = (14, 15)


def data_group(number: int) -> ElementaryFile:
    """Return the file of a data group, 1 to 16 (4.7)."""
    most = _ASN1_BYTES_MAX if number in _ASN1_GROUPS else _BYTES_MAX
    return ElementaryFile(f"EF.DG{number}", number, bytes([0x01, number]), most)


GROUP_TAGS = {
    0x61: "EF.DG1",
    0x75: "EF.DG2",
    0x63: "EF.DG3",
    0x76: "EF.DG4",
    0x65: "EF.DG5",
    0x66: "EF.DG6",
    0x67: "EF.DG7",
    0x68: "EF.DG8",
    0x69: "EF.DG9",
    0x6A: "EF.DG10",
    0x6B: "EF.DG11",
    0x6C: "EF.DG12",
    0x6D: "EF.DG13",
    0x6E: "EF.DG14",
    0x6F: "EF.DG15",
    0x70: "EF.DG16",
    0x60: "EF.COM",
    0x77: "EF.SOD",
}
"""What the outermost tag of a file of the application says it is (4.6, 4.7)."""

_ZONE_LENGTHS = (90, 72, 88)


def machine_readable_zone(dg1: bytes) -> str:
    """Return the zone (61 around 5F1F around 90, 72 or 88 characters: TD1, TD2, TD3). ProtocolError: it is damaged."""
    zone = tlv.only(tlv.only(dg1, 0x61), 0x5F1F)
    if len(zone) not in _ZONE_LENGTHS or not zone.isascii():
        raise ProtocolError(f"expected 90, 72 or 88 ASCII characters in EF.DG1, got {len(zone)}")
    return zone.decode("ascii")
