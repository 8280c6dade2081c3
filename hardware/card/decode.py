"""Wire bytes made readable: what ``kiosk decode apdu`` and ``kiosk decode mrz`` print. Pure, no card needed."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import msgspec

from hardware.card import tlv
from hardware.card.apdu import Command, Response, status_name
from hardware.card.lds import machine_readable_zone
from hardware.card.mrz import citizen_of, parse_zone
from kiosk.domain.faults import ProtocolError

_INSTRUCTIONS = {
    0x20: "VERIFY",
    0x22: "MANAGE SECURITY ENVIRONMENT",
    0x2A: "PERFORM SECURITY OPERATION",
    0x82: "EXTERNAL AUTHENTICATE",
    0x84: "GET CHALLENGE",
    0x86: "GENERAL AUTHENTICATE",
    0x88: "INTERNAL AUTHENTICATE",
    0xA4: "SELECT",
    0xB0: "READ BINARY",
    0xC0: "GET RESPONSE",
    0xCA: "GET DATA",
    0xD6: "UPDATE BINARY",
}
_SECRETS = {0x20, 0x24, 0x2C}
"""VERIFY, CHANGE REFERENCE DATA, RESET RETRY COUNTER: their data is a PIN (ISO/IEC 7816-4, 11.6) and is never shown."""
_SECURE_MESSAGING = 0x0C
_CONSTRUCTED = 0x20


def decode_apdu(frame: bytes) -> dict[str, Any]:
    """Describe a command or a response. ProtocolError where it is neither.

    A frame does not say which it is: one whose lengths fit a command with a valid instruction is a command (no
    instruction is 6x or 9x, ISO/IEC 7816-4, 5.4.2).
    """
    try:
        if len(frame) < 4 or frame[1] >> 4 in {0x6, 0x9}:
            return _response(frame)
        return _command(Command.from_bytes(frame))
    except ProtocolError:
        return _response(frame)


def _command(command: Command) -> dict[str, Any]:
    head = command.header.to_bytes(4, "big")
    secret = head[1] in _SECRETS
    return {
        "kind": "command",
        "name": _INSTRUCTIONS.get(head[1], "unnamed"),
        "cla": f"{head[0]:02X}",
        "ins": f"{head[1]:02X}",
        "p1": f"{head[2]:02X}",
        "p2": f"{head[3]:02X}",
        "secure_messaging": head[0] & 0xE0 == 0 and bool(head[0] & _SECURE_MESSAGING),
        "data": "*" * len(command.data.hex()) if secret else command.data.hex().upper(),
        "le": command.le,
        "objects": [] if secret else _objects(command.data),
    }


def _response(frame: bytes) -> dict[str, Any]:
    response = Response.from_bytes(frame)
    return {
        "kind": "response",
        "status": f"{response.status:04X}",
        "meaning": status_name(response.status),
        "data": response.data.hex().upper(),
        "objects": _objects(response.data),
    }


def _objects(data: bytes) -> list[dict[str, Any]]:
    """Return the data objects, if the data is nothing else."""
    try:
        return [_object(found) for found in tlv.parse(data)]
    except ProtocolError:
        return []


def _object(found: tlv.DataObject) -> dict[str, Any]:
    first = found.tag.to_bytes((found.tag.bit_length() + 7) // 8 or 1, "big")[0]
    inner = _objects(found.value) if first & _CONSTRUCTED else []
    return {"tag": f"{found.tag:02X}", "value": found.value.hex().upper(), **({"objects": inner} if inner else {})}


def decode_mrz(frame: bytes) -> dict[str, Any]:
    """Describe a zone, given as EF.DG1 or as its characters (``/`` or white space between lines are ignored).

    ProtocolError where a check digit or a character is wrong, or it is no TD1, TD2 or TD3 zone.
    """
    try:
        text = machine_readable_zone(frame) if frame[:1] == b"\x61" else frame.decode("ascii")
    except UnicodeDecodeError as error:
        raise ProtocolError("a machine readable zone is ASCII") from error
    zone = parse_zone(re.sub(r"[\s/]", "", text))
    fields: dict[str, Any] = msgspec.to_builtins(zone)
    citizen: dict[str, Any] = msgspec.to_builtins(citizen_of(zone, datetime.now(tz=UTC).date()))
    return {"kind": fields.pop("size"), **fields, "citizen": citizen}
