"""ZVT bytes in words, for a technician (``kiosk decode zvt``, ``kiosk decode zvt-serial``): pure, JSON-able, no card data."""

from __future__ import annotations

from typing import Any

import msgspec

from hardware.terminal import messages
from hardware.terminal.apdu import Apdu, decode_apdu
from hardware.terminal.bmp import parse_fields, plain_text
from hardware.terminal.frame import Control, Damaged, FrameDecoder
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
    if apdu.command == messages.STATUS_INFORMATION:
        status = messages.parse_status_information(apdu)
        return {key: value for key, value in msgspec.to_builtins(status).items() if value not in ("", None)}
    if apdu.command == messages.INTERMEDIATE_STATUS:
        told = messages.parse_intermediate_status(apdu)
        return {**msgspec.to_builtins(told), "code": f"{told.code:02X}", "progress": messages.progress_word(told.code)}
    if apdu.command == messages.ABORT:
        return {"result": messages.parse_abort_code(apdu), "text": messages.parse_abort_text(apdu)}
    if name == "negative response":
        return {"result": messages.parse_refusal(apdu)}
    if apdu.command == messages.PRINT_LINE and apdu.data:
        return {"attribute": f"{apdu.data[0]:02X}", "text": plain_text(apdu.data[1:])}
    if apdu.command == messages.PRINT_BLOCK:
        return {"lines": [plain_text(line) for line in parse_fields(apdu.data).lines]}
    if apdu.command == 0x0601:
        return _asked(apdu)
    return {}


def _asked(apdu: Apdu) -> dict[str, Any]:
    status = messages.parse_status_information(Apdu(messages.STATUS_INFORMATION, apdu.data))
    return {"amount_minor": status.amount_minor, "currency_code": status.currency_code}
