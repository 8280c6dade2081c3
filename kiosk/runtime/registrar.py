"""The fiscal register: effects to calls, its outcomes to events. It only translates, as performers.py does."""

from __future__ import annotations

from kiosk.domain.faults import DeviceAbsent
from kiosk.domain.fiscal import Refused, Registered, RegisterOutcome
from kiosk.domain.payment import Unresolved
from kiosk.journey import effects as do
from kiosk.journey.events import AnyEvent
from kiosk.journey.events_fiscal import SaleNotRegistered, SaleRegistered, SaleUnresolved
from kiosk.ports import FiscalRegister
from kiosk.runtime.outcomes import certain

FISCAL = (do.RegisterSale, do.QuerySale)


class Registrar:
    """Carries out one effect with the register, in the register's thread."""

    def __init__(self, register: FiscalRegister | None) -> None:
        self._register = register

    def perform(self, effect: do.RegisterSale | do.QuerySale) -> AnyEvent:
        """Do it and return its answer. DeviceFault where the port raises one."""
        register, sale = self._register, effect.sale
        if register is None:
            raise DeviceAbsent("no fiscal register is configured")
        if isinstance(effect, do.RegisterSale):
            return told(effect.order, certain(lambda: register.register(sale), "fiscal"))
        return told(effect.order, certain(lambda: register.outcome_of(sale), "fiscal"))


def told(order: int, outcome: RegisterOutcome) -> AnyEvent:
    """Translate what became of a sale."""
    match outcome:
        case Registered(document):
            return SaleRegistered(order, document)
        case Refused(reason, evidence):
            return SaleNotRegistered(order, reason, evidence)
        case Unresolved(evidence):
            return SaleUnresolved(order, evidence)
