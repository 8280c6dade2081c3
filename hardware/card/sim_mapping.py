"""The number that integrated mapping makes of two nonces (ICAO Doc 9303-11, section 4.4.3.3.2)."""

from __future__ import annotations

from hardware.card.sim_cipher import Suite
from hardware.card.sim_curve import Curve
from hardware.card.sim_group import Group

_CONSTANTS = {
    16: ("A668892A7C41E3CA739F40B057D85904", "A4E136AC725F738B01C1F60217C188AD"),
    32: (
        "D463D65234124EF7897054986DCA0A174E28DF758CBAA03F240616414D5A1676",
        "54BD7255F0AAF831BEC3423FCF39D69B6CBF066677D0FAAE5AADD99DF8E53517",
    ),
}
_MARGIN_BITS = 64


def integrated_number(suite: Suite, chip_nonce: bytes, terminal_nonce: bytes, domain: Curve | Group) -> int:
    """Return R_p(s, t). ValueError unless the terminal's nonce is as long as a key."""
    if len(terminal_nonce) != suite.key_bytes:
        raise ValueError(f"a nonce of {len(terminal_nonce)} bytes, not {suite.key_bytes}")
    c0, c1 = (bytes.fromhex(constant) for constant in _CONSTANTS[suite.nonce_bytes])
    key, stream = suite.encrypt(terminal_nonce, chip_nonce), b""
    while len(stream) * 8 < domain.field_bits + _MARGIN_BITS:
        key = key[: suite.key_bytes]
        stream += suite.encrypt(key, c1)
        key = suite.encrypt(key, c0)
    return int.from_bytes(stream, "big") % domain.p
