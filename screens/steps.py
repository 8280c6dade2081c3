"""How far the citizen has come: the steps of a visit, and which of them a state belongs to."""

from __future__ import annotations

from kiosk.domain.service import Service
from kiosk.journey import state as s
from kiosk.journey import state_cash as c
from kiosk.journey import state_fiscal as f
from kiosk.journey import state_key as d
from kiosk.journey import state_matters as m
from kiosk.journey import state_paper as p
from kiosk.journey.state_document import PrintingDocument

STEP_OF: dict[type[s.State], str] = {
    s.Choosing: "choose",
    p.AgreeingNoPaper: "choose",
    s.PresentingCard: "card",
    s.EnteringKey: "card",
    d.FindingDigits: "card",
    d.EnteringDocument: "card",
    d.WithoutChip: "card",
    s.ReadingCard: "card",
    s.Answering: "details",
    s.Quoting: "details",
    s.Confirming: "pay",
    s.PreparingPayment: "pay",
    s.TakingPayment: "pay",
    s.SettlingPayment: "pay",
    s.CheckingPayment: "pay",
    c.PreparingCash: "pay",
    c.TakingCash: "pay",
    c.ChoosingSurplus: "pay",
    c.StackingNote: "pay",
    c.AcknowledgingNote: "pay",
    c.ReturningNote: "pay",
    c.CheckingNote: "pay",
    m.FindingMatters: "answer",
    m.ShowingMatters: "answer",
    m.AskingCopy: "paper",
    m.PrintingCopy: "paper",
    s.Submitting: "paper",
    f.RegisteringSale: "paper",
    f.CheckingSale: "paper",
    f.FilingUnregistered: "paper",
    s.Printing: "paper",
    PrintingDocument: "paper",
    s.Farewell: "paper",
}


def steps_of(service: Service | None) -> list[str]:
    """Return the steps of a service's visit; before one is chosen, those of a bill."""
    steps = ["choose", "card", "details", "pay", "paper"]
    if service is None:
        return steps
    if service.needs == "nothing":
        steps.remove("card")
    if not service.fields:
        steps.remove("details")
    if service.amount in ("free", "asked"):
        steps[steps.index("pay")] = "apply" if service.amount == "free" else "answer"
    if service.paper == "slip":
        steps[steps.index("paper")] = "slip"
    return steps


def progress(state: s.State) -> tuple[list[str], int] | None:
    """Return the steps and the index of the current one; None where a state is no step of a visit."""
    paying = isinstance(state, p.AgreeingNoPaper) and state.confirmed
    step = "pay" if paying else STEP_OF.get(type(state))
    if step is None:
        return None
    steps = steps_of(getattr(state, "journey").service)  # noqa: B009 - every state named above has a journey
    names = {step, {"pay": "apply", "paper": "slip", "details": "pay"}.get(step, step)}
    index = next((i for i, name in enumerate(steps) if name in names), 0)
    return steps, index
