"""The central system over HTTPS: one httpx client for the life of the process, deadlines on everything, strict reading.

What an answer means is in ``verdicts``. An answer of success that cannot be read is CentralRefused("malformed") to a quote:
nothing is shown that might be wrong. To a delivery it is CentralUnreadable: it may have been carried out, nobody knows,
and asking again is safe.
"""

from __future__ import annotations

import ssl
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote as escaped
from urllib.parse import urlsplit

import httpcore
import httpx
import msgspec
from msgspec import Struct

from kiosk.domain.application import Acceptance, Claim, Quote, Submission
from kiosk.domain.citizen import Citizen
from kiosk.domain.faults import CentralRefused, CentralUnreachable, ConfigError
from kiosk.domain.fiscal import Registration
from kiosk.domain.health import Degraded, DeviceName, Failed, Health, Ready
from kiosk.domain.matter import Copy, Matter
from kiosk.domain.receipt import Supply
from kiosk.domain.secret import Secret
from kiosk.uplink import mapping, reprints
from kiosk.uplink import messages as wire
from kiosk.uplink.copies import CopyAnswer
from kiosk.uplink.deadline import TRANSPORT_ERRORS, BoundedTransport, Deadline
from kiosk.uplink.known_keys import KnownKeys
from kiosk.uplink.registrations import RegistrationAnswer
from kiosk.uplink.verdicts import Answer, CentralBusy, CentralUnreadable, judged

ANSWER_BYTES_AT_MOST = 1 << 20
HEALTH_TIMEOUT_S = 2.5
REVOCATIONS_TIMEOUT_S = 8.0
KEYS_TIMEOUT_S = 5.0
SLOW_MS = 1500
PDF = "application/pdf"
LOOPBACK = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True, kw_only=True)
class UplinkSettings:
    """How to reach the central system. ``url`` is https, or http on this machine alone; times are in seconds.

    ``keys_file`` is where the keys of documents are kept; None keeps them in memory.
    """

    url: str
    kiosk_id: str
    token: Secret = field(repr=False)
    ca_file: str = ""
    connect_timeout_s: float = 5.0
    answer_timeout_s: float = 15.0
    keys_file: Path | None = None


def read_token(path: Path) -> Secret:
    """Read a kiosk's token from its file. ConfigError if there is none."""
    try:
        token = path.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError([f"{path}: the kiosk's token cannot be read: {error}"]) from error
    if not token or not token.isascii() or not token.isprintable() or " " in token:
        raise ConfigError([f"{path}: holds no token ('kiosk-central add-kiosk' prints one)"])
    return Secret(token)


def checked_url(url: str) -> str:
    """Return the address of the central system. ConfigError if it is none, or if personal data would travel in clear."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ConfigError([f"central.url: not a web address: {url!r} (expected https://HOST)"])
    if parts.scheme == "http" and parts.hostname not in LOOPBACK:
        raise ConfigError([f"central.url: {url!r} is not encrypted (expected https://; http only to this machine)"])
    return url.rstrip("/")


def tls_context(ca_file: str) -> ssl.SSLContext:
    """Return the one TLS context: TLS 1.2 or newer; with a CA file only what that authority signed. ConfigError."""
    try:
        context = ssl.create_default_context(cafile=ca_file or None)
    except (OSError, ssl.SSLError) as error:
        raise ConfigError([f"central.ca_file: {ca_file} cannot be used: {error}"]) from error
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


class HttpCentral:
    """Implements CentralApi. Safe to use from several threads."""

    def __init__(self, settings: UplinkSettings) -> None:
        """Prepare; nothing is opened before the first call. ConfigError on a URL or CA file that cannot be used."""
        self._settings = settings
        self._deadline = Deadline()
        self._keys = KnownKeys(settings.keys_file, self.signing_keys, time.monotonic)
        self._known: tuple[str, wire.Catalogue] | None = None
        self._client = httpx.Client(
            base_url=checked_url(settings.url),
            transport=BoundedTransport(tls_context(settings.ca_file), self._deadline),
            timeout=httpx.Timeout(settings.answer_timeout_s, connect=settings.connect_timeout_s),
            headers={"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "kiosk"},
            follow_redirects=False,
            trust_env=False,
        )

    def quote(self, service_id: str, answers: dict[str, str], citizen: Citizen | None, language: str) -> Quote:
        """Ask what is due."""
        answer = self._post("/v1/quotes", mapping.quote_request(service_id, answers, citizen, language))
        try:
            return mapping.quote_of(mapping.read(answer.content, wire.QuoteAnswer))
        except mapping.Malformed as error:
            raise CentralRefused("malformed", str(error), answer.status) from None

    def submit(self, submission: Submission, timeout_s: float | None = None) -> Acceptance:
        """Deliver a submission, within ``timeout_s`` or the settings' time. Safe to repeat.

        CentralUnreadable also for a document whose seal does not hold: it is not handed out.
        """
        request = mapping.submission_request(submission, self._settings.kiosk_id)
        answer = self._post("/v1/submissions", request, submission.reference, timeout_s)
        try:
            acceptance = mapping.acceptance_of(
                mapping.read(answer.content, wire.SubmissionAnswer), submission.reference
            )
        except mapping.Malformed as error:
            raise CentralUnreadable(f"the answer to a submission cannot be read: {error}") from None
        self._keys.require(acceptance)
        return acceptance

    def claim(self, claim: Claim, timeout_s: float | None = None) -> None:
        """Deliver a claim likewise."""
        request = mapping.claim_request(claim, self._settings.kiosk_id)
        answer = self._post("/v1/claims", request, claim.reference, timeout_s)
        try:
            known = mapping.read(answer.content, wire.ClaimAnswer)
            mapping.require(known.reference == claim.reference, "it is about another reference")
        except mapping.Malformed as error:
            raise CentralUnreadable(f"the answer to a claim cannot be read: {error}") from None

    def register(self, registration: Registration, timeout_s: float | None = None) -> None:
        """Tell of a registered sale likewise."""
        request = reprints.registration_request(registration, self._settings.kiosk_id)
        answer = self._post("/v1/registrations", request, registration.reference, timeout_s)
        try:
            known = mapping.read(answer.content, RegistrationAnswer)
            mapping.require(known.reference == registration.reference, "it is about another reference")
        except mapping.Malformed as error:
            raise CentralUnreadable(f"the answer to a registration cannot be read: {error}") from None

    def matters(self, code: str, citizen: Citizen | None) -> tuple[Matter, ...]:
        """Ask how the matter with this code stands, or the card holder's last ones."""
        answer = self._post("/v1/matters", wire.MattersRequest(code, mapping.person(citizen)))
        try:
            return mapping.matters_of(mapping.read(answer.content, wire.MattersAnswer))
        except mapping.Malformed as error:
            raise CentralRefused("malformed", str(error), answer.status) from None

    def document(self, receipt_number: str, timeout_s: float | None = None) -> bytes:
        """Return the signed A4 document of a submission of this kiosk: a whole PDF. CentralUnreadable if it is anything else."""
        path = f"/v1/documents/{escaped(receipt_number, safe='')}.pdf"
        answer = self._call("GET", path, {"Accept": PDF}, timeout_s=timeout_s, most=wire.DOCUMENT_BYTES_AT_MOST)
        kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != PDF or not answer.content.startswith(b"%PDF-") or not answer.content.rstrip().endswith(b"%%EOF"):
            raise CentralUnreadable("the answer to a document is no whole PDF")
        return answer.content

    def signing_keys(self) -> wire.SigningKeys:
        """Return the keys that documents are signed with; asked in 5 s, since somebody waits."""
        answer = self._call("GET", "/v1/signing-keys", {}, timeout_s=KEYS_TIMEOUT_S)
        try:
            return mapping.read(answer.content, wire.SigningKeys)
        except mapping.Malformed as error:
            raise CentralUnreadable(f"the keys cannot be read: {error}") from None

    def copy(self, key: str, reference: str, code: str, citizen: Citizen | None) -> Copy:
        """Ask for a paper once more; asking again under the same ``key`` is the same copy. CentralUnreadable where its seal does not hold."""
        answer = self._post("/v1/copies", reprints.copy_request(key, reference, code, citizen), key)
        try:
            copy = reprints.copy_of(mapping.read(answer.content, CopyAnswer), reference)
        except mapping.Malformed as error:
            raise CentralRefused("malformed", str(error), answer.status) from None
        if copy.acceptance is not None:
            self._keys.require(copy.acceptance)
        return copy

    def report(self, version: str, devices: Mapping[DeviceName, Health], supply: Supply) -> None:
        """Tell how this kiosk is, its devices and its paper; within the time that a look at a device has."""
        body = mapping.kiosk_health(self._settings.kiosk_id, version, devices, supply)
        self._post("/v1/kiosks/health", body, timeout_s=HEALTH_TIMEOUT_S)

    def catalogue(self, timeout_s: float | None = None) -> wire.Catalogue:
        """Return what the centre carries out today; the body travels only when it has changed."""
        known = self._known
        answer = self._call("GET", "/v1/catalogue", {"If-None-Match": known[0]} if known else {}, timeout_s=timeout_s)
        if answer.status == httpx.codes.NOT_MODIFIED and known:
            return known[1]
        try:
            catalogue = mapping.read(answer.content, wire.Catalogue)
        except mapping.Malformed as error:
            raise CentralRefused("malformed", str(error), answer.status) from None
        self._known = (answer.headers.get("etag", '""'), catalogue)
        return catalogue

    def revocations(self, known: str) -> tuple[bytes, str] | None:
        """Return the newest revocation list of technicians' cards and its tag; None where the centre has none but ``known``."""
        headers = {"If-None-Match": known} if known else {}
        answer = self._call("GET", "/v1/technicians/revocations", headers, timeout_s=REVOCATIONS_TIMEOUT_S)
        if answer.status != httpx.codes.OK:
            return None
        return answer.content, answer.headers.get("etag", "")

    def health(self) -> Health:
        """Say whether the centre answers, knows this kiosk, and how fast. Never raises, takes 2.5 s at most.

        Reasons: ``absent`` (nothing there), ``silent`` (no answer in time), ``refused`` (it does not know this kiosk, or what
        answers is not the centre we know), ``failed`` (it is in trouble itself), ``slow``.
        """
        started = time.monotonic()
        try:
            self.catalogue(HEALTH_TIMEOUT_S)
        except CentralRefused as error:
            return Failed("refused", str(error))
        except CentralBusy as error:
            return Failed("failed", str(error))
        except CentralUnreachable as error:
            timed_out = isinstance(error.__cause__, httpx.TimeoutException | httpcore.TimeoutException)
            return Failed("silent" if timed_out else "absent", str(error))
        took_ms = round((time.monotonic() - started) * 1000)
        detail = f"{self._settings.url} answered in {took_ms} ms"
        return Degraded("slow", detail) if took_ms > SLOW_MS else Ready(detail)

    def close(self) -> None:
        """Close all connections."""
        self._client.close()

    def _post(self, path: str, body: Struct, key: str = "", timeout_s: float | None = None) -> Answer:
        headers = {"Content-Type": "application/json"}
        if key:
            headers["Idempotency-Key"] = f'"{key}"'
        return self._call("POST", path, headers, msgspec.json.encode(body), timeout_s)

    def _call(
        self,
        method: str,
        path: str,
        headers: dict[str, str],
        body: bytes | None = None,
        timeout_s: float | None = None,
        most: int = ANSWER_BYTES_AT_MOST,
    ) -> Answer:
        headers = headers | {
            "Authorization": f"Bearer {self._settings.token.reveal()}",
            "X-Correlation-ID": str(uuid.uuid4()),
        }
        whole_s = self._settings.answer_timeout_s if timeout_s is None else timeout_s
        try:
            with (
                self._deadline.within(whole_s),
                self._client.stream(method, path, headers=headers, content=body) as response,
            ):
                answer = Answer(response.status_code, lowered(response.headers), bounded(response, most))
        except TRANSPORT_ERRORS as error:
            raise CentralUnreachable(f"{path}: {type(error).__name__}: {error}") from error
        return judged(answer)


def lowered(headers: httpx.Headers) -> dict[str, str]:
    """Return headers by their names in lower case."""
    return {name.lower(): value for name, value in headers.items()}


def bounded(response: httpx.Response, most: int) -> bytes:
    """Read a body, as it is on the wire, up to ``most`` bytes. CentralUnreadable beyond: the centre says nothing that long."""
    body = bytearray()
    for chunk in response.iter_raw():
        body += chunk
        if len(body) > most:
            raise CentralUnreadable(f"an answer of more than {most} bytes")
    return bytes(body)
