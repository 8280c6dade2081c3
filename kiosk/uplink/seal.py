"""The seal: what a document says, signed, small enough for a QR on thermal paper and whole without a network.

    https://HOST/v1/verify/CODE#<base32 of: content, 64 bytes of Ed25519 signature>

The content is one msgpack array of the fields of ``Seal`` in their only form: sorted names, shortest integers. The signature is
over the address, too (``signed_bytes``), so that a copy of the code that leads telephones to another page is broken. The
fragment never leaves the telephone that opens the address (RFC 3986, 3.5). Base 32 (RFC 4648, 6; no padding) because a QR
holds capitals and digits in 5.5 bits (ISO/IEC 18004, 7.4.4): a fragment may hold them, unlike the space and the ``%`` of base 45.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from typing import Annotated, NamedTuple

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from msgspec import Meta, Struct

PURPOSE = b"kiosk seal 1\x00"
"""Nothing else that these keys may ever sign begins so."""
VERSION = 1
SIGNATURE_BYTES = 64
KEY_ID_BYTES = 8
CONTENT_BYTES_AT_MOST = 324
"""With this, and an address of 62 characters, the QR is at most version 17 with correction M: 4 dots a module on 58 mm paper."""
TEXT_AT_MOST = 800
Second = Annotated[int, Meta(ge=0, le=1 << 40)]
Word = Annotated[str, Meta(max_length=80)]


class NotASeal(ValueError):
    """A text that is no seal at all."""


class Seal(Struct, frozen=True, array_like=True):
    """What is signed. Texts are as the paper has them; times are seconds since 1970 (UTC).

    key_id  the first 8 bytes of the SHA-256 of the public key
    kind    the service's id
    facts   the document's facts by name; one that ends in ``…`` did not fit whole
    """

    version: Annotated[int, Meta(ge=VERSION, le=VERSION)]
    key_id: Annotated[bytes, Meta(min_length=KEY_ID_BYTES, max_length=KEY_ID_BYTES)]
    kind: Word
    number: Word
    issued_at_s: Second
    valid_until_s: Second
    kiosk: Word
    language: Word
    holder: str
    facts: dict[str, str]


class Sealed(NamedTuple):
    """A seal as it was read: nothing in it is proved before its signature has been."""

    address: str
    content: bytes
    signature: bytes
    seal: Seal


def key_id_of(public_key: bytes) -> bytes:
    """Return the id of a raw Ed25519 public key."""
    return hashlib.sha256(public_key).digest()[:KEY_ID_BYTES]


def signed_bytes(address: str, content: bytes) -> bytes:
    """Return what is signed; an address holds no ``#``, so there is one way to read it."""
    return PURPOSE + address.encode("ascii") + b"#" + content


def sealed_text(key: Ed25519PrivateKey, address: str, seal: Seal) -> str:
    """Return the text of the QR. What does not fit is cut in the longest text, which then ends in ``…``."""
    content = content_of(seal)
    while len(content) > CONTENT_BYTES_AT_MOST:
        seal = shortened(seal)
        content = content_of(seal)
    raw = content + key.sign(signed_bytes(address, content))
    return f"{address}#{base64.b32encode(raw).decode().rstrip('=')}"


def content_of(seal: Seal) -> bytes:
    """Return the one form of a seal's content."""
    return msgspec.msgpack.encode(seal, order="sorted")


def shortened(seal: Seal) -> Seal:
    """Return the seal with one letter less in its longest text. ValueError when nothing is left that may be cut."""
    texts: dict[str | None, str] = {None: seal.holder}
    texts.update(seal.facts)
    name = max(texts, key=lambda each: len(texts[each].encode()))
    if len(texts[name].encode()) < 8:
        raise ValueError("the fixed part of a seal is too long")
    cut = texts[name].removesuffix("…")[:-1].rstrip() + "…"
    if name is None:
        return msgspec.structs.replace(seal, holder=cut)
    return msgspec.structs.replace(seal, facts={**seal.facts, name: cut})


def read_seal(text: str) -> Sealed:
    """Read the text of a QR. NotASeal says why it is none; only the form in which the centre writes is one."""
    address, mark, coded = text.partition("#")
    if len(text) > TEXT_AT_MOST or not mark:
        raise NotASeal("expected https://…#…, as the QR on a document has it")
    if not address.isascii() or not address.isprintable() or not address.startswith(("https://", "http://")):
        raise NotASeal("expected a web address before the #")
    try:
        raw = base64.b32decode(coded + "=" * (-len(coded) % 8))
        seal = msgspec.msgpack.decode(raw[:-SIGNATURE_BYTES], type=Seal)
    except (binascii.Error, ValueError, msgspec.DecodeError, RecursionError):
        raise NotASeal("what follows the # is no seal, or is spoilt") from None
    whole = base64.b32encode(raw).decode().rstrip("=") == coded and content_of(seal) == raw[:-SIGNATURE_BYTES]
    if not whole or len(raw) - SIGNATURE_BYTES > CONTENT_BYTES_AT_MOST:
        raise NotASeal("what follows the # is not in the form in which the centre writes")
    return Sealed(address, raw[:-SIGNATURE_BYTES], raw[-SIGNATURE_BYTES:], seal)


def holds(sealed: Sealed, public_key: bytes) -> bool:
    """Say whether a seal's signature is that of a raw Ed25519 public key."""
    try:
        key = Ed25519PublicKey.from_public_bytes(public_key)
        key.verify(sealed.signature, signed_bytes(sealed.address, sealed.content))
    except (InvalidSignature, ValueError):
        return False
    return True
