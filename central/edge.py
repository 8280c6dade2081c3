"""The edge: what a request body must be before anything else looks at it.

JSON of at most 64 KiB, of the handler's own type, strictly (a number in quotes is no number); texts without NUL and
lone surrogates and of bounded length; numbers that every database can hold. Anything else is ``malformed``.
"""

from __future__ import annotations

import hashlib
import re
from typing import Any, TypeVar

import msgspec
from litestar import Request
from litestar.datastructures import State

from central.problems import Refusal

BODY_BYTES_AT_MOST = 65_536
TEXT_AT_MOST = 200
LONGER_TEXTS = {"evidence": 2000}
ENTRIES_AT_MOST = 40
NUMBER_AT_MOST = 2**53
FORBIDDEN = re.compile("[\x00\ud800-\udfff]")
KEY = re.compile(r'"([A-Za-z0-9._:\-]{1,64})"|([A-Za-z0-9._:\-]{1,64})')

T = TypeVar("T")


class CheckedRequest(Request[Any, Any, State]):
    """A request whose JSON body is read strictly, as the type that its handler asks for."""

    async def json(self) -> Any:
        """Return the body as the handler's ``data`` type. Refusal("malformed") if it is anything else."""
        field = self.route_handler.parsed_data_field
        return read(await self.body(), field.annotation if field else Any)


def read(body: bytes, kind: type[T]) -> T:
    """Decode and check one body."""
    try:
        value = msgspec.json.decode(body, type=kind)
    except msgspec.ValidationError as error:
        raise Refusal("malformed", str(error)) from None  # names the field and the expected type, never the value
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Refusal("malformed", "not JSON") from None
    check(msgspec.to_builtins(value), "body")
    return value


def check(value: object, name: str) -> None:
    """Refuse texts and numbers that a database or a screen could not hold. ``name`` is the nearest field's."""
    if isinstance(value, str):
        if FORBIDDEN.search(value):
            raise Refusal("malformed", f"{name}: forbidden characters")
        if len(value) > LONGER_TEXTS.get(name, TEXT_AT_MOST):
            raise Refusal("malformed", f"{name}: too long")
    elif isinstance(value, int) and not 0 <= value <= NUMBER_AT_MOST:
        raise Refusal("malformed", f"{name}: out of range")
    elif isinstance(value, dict):
        if len(value) > ENTRIES_AT_MOST:
            raise Refusal("malformed", f"{name}: too many entries")
        for key, each in value.items():
            check(key, name)
            check(each, key)


def key_of(header: str, reference: str) -> str:
    """Return the Idempotency-Key of a header: a structured-field string, with or without its quotes.

    It must be the request's own reference (draft-ietf-httpapi-idempotency-key-header; messages.py).
    """
    if not header.strip():
        raise Refusal("key-missing")
    match = KEY.fullmatch(header.strip())
    if match is None:
        raise Refusal("malformed", "Idempotency-Key: 1 to 64 letters, digits, . _ : -")
    key = match[1] or match[2]
    if key != reference:
        raise Refusal("malformed", "Idempotency-Key: not the reference of the body")
    return key


def fingerprint(value: msgspec.Struct, unproven: tuple[str, ...] = ("citizen", "subject")) -> bytes:
    """Return the SHA-256 of the canonical JSON of a request: known fields, sorted names, no spaces.

    What was proven of the cards is a remark on who asks and about whom, not a part of what is asked: a repeat from a kiosk
    that has learnt to prove more in the meantime is the same request. ``unproven``: whose proof is left out.
    """
    people = {name: getattr(value, name, None) for name in unproven}
    without = {name: msgspec.structs.replace(each, proof=msgspec.UNSET) for name, each in people.items() if each}
    value = msgspec.structs.replace(value, **without)
    return hashlib.sha256(msgspec.json.encode(value, order="sorted")).digest()


def is_repeat(kept: bytes, value: msgspec.Struct) -> bool:
    """Say whether a request is the one whose fingerprint is kept; an older program counted what the second card had proven."""
    return kept in (fingerprint(value), fingerprint(value, ("citizen",)))
