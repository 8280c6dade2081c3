"""The cashier translates: an effect to a call of the acceptor, its outcome to the one event that answers."""

from typing import cast

import pytest

from kiosk.domain.cash import Returned, Stacked
from kiosk.domain.faults import DeviceAbsent, DeviceFault, JournalFault
from kiosk.domain.health import Failed, Ready
from kiosk.domain.money import Money
from kiosk.domain.payment import Unresolved
from kiosk.journey import effects as do
from kiosk.journey import events as did
from kiosk.ports import CashAcceptor
from kiosk.runtime.cashier import Cashier
from kiosk.runtime.desk import Desk


class Script:
    """Answers each call of an acceptor, or of the desk, with what it was given; an exception is raised."""

    def __init__(self, **answers):
        self.answers = answers

    def __getattr__(self, name):
        def call(*_args, **_how):
            answer = self.answers[name]
            if isinstance(answer, Exception):
                raise answer
            return answer

        return call


def perform(effect, **answers):
    script = Script(stand_ready=None, **answers) if "stand_ready" not in answers else Script(**answers)
    return Cashier(cast("CashAcceptor", script), cast("Desk", script)).perform(effect)


@pytest.mark.parametrize(("effect", "answers", "event"), [
    (do.PrepareCash(1), {"health": Ready()}, did.CashPrepared(1)),
    (do.AwaitNote(1, Money(9)), {"next_note": None}, did.NoNoteCame(1)),
    (do.AwaitNote(1, Money(9)), {"next_note": Money(5)}, did.NoteHeld(1, Money(5))),
    (do.HoldNote(1), {"hold": True}, did.NoteKept(1)),
    (do.HoldNote(1), {"hold": False}, did.NoteReturned(1)),
    (do.StackNote(1, Money(5)), {"stack": Stacked(Money(5))}, did.NoteStacked(1, Money(5))),
    (do.StackNote(1, Money(5)), {"stack": Unresolved("jam")}, did.NoteUnresolved(1, "jam")),
    (do.StackNote(1, Money(5)), {"stack": ValueError()}, did.NoteUnresolved(1, "defect: ValueError")),
    (do.AcknowledgeNote(1), {"acknowledge": None}, did.NoteAcknowledged(1)),
    (do.ReturnNote(1), {"give_back": Returned()}, did.NoteReturned(1)),
    (do.QueryNote(1, Money(5), stacking=True), {"outcome_of_note": Stacked(Money(5))}, did.NoteStacked(1, Money(5))),
])  # fmt: skip
def test_every_outcome_is_its_event(effect, answers, event):
    """Each effect of cash answers with the event of what became of it; a defect in the middle of a note is doubt."""
    assert perform(effect, **answers) == event


@pytest.mark.parametrize(
    "answers", [{"health": Failed("jam")}, {"stand_ready": JournalFault("full"), "health": Ready()}]
)
def test_cash_is_not_prepared_where_something_does_not_stand(answers):
    """A failed acceptor or an outbox that cannot keep anything is a fault: no note is asked for."""
    with pytest.raises(DeviceFault):
        perform(do.PrepareCash(1), **answers)


def test_without_an_acceptor_every_effect_is_a_fault():
    """Where none is configured, nothing is pretended."""
    with pytest.raises(DeviceAbsent):
        Cashier(None, cast("Desk", None)).perform(do.AwaitNote(1, Money(5)))
