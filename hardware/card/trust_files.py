"""The files in which states publish certificates → the single certificates and revocation lists in them.

master list   SignedData around CscaMasterList (Doc 9303-12, 8): binary, .ml
LDIF          what the ICAO PKD exports (RFC 2849): master lists, revocation lists, document signers
PEM, DER      certificates, revocation lists, a master list
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Literal

from asn1crypto import core
from msgspec import Struct

from hardware.card import tlv
from hardware.card.asn1 import reading
from hardware.card.signed_data import Signed, open_signed
from kiosk.domain.faults import ProtocolError

MASTER_LIST = "2.23.136.1.1.2"
"""id-icao-cscaMasterList (Doc 9303-12, 8.4)."""

VALUE_BYTES_MAX = 16 * 1024 * 1024
_LIST_MAX = 5_000
_LINE_BYTES_MAX = 4_096
_SIGNED_DATA = bytes.fromhex("06092A864886F70D010702")

Kind = Literal["certificate", "revocation_list", "master_list", "document_signer", "unknown"]


class Found(Struct, frozen=True):
    """Something in a file. ``where``: how a person finds it there."""

    kind: Kind
    der: bytes
    where: str


class _Certificates(core.SetOf):  # type: ignore[misc]  # asn1crypto has no types
    _child_spec = core.Any


class _MasterList(core.Sequence):  # type: ignore[misc]
    _fields = [("version", core.Integer), ("certificates", _Certificates)]  # noqa: RUF012 - asn1crypto's way


def open_master_list(der: bytes) -> tuple[Signed, list[bytes]]:
    """Return who signed a master list, and the certificates in it. Refused not_genuine: no signature holds. ProtocolError: damaged."""
    signed = open_signed(der, MASTER_LIST, "the master list")
    with reading("master list"):
        certificates = _MasterList.load(signed.content, strict=True)["certificates"]
        if len(certificates) > _LIST_MAX:
            raise ProtocolError(f"a master list of {len(certificates)} certificates")
        return signed, [each.dump() for each in certificates]


def found_in(path: Path) -> Iterator[Found]:
    """Yield what a file holds, of an LDIF file one value at a time. OSError; ProtocolError: no file of these kinds."""
    with path.open("rb") as file:
        start = file.read(_LINE_BYTES_MAX)
        file.seek(0)
        if start[:1] == b"\x30":
            yield _of_der(file.read(VALUE_BYTES_MAX + 1), "the file")
        elif b"-----BEGIN " in start:
            yield from _in_pem(file.read(VALUE_BYTES_MAX + 1))
        elif re.search(rb"(?im)^(dn|version):", start):
            yield from _in_ldif(file)
        else:
            raise ProtocolError("neither a master list nor LDIF, PEM or DER")


def _of_der(der: bytes, where: str) -> Found:
    """Tell by the outermost objects what it is: only SignedData begins with its identifier, only a certificate holds a [0] or a number there."""
    if len(der) > VALUE_BYTES_MAX:
        raise ProtocolError(f"{where}: more than {VALUE_BYTES_MAX} bytes")
    try:
        _, start, _ = tlv.read_header(der)
        if der[start : start + len(_SIGNED_DATA)] == _SIGNED_DATA:
            return Found("master_list", der, where)
        _, inner, _ = tlv.read_header(der, start)
        first, begin, length = tlv.read_header(der, inner)
    except ProtocolError:
        return Found("unknown", der, where)
    after = begin + length if first == 0x02 else inner
    is_list = der[after : after + 1] == b"\x30" and _holds_time(der, after)
    return Found("revocation_list" if is_list else "certificate", der, where)


def _holds_time(der: bytes, start: int) -> bool:
    """Look behind the algorithm and the issuer: a revocation list has a time there, a certificate a SEQUENCE of two."""
    try:
        for _ in range(2):
            _, begin, length = tlv.read_header(der, start)
            start = begin + length
    except ProtocolError:
        return False
    return der[start : start + 1] in {b"\x17", b"\x18"}


_PEM = re.compile(rb"-----BEGIN ([A-Z0-9 ]{1,40})-----\s([A-Za-z0-9+/=\s]*)-----END \1-----")


def _in_pem(content: bytes) -> Iterator[Found]:
    if len(content) > VALUE_BYTES_MAX:
        raise ProtocolError(f"more than {VALUE_BYTES_MAX} bytes")
    number = 0
    for number, match in enumerate(_PEM.finditer(content), 1):
        yield _decoded(match[2], f"block {number} ({match[1].decode('ascii')})")
    if not number:
        raise ProtocolError("PEM without a whole block")


def _in_ldif(file: BinaryIO) -> Iterator[Found]:
    for number, name, value in _values(file):
        attribute = name.partition(";")[0]
        where = f"line {number} ({attribute})"
        if "masterlist" in attribute or attribute in {"certificaterevocationlist", "cacertificate"}:
            yield _decoded(value, where)
        elif attribute == "usercertificate":
            yield Found("document_signer", b"", where)


def _decoded(value: bytes, where: str) -> Found:
    try:
        return _of_der(base64.b64decode(b"".join(value.split()), validate=True), where)
    except (binascii.Error, ValueError):
        return Found("unknown", b"", where)


def _values(file: BinaryIO) -> Iterator[tuple[int, str, bytes]]:
    """Yield (line, attribute in small letters, base64) of every binary value, with its continued lines (RFC 2849)."""
    at, name, parts, size = 0, "", [b""], 0
    for number, line in enumerate(iter(lambda: file.readline(VALUE_BYTES_MAX * 2), b""), 1):
        if line[:1] == b" ":
            size += len(line)
            if name and size > VALUE_BYTES_MAX * 2:
                raise ProtocolError(f"line {number}: a value of more than {VALUE_BYTES_MAX} bytes")
            parts += [line[1:].rstrip(b"\r\n")] if name else []
            continue
        if name:
            yield at, name, b"".join(parts)
        head, colons, rest = line.partition(b"::")
        name = head.decode("ascii", "replace").casefold() if colons else ""
        at, parts, size = number, [rest.strip()], len(rest)
    if name:
        yield at, name, b"".join(parts)
