"""What the tags, files and protocols in a card's dialogue are called: for ``explain`` alone."""

from __future__ import annotations

from asn1crypto import core

from hardware.card import lds
from hardware.card.pace_info import PaceInfo

INSTRUCTIONS = {
    0x0E: "ERASE BINARY",
    0x20: "VERIFY",
    0x22: "MANAGE SECURITY ENVIRONMENT",
    0x24: "CHANGE REFERENCE DATA",
    0x2A: "PERFORM SECURITY OPERATION",
    0x2C: "RESET RETRY COUNTER",
    0x44: "ACTIVATE FILE",
    0x46: "GENERATE ASYMMETRIC KEY PAIR",
    0x70: "MANAGE CHANNEL",
    0x82: "EXTERNAL AUTHENTICATE",
    0x84: "GET CHALLENGE",
    0x86: "GENERAL AUTHENTICATE",
    0x87: "GENERAL AUTHENTICATE",
    0x88: "INTERNAL AUTHENTICATE",
    0xA4: "SELECT",
    0xB0: "READ BINARY",
    0xB1: "READ BINARY",
    0xB2: "READ RECORD",
    0xC0: "GET RESPONSE",
    0xC2: "ENVELOPE",
    0xCA: "GET DATA",
    0xCB: "GET DATA",
    0xD6: "UPDATE BINARY",
}
"""ISO/IEC 7816-4, table 5."""

TAGS = lds.GROUP_TAGS | {
    0x02: "integer",
    0x04: "octet string",
    0x06: "object identifier",
    0x30: "sequence",
    0x31: "set",
    0x5C: "tag list",
    0x5F01: "LDS version",
    0x5F0E: "full name",
    0x5F0F: "other name",
    0x5F10: "personal number",
    0x5F11: "place of birth",
    0x5F1F: "machine readable zone",
    0x5F26: "date of issue",
    0x5F2B: "date of birth",
    0x5F2E: "biometric data",
    0x5F36: "Unicode version",
    0x5F42: "address",
    0x5F43: "displayed signature",
    0x6F: "file control information",
    0x7C: "dynamic authentication data",
    0x7F49: "public key",
    0x7F60: "biometric information template",
    0x7F61: "biometric information template group",
    0x7F66: "extended length information",
    0x87: "encrypted data",
    0x97: "Le",
    0x99: "status",
    0x8E: "MAC",
}
"""Outermost data objects, and those whose tag says enough wherever they stand. 6F is EF.DG15 only as a file."""

TEMPLATES: dict[int, dict[int, str]] = {
    0x7C: {
        0x80: "encrypted nonce",
        0x81: "mapping data of the terminal",
        0x82: "mapping data of the chip",
        0x83: "public key of the terminal",
        0x84: "public key of the chip",
        0x85: "token of the terminal",
        0x86: "token of the chip",
        0x87: "certification authority reference",
        0x88: "previous certification authority reference",
        0x8A: "encrypted chip authentication data",
    },
    0x7F49: {0x06: "protocol", 0x84: "public value", 0x86: "public point"},
    0xA1: {0x80: "header version", 0x81: "biometric type", 0x87: "format owner", 0x88: "format type"},
}
"""What tags mean inside another data object (Doc 9303-11, 4.4.5 and 9.4; Doc 9303-10, 4.7.2)."""

SET_AT = {0x80: "protocol", 0x83: "password or key", 0x84: "domain parameters or private key", 0x91: "auxiliary"}
"""What tags mean in MSE:Set AT (Doc 9303-11, 4.4.4.1 and 6.2.4.2)."""

APPLICATIONS = {
    bytes.fromhex("A0000002471001"): "eMRTD application",
    bytes.fromhex("A000000308000010000100"): "PIV application",
}
"""Doc 9303-10, 3.2; SP 800-73-4 part 1, 2.2. A card may be asked for the beginning of a name."""

PIV_OBJECTS = {
    bytes.fromhex("5FC102"): "CHUID",
    bytes.fromhex("5FC105"): "certificate for PIV authentication",
    bytes.fromhex("5FC107"): "card capability container",
    bytes.fromhex("5FC10A"): "certificate for digital signature",
    bytes.fromhex("5FC10B"): "certificate for key management",
    bytes.fromhex("5FC101"): "certificate for card authentication",
    bytes.fromhex("7E"): "discovery object",
}
"""SP 800-73-4 part 1, table 3."""
PIV_KEYS = {0x9A: "PIV authentication", 0x9C: "digital signature", 0x9D: "key management", 0x9E: "card authentication"}
"""SP 800-73-4 part 1, table 4b."""

PASSWORDS = {b"\x01": "MRZ", b"\x02": "CAN", b"\x03": "PIN", b"\x04": "PUK"}

_OTHER_PROTOCOLS = {
    "0.4.0.127.0.7.2.2.1.1": "public key for chip authentication, DH",
    "0.4.0.127.0.7.2.2.1.2": "public key for chip authentication, ECDH",
    "0.4.0.127.0.7.2.2.2": "terminal authentication",
    "2.23.136.1.1.5": "active authentication",
}
_CHIP_AUTHENTICATION = "0.4.0.127.0.7.2.2.3."
_CIPHERS = {"1": "3DES", "2": "AES-128", "3": "AES-192", "4": "AES-256"}
_MASTER_FILES = {file.short_identifier: file.name for file in (lds.ATR_INFO, lds.CARD_ACCESS, lds.CARD_SECURITY)}
_APPLICATION_FILES = {
    file.short_identifier: file.name for file in (lds.COM, lds.SOD, *map(lds.data_group, range(1, 17)))
}


def protocol_name(encoded: bytes, parameters: int | None = None) -> str:
    """Name a protocol by its encoded object identifier; ``parameters``: the standardised domain parameters with it."""
    try:
        dotted = str(core.ObjectIdentifier(contents=encoded).dotted)
    except (ValueError, IndexError, TypeError):
        return "damaged object identifier"
    if dotted in _OTHER_PROTOCOLS:
        return _OTHER_PROTOCOLS[dotted]
    if dotted.startswith(_CHIP_AUTHENTICATION):
        agreement, _, cipher = dotted.removeprefix(_CHIP_AUTHENTICATION).partition(".")
        return f"chip authentication {'DH' if agreement == '1' else 'ECDH'}-{_CIPHERS.get(cipher, '?')}"
    return _pace_name(dotted, parameters) or dotted


def _pace_name(dotted: str, parameters: int | None) -> str:
    """Name PACE; without parameters by any that would do, for its group is not said then."""
    for candidate in (13, 0) if parameters is None else (parameters,):
        info = PaceInfo(dotted, candidate)
        if info.supported:
            return str(info) if parameters is not None else str(info).partition(" (")[0]
    return ""


def file_name(identifier: bytes) -> str:
    """Name a file by its identifier of two bytes: 011D is another one in the master file and in the application."""
    fixed = {bytes.fromhex("3F00"): "master file", lds.ATR_INFO.identifier: lds.ATR_INFO.name}
    if identifier in fixed:
        return fixed[identifier]
    return short_file_name(identifier[1]) if identifier[:1] == b"\x01" and len(identifier) == 2 else ""


def short_file_name(identifier: int) -> str:
    """Name a file by its short identifier."""
    names = [table[identifier] for table in (_MASTER_FILES, _APPLICATION_FILES) if identifier in table]
    return " or ".join(names)
