"""EF.CardSecurity (ICAO Doc 9303-10, 3.11.4): security infos that the state signed, beside the eMRTD application.

It holds the public key with which PACE-CAM proved the chip (Doc 9303-11, 4.4.3.5.2 and 9.2.6).
"""

from __future__ import annotations

from datetime import datetime

from hardware.card import lds
from hardware.card.apdu import Command, Transmit, UnexpectedStatus, expect_ok
from hardware.card.chip_authentication import keys_in
from hardware.card.domain_parameters import CURVES
from hardware.card.files import Files
from hardware.card.passive import vouched
from hardware.card.public_keys import EcKey
from hardware.card.signed_data import open_signed
from hardware.card.trust import Anchors

CONTENT_TYPE = "0.4.0.127.0.7.3.2.1"
"""id-SecurityObject (BSI TR-03110-3, A.1.2.5)."""

_SELECT_MF, _SELECT_APPLICATION = 0x00A4000C, 0x00A4040C
_MASTER_FILE = bytes.fromhex("3F00")
_NOT_FOUND = 0x6A82


def read(protected: Transmit) -> bytes | None:
    """Return the file, or None where the card says that it has none. The application is selected again, for what follows in it.

    The application's EF.SOD has the same short identifier, so nothing is read unless the master file was selected.
    UnexpectedStatus: the card refuses the file, or to select it. ProtocolError: as ``Files.read``.
    """
    selected = protected(Command(_SELECT_MF, _MASTER_FILE))
    if not selected.ok:  # some cards want it without its identifier (ISO/IEC 7816-4, 11.2.2)
        selected = protected(Command(_SELECT_MF))
    expect_ok(selected, "SELECT the master file")
    try:
        content = Files(protected).read(lds.CARD_SECURITY)
    except UnexpectedStatus as error:
        _select_application(protected)
        if error.status != _NOT_FOUND:
            raise
        return None
    _select_application(protected)
    return content


def _select_application(protected: Transmit) -> None:
    expect_ok(protected(Command(_SELECT_APPLICATION, lds.APPLICATION)), "SELECT the eMRTD application")


def mapping_keys(content: bytes, parameter_id: int, anchors: Anchors, at: datetime, issuing_state: str) -> list[bytes]:
    """Return the points (04 ‖ x ‖ y) for domain parameters, one or none. Refused not_genuine: the state did not sign them.

    ProtocolError: damaged. A key is for the parameters whose number it has, or, without a number, for its curve.
    """
    signed = open_signed(content, CONTENT_TYPE, "EF.CardSecurity")
    vouched(signed, anchors, at, issuing_state)
    curve = CURVES[parameter_id].name
    return [
        b"\x04" + b"".join(number.to_bytes(key.size, "big") for number in (key.x, key.y))
        for told, key in keys_in(signed.content)
        if isinstance(key, EcKey) and key.curve == curve and told in {parameter_id, -1}
    ]
