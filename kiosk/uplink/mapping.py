"""Between the domain and the wire. What comes in is checked here, so that nothing half-right reaches a citizen's screen.

Malformed is raised for an answer that cannot be trusted; who asked decides what that means.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeVar, cast

import msgspec
from msgspec import Struct

from kiosk.domain.application import Acceptance, Claim, Quote, QuoteLine, Submission
from kiosk.domain.cash import CashPayment, Note
from kiosk.domain.citizen import Citizen
from kiosk.domain.health import Degraded, DeviceName, Failed, Health, Ready, Unknown
from kiosk.domain.matter import Matter
from kiosk.domain.money import CURRENCY, MINOR_AT_MOST, Money
from kiosk.domain.payment import Authorisation
from kiosk.domain.proof import Proof
from kiosk.domain.receipt import Supply
from kiosk.uplink import heartbeats, seal
from kiosk.uplink import messages as wire

LANGUAGES = ("az", "ru", "en")
MATTERS_AT_MOST = 10
SLIP_LINES_AT_MOST = 100
LINES_AT_MOST = 60
TEXT_AT_MOST = 300

T = TypeVar("T", bound=Struct)
Language = Literal["az", "ru", "en"]
Kind = Literal["unresolved", "undelivered", "collection", "unregistered"]


class Malformed(ValueError):
    """An answer that cannot be trusted, and why."""


def read(body: bytes, kind: type[T]) -> T:
    """Decode an answer."""
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Malformed(f"not a {kind.__name__}: {error}") from None


def quote_request(
    service_id: str, answers: dict[str, str], citizen: Citizen | None, language: str
) -> wire.QuoteRequest:
    """Return the wire form of a question for a quote."""
    return wire.QuoteRequest(service_id, answers, person(citizen), cast("Language", language))


def submission_request(submission: Submission, kiosk_id: str) -> wire.SubmissionRequest:
    """Return the wire form of a submission; the same submission always gives the same bytes."""
    return wire.SubmissionRequest(
        reference=submission.reference,
        kiosk=kiosk_id,
        service=submission.service_id,
        answers=submission.answers,
        made_at_ms=submission.made_at_ms,
        language=cast("Language", submission.language),
        citizen=person(submission.citizen),
        quote=submission.quote_id,
        payment=card_payment(submission.payment),
        cash=cash_payment(submission.cash),
        subject=person(submission.subject),
    )


def claim_request(claim: Claim, kiosk_id: str) -> wire.ClaimRequest:
    """Return the wire form of a claim."""
    return wire.ClaimRequest(
        reference=claim.reference,
        kiosk=kiosk_id,
        kind=cast("Kind", claim.kind),
        service=claim.service_id,
        amount=wire.Amount(claim.amount.minor, claim.amount.currency),
        evidence=claim.evidence,
        made_at_ms=claim.made_at_ms,
        language=cast("Language", claim.language),
        answers=claim.answers,
        citizen=person(claim.citizen),
        payment=card_payment(claim.payment),
        cash=cash_payment(claim.cash),
        doubtful=note(claim.doubtful) if claim.doubtful else None,
    )


def person(citizen: Citizen | None) -> wire.Person | None:
    """Return the wire form of a citizen: without the picture, and with the proof where one was asked for."""
    if citizen is None:
        return None
    fields = {
        name: value for name, value in msgspec.structs.asdict(citizen).items() if name not in ("proof", "portrait")
    }
    proof = msgspec.UNSET if citizen.proof == Proof() else card_proof(citizen.proof)
    return wire.Person(**fields, proof=proof)


def card_proof(proof: Proof) -> wire.CardProof:
    """Return the wire form of a proof: outcomes, no details."""
    return wire.CardProof(proof.passive.outcome, proof.active.outcome, proof.chip.outcome, proof.level)


def card_payment(authorisation: Authorisation | None) -> wire.CardPayment | None:
    """Return the wire form of an approved sale."""
    if authorisation is None:
        return None
    return wire.CardPayment(
        amount=wire.Amount(authorisation.amount.minor, authorisation.amount.currency),
        receipt_number=authorisation.mark.receipt_number,
        trace_number=authorisation.mark.trace_number,
        authorisation_code=authorisation.authorisation_code,
        terminal_id=authorisation.terminal_id,
        masked_pan=authorisation.masked_pan,
        date=authorisation.mark.date,
        time=authorisation.mark.time,
        slip=[text[:TEXT_AT_MOST] for text in authorisation.slip[:SLIP_LINES_AT_MOST]],
        chip=wire.Chip(
            card_name=authorisation.card_name,
            merchant_id=authorisation.merchant_id,
            application_id=authorisation.application_id,
            application_label=authorisation.application_label,
            verification=authorisation.verification,
        ),
    )


def cash_payment(cash: CashPayment | None) -> wire.CashPayment | None:
    """Return the wire form of a payment in notes."""
    if cash is None:
        return None
    return wire.CashPayment(
        notes=[note(each) for each in cash.notes],
        total=wire.Amount(cash.total.minor, cash.total.currency),
        surplus=wire.Amount(cash.surplus.minor, cash.surplus.currency),
        surplus_to=cash.surplus_to or "",
    )


def note(given: Note) -> wire.Note:
    """Return the wire form of a note."""
    return wire.Note(given.uid, wire.Amount(given.value.minor, given.value.currency))


def kiosk_health(
    kiosk_id: str, version: str, devices: Mapping[DeviceName, Health], supply: Supply
) -> heartbeats.KioskHealth:
    """Return the wire form of how a kiosk is. What a device says in detail stays here: only its word travels."""
    states: dict[str, heartbeats.DeviceHealth] = {}
    for name, each in devices.items():
        match each:
            case Ready():
                states[name] = heartbeats.DeviceHealth("ready")
            case Degraded(reason):
                states[name] = heartbeats.DeviceHealth("degraded", reason)
            case Failed(reason):
                states[name] = heartbeats.DeviceHealth("failed", reason)
            case Unknown():
                states[name] = heartbeats.DeviceHealth("unknown")
    roll = heartbeats.RollState(supply.printed_mm, supply.cuts, supply.near_end, supply.left_mm)
    return heartbeats.KioskHealth(kiosk_id, version, states, roll)


def quote_of(answer: wire.QuoteAnswer) -> Quote:
    """Return a quote that adds up and can be shown in every language. Malformed otherwise."""
    require(0 < len(answer.id) <= 64 and answer.id.isprintable(), "id")
    amount, fee, total = (money(each, name) for each, name in _amounts(answer))
    require(amount + fee == total, "total is not amount + fee")
    require(bool(total), "a quote of nothing")
    require(len(answer.payer) <= TEXT_AT_MOST, "payer")
    require(len(answer.lines) <= LINES_AT_MOST, "too many lines")
    return Quote(answer.id, amount, fee, tuple(line(each) for each in answer.lines), answer.payer)


def _amounts(answer: wire.QuoteAnswer) -> tuple[tuple[wire.Amount, str], ...]:
    return (answer.amount, "amount"), (answer.fee, "fee"), (answer.total, "total")


def money(amount: wire.Amount, name: str, least: int = 0) -> Money:
    """Return an amount in our currency, not below ``least``."""
    require(amount.currency == CURRENCY, f"{name}: currency {amount.currency[:8]!r}")
    require(least <= amount.minor <= MINOR_AT_MOST, f"{name}: {amount.minor}")
    return Money(amount.minor, amount.currency)


def line(given: wire.QuoteLine) -> QuoteLine:
    """Return a line with its label in every language."""
    labels = [given.label.get(language, "") for language in LANGUAGES]
    require(all(label.strip() for label in labels), "a label is missing in a language")
    require(all(len(text) <= TEXT_AT_MOST for text in (*labels, given.value)), "a text is too long")
    label = dict(zip(LANGUAGES, labels, strict=True))
    amount = None if given.amount is None else money(given.amount, "line", -MINOR_AT_MOST)  # a discount is negative
    return QuoteLine(label, given.value, amount)


def acceptance_of(answer: wire.SubmissionAnswer, reference: str) -> Acceptance:
    """Return an acceptance of this very submission. Malformed otherwise."""
    require(answer.reference == reference, "the answer is about another reference")
    require(0 < len(answer.receipt_number) <= 64 and answer.receipt_number.isprintable(), "receipt_number")
    require(len(answer.document) <= LINES_AT_MOST, "too many lines")
    require(all(len(text) <= TEXT_AT_MOST for text in answer.document), "a text is too long")
    url = answer.verification_url
    require(not url or (url.startswith(("https://", "http://")) and len(url) <= seal.TEXT_AT_MOST), "verification_url")
    return Acceptance(answer.receipt_number, tuple(answer.document), url)


def matters_of(answer: wire.MattersAnswer) -> tuple[Matter, ...]:
    """Return matters that can be shown. Malformed otherwise."""
    require(len(answer.matters) <= MATTERS_AT_MOST, "too many matters")
    for each in answer.matters:
        for text in (each.reference, each.service, each.receipt_number):
            require(len(text) <= 64 and (not text or text.isprintable()), "a matter's texts")
    return tuple(
        Matter(
            each.reference,
            each.service,
            each.made_at_ms,
            money(each.amount, "matter"),
            each.standing,
            each.receipt_number,
            each.paper,
        )
        for each in answer.matters
    )


def require(condition: bool, what: str) -> None:
    """Raise Malformed unless the condition holds."""
    if not condition:
        raise Malformed(what)
