"""CCNET bytes in words, for a technician (``kiosk decode ccnet``): pure, JSON-able.

A frame does not say who speaks. Bytes that only the kiosk sends are told as orders, all others as the validator's; 30 and 41 may be
either, and both are told.
"""

from __future__ import annotations

from typing import Any

from hardware.cash.frame import Damaged, FrameDecoder
from hardware.cash.messages import IDENTIFICATION_BYTES, TABLE_BYTES, Order, State, parse_identification
from kiosk.domain.faults import ProtocolError

ANSWERS = {0x00: "ack", 0xFF: "nak", 0x30: "illegal command"}
BILL_STATES = (State.ESCROW, State.STACKED, State.RETURNED)
STATUS_BYTES, MASKED_BYTES = 6, 7


def explain_ccnet(raw: bytes) -> dict[str, Any]:
    """Explain one whole frame. ProtocolError if it is none, or its check sum is wrong."""
    decoder = FrameDecoder()
    found = decoder.feed(raw)
    if any(isinstance(each, Damaged) for each in found):
        raise ProtocolError("the check sum is wrong")
    if len(found) != 1 or decoder.unfinished:
        raise ProtocolError(f"expected one frame, got {len(found)} in {len(raw)} bytes")
    data = bytes(found[0])  # type: ignore[arg-type] # no Damaged is left
    return {"length": len(data), **_content(data)}


def _content(data: bytes) -> dict[str, Any]:
    if len(data) == TABLE_BYTES:
        return {"name": "bill table", "bills": _bills(data)}
    if len(data) == IDENTIFICATION_BYTES:
        told = parse_identification(data)
        return {"name": "identification", "part": told.part, "serial": told.serial}
    if len(data) == STATUS_BYTES:
        return {"name": "status", **_masks(data, "enabled", "high_security")}
    if not data:
        raise ProtocolError("a frame without data")
    return _order_or_state(data)


def _order_or_state(data: bytes) -> dict[str, Any]:
    first = data[0]
    told: dict[str, Any] = {"code": f"{first:02X}"}
    if len(data) == MASKED_BYTES and first in (Order.ENABLE_BILL_TYPES, Order.SET_SECURITY):
        return told | {"name": _words(Order(first).name)} | _masks(data[1:], "accepted", "escrow")
    names = [_words(kind(first).name) for kind in (Order, State) if first in kind.__members__.values()]
    if first in ANSWERS and len(data) == 1:
        names.append(ANSWERS[first])
    told["name"] = " or ".join(names) or "unknown"
    if len(data) > 1:
        told["bill_type" if first in BILL_STATES else "detail"] = data[1] if len(data) == 2 else data[1:].hex(" ")
    return told


def _masks(data: bytes, first: str, second: str) -> dict[str, list[int]]:
    """Return the bill types of two big-endian masks of three bytes: type 0 is the lowest bit of the third byte."""
    masks = ((first, data[:3]), (second, data[3:6])) if len(data) >= STATUS_BYTES else ((first, data[:3]),)
    return {name: [kind for kind in range(24) if int.from_bytes(mask, "big") >> kind & 1] for name, mask in masks}


def _bills(data: bytes) -> dict[str, str]:
    entries = [(kind, data[kind * 5 : kind * 5 + 5]) for kind in range(TABLE_BYTES // 5)]
    return {str(kind): _bill(entry) for kind, entry in entries if entry[0]}


def _bill(entry: bytes) -> str:
    exponent = entry[4] & 0x7F
    amount = f"{entry[0]}{'0' * exponent}" if not entry[4] & 0x80 else f"{entry[0]}e-{exponent}"
    return f"{amount} {entry[1:4].decode('ascii', 'replace')}"


def _words(name: str) -> str:
    return name.lower().replace("_", " ")
