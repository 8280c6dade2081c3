"""Filling: one question a screen, then what is due, then the citizen's yes, all before money."""

from __future__ import annotations

import re

from msgspec.structs import replace

from kiosk.domain.application import Submission
from kiosk.journey.effects import AskMatters, AskQuote, PrepareCash, PreparePayment, Submit
from kiosk.journey.events import (
    AmountQuoted,
    AnswerGiven,
    CancelPressed,
    CentralUnanswered,
    DeviceFailed,
    Entry,
    OrderOverdue,
    PaymentConfirmed,
    QuoteRefused,
    WentBack,
)
from kiosk.journey.readiness import methods, obstacle, paperless
from kiosk.journey.reference import reference_of
from kiosk.journey.state import (
    Answering,
    Choosing,
    Confirming,
    Journey,
    Kiosk,
    PreparingPayment,
    Quoting,
    Submitting,
)
from kiosk.journey.state_cash import PreparingCash
from kiosk.journey.state_matters import FindingMatters
from kiosk.journey.state_paper import AgreeingNoPaper
from kiosk.journey.turn import Turn, apologise, end, go

CODE = "code"
"""The field of a service that asks by the code on a paper."""

REFUSALS = {
    "nothing-due": "nothing_due",
    "unknown-account": "unknown_account",
    "malformed": "malformed",
    "proof-insufficient": "card_unproven",
}


def ask_next(kiosk: Kiosk, journey: Journey, index: int, entry: Entry) -> Turn:
    """Ask field ``index``; after the last one ask the centre what is due, or show what a free service will do."""
    service = journey.service
    if service is None:
        return go(kiosk, Choosing(journey))
    if index < len(service.fields):
        return go(kiosk, Answering(journey, index))
    if service.amount == "asked":
        return ask_matters(kiosk, journey, entry)
    if service.amount == "free":
        return go(kiosk, Confirming(journey))
    ask = AskQuote(entry.seq, service.id, journey.answers, journey.applicant, journey.language)
    return go(kiosk, Quoting(journey, entry.seq), ask)


def ask_matters(kiosk: Kiosk, journey: Journey, entry: Entry) -> Turn:
    """Ask the centre how the matter of the entered code stands, or those of the card's holder."""
    code = journey.answers.get(CODE, "")
    order = AskMatters(entry.seq, code, None if code else journey.applicant)
    return go(kiosk, FindingMatters(journey, entry.seq), order)


def answering(kiosk: Kiosk, state: Answering, entry: Entry) -> Turn | None:
    """Take an answer that fits its pattern; another one changes nothing (the screen does not offer to send it)."""
    journey = state.journey
    fields = journey.service.fields if journey.service else ()
    match entry.event:
        case AnswerGiven(name, value) if fields[state.index].id == name:
            if not re.fullmatch(fields[state.index].pattern, value):
                return None
            return ask_next(kiosk, replace(journey, answers={**journey.answers, name: value}), state.index + 1, entry)
        case WentBack() if state.index > 0:
            return go(kiosk, Answering(journey, state.index - 1))
        case WentBack():
            return go(kiosk, Choosing(journey))
        case CancelPressed():
            return end(kiosk)
    return None


def quoting(kiosk: Kiosk, state: Quoting, entry: Entry) -> Turn | None:
    """Take what the centre says is due."""
    match entry.event:
        case AmountQuoted(order, quote) if order == state.order:
            return go(kiosk, Confirming(replace(state.journey, quote=quote)))
        case QuoteRefused(order, "unknown-account") if order == state.order and state.journey.answers:
            return go(kiosk, Answering(state.journey, 0, "unknown_account"))
        case QuoteRefused(order, problem) if order == state.order:
            return apologise(kiosk, state.journey, REFUSALS.get(problem, "central_refused"))
        case CentralUnanswered(order) | DeviceFailed(order) | OrderOverdue(order) if order == state.order:
            return apologise(kiosk, state.journey, "no_central")
        case CancelPressed():
            return end(kiosk)
    return None


def confirming(kiosk: Kiosk, state: Confirming, entry: Entry) -> Turn | None:
    """Take the citizen's yes to amount and fee. Money starts only where the way to its end stands (law 9)."""
    journey = state.journey
    match entry.event:
        case PaymentConfirmed(method) if journey.service:
            word = obstacle(journey.service, kiosk.devices, kiosk.panel)
            # A quote in hand can be paid without the centre: the outbox delivers it.
            if word and not (word == "no_central" and journey.service.delivery == "later"):
                return apologise(kiosk, journey, word)
            if paperless(journey.service, kiosk.devices) and not journey.paperless:
                return go(kiosk, AgreeingNoPaper(journey, confirmed=True))
            if journey.service.amount == "quoted":
                if journey.quote is None or not journey.quote.total:
                    return apologise(kiosk, journey, "nothing_due")
                if method not in methods(kiosk.devices):
                    return apologise(kiosk, journey, "cash_failed" if method == "cash" else "no_terminal")
                if method == "cash":
                    return go(kiosk, PreparingCash(journey, entry.seq), PrepareCash(entry.seq))
                return go(kiosk, PreparingPayment(journey, entry.seq), PreparePayment(entry.seq))
            return submit(kiosk, numbered(kiosk, journey, entry), entry)
        case WentBack() if journey.service and journey.service.fields:
            return go(kiosk, Answering(journey, len(journey.service.fields) - 1))
        case WentBack():
            return go(kiosk, Choosing(journey))
        case CancelPressed():
            return end(kiosk)
    return None


def numbered(kiosk: Kiosk, journey: Journey, entry: Entry) -> Journey:
    """Give the next attempt its reference and its time: from counters and entries, so that a replay gives the same (law 6)."""
    attempt = journey.attempt + 1
    reference = reference_of(kiosk.id, kiosk.epoch, kiosk.secret, journey.number, attempt)
    return replace(journey, attempt=attempt, reference=reference, made_ms=entry.at_ms)


def submit(kiosk: Kiosk, journey: Journey, entry: Entry) -> Turn:
    """Tell the central system. What was paid for is kept until it is delivered."""
    service = journey.service
    submission = Submission(
        reference=journey.reference,
        service_id=service.id if service else "",
        answers=journey.answers,
        made_at_ms=journey.paid_ms or journey.made_ms,
        language=journey.language,
        citizen=journey.applicant,
        quote_id=journey.quote.id if journey.quote else "",
        payment=journey.payment,
        cash=journey.cash,
        subject=journey.subject.without_portrait if journey.subject else None,
    )
    keep = service is None or service.delivery == "later"
    return go(kiosk, Submitting(journey, entry.seq), Submit(entry.seq, submission, keep))
