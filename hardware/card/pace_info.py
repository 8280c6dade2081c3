"""What PACE a card offers: the SecurityInfos of EF.CardAccess (ICAO Doc 9303-11, 9.2), and which offer is taken.

An object identifier says the key agreement, the mapping, and the cipher: id-PACE-(DH|ECDH)-(GM|IM|CAM)-(3DES|AES…).
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Literal

from asn1crypto import core
from msgspec import Struct

from hardware.card import cipher
from hardware.card.asn1 import integer, reading
from hardware.card.domain_parameters import GROUPS, WEAK_ORDER_BITS
from hardware.card.groups import CurveGroup, Group
from hardware.card.refusal import Refused
from kiosk.domain.faults import ProtocolError

Mapping = Literal["CAM", "GM", "IM"]

_PACE_ARC = "0.4.0.127.0.7.2.2.4"
_BRANCHES: dict[int, tuple[bool, Mapping]] = {
    1: (False, "GM"),
    2: (True, "GM"),
    3: (False, "IM"),
    4: (True, "IM"),
    6: (True, "CAM"),
}
"""id-PACE n: whether on a curve, and the mapping (9.2.3)."""

_CIPHERS = {1: ("3DES", 16), 2: ("AES-128", 16), 3: ("AES-192", 24), 4: ("AES-256", 32)}
"""id-PACE n m: the cipher and the bytes of its keys."""

_PREFERENCE: tuple[Mapping, ...] = ("CAM", "GM", "IM")
"""CAM proves the chip on the way (Doc 9303-11, J.1)."""

_VERSION = 2
_LONG_KEY_BITS = 2048
_SHOWN_BYTES = 64
"""Of a damaged file in evidence: it says nothing of anybody."""


class PaceInfo(Struct, frozen=True):
    """One way to run PACE that a card offers. ``parameter_id``: None where the card would bring its own domain parameters.

    Those are never used: parameters that nobody checked give the password away (9.2.2).
    """

    oid: str
    parameter_id: int | None
    version: int = _VERSION

    @property
    def supported(self) -> bool:
        """Whether this program can run it."""
        group = GROUPS.get(-1 if self.parameter_id is None else self.parameter_id)
        if group is None or self.version != _VERSION or self._numbers is None:
            return False
        on_curve, mapping = _BRANCHES[self._numbers[0]]
        fits = isinstance(group, CurveGroup) == on_curve and (mapping, self._numbers[1]) != ("CAM", 1)
        return fits and not (mapping == "IM" and on_curve and group.prime % 4 != 3)

    @property
    def group(self) -> Group:
        """Where keys are agreed on. Only of a supported offer, as all that follows."""
        return GROUPS[self.parameter_id or 0]

    @property
    def needs_long_apdus(self) -> bool:
        """Whether a public key, in its data objects, is longer than the data of a short APDU."""
        return self.group.prime.bit_length() >= _LONG_KEY_BITS and not isinstance(self.group, CurveGroup)

    @property
    def mapping(self) -> Mapping:
        """How the nonce becomes a generator."""
        return _BRANCHES[self._known[0]][1]

    @property
    def suite(self) -> cipher.Suite:
        """The cipher of the nonce, the tokens and the session."""
        return cipher.TRIPLE_DES if self._known[1] == 1 else cipher.AES

    @property
    def key_bytes(self) -> int:
        """How long its keys are."""
        return _CIPHERS[self._known[1]][1]

    @property
    def object_identifier(self) -> bytes:
        """The encoded identifier, without tag and length."""
        return bytes(core.ObjectIdentifier(self.oid).contents)

    def __str__(self) -> str:
        if not self.supported:
            return f"PACE {self.oid}, version {self.version}, parameters {self.parameter_id} (not supported)"
        kind = "ECDH" if isinstance(self.group, CurveGroup) else "DH"
        return f"PACE {kind}-{self.mapping}-{_CIPHERS[self._known[1]][0]} ({self.group.name})"

    @property
    def _known(self) -> tuple[int, int]:
        numbers = self._numbers
        if numbers is None:
            raise ProtocolError(f"{self.oid} is no PACE protocol")
        return numbers

    @property
    def _numbers(self) -> tuple[int, int] | None:
        """Return n and m of id-PACE n m where both mean something."""
        head, _, last = self.oid.rpartition(".")
        arc, _, branch = head.rpartition(".")
        if arc != _PACE_ARC or int(branch) not in _BRANCHES or int(last) not in _CIPHERS:
            return None
        return int(branch), int(last)


class SecurityInfo(core.Sequence):  # type: ignore[misc]  # asn1crypto has no types
    """SecurityInfo ::= SEQUENCE {protocol, requiredData ANY, optionalData ANY OPTIONAL}."""

    _fields = [("protocol", core.ObjectIdentifier), ("required", core.Any), ("extra", core.Any, {"optional": True})]  # noqa: RUF012 - asn1crypto's way


class SecurityInfos(core.SetOf):  # type: ignore[misc]  # asn1crypto has no types
    """SecurityInfos ::= SET OF SecurityInfo."""

    _child_spec = SecurityInfo


def parse_card_access(content: bytes) -> list[PaceInfo]:
    """Return everything about PACE in EF.CardAccess, understood or not. ProtocolError where the file is damaged."""
    return list(_offers(content))


@lru_cache(maxsize=8)
def _offers(content: bytes) -> tuple[PaceInfo, ...]:
    """Take the file apart once: it is the same on all cards of a kind, and says nothing of anybody."""
    with reading(f"EF.CardAccess {content[:_SHOWN_BYTES].hex() or 'of nothing'}"):
        infos = [_pace_info(info) for info in SecurityInfos.load(content, strict=True)]
    return tuple(info for info in infos if info is not None)


def infos_of(content: bytes, name: str) -> dict[bytes, str]:
    """Return each SecurityInfo as it is encoded, and its protocol. ProtocolError where the file of that name is damaged."""
    with reading(name):
        return {bytes(info.dump()): str(info["protocol"].dotted) for info in SecurityInfos.load(content, strict=True)}


def is_about_pace(protocol: str) -> bool:
    """Whether a SecurityInfo says how to run PACE."""
    return f"{protocol}.".startswith(f"{_PACE_ARC}.")


def _pace_info(info: Any) -> PaceInfo | None:
    """Return a PACEInfo; a PACEDomainParameterInfo, as an offer that is not supported; None for what is not about PACE."""
    protocol, required, extra = str(info["protocol"].dotted), info["required"], info["extra"]
    if not is_about_pace(protocol):
        return None
    if protocol.count(".") != _PACE_ARC.count(".") + 2:
        return PaceInfo(protocol, None)
    without = isinstance(extra, core.Void) or not extra.contents
    parameters = None if without else integer(extra.parse(core.Integer))
    return PaceInfo(protocol, parameters, integer(required.parse(core.Integer)))


def choose(infos: list[PaceInfo], *, long_apdus: bool = True) -> PaceInfo:
    """Return the best offer that is supported; among equals the card's first. Refused unsupported where there is none.

    ``long_apdus``: whether the reader carries the extended APDUs that keys of 2048 bits need.
    """
    offers = [info for info in infos if info.supported and (long_apdus or not info.needs_long_apdus)]
    if not offers:
        told = "; ".join(map(str, infos)) or "the card offers no PACE"
        raise Refused("unsupported", told if long_apdus else f"{told}; the reader carries short APDUs only")
    return min(offers, key=_reluctance)


def _reluctance(info: PaceInfo) -> tuple[bool, bool, int]:
    weak = info.group.order.bit_length() < WEAK_ORDER_BITS
    return info.suite is cipher.TRIPLE_DES, weak, _PREFERENCE.index(info.mapping)
