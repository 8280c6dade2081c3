"""Signed things and what an enemy makes of them: the seeds of the fuzz tests, their changes, and who must bear them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ecdsa import curves

from hardware.card import active, card_security, chip_authentication
from hardware.card.certificates import parse_certificate, parse_revocation_list
from hardware.card.passive import authenticate, parse_security_object
from hardware.card.trust_files import open_master_list
from tests.hardware.card import pki
from tests.hardware.card.pki import NOW, State
from tests.hardware.card.proof_examples import AGREEMENTS, SIGNED_DG15
from tests.hardware.card.proving_chip import dg14_of
from tests.hardware.card.test_passive import FILES, STATE, anchors_of

Change = tuple[int, int, int]
"""Kind, place, value."""

STATES = [State(kind, "sha256", "fuzz") for kind in ("rsa", "pss", "ecdsa", "plain")]
ANCHORS = anchors_of(STATE.authority, *(state.authority for state in STATES))
POINT = pki.new_key("ecdsa", label="fuzz").point()
EXPLICIT = pki.explicit_info(POINT, curves.NIST256p)
DG15_SEEDS = [SIGNED_DG15, pki.tlv(0x6F, EXPLICIT), pki.tlv(0x6F, pki.new_key("plain").info())]
INFO = pki.seq(pki.oid("2.23.136.1.1.5"), pki.number(1), pki.oid("0.4.0.127.0.7.1.1.4.1.5"))
DG14_SEEDS = [
    *(trace.dg14 for trace in AGREEMENTS.values()),
    dg14_of("aes256", 2),
    pki.tlv(0x6E, pki.tlv(0x31, INFO)),
]
SECURITY = pki.signed_data(
    "0.4.0.127.0.7.3.2.1",
    pki.tlv(0x31, pki.seq(pki.oid("0.4.0.127.0.7.2.2.1.2"), EXPLICIT, pki.number(12))),
    STATE.signer_key,
    [STATE.signer],
)
LIST = pki.master_list(STATE, [STATE.authority, STATES[0].authority])
WRITTEN_OUT = pki.certificate(
    STATE.name, pki.new_key(label="fuzz"), STATE.name, STATE.key, pki.AUTHORITY, info=EXPLICIT
)


def read_sod(data: bytes) -> None:
    """Read and authenticate. Whatever was changed: what holds is what the state signed."""
    found = parse_security_object(data)
    authenticate(found, FILES, ANCHORS, NOW, "AZE")
    if found.signed.content != pki.security_object(FILES):
        raise AssertionError("a security object holds that nobody signed")


def read_dg14(data: bytes) -> None:
    """Read what it offers and names."""
    chip_authentication.offered(data)
    active.hash_of_signatures(data)


def read_dg15(data: bytes) -> None:
    """Read the key and try a signature with it."""
    key = active.parse_public_key_of(data)
    active.verify_signature(key, bytes(getattr(key, "size", 0)), bytes(8))


def read_certificate(data: bytes) -> None:
    """Read it and verify a signature with its key."""
    certificate = parse_certificate(data)
    certificate.signed_by(certificate.key)
    certificate.signed_by(parse_certificate(STATE.authority).key)


def read_revocations(data: bytes) -> None:
    """Read it and verify its signature."""
    parse_revocation_list(data).signed_by(parse_certificate(STATE.authority).key)


def read_master_list(data: bytes) -> None:
    """Open it and read what it holds."""
    for der in open_master_list(data)[1]:
        read_certificate(der)


def read_card_security(data: bytes) -> None:
    """Read the key of a mapping. Whatever was changed: a key that is found is the one that was signed."""
    if card_security.mapping_keys(data, 12, ANCHORS, NOW, "AZE") not in ([], [POINT]):
        raise AssertionError("a key is found that nobody signed")


PARSERS: dict[str, tuple[Callable[[bytes], None], Sequence[bytes]]] = {
    "EF.SOD": (read_sod, [STATE.sod(FILES), *(state.sod(FILES) for state in STATES)]),
    "EF.CardSecurity": (read_card_security, [SECURITY]),
    "EF.DG14": (read_dg14, DG14_SEEDS),
    "EF.DG15": (read_dg15, DG15_SEEDS),
    "certificate": (read_certificate, [STATE.authority, WRITTEN_OUT, *(state.signer for state in STATES)]),
    "revocation list": (read_revocations, [STATE.revocations(1, 2, 3)]),
    "master list": (read_master_list, [LIST]),
}


def changed(seed: bytes, changes: Sequence[Change]) -> bytes:
    """Return a seed after some changes: a bit, a byte, a cut, a repetition, an exchange, a length that lies, deep nesting."""
    data = bytearray(seed)
    for kind, place, value in changes:
        at = place % max(1, len(data))
        length = value % 64 + 1
        if kind == 0 and data:
            data[at] ^= 1 << value % 8
        elif kind == 1 and data:
            data[at] = value & 0xFF
        elif kind == 2:
            del data[at : at + length]
        elif kind == 3:
            data[at:at] = data[at : at + length]
        elif kind == 4:
            other = value % max(1, len(data))
            piece = bytes(data[at : at + 8])
            data[at : at + 8] = data[other : other + 8]
            data[other : other + 8] = piece
        elif kind == 5:
            data[at:at] = b"\x30\x84" + value.to_bytes(4, "big")
        elif kind == 6:
            data[at:] = nested(data[at:], value % 200)
        elif kind == 7:
            del data[at:]
    return bytes(data)


def nested(core: bytes, levels: int) -> bytes:
    """Return sequences within sequences."""
    for _ in range(levels):
        core = pki.seq(core)
    return core


KINDS = 8
