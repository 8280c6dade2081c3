"""Paying in cash on the pure machine: exact amounts, surpluses, ways out, and power cuts at every note."""

import pytest

from kiosk.domain.health import Failed, Ready
from kiosk.domain.money import Money
from kiosk.domain.payment import TransactionMark
from kiosk.journey import events as e
from kiosk.journey.effects import (
    AcknowledgeNote,
    AwaitNote,
    FileClaim,
    QueryNote,
    StackNote,
    StopWaiting,
    Submit,
    TakePayment,
)
from kiosk.journey.readiness import methods
from kiosk.journey.state import Apology, Confirming, FilingClaim, Submitting
from kiosk.journey.state_cash import (
    AcknowledgingNote,
    CheckingNote,
    ChoosingSurplus,
    PreparingCash,
    ReturningNote,
    StackingNote,
    TakingCash,
)
from kiosk.journey.state_paper import AgreeingNoPaper
from tests.journey.play import MARK, SALE, Play

DUE = Money(2400)


def cash() -> Play:
    """A bill of 24.00 to be paid, with an acceptor that works, waiting for the first note."""
    play = Play().event(e.HealthChanged("cash", Ready())).to_confirming().event(e.PaymentConfirmed("cash"))
    return play.event(e.CashPrepared(play.order))


def hold(play, minor):
    return play.event(e.NoteHeld(play.order, Money(minor)))


def stack(play, minor):
    hold(play, minor)
    play.event(e.NoteStacked(play.order, Money(minor)))
    return play.event(e.NoteAcknowledged(play.order))


def surplus(play, to):
    """Ten manat too much: the citizen says what becomes of it."""
    stack(play, 2000)
    hold(play, 1000)
    play.event(e.SurplusChosen(to))
    return play.event(e.NoteKept(play.order))


def claimed(play):
    return next(order.claim for order in play.orders if isinstance(order, FileClaim))


def test_the_exact_amount_is_submitted_note_by_note():
    """Notes that reach the amount due are submitted, each with a uid of its own, and no further note is let in."""
    play = stack(stack(stack(cash(), 2000), 200), 200)
    assert isinstance(play.state, Submitting)
    paid = play.orders[-1].submission.cash
    assert (paid.total, paid.surplus, paid.surplus_to) == (DUE, Money(0), None)
    assert [note.uid for note in paid.notes] == [f"{play.state.journey.reference}-N{k}" for k in (1, 2, 3)]
    assert sum(isinstance(order, AwaitNote) for order in play.orders) == 3


def test_no_note_is_let_in_above_what_is_due_and_the_surplus_allowed():
    """What the acceptor may take is what is still due and the configured surplus."""
    assert cash().orders[-1] == AwaitNote(cash().order, Money(2400 + 2000))
    assert stack(cash(), 2000).orders[-1].most == Money(400 + 2000)


def test_a_surplus_is_shown_before_the_note_is_stacked():
    """A note worth more than is due stays in escrow until the citizen has chosen and it is known to lie there still."""
    play = hold(stack(cash(), 2000), 1000)
    assert isinstance(play.state, ChoosingSurplus)
    play.event(e.SurplusChosen("account"))
    assert play.effects == (StopWaiting("cash"),)
    assert isinstance(play.event(e.NoteKept(play.order)).state, StackingNote)


@pytest.mark.parametrize("to", ["account", "claim"])
def test_the_surplus_goes_where_the_citizen_chose(to):
    """The submission says how much too much was paid and where that goes."""
    play = surplus(cash(), to)
    play.event(e.NoteStacked(play.order, Money(1000)))
    play.event(e.NoteAcknowledged(play.order))
    paid = play.orders[-1].submission.cash
    assert (paid.total, paid.surplus, paid.surplus_to) == (Money(3000), Money(600), to)


def test_without_a_choice_the_note_goes_back():
    """A note that nobody chose about is given back when the time is up, and the next one is waited for."""
    play = hold(stack(cash(), 2000), 1000)
    play.event(e.NoteKept(play.order))
    assert isinstance(play.state, ReturningNote)
    play.event(e.NoteReturned(play.order))
    assert (type(play.state), play.state.notice) == (TakingCash, "note_returned")
    assert not any(order.value == Money(1000) for order in play.orders if isinstance(order, StackNote))


def test_cancelling_before_any_note_takes_nothing():
    """The citizen who has put nothing in is back at the bill."""
    play = cash().event(e.CancelPressed())
    assert play.effects == (StopWaiting("cash"),)
    assert isinstance(play.event(e.NoNoteCame(play.order)).state, Confirming)


def test_cancelling_after_notes_gives_a_claim():
    """Notes that are stacked cannot be given back: the centre is told, and the slip has the reference as its code."""
    play = stack(cash(), 2000).event(e.CancelPressed())
    play.event(e.NoNoteCame(play.order))
    assert isinstance(play.state, FilingClaim)
    assert (claimed(play).kind, claimed(play).amount, claimed(play).cash.total) == (
        "undelivered",
        Money(2000),
        Money(2000),
    )
    assert play.event(e.ClaimFiled(play.order, delivered=True)).orders[-1].paper == "claim"


def test_a_note_that_comes_after_cancel_goes_back():
    """A note held when the acceptor had been told to stop is the citizen's."""
    play = hold(cash().event(e.CancelPressed()), 200)
    assert isinstance(play.state, ReturningNote)
    assert isinstance(play.event(e.NoteReturned(play.order)).state, Confirming)


def test_a_citizen_who_is_gone_ends_it():
    """Three waits without a note end the payment."""
    play = stack(cash(), 200)
    for _ in range(3):
        play.event(e.NoNoteCame(play.order))
    assert isinstance(play.state, FilingClaim)


def test_a_note_in_doubt_is_asked_about_and_then_claimed_and_never_counted():
    """A note that the acceptor cannot tell of is asked about once; then it is a claim of its own value, not part of the order."""
    play = hold(cash(), 1000)
    play.event(e.NoteUnresolved(play.order, "jam"))
    assert play.orders[-1] == QueryNote(play.order, Money(1000), stacking=True)
    play.event(e.NoteUnresolved(play.order, "jam"))
    claim = claimed(play)
    assert (claim.kind, claim.amount, claim.cash) == ("unresolved", Money(1000), None)
    assert claim.doubtful.uid == f"{claim.reference}-N1"
    assert not any(isinstance(order, Submit) for order in play.orders)


@pytest.mark.parametrize(("reach", "stacking", "value"), [
    (cash, False, 0), (lambda: hold(stack(cash(), 2000), 1000), False, 1000), (lambda: hold(cash(), 200), True, 200),
])  # fmt: skip
def test_a_power_cut_asks_about_the_open_note(reach, stacking, value):
    """After a power cut the acceptor is asked about the note that was open; nothing is stacked again."""
    play = reach()
    ordered = sum(isinstance(order, StackNote) for order in play.orders)
    for _ in range(2):
        play.restart()
        assert isinstance(play.state, CheckingNote)
        assert play.orders[-1] == QueryNote(play.order, Money(value), stacking=stacking)
    assert sum(isinstance(order, StackNote) for order in play.orders) == ordered


def test_a_power_cut_after_the_note_is_on_disk_acknowledges_it_again():
    """A journalled note is counted once, however often the power fails before it is acknowledged."""
    play = hold(cash(), 200)
    play.event(e.NoteStacked(play.order, Money(200))).restart().restart()
    assert isinstance(play.state, AcknowledgingNote)
    assert isinstance(play.orders[-1], AcknowledgeNote)
    assert len(play.state.journey.notes) == 1


def test_enough_at_a_power_cut_is_submitted():
    """A last note that turns out to be stacked completes the order, whoever stands there."""
    play = hold(stack(stack(cash(), 2000), 200), 200).restart()
    play.event(e.NoteStacked(play.order, Money(200)))
    assert isinstance(play.event(e.NoteAcknowledged(play.order)).state, Submitting)


def test_too_little_at_a_power_cut_is_claimed():
    """What was put in before the power failed is claimed; with nothing in, it is an apology."""
    play = stack(cash(), 2000).restart()
    assert isinstance(play.event(e.NoteReturned(play.order)).state, FilingClaim)
    play = cash().restart()
    assert isinstance(play.event(e.NoteReturned(play.order)).state, Apology)


def test_the_rest_by_card():
    """After a note the rest is paid by card: the terminal takes what the notes have left, under the same reference."""
    play = stack(cash(), 2000)
    reference = play.state.journey.reference
    play.event(e.PaymentConfirmed("card")).event(e.NoNoteCame(play.order))
    play.event(e.PaymentPrepared(play.order, MARK))
    assert play.orders[-1] == TakePayment(play.order, Money(400), reference)
    sale = type(SALE)(Money(400), TransactionMark("0002"))
    play.event(e.PaymentApproved(play.order, sale))
    play.event(e.PaymentSettled(play.order))
    assert (play.orders[-1].submission.cash.total, play.orders[-1].submission.payment) == (Money(2000), sale)


def test_a_declined_rest_goes_on_in_cash():
    """When the card is declined, the notes still count and the next one is waited for."""
    play = stack(cash(), 2000).event(e.PaymentConfirmed("card"))
    play.event(e.NoNoteCame(play.order)).event(e.PaymentPrepared(play.order, MARK))
    play.event(e.PaymentDeclined(play.order, "05"))
    assert (type(play.state), play.state.journey.inserted) == (TakingCash, Money(2000))


def test_undeliverable_after_cash_is_claimed():
    """What the centre will not carry out after notes were taken becomes a claim, since the kiosk cannot give notes back."""
    play = stack(stack(stack(cash(), 2000), 200), 200)
    play.event(e.SubmissionRefused(play.order, "quote-unknown"))
    assert (claimed(play).kind, claimed(play).amount) == ("undelivered", DUE)


@pytest.mark.parametrize("device", ["cash", "central", "printer"])
def test_law_9_no_note_is_taken_without_receipt_and_recovery(device):
    """Without acceptor or centre no note is asked for, and without a printer not before the citizen has agreed to that."""
    play = (
        Play().event(e.HealthChanged("cash", Ready())).to_confirming().event(e.HealthChanged(device, Failed("absent")))
    )
    play.event(e.PaymentConfirmed("cash"))
    assert isinstance(play.state, AgreeingNoPaper if device == "printer" else Apology)


def test_law_9_cash_is_prepared_before_the_first_note():
    """Acceptor and outbox are asked before a note is; when they do not stand, nothing is taken."""
    play = Play().event(e.HealthChanged("cash", Ready())).to_confirming().event(e.PaymentConfirmed("cash"))
    assert isinstance(play.state, PreparingCash)
    assert isinstance(play.event(e.DeviceFailed(play.order, "cash", "no_keeping")).state, Apology)


def test_a_kiosk_without_an_acceptor_offers_the_card_alone():
    """Nothing changes where no acceptor has told how it is."""
    assert methods({}) == ("card",)
    assert methods({"cash": Ready(), "terminal": Failed("absent")}) == ("cash",)
