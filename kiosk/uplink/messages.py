"""The wire contract with the central system: one set of msgspec types, used by the kiosk's client and by ``central/``.

Every name on the wire is the field's name here. Money is minor units and a currency. Readers ignore unknown fields (a
tolerant reader), so either side may add some. Times are milliseconds since 1970 (UTC).

    GET  /v1/catalogue                 → Catalogue          ETag / If-None-Match (RFC 9110)
    GET  /v1/technicians/revocations   → the operator's revocation list in DER (application/pkix-crl), likewise
    POST /v1/quotes                    QuoteRequest → QuoteAnswer
    POST /v1/submissions               SubmissionRequest → SubmissionAnswer    Idempotency-Key: "<reference>"
    POST /v1/claims                    ClaimRequest → ClaimAnswer              Idempotency-Key: "<reference>"
    POST /v1/copies                    see copies.py                           Idempotency-Key: "<request>"
    POST /v1/registrations             see registrations.py                    Idempotency-Key: "<reference>"
    POST /v1/kiosks/health             see heartbeats.py
    GET  /v1/receipts/{receipt_number} → ReceiptAnswer
    GET  /v1/documents/{receipt_number}.pdf → application/pdf    the certificate on A4, signed, for the kiosk that asked for it
    GET  /v1/signing-keys              → SigningKeys        what the seals in QR codes are checked with (no login)
    GET  /v1/health                    → HealthAnswer
    GET  /v1/verify/{code}             → VerifyAnswer       what the QR on a certificate slip points to (no login)
    every error                        → Problem            application/problem+json (RFC 9457)

Every request but /v1/verify, /v1/signing-keys and /v1/health carries ``Authorization: Bearer <kiosk token>``.
"""

from __future__ import annotations

from typing import Literal

from msgspec import UNSET, Struct, UnsetType

Texts = dict[str, str]

DOCUMENT_BYTES_AT_MOST = 2 << 20
"""A page or two of A4; what is longer is not printed at a kiosk."""


class Amount(Struct, frozen=True):
    """Minor units and an ISO 4217 code."""

    minor: int
    currency: str = "AZN"


Outcome = Literal["held", "failed", "not_offered", "not_checked"]
Level = Literal["none", "authentic", "genuine"]


class CardProof(Struct, frozen=True):
    """What the kiosk has proven of the ID card: Passive, Active and Chip Authentication (ICAO Doc 9303-11, 5 and 6).

    ``level`` is what follows: ``authentic``, the data are the state's; ``genuine``, and the chip is no copy.
    """

    passive: Outcome = "not_checked"
    active: Outcome = "not_checked"
    chip: Outcome = "not_checked"
    level: Level = "none"


class Person(Struct, frozen=True):
    """A citizen as the ID card states them. ``proof`` is left out by a kiosk that proves nothing. Never a picture."""

    document_number: str
    personal_number: str
    surname: str
    given_names: str
    birth_date: str
    sex: str = ""
    expiry_date: str = ""
    nationality: str = ""
    issuing_state: str = ""
    proof: CardProof | UnsetType = UNSET


class CatalogueEntry(Struct, frozen=True):
    """A service the centre carries out, and whether it does so today. ``level``: what must be proven of the citizen's card."""

    id: str
    title: Texts
    open: bool = True
    note: Texts = {}
    level: Level = "none"


class Catalogue(Struct, frozen=True):
    """All services; ``version`` is also the ETag."""

    version: str
    services: list[CatalogueEntry]


class QuoteRequest(Struct, frozen=True):
    """Ask what is due."""

    service: str
    answers: dict[str, str]
    citizen: Person | None = None
    language: Literal["az", "ru", "en"] = "az"


class QuoteLine(Struct, frozen=True):
    """One line of the bill, in every language."""

    label: Texts
    value: str = ""
    amount: Amount | None = None


class QuoteAnswer(Struct, frozen=True):
    """What is due. ``payer`` is masked by the centre. The client checks that total = amount + fee, all ≥ 0, one currency."""

    id: str
    amount: Amount
    fee: Amount
    total: Amount
    payer: str = ""
    lines: list[QuoteLine] = []


class Chip(Struct, frozen=True):
    """What a card's chip and the terminal said of the sale, as it stands on the receipt (EMV)."""

    card_name: str = ""
    merchant_id: str = ""
    application_id: str = ""
    application_label: str = ""
    verification: str = ""


class CardPayment(Struct, frozen=True):
    """How the money came in. No card data but the last four digits. ``slip``: the terminal's own receipt for the card holder, by lines."""

    amount: Amount
    receipt_number: str
    trace_number: str
    authorisation_code: str
    terminal_id: str
    masked_pan: str
    date: str = ""
    time: str = ""
    slip: list[str] = []
    chip: Chip | UnsetType = UNSET


class Note(Struct, frozen=True):
    """One banknote in the cash box. ``uid`` is ``<reference>-N<k>``."""

    uid: str
    value: Amount


class CashPayment(Struct, frozen=True):
    """How the money came in, in notes. ``total`` is all of them; the order gets ``total`` - ``surplus``.

    ``surplus_to``: ``account`` credits it to the account that is paid; ``claim`` is owed to whoever shows ``<reference>-S``.
    """

    notes: list[Note]
    total: Amount
    surplus: Amount
    surplus_to: Literal["", "account", "claim"] = ""


class SubmissionRequest(Struct, frozen=True):
    """Carry this out. ``reference`` equals the Idempotency-Key. ``subject``: whom it is about where that is not ``citizen``, who asks."""

    reference: str
    kiosk: str
    service: str
    answers: dict[str, str]
    made_at_ms: int
    language: Literal["az", "ru", "en"] = "az"
    citizen: Person | None = None
    quote: str = ""
    payment: CardPayment | None = None
    cash: CashPayment | None = None
    subject: Person | None = None


class SubmissionAnswer(Struct, frozen=True):
    """Done. ``document`` are the lines of a slip in the asked language; ``verification_url`` is its QR, with its seal after the ``#``."""

    reference: str
    receipt_number: str
    document: list[str] = []
    verification_url: str = ""


class ClaimRequest(Struct, frozen=True):
    """Money in doubt or taken without giving: staff settle it. ``kind``: unresolved, undelivered.

    Two more kinds are no such thing. ``collection``, which asks for nothing: ``amount`` is what the journal says was in the
    cash box, ``evidence`` what was counted by hand, in minor units. ``unregistered``: staff register the sale by hand.
    """

    reference: str
    kiosk: str
    kind: Literal["unresolved", "undelivered", "collection", "unregistered"]
    service: str
    amount: Amount
    evidence: str
    made_at_ms: int
    language: Literal["az", "ru", "en"] = "az"
    answers: dict[str, str] = {}
    citizen: Person | None = None
    payment: CardPayment | None = None
    cash: CashPayment | None = None
    doubtful: Note | None = None


class ClaimAnswer(Struct, frozen=True):
    """The claim is known at the centre."""

    reference: str
    state: Literal["open", "settled"] = "open"
    verdict: str = ""


class MattersRequest(Struct, frozen=True):
    """How does the matter with this code stand? Or, without a code: the card holder's last ones."""

    code: str = ""
    citizen: Person | None = None


class Matter(Struct, frozen=True):
    """How one payment or application stands. It names nobody. ``paper``: which paper the centre can give once more (copies.py)."""

    reference: str
    service: str
    made_at_ms: int
    amount: Amount
    standing: Literal["paid", "being_checked", "not_paid", "returned", "owed"]
    receipt_number: str = ""
    paper: Literal["", "receipt", "slip", "claim"] = ""


class MattersAnswer(Struct, frozen=True):
    """The matters asked about, newest first, ten at most."""

    matters: list[Matter]


class ReceiptAnswer(Struct, frozen=True):
    """What the centre knows of a receipt number: no personal data."""

    receipt_number: str
    reference: str
    service: str
    made_at_ms: int
    received_at_ms: int
    amount: Amount | None = None


class VerifyAnswer(Struct, frozen=True):
    """What a verification code stands for: enough to compare with the paper. ``standing`` says why it is not ``valid``.

    It is about the code and not about a paper: whether what stands there was altered, the seal in its QR tells alone.
    """

    code: str
    valid: bool
    service: str = ""
    holder: str = ""
    issued_at_ms: int = 0
    valid_until_ms: int = 0
    standing: Literal["valid", "expired", "revoked"] = "valid"
    number: str = ""


class SigningKey(Struct, frozen=True):
    """A key that seals are checked with. ``key_id`` and ``public_key`` (Ed25519, RFC 8032, raw) are hexadecimal.

    It signed from ``not_before_ms`` until ``not_after_ms``; nothing that a ``withdrawn`` one signed is believed.
    """

    key_id: str
    public_key: str
    not_before_ms: int
    not_after_ms: int
    issuer: str
    withdrawn: bool = False


class SigningKeys(Struct, frozen=True):
    """All keys that ever signed, and the numbers of documents that were taken back."""

    keys: list[SigningKey]
    revoked: list[str] = []


class HealthAnswer(Struct, frozen=True):
    """The central system is up."""

    status: Literal["ok"] = "ok"
    version: str = ""
