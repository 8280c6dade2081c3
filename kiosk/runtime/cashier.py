"""Cash: effects to calls of the acceptor, its outcomes to events. It only translates, as performers.py does."""

from __future__ import annotations

from kiosk.domain.cash import NoteOutcome, Returned, Stacked
from kiosk.domain.faults import DeviceAbsent, DeviceFault, JournalFault
from kiosk.domain.health import Failed
from kiosk.domain.payment import Unresolved
from kiosk.journey import effects as do
from kiosk.journey import events as did
from kiosk.journey.events import AnyEvent
from kiosk.ports import CashAcceptor
from kiosk.runtime.desk import Desk
from kiosk.runtime.outcomes import certain

NOTE_WAIT_S = 60.0
HOLD_S = 60.0
CASH = (do.PrepareCash, do.AwaitNote, do.HoldNote, do.StackNote, do.AcknowledgeNote, do.ReturnNote, do.QueryNote)
CashOrder = (
    do.PrepareCash | do.AwaitNote | do.HoldNote | do.StackNote | do.AcknowledgeNote | do.ReturnNote | do.QueryNote
)


class Cashier:
    """Carries out one effect with the acceptor, in the acceptor's thread."""

    def __init__(self, acceptor: CashAcceptor | None, desk: Desk) -> None:
        self._acceptor, self._desk = acceptor, desk

    def perform(self, effect: CashOrder) -> AnyEvent:
        """Do it and return its answer. DeviceFault where the port raises one."""
        acceptor, order = self._acceptor, effect.order
        if acceptor is None:
            raise DeviceAbsent("no cash acceptor is configured")
        match effect:
            case do.PrepareCash():
                return self._prepare(acceptor, order)
            case do.AwaitNote(_, most):
                held = acceptor.next_note(most, NOTE_WAIT_S)
                return did.NoNoteCame(order) if held is None else did.NoteHeld(order, held)
            case do.HoldNote():
                return did.NoteKept(order) if acceptor.hold(HOLD_S) else did.NoteReturned(order)
            case do.StackNote(_, value):
                return told(order, certain(lambda: acceptor.stack(value), "cash"))
            case do.AcknowledgeNote():
                acceptor.acknowledge()
                return did.NoteAcknowledged(order)
            case do.ReturnNote():
                return told(order, certain(acceptor.give_back, "cash"))
            case do.QueryNote(_, value, stacking):
                return told(order, certain(lambda: acceptor.outcome_of_note(value, stacking=stacking), "cash"))

    def _prepare(self, acceptor: CashAcceptor, order: int) -> AnyEvent:
        try:
            self._desk.stand_ready()
        except JournalFault as fault:
            raise DeviceFault(str(fault), "no_keeping") from fault
        health = acceptor.health()
        if isinstance(health, Failed):
            raise DeviceFault(health.detail, health.reason)
        return did.CashPrepared(order)


def told(order: int, outcome: NoteOutcome) -> AnyEvent:
    """Translate what became of a note."""
    match outcome:
        case Stacked(value):
            return did.NoteStacked(order, value)
        case Returned():
            return did.NoteReturned(order)
        case Unresolved(evidence):
            return did.NoteUnresolved(order, evidence)
