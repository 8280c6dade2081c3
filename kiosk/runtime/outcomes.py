"""Outcomes to events: the values that terminals and the central system return, as the facts that the journey knows."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from kiosk.domain.faults import CentralRefused, CentralUnreachable, DeviceFault
from kiosk.domain.health import DeviceName
from kiosk.domain.payment import Approved, Cancelled, Declined, PaymentOutcome, Unresolved
from kiosk.journey import events as did
from kiosk.journey.effects import AskCopy, AskMatters
from kiosk.journey.events import AnyEvent
from kiosk.log import logger, place_of
from kiosk.ports import CentralApi

Outcome = TypeVar("Outcome")


def certain(ask: Callable[[], Outcome], device: DeviceName = "terminal") -> Outcome | Unresolved:
    """Return the outcome; a defect of ours while money is under way is doubt, never "nothing happened"."""
    try:
        return ask()
    except DeviceFault:
        raise
    except Exception as defect:  # noqa: BLE001 - whatever it was, the money is in doubt
        logger().error("payment_defect", device=device, error=place_of(defect))
        return Unresolved(f"defect: {type(defect).__name__}")


def paid(order: int, outcome: PaymentOutcome, *, settled: bool) -> AnyEvent:
    """Translate the outcome of a payment or of asking about one."""
    match outcome:
        case Approved(authorisation):
            return did.PaymentApproved(order, authorisation, settled)
        case Declined(code, text):
            return did.PaymentDeclined(order, code, text)
        case Cancelled():
            return did.PaymentCancelled(order)
        case Unresolved(evidence):
            return did.PaymentUnresolved(order, evidence)


def settled(order: int, outcome: PaymentOutcome) -> AnyEvent:
    """Translate the outcome of settling."""
    if isinstance(outcome, Approved):
        return did.PaymentSettled(order, outcome.authorisation.slip)
    return paid(order, outcome, settled=False)


def reversed_(order: int, outcome: PaymentOutcome) -> AnyEvent:
    """Translate the outcome of giving money back."""
    if isinstance(outcome, Declined):
        return did.ReversalRefused(order, outcome.code)
    return paid(order, outcome, settled=False)


def matters(effect: AskMatters, centre: CentralApi) -> AnyEvent:
    """Ask the centre how earlier payments stand, and translate its refusal or silence."""
    try:
        return did.MattersFound(effect.order, centre.matters(effect.code, effect.citizen))
    except CentralRefused as refused:
        return did.QuoteRefused(effect.order, refused.type)
    except CentralUnreachable:
        return did.CentralUnanswered(effect.order)


def copied(effect: AskCopy, centre: CentralApi) -> AnyEvent:
    """Ask the centre for a paper once more, and translate its refusal or silence."""
    try:
        return did.CopyGiven(effect.order, centre.copy(effect.key, effect.reference, effect.code, effect.citizen))
    except CentralRefused as refused:
        return did.QuoteRefused(effect.order, refused.type)
    except CentralUnreachable:
        return did.CentralUnanswered(effect.order)


def central(order: int, ask: Callable[[], AnyEvent], *, keep: bool) -> AnyEvent:
    """Translate the centre's refusal or silence. What is kept is delivered later, whatever else went wrong now."""
    try:
        return ask()
    except CentralRefused as refused:
        return did.SubmissionRefused(order, refused.type)
    except CentralUnreachable:
        return did.CentralUnanswered(order)
    except Exception as defect:
        if not keep:
            raise
        logger().error("delivery_defect", error=place_of(defect))
        return did.CentralUnanswered(order)
