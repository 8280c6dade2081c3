"""The fiscal register: effects to calls, its outcomes to events.

What it registered is told to the centre here and not by the journey: an answer that comes too late for the receipt, which
moves no journey any more, must stand on its copy too.
"""

from __future__ import annotations

from msgspec.structs import replace

from kiosk.domain.faults import DeviceAbsent
from kiosk.domain.fiscal import Refused, Registered, RegisterOutcome, Registration
from kiosk.domain.payment import Unresolved
from kiosk.journey import effects as do
from kiosk.journey.events import AnyEvent
from kiosk.journey.events_fiscal import SaleNotRegistered, SaleRegistered, SaleUnresolved
from kiosk.ports import FiscalRegister
from kiosk.runtime.desk import Desk
from kiosk.runtime.outcomes import certain

FISCAL = (do.RegisterSale, do.QuerySale)


class Registrar:
    """Carries out one effect with the register, in the register's thread."""

    def __init__(self, register: FiscalRegister | None, desk: Desk) -> None:
        self._register, self._desk = register, desk

    def perform(self, effect: do.RegisterSale | do.QuerySale) -> AnyEvent:
        """Do it and return its answer. DeviceFault where the port raises one."""
        register, sale = self._register, effect.sale
        if register is None:
            raise DeviceAbsent("no fiscal register is configured")
        ask = register.register if isinstance(effect, do.RegisterSale) else register.outcome_of
        outcome = certain(lambda: ask(sale), "fiscal")
        if isinstance(outcome, Registered):
            outcome = Registered(replace(outcome.document, vat_percent=sale.vat_percent))
            self._desk.registered(Registration(sale.reference, outcome.document))
        return told(effect.order, outcome)


def told(order: int, outcome: RegisterOutcome) -> AnyEvent:
    """Translate what became of a sale."""
    match outcome:
        case Registered(document):
            return SaleRegistered(order, document)
        case Refused(reason, evidence):
            return SaleNotRegistered(order, reason, evidence)
        case Unresolved(evidence):
            return SaleUnresolved(order, evidence)
