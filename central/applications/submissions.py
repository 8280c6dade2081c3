"""POST /v1/submissions: carry out once, answer as often as asked.

The record and its effect are one transaction, and the record's key is (kiosk, Idempotency-Key) for as long as it lives:
a repeat after weeks still gets the first answer. A refusal is not kept: the same key may be tried again.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Annotated

import msgspec
import sqlalchemy as sa
from litestar import post
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import HeaderParameter, JSONBody

from central.agencies import Agency, Certified
from central.applications.quotes import agency_of, recall
from central.auth import known_kiosk, own_kiosk
from central.days import now_ms
from central.describe import KIOSK_ONLY, problems
from central.edge import fingerprint, is_repeat, key_of
from central.numbers import receipt_number
from central.once import once
from central.payments.register import enter
from central.problems import Refusal
from central.proofs import verify_proof
from central.schema import claims, submissions
from central.signing.keys import Keyring
from central.store import Connection
from kiosk.uplink.messages import SubmissionAnswer, SubmissionRequest
from kiosk.uplink.seal import KEY_ID_BYTES, VERSION, Seal

Key = Annotated[str, HeaderParameter(name="Idempotency-Key", description="The reference, as a structured-field string")]


PROBLEMS_HERE = (
    "malformed",
    "key-missing",
    "unauthorised",
    "unknown-service",
    "not-a-resident",
    "not-a-guardian",
    "proof-insufficient",
    "key-reused",
    "quote-unknown",
    "amount-mismatch",
)


@post(
    "/v1/submissions",
    status_code=201,
    guards=[known_kiosk],
    security=KIOSK_ONLY,
    operation_id="submit",
    responses=problems(*PROBLEMS_HERE),
    sync_to_thread=True,
)
def post_submission(
    data: JSONBody[SubmissionRequest], state: State, kiosk_id: NamedDependency[str], idempotency_key: Key
) -> SubmissionAnswer:
    """Carry a submission out, or return the answer that its first delivery got."""
    key_of(idempotency_key, data.reference)
    own_kiosk(data.kiosk, kiosk_id)
    seal = partial(sealed, state.keyring, state.public_url, data)
    return once(state.store, lambda tx: answered_before(tx, data) or carry_out(tx, data, seal))


def answered_before(tx: Connection, data: SubmissionRequest) -> SubmissionAnswer | None:
    """Return the stored answer to this very request. Refusal("key-reused") if the key stands for another one."""
    mine = (submissions.c.kiosk_id == data.kiosk, submissions.c.key == data.reference)
    row = tx.execute(sa.select(submissions.c.body_sha256, submissions.c.answer).where(*mine)).one_or_none()
    if row is None:
        return None
    if not is_repeat(row.body_sha256, data):
        raise Refusal("key-reused")
    return msgspec.json.decode(row.answer, type=SubmissionAnswer)


def carry_out(tx: Connection, data: SubmissionRequest, seal: Callable[[Certified, int], str]) -> SubmissionAnswer:
    """Check, do and record one submission."""
    agency, at_ms = agency_of(data.service), now_ms()
    if not paid_minor(data):  # money that is in is booked, never refused: for a bill the quote has asked already
        verify_proof(data.service, data.citizen)
        if data.subject is not None:
            verify_proof(data.service, data.subject)
    amount_minor = checked_amount(tx, agency, data)
    done = agency.carry_out(tx, data, amount_minor, at_ms)
    answer = SubmissionAnswer(
        reference=data.reference,
        receipt_number=receipt_number(),
        document=list(done.document),
        verification_url=seal(done.certified, at_ms) if done.certified else "",
    )
    tx.execute(
        submissions.insert().values(
            kiosk_id=data.kiosk,
            key=data.reference,
            body_sha256=fingerprint(data),
            body=msgspec.json.encode(data).decode(),
            answer=msgspec.json.encode(answer).decode(),
            service=data.service,
            receipt_number=answer.receipt_number,
            amount_minor=paid_minor(data),
            currency="AZN",
            outcome=done.outcome,
            made_at_ms=data.made_at_ms,
            received_at_ms=at_ms,
        )
    )
    enter(tx, data.kiosk, data.reference, data.citizen, data.made_at_ms)
    if data.cash and data.cash.surplus_to == "claim":
        owe_surplus(tx, data, data.cash.surplus.minor, at_ms)
    return answer


def sealed(keyring: Keyring, public_url: str, data: SubmissionRequest, certified: Certified, at_ms: int) -> str:
    """Return the text of a document's QR: where it is checked, and after the ``#`` what proves it without a network."""
    seal = Seal(
        version=VERSION,
        key_id=bytes(KEY_ID_BYTES),
        kind=data.service,
        number=certified.number,
        issued_at_s=at_ms // 1000,
        valid_until_s=certified.valid_until_ms // 1000,
        kiosk=data.kiosk,
        language=data.language,
        holder=certified.holder,
        facts=certified.facts,
    )
    return keyring.seal(f"{public_url}/v1/verify/{certified.code}", seal)


def owe_surplus(tx: Connection, data: SubmissionRequest, surplus_minor: int, at_ms: int) -> None:
    """Record that a surplus is owed to whoever shows the receipt with this code."""
    tx.execute(
        claims.insert().values(
            kiosk_id=data.kiosk,
            key=f"{data.reference}-S",
            body_sha256=fingerprint(data),
            body=msgspec.json.encode(data).decode(),
            kind="surplus",
            service=data.service,
            amount_minor=surplus_minor,
            currency="AZN",
            state="open",
            verdict="",
            made_at_ms=data.made_at_ms,
            received_at_ms=at_ms,
        )
    )
    enter(tx, data.kiosk, f"{data.reference}-S", data.citizen, data.made_at_ms)


def paid_minor(data: SubmissionRequest) -> int:
    """Return what came in, by card and in notes."""
    return (data.payment.amount.minor if data.payment else 0) + (data.cash.total.minor if data.cash else 0)


def checked_amount(tx: Connection, agency: Agency, data: SubmissionRequest) -> int:
    """Return what the agency gets (the fee stays here); a paid service is paid exactly as quoted, a free one not at all."""
    if agency.free:
        if data.payment is not None or data.cash is not None:
            raise Refusal("amount-mismatch", "this service is free")
        return 0
    quote = recall(tx, data.quote, data.kiosk, data.service, agency.subject(data.answers))
    total_minor: int = quote.amount_minor + quote.fee_minor
    surplus_minor = checked_surplus(data, quote.currency)
    currencies = {
        part.currency for part in (data.payment and data.payment.amount, data.cash and data.cash.total) if part
    }
    if currencies != {quote.currency} or paid_minor(data) - surplus_minor != total_minor:
        raise Refusal("amount-mismatch")
    credited = data.cash is not None and data.cash.surplus_to == "account"
    return int(quote.amount_minor) + (surplus_minor if credited else 0)


def checked_surplus(data: SubmissionRequest, currency: str) -> int:
    """Return the surplus of a payment in notes. Refusal("amount-mismatch") where the notes do not add up to what is said."""
    cash = data.cash
    if cash is None:
        return 0
    notes_minor = sum(note.value.minor for note in cash.notes)
    amounts = (cash.total, cash.surplus, *(note.value for note in cash.notes))
    whole = notes_minor == cash.total.minor and 0 <= cash.surplus.minor < cash.total.minor
    if (
        not whole
        or bool(cash.surplus.minor) != bool(cash.surplus_to)
        or any(each.currency != currency for each in amounts)
    ):
        raise Refusal("amount-mismatch")
    return cash.surplus.minor
