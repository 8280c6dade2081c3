"""The driver and the simulated terminal, written apart from each other, over HTTP: the driver's word is what the terminal's ledger has."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hardware.nexo.driver import NexoTerminal
from hardware.nexo.settings import NexoSettings
from kiosk.domain.faults import DeviceFault
from kiosk.domain.health import Ready
from kiosk.domain.money import Money
from kiosk.domain.payment import Approved, BatchTotals, Cancelled, Declined, PaymentOutcome, TransactionMark, Unresolved
from tests.hardware.nexo.driver.peer import IMPATIENT
from tests.hardware.nexo.wire import NexoWire, nexo_wire

BILL = Money(2_400)
REFERENCE = "AGALI-1-7KQ-000012"
FAULTS: dict[str, dict[str, Any]] = {
    "silent": {"do": "silent"},
    "late": {"do": "late", "ms": 300},
    "lose_answer": {"do": "lose_answer"},
    "half": {"do": "half", "bytes": 40},
    "double": {"do": "double"},
    "noise": {"do": "noise"},
    "http_error": {"do": "http_error", "status": 500, "done": True},
    "http_error_before": {"do": "http_error", "status": 500, "done": False},
    "wrong_service_id": {"do": "wrong_service_id"},
    "wrong_amount": {"do": "wrong_amount", "amount_minor": 2_300},
    "cut_at_card": {"do": "power_cut", "at": "card"},
    "cut_approved": {"do": "power_cut", "at": "approved"},
    "cut_recorded": {"do": "power_cut", "at": "recorded"},
    "decline": {"do": "decline"},
    "cancel": {"do": "cancel"},
    "busy": {"do": "busy"},
}


@pytest.fixture
def wire(tmp_path: Path) -> Iterator[NexoWire]:
    with nexo_wire(tmp_path / "memory") as wire:
        yield wire


@pytest.fixture
def terminal(wire: NexoWire) -> Iterator[NexoTerminal]:
    terminal = NexoTerminal(NexoSettings(port=wire.url, sale_id="KIOSK-1", poi_id=wire.poi_id, timings=IMPATIENT))
    yield terminal
    terminal.close()


def paid(terminal: NexoTerminal) -> tuple[TransactionMark, PaymentOutcome | DeviceFault]:
    """Pay as the kiosk does: the mark first, then the payment, settled where it was approved."""
    before = terminal.last_transaction()
    try:
        outcome: PaymentOutcome = terminal.pay(BILL, REFERENCE, lambda _progress: None)
        if isinstance(outcome, Approved):
            outcome = terminal.settle(REFERENCE)
    except DeviceFault as fault:
        return before, fault
    return before, outcome


def assert_true(wire: NexoWire, outcome: PaymentOutcome | DeviceFault) -> None:
    """Approved: exactly this sale stands. Anything else but a doubt: none does. Never more than one."""
    assert len([sale for sale in wire.sales if sale[2] in ("stored", "authorised")]) <= 1
    if isinstance(outcome, Approved):
        assert wire.charged_minor == outcome.authorisation.amount.minor == BILL.minor
    elif not isinstance(outcome, Unresolved):
        assert wire.charged_minor == 0


def test_a_sale_is_approved_and_stands(wire: NexoWire, terminal: NexoTerminal) -> None:
    """Approved and settled is one stored sale of this amount under this reference, and four digits of the card at most."""
    assert isinstance(terminal.health(), Ready)
    _, outcome = paid(terminal)
    assert isinstance(outcome, Approved)
    assert wire.sales == [(REFERENCE, BILL.minor, "stored")]
    assert sum(char.isdigit() for char in outcome.authorisation.masked_pan) <= 4


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_the_word_is_the_ledgers(wire: NexoWire, terminal: NexoTerminal, fault: dict[str, Any]) -> None:
    """Whatever goes wrong, what the driver says at once, and when it is asked later, is what the terminal has; a doubt stays one."""
    terminal.health()
    before = terminal.last_transaction()
    wire.do(**{"word": fault["do"], **{name: value for name, value in fault.items() if name != "do"}})
    try:
        outcome: PaymentOutcome | DeviceFault = terminal.pay(BILL, REFERENCE, lambda _progress: None)
        if isinstance(outcome, Approved):
            outcome = terminal.settle(REFERENCE)
    except DeviceFault as away:
        outcome = away
    wire.do("normal")
    assert_true(wire, outcome)
    assert_true(wire, terminal.outcome_of(REFERENCE, BILL, before))


def test_a_refused_card_is_declined(wire: NexoWire, terminal: NexoTerminal) -> None:
    """A bank's no is Declined, and asking later says that nothing was taken."""
    wire.do("decline")
    before, outcome = paid(terminal)
    assert isinstance(outcome, Declined)
    assert isinstance(terminal.outcome_of(REFERENCE, BILL, before), Declined | Cancelled)


def test_a_sale_is_given_back(wire: NexoWire, terminal: NexoTerminal) -> None:
    """A reversal is told as done only where the terminal's ledger has given the money back."""
    _, outcome = paid(terminal)
    assert isinstance(outcome, Approved)
    back = terminal.reverse(outcome.authorisation)
    assert isinstance(back, Cancelled | Unresolved)
    if isinstance(back, Cancelled):
        assert wire.charged_minor == 0


def test_the_day_is_closed(wire: NexoWire, terminal: NexoTerminal) -> None:
    """The totals of a closed batch are those of the terminal's ledger."""
    paid(terminal)
    totals = terminal.close_batch()
    assert isinstance(totals, BatchTotals)
    assert (totals.count, totals.amount) == (1, BILL)
