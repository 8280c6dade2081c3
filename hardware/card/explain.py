"""A card's bytes in words, for a technician (``kiosk decode apdu``, ``kiosk decode mrz``): pure, JSON-able, no card needed.

A frame does not say whether it is a command or a response: one whose lengths fit a command with a valid instruction is a
command (no instruction is 6x or 9x, ISO/IEC 7816-4, 5.4.2). What could be somebody's PIN is never shown, nor told in an
error.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import msgspec

from hardware.card import explain_names as names
from hardware.card import tlv
from hardware.card.apdu import Command, Response, status_name
from hardware.card.lds import machine_readable_zone
from hardware.card.mrz import citizen_of, parse_zone
from kiosk.domain.faults import ProtocolError

_SECRETS = {0x20, 0x24, 0x2C}
"""VERIFY, CHANGE REFERENCE DATA, RESET RETRY COUNTER: their data is a PIN (ISO/IEC 7816-4, 11.6) and is never shown."""
_SECURE_MESSAGING = 0x0C
_CONSTRUCTED = 0x20
_DEPTH_MAX = 12
_SET_AT = 0x22, 0xA4
_SELECT, _READ_BINARY, _GENERAL_AUTHENTICATE, _USE_KEY, _GET_DATA, _VERIFY = 0xA4, 0xB0, 0x86, 0x87, 0xCB, 0x20


def decode_apdu(frame: bytes) -> dict[str, Any]:
    """Describe a command or a response. ProtocolError where it is neither."""
    try:
        if len(frame) < 4 or frame[1] >> 4 in {0x6, 0x9}:
            return _response(frame)
        return _command(Command.from_bytes(frame))
    except ProtocolError:
        pass
    try:
        return _response(frame)
    except ProtocolError:  # its evidence would repeat bytes, which may be a PIN's
        raise ProtocolError(f"neither a command nor a response: {len(frame)} bytes") from None


def _command(command: Command) -> dict[str, Any]:
    head = command.header.to_bytes(4, "big")
    secret = head[1] in _SECRETS
    protected = head[0] & 0xE0 == 0 and bool(head[0] & _SECURE_MESSAGING)
    known = names.SET_AT if (head[1], head[3]) == _SET_AT and not protected else names.TAGS
    return {
        "kind": "command",
        "name": names.INSTRUCTIONS.get(head[1], "unnamed"),
        "about": "" if protected else _about(head, command.data),
        "cla": f"{head[0]:02X}",
        "ins": f"{head[1]:02X}",
        "p1": f"{head[2]:02X}",
        "p2": f"{head[3]:02X}",
        "secure_messaging": protected,
        "data": "*" * len(command.data.hex()) if secret else command.data.hex().upper(),
        "le": command.le,
        "objects": [] if secret else _objects(command.data, known),
    }


def _response(frame: bytes) -> dict[str, Any]:
    response = Response.from_bytes(frame)
    return {
        "kind": "response",
        "status": f"{response.status:04X}",
        "meaning": status_name(response.status),
        "data": response.data.hex().upper(),
        "objects": _objects(response.data, names.TAGS),
    }


def _about(head: bytes, data: bytes) -> str:
    """Say in words what a command is about, where its header and data tell."""
    if head[1] == _SELECT:
        return _selected(head[2], data)
    if head[1] == _READ_BINARY:
        return _read(head[2], head[3])
    if (head[1], head[3]) == _SET_AT:
        return _protocol(data)
    if head[1] == _GENERAL_AUTHENTICATE:
        return _step(data)
    if head[1] == _USE_KEY:
        return f"{names.PIV_KEYS[head[3]]} key" if head[3] in names.PIV_KEYS else ""
    if head[1] == _GET_DATA and data[:1] == b"\x5c":
        return names.PIV_OBJECTS.get(data[2:], "another data object")
    if head[1] == _VERIFY:
        return "presents a PIN" if data else "asks how many tries are left"
    return ""


def _selected(p1: int, data: bytes) -> str:
    if p1 == 0x04:
        whole = (name for aid, name in names.APPLICATIONS.items() if data and aid.startswith(data))
        return next(whole, "another application")
    return names.file_name(data) if data else "master file"


def _read(p1: int, p2: int) -> str:
    if p1 & 0x80:
        return f"{names.short_file_name(p1 & 0x1F) or 'another file'}, from byte {p2}"
    return f"the selected file, from byte {p1 << 8 | p2}"


def _protocol(data: bytes) -> str:
    """MSE:Set AT: the protocol, its password, its parameters."""
    try:
        given = {found.tag: found.value for found in tlv.parse(data)}
    except ProtocolError:
        return ""
    if 0x80 not in given:
        return ""
    parameters = int.from_bytes(given[0x84], "big") if 0x84 in given else None
    name, password = names.protocol_name(given[0x80], parameters), names.PASSWORDS.get(given.get(0x83, b""))
    return f"{name}, password {password}" if password and name.startswith("PACE") else name


def _step(data: bytes) -> str:
    """GENERAL AUTHENTICATE: what is handed over; nothing means that the nonce is asked for."""
    try:
        inner = tlv.parse(tlv.only(data, 0x7C))
    except ProtocolError:
        return ""
    return ", ".join(names.TEMPLATES[0x7C].get(found.tag, "unnamed") for found in inner) or "asks for the nonce"


def _objects(data: bytes, known: dict[int, str], depth: int = 0) -> list[dict[str, Any]]:
    """Return the data objects, if the data is nothing else."""
    try:
        return [_object(found, known, depth) for found in tlv.parse(data)] if depth < _DEPTH_MAX else []
    except ProtocolError:
        return []


def _object(found: tlv.DataObject, known: dict[int, str], depth: int) -> dict[str, Any]:
    first = found.tag.to_bytes((found.tag.bit_length() + 7) // 8 or 1, "big")[0]
    told: dict[str, Any] = {"tag": f"{found.tag:02X}", "value": found.value.hex().upper()}
    if found.tag in known:
        told["name"] = known[found.tag]
    if found.tag == 0x06 or known.get(found.tag) == "protocol":
        told["means"] = names.protocol_name(found.value)
    inner = names.TEMPLATES.get(found.tag, names.TAGS)
    if first & _CONSTRUCTED and (objects := _objects(found.value, inner, depth + 1)):
        told["objects"] = objects
    return told


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
