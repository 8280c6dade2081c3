"""Events to journal rows and back: personal fields apart, secrets nowhere."""

from __future__ import annotations

from typing import Any, cast

import msgspec

from kiosk.domain.faults import JournalFault
from kiosk.domain.secret import Secret
from kiosk.journey.events import AnyEvent, Event


def _encode_hook(value: object) -> None:
    if not isinstance(value, Secret):
        raise NotImplementedError(type(value).__name__)


def _decode_hook(wanted: type, _value: object) -> Secret:
    if wanted is not Secret:
        raise NotImplementedError(wanted.__name__)
    return Secret()


_encoder = msgspec.json.Encoder(enc_hook=_encode_hook)
_decoder = msgspec.json.Decoder(AnyEvent, dec_hook=_decode_hook)


def to_row(event: Event) -> tuple[str, bytes | None]:
    """Return (body, personal): the event as JSON without its personal fields, and those alone (None if it has none)."""
    if not event.PERSONAL:
        return _encoder.encode(event).decode(), None
    fields = msgspec.to_builtins(event, enc_hook=_encode_hook)
    personal = {name: fields.pop(name) for name in event.PERSONAL if name in fields}
    return _encoder.encode(fields).decode(), _encoder.encode(personal)


def from_row(body: str, personal: bytes | None) -> AnyEvent:
    """Return the event; fields whose key was destroyed come back as their defaults."""
    try:
        if personal is None:
            return cast("AnyEvent", _decoder.decode(body))
        fields: dict[str, Any] = msgspec.json.decode(body)
        return cast("AnyEvent", _decoder.decode(_encoder.encode(fields | msgspec.json.decode(personal))))
    except msgspec.MsgspecError as error:
        raise JournalFault(f"a journal row is not an event: {error}") from error
