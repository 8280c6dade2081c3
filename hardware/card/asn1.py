"""Reading ASN.1 that strangers wrote: whatever the library trips over, what was read is damaged, and nothing else escapes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from asn1crypto import core

from hardware.card.refusal import Refused
from kiosk.domain.faults import DeviceFault, ProtocolError

KEY_BYTES_MAX, NUMBER_BYTES_MAX = 1040, 64
"""Of an INTEGER: one of a key, up to 8192 bits, and any other. Python does not write out more than 4300 figures at all."""


def integer(value: Any, bytes_max: int = NUMBER_BYTES_MAX) -> int:
    """Return an INTEGER of asn1crypto. ProtocolError: longer than anybody needs."""
    size = len(value.contents or b"")
    if size > bytes_max:
        raise ProtocolError(f"a number of {size} bytes")
    return int(value)


@contextmanager
def reading(what: str) -> Iterator[None]:
    """Turn every failure to read ``what`` into a ProtocolError. Evidence names the error, not the bytes: they are personal."""
    try:
        yield
    except (DeviceFault, Refused):
        raise
    except Exception as error:  # asn1crypto is lazy and raises what its inner types happen to raise
        raise ProtocolError(f"damaged {what}: {type(error).__name__}: {str(error)[:120]}") from error


class Algorithm(core.Sequence):  # type: ignore[misc]  # asn1crypto has no types
    """AlgorithmIdentifier (RFC 5280, 4.1.1.2), its parameters unread."""

    _fields = [("algorithm", core.ObjectIdentifier), ("parameters", core.Any, {"optional": True})]  # noqa: RUF012 - asn1crypto's way


def given(value: Any) -> bool:
    """Say whether an optional field is there and not NULL."""
    return value.dump() not in {b"", b"\x05\x00"}
