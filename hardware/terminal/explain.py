"""ZVT bytes in words, for a technician (``kiosk decode zvt``, ``kiosk decode zvt-serial``): pure, JSON-able, no card data."""

from __future__ import annotations

from typing import Any

import msgspec

from hardware.terminal import commands, messages
from hardware.terminal.apdu import Apdu, decode_apdu
from hardware.terminal.bmp import LONGEST_REST, TLV_CONTAINER, cut_fields, decode_bcd, parse_fields
from hardware.terminal.dictionary import FIELDS, TAGS, Kind
from hardware.terminal.frame import Control, Damaged, FrameDecoder
from hardware.terminal.messages import charset_of
from hardware.terminal.printing import parse_print
from hardware.terminal.redaction import identifier, masked_card_number, masked_hex, masked_text, plain_text
from hardware.terminal.tlv import DEEPEST, is_constructed, read_tlv
from kiosk.domain.faults import ProtocolError

NAMES = {
    0x0401: "set clock", 0x040F: "status information", 0x04FF: "intermediate status", 0x0501: "status enquiry",
    0x0600: "registration", 0x0601: "authorisation", 0x0602: "log off", 0x060F: "completion", 0x0612: "reprint",
    0x0618: "reset terminal", 0x061E: "abort (terminal)", 0x0620: "repeat receipt", 0x0630: "reversal",
    0x0631: "refund", 0x0650: "end of day", 0x0670: "diagnosis", 0x0693: "initialisation", 0x06B0: "abort (kiosk)",
    0x06D1: "print line", 0x06D3: "print block",
}  # fmt: skip


def explain_apdu(raw: bytes) -> dict[str, Any]:
    """Explain one APDU. ProtocolError if it is none."""
    apdu = decode_apdu(raw)
    kind = apdu.command >> 8
    if kind in (0x80, 0x84):
        name = "positive response" if apdu.command in (0x8000, 0x8400) else "negative response"
    else:
        name = NAMES.get(apdu.command, "unknown")
    explained = {"command": f"{kind:02X} {apdu.command & 0xFF:02X}", "name": name, "length": len(apdu.data)}
    return explained | _content(apdu, name)


def explain_frame(raw: bytes) -> dict[str, Any]:
    """Explain one serial frame, or one byte ACK or NAK. ProtocolError if it is no whole frame with a right CRC."""
    decoder = FrameDecoder()
    tokens = decoder.feed(raw)
    if not tokens or (decoder.unfinished and not isinstance(tokens[0], Damaged)):
        raise ProtocolError(f"no whole frame in {len(raw)} bytes")
    if len(tokens) > 1:
        raise ProtocolError(f"expected one frame, got {len(tokens)} tokens")
    token = tokens[0]
    if isinstance(token, Damaged):
        raise ProtocolError("the CRC is wrong")
    return {"name": token.name} if isinstance(token, Control) else explain_apdu(token.apdu)


def _content(apdu: Apdu, name: str) -> dict[str, Any]:
    told = _meaning(apdu, name)
    at = _start_of_fields(apdu)
    if at is None:
        return told
    cut, rest = cut_fields(apdu.data[at:])
    if cut:
        charset = charset_of(parse_fields(apdu.data[at:]))
        told["fields"] = [_field(bmp, value, charset) for bmp, value in cut]
    if rest:
        told |= {"partial": True, "unread": masked_hex(rest[:LONGEST_REST])}
    return told


def _meaning(apdu: Apdu, name: str) -> dict[str, Any]:
    """Return what the driver makes of it."""
    if apdu.command == messages.STATUS_INFORMATION:
        status = messages.parse_status_information(apdu)
        return {key: value for key, value in msgspec.to_builtins(status).items() if value not in ("", None, [])}
    if apdu.command == messages.INTERMEDIATE_STATUS:
        told = messages.parse_intermediate_status(apdu)
        return {**msgspec.to_builtins(told), "code": f"{told.code:02X}", "progress": messages.progress_word(told.code)}
    if apdu.command == messages.ABORT:
        return {"result": messages.parse_abort_code(apdu), "text": messages.parse_abort_text(apdu)}
    if name == "negative response":
        return {"result": messages.parse_refusal(apdu)}
    if apdu.command in (messages.PRINT_LINE, messages.PRINT_BLOCK):
        return _printed(apdu)
    if apdu.command == commands.AUTHORISATION:
        status = messages.parse_status_information(Apdu(messages.STATUS_INFORMATION, apdu.data))
        return {"amount_minor": status.amount_minor, "currency_code": status.currency_code}
    return {}


def _printed(apdu: Apdu) -> dict[str, Any]:
    printed = parse_print(apdu)
    told: dict[str, Any] = {"receipt": printed.kind, "lines": list(printed.lines), "ends": printed.ends}
    if apdu.command == messages.PRINT_LINE and apdu.data:
        told |= {"attribute": f"{apdu.data[0]:02X}", "text": "".join(printed.lines).strip()}
    return told


SHORTEST_CARD_BYTES = 6

STARTS = {
    messages.STATUS_INFORMATION: 0, messages.INTERMEDIATE_STATUS: 2, messages.PRINT_BLOCK: 0, commands.AUTHORISATION: 0,
    commands.STATUS_ENQUIRY: 3, commands.REGISTRATION: 6, commands.REPEAT_RECEIPT: 3, commands.REVERSAL: 3, 0x0631: 3,
    0x0602: 0, commands.END_OF_DAY: 3, 0x0670: 0, 0x0693: 3, commands.ABORT_COMMAND: 0,
}  # fmt: skip
"""Command → where its BMPs begin, behind password, config byte and currency, or code and minutes."""


def _start_of_fields(apdu: Apdu) -> int | None:
    """Return where the BMPs of a message begin; None if it has none that could be told."""
    data = apdu.data
    if apdu.command == messages.ABORT:
        return messages.start_of_abort_fields(data)
    if apdu.command == messages.COMPLETION:
        # What ends a status enquiry has its version and its status in front, without a BMP.
        return None if len(data) == 1 or data[:1] >= b"\xf0" else 0
    return STARTS.get(apdu.command)


def _field(bmp: int, value: bytes, charset: int) -> dict[str, Any]:
    if bmp == TLV_CONTAINER:
        return {"bmp": "06", "name": "TLV container", **_objects(value, charset)}
    name, kind = FIELDS[bmp]
    return {"bmp": f"{bmp:02X}", "name": name, "value": _shown(kind, value, charset)}


def _objects(data: bytes, charset: int, depth: int = 0) -> dict[str, Any]:
    objects, unread = read_tlv(data)
    told: dict[str, Any] = {"tags": [_object(tag, value, charset, depth) for tag, value in objects]}
    return told | ({"partial": True, "unread": masked_hex(data[-unread:][:LONGEST_REST])} if unread else {})


def _object(tag: int, value: bytes, charset: int, depth: int) -> dict[str, Any]:
    name, kind = TAGS.get(tag, ("unknown", None))
    told: dict[str, Any] = {"tag": f"{tag:02X}" if tag < 0x100 else f"{tag:04X}", "name": name}
    if is_constructed(tag) and depth < DEEPEST:
        return told | _objects(value, charset, depth + 1)
    return told | {"value": masked_hex(value) if kind is None else _shown(kind, value, charset)}


def _shown(kind: Kind, value: bytes, charset: int) -> str:
    match kind:
        case "digits":
            return (decode_bcd(value) if len(value) <= SHORTEST_CARD_BYTES else "") or masked_hex(value)
        case "text":
            return plain_text(value, charset)
        case "application":
            return masked_text(value.hex().upper())
        case "name":
            return identifier(value)
        case "card":
            return masked_card_number(value)
        case "hidden":
            return f"({len(value)} bytes)"
        case _:
            return value.hex().upper() if len(value) < SHORTEST_CARD_BYTES else masked_hex(value)
