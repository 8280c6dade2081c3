"""Chip Authentication from the chip's side (ICAO Doc 9303-11, section 6.2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hardware.card import sim_security_infos as infos
from hardware.card.sim_cipher import Suite
from hardware.card.sim_curve import Curve
from hardware.card.sim_der import oid
from hardware.card.sim_group import Group
from hardware.card.sim_keys import EcKey
from hardware.card.sim_messaging import SecureMessaging
from hardware.card.sim_primes import derived_number


@dataclass(frozen=True)
class StaticKey:
    """A static key pair, and the ciphers it is offered with."""

    domain: Curve | Group
    private: int
    suites: tuple[Suite, ...]

    @classmethod
    def derived(cls, domain: Curve | Group, label: str, suites: tuple[Suite, ...]) -> StaticKey:
        """Make the key pair of a label."""
        private = derived_number(label, domain.order.bit_length() + 64) % (domain.order - 1) + 1
        return cls(domain, private, suites)

    def suite_of(self, protocol: bytes) -> Suite | None:
        """Return the cipher that an object identifier (value only) names, None for one that is not offered."""
        elliptic = isinstance(self.domain, Curve)
        names = {oid(infos.chip_authentication_oid(suite, elliptic=elliptic))[2:]: suite for suite in self.suites}
        return names.get(protocol)

    def agree(self, public_key: bytes, suite: Suite) -> SecureMessaging:
        """Return the session that starts with the next command. ValueError for a key that is none."""
        domain: Any = self.domain
        secret = domain.secret(domain.multiply(self.private, domain.decode(public_key)))
        return SecureMessaging(suite, suite.session_keys(secret))

    def security_infos(self, encoding: str) -> list[bytes]:
        """Return the SecurityInfos that announce key and ciphers; there is one key, so it has no number."""
        if isinstance(self.domain, Curve):
            key = infos.elliptic_key_info(EcKey(self.domain, self.private), encoding, None)
            return [key, *(infos.chip_authentication_info(suite, None, elliptic=True) for suite in self.suites)]
        public = self.domain.multiply(self.private, self.domain.generator)
        key = infos.group_key_info(self.domain, public, None)
        return [key, *(infos.chip_authentication_info(suite, None, elliptic=False) for suite in self.suites)]
