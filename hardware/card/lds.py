"""The logical data structure of an eMRTD (ICAO Doc 9303-10): where its files are, and EF.DG1 → machine readable zone."""

from __future__ import annotations

from msgspec import Struct

from hardware.card import tlv
from hardware.card.refusal import Refused
from kiosk.domain.faults import ProtocolError

APPLICATION = bytes.fromhex("A0000002471001")
"""The application identifier of the eMRTD application (Doc 9303-10, 4.2)."""


class ElementaryFile(Struct, frozen=True):
    """A file: what it is called, its short identifier of five bits, its identifier of two bytes."""

    name: str
    short_identifier: int
    identifier: bytes


ATR_INFO = ElementaryFile("EF.ATR/INFO", 0x01, bytes.fromhex("2F01"))
CARD_ACCESS = ElementaryFile("EF.CardAccess", 0x1C, bytes.fromhex("011C"))
CARD_SECURITY = ElementaryFile("EF.CardSecurity", 0x1D, bytes.fromhex("011D"))
"""Files of the master file (3.11)."""

COM = ElementaryFile("EF.COM", 0x1E, bytes.fromhex("011E"))
SOD = ElementaryFile("EF.SOD", 0x1D, bytes.fromhex("011D"))
"""Files of the eMRTD application (4.6)."""


def data_group(number: int) -> ElementaryFile:
    """Return the file of a data group, 1 to 16 (4.7)."""
    return ElementaryFile(f"EF.DG{number}", number, bytes([0x01, number]))


_TD1_LENGTH = 90


def machine_readable_zone(dg1: bytes) -> str:
    """Return the zone of a card (61 around 5F1F around 90 characters). Refused unsupported: a booklet's zone (TD2, TD3)."""
    zone = tlv.only(tlv.only(dg1, 0x61), 0x5F1F)
    if len(zone) in {72, 88}:
        raise Refused("unsupported", f"a machine readable zone of {len(zone)} characters: no card of size TD1")
    if len(zone) != _TD1_LENGTH or not zone.isascii():
        raise ProtocolError(f"expected {_TD1_LENGTH} characters in EF.DG1, got {len(zone)}")
    return zone.decode("ascii")
