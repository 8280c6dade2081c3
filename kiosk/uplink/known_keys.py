"""The centre's keys as the kiosk keeps them, and whether a document may be handed out by them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from kiosk.domain.application import Acceptance
from kiosk.domain.faults import CentralRefused, CentralUnreachable, ConfigError
from kiosk.log import logger
from kiosk.uplink.messages import SigningKeys
from kiosk.uplink.seal import NotASeal, Sealed, read_seal
from kiosk.uplink.trust import judged, key_of, read_keys, write_keys
from kiosk.uplink.verdicts import CentralUnreadable

REFRESH_S = 86_400.0


class KnownKeys:
    """Keeps the keys in a file, asks for them once a day and whenever a document names one that is not among them."""

    def __init__(self, path: Path | None, fetch: Callable[[], SigningKeys], clock_s: Callable[[], float]) -> None:
        self._path, self._fetch, self._clock_s = path, fetch, clock_s
        self._asked_s: float | None = None
        self._keys = SigningKeys([])
        if path is not None and path.exists():
            try:
                self._keys = read_keys(path)
            except ConfigError as error:
                logger().warning("keys_unreadable", error=str(error))

    def require(self, acceptance: Acceptance) -> None:
        """Let a document pass whose seal holds and says nothing but what its paper says; one without a seal passes, too.

        CentralUnreadable for any other. The kiosk's clock is not asked: it has the document from the centre this moment.
        """
        if "#" not in acceptance.verification_url:
            return
        try:
            sealed = read_seal(acceptance.verification_url)
        except NotASeal as error:
            raise CentralUnreadable(f"the seal of a document: {error}") from None
        reason = judged(sealed, self._with(sealed), None)
        if reason:
            raise CentralUnreadable(f"the seal of a document does not hold: {reason}")
        if not says_the_same(sealed, acceptance.document):
            raise CentralUnreadable("the seal of a document says other than its paper")

    def _with(self, sealed: Sealed) -> SigningKeys:
        now_s = self._clock_s()
        old = self._asked_s is None or now_s - self._asked_s > REFRESH_S
        if old or key_of(sealed, self._keys) is None:
            try:
                self._take(self._fetch())
                self._asked_s = now_s
            except (CentralUnreachable, CentralRefused) as error:
                logger().warning("keys_not_refreshed", error=str(error))
        return self._keys

    def _take(self, keys: SigningKeys) -> None:
        self._keys = keys
        if self._path is not None:
            try:
                write_keys(self._path, keys)
            except OSError as error:
                logger().warning("keys_not_kept", error=str(error))


def says_the_same(sealed: Sealed, document: tuple[str, ...]) -> bool:
    """Say whether every fact of a seal stands on its paper, but for the ``…`` of one that was cut."""
    paper = "\n".join(document)
    texts = (sealed.seal.number, sealed.seal.holder, *sealed.seal.facts.values())
    return all(text.removesuffix("…") in paper for text in texts)
