"""Somebody else's card comes into a visit: nothing of the first person's is seen or used by the second."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from kiosk.domain.health import Ready
from kiosk.domain.money import Money
from kiosk.domain.receipt import Printed
from kiosk.domain.secret import Secret
from kiosk.domain.signals import CardRefusal
from kiosk.journey import events as e
from kiosk.journey import events_key as k
from kiosk.journey.effects import (
    AwaitNote,
    Forget,
    Order,
    PrintPaper,
    StopWaiting,
    StopWatching,
    Submit,
    WaitForRemoval,
    WatchReaders,
)
from kiosk.journey.newcomer import goes_on
from kiosk.journey.patience import patience_s
from kiosk.journey.state import (
    Apology,
    Choosing,
    EnteringKey,
    Farewell,
    PresentingCard,
    Printing,
    StillThere,
    TakingPayment,
    Welcome,
)
from kiosk.journey.state_cash import AcknowledgingNote, ChoosingSurplus, TakingCash
from kiosk.journey.state_newcomer import EndedByCard
from kiosk.journey.turn import journey_of
from tests.journey.play import AYGUN, CERTIFICATE, MATTER, QUOTE, SALE, SERVICES, WAY, Play
from tests.journey.test_laws import events
from tests.journey.test_second_card import CHILD, CHILDS, read, to_second

WAITING = (
    "to_answering", "to_quoting", "to_confirming", "to_preparing", "to_preparing_cash", "to_matters", "to_asking_copy",
)  # fmt: skip
UNDER_WAY = (
    "to_taking", "to_settling", "to_submitting", "to_printing", "to_registering", "to_checking_sale", "to_filing_unregistered",
    "to_stacking_note", "to_acknowledging_note", "to_choosing_surplus", "to_returning_note", "to_checking_note",
    "to_printing_copy", "to_printing_document",
)  # fmt: skip


def another_comes(play: Play) -> Play:
    """A card is put in that was not the one read last."""
    journey = journey_of(play.state)
    assert journey is not None
    return play.event(e.AnotherCardCame(journey.card_order))


def test_the_readers_are_watched_from_the_reading_on():
    """With the visitor known every card that comes is told of, by the number of the reading it came after; the end ends that."""
    play = Play().to_answering()
    read_at = play.state.journey.card_order
    assert read_at
    assert WatchReaders(read_at) in play.effects
    assert StopWatching() in play.event(e.CancelPressed()).effects


@pytest.mark.parametrize("name", WAITING)
def test_a_card_that_nobody_asked_for_ends_the_visit(name):
    """Before money, the visit is over at once: its key is destroyed, and what is left on the screen is nobody's."""
    play = another_comes(getattr(Play(), name)())
    assert isinstance(play.state, EndedByCard)
    assert Forget(1) in play.effects
    assert WaitForRemoval(play.state.order) in play.effects
    told = play.state.journey
    assert (told.citizen, told.service, told.answers, told.quote, told.matters) == (None, None, {}, None, ())
    for known in (AYGUN.surname, AYGUN.document_number, "104558210", QUOTE.payer, MATTER.reference):
        assert known not in repr(play.kiosk.state)


def test_so_it_does_under_the_question_whether_anybody_is_there():
    """Whoever comes while the first person is asked whether they are still there cannot answer for them."""
    play = Play().to_confirming()
    play.event(e.TimedOut(play.kiosk.shown))
    assert isinstance(play.state, StillThere)
    assert isinstance(another_comes(play).state, EndedByCard)
    assert isinstance(play.event(e.MoreTimeWanted()).state, EndedByCard)


def test_the_card_may_be_taken_out():
    """Without another card the visit goes on, whether the one that was read lies there or not."""
    play = Play().to_answering().event(e.AnotherCardCame(0)).event(e.AnotherCardCame(99))
    assert play.state.journey.citizen == AYGUN
    assert not play.state.journey.came


def test_old_news_end_no_visit():
    """A card that came after the last visit's reading, told of late, does not end this one."""
    play = Play().to_answering()
    before = play.state.journey.card_order
    play.event(e.CancelPressed()).event(e.JourneyStarted("az")).event(e.ServiceChosen(CERTIFICATE))
    read(play, AYGUN).event(e.AnotherCardCame(before))
    assert play.state.journey.citizen == AYGUN


def test_the_newcomer_begins_with_an_empty_reader():
    """The message stands until it was read; a card still inside then is not the next visit's."""
    play = another_comes(Play().to_answering())
    assert patience_s(play.kiosk)
    play.event(e.LanguageChosen("en"))
    assert play.state.journey.language == "en"
    play.event(e.Acknowledged())
    assert isinstance(play.state, Welcome)
    play.event(e.JourneyStarted("en")).event(e.ServiceChosen(CERTIFICATE))
    assert (play.state.notice, play.state.fresh) == ("other_card", True)


def test_a_reader_that_was_emptied_is_ready_for_the_newcomer():
    """Once the card was taken the screen says so no more, and the next card that comes is the newcomer's own."""
    play = another_comes(Play().to_answering())
    play.event(e.CardTaken(play.order))
    assert not play.state.journey.card_inside
    play.event(e.TimedOut(play.kiosk.shown))
    assert isinstance(play.state, Welcome)
    play.event(e.JourneyStarted("en")).event(e.ServiceChosen(CERTIFICATE))
    assert (play.state.notice, play.state.fresh) == ("", False)


@pytest.mark.parametrize("name", UNDER_WAY)
def test_what_is_under_way_is_brought_to_its_end(name):
    """Where money or paper is under way nothing is dropped: the same state waits for the same answer."""
    play = getattr(Play(), name)()
    before = play.state
    another_comes(play)
    assert type(play.state) is type(before)
    assert play.state.order == before.order
    assert not [effect for effect in play.effects if isinstance(effect, Order)]


def test_a_payment_ends_as_ever_and_the_newcomers_card_has_to_be_taken():
    """The receipt comes, the farewell asks for the card that lies there, and nothing leads back into the visit."""
    play = another_comes(Play().to_taking())
    play.event(e.PaymentApproved(play.order, SALE, settled=True)).event(e.SubmissionAccepted(play.order, "R-1"))
    assert isinstance(play.state, Printing)
    play.event(e.ReceiptEnded(play.order, Printed()))
    assert isinstance(play.state, Farewell)
    assert play.state.card_inside
    assert WaitForRemoval(play.order) in play.effects
    assert isinstance(play.event(e.Acknowledged()).state, Welcome)


@pytest.mark.parametrize("answer", [e.PaymentDeclined, e.PaymentCancelled])
def test_a_payment_that_came_to_nothing_leads_nowhere(answer):
    """Declined or stopped, the bill is not shown again: the visit is over."""
    play = another_comes(Play().to_taking())
    assert isinstance(play.state, TakingPayment)
    play.event(answer(play.order, "05") if answer is e.PaymentDeclined else answer(play.order))
    assert isinstance(play.state, EndedByCard)
    assert not [order for order in play.orders if isinstance(order, Submit)]


def test_an_acceptor_that_waits_for_the_first_note_is_told_to_stop():
    """No note of the second person's is taken for the first one's bill; with none in the box the visit is over."""
    play = another_comes(Play().to_taking_cash())
    assert StopWaiting("cash") in play.effects
    assert isinstance(play.state, TakingCash)
    play.event(e.NoNoteCame(play.order))
    assert isinstance(play.state, EndedByCard)


def too_big(play: Play) -> Play:
    """A note is on its way back that the bill is too small for."""
    return play.to_taking_cash().event(e.NoteHeld(play.order, Money(20000)))


def not_wanted(play: Play) -> Play:
    """The citizen wants no surplus, and the note is on its way back."""
    bill = replace(QUOTE, amount=Money(900))
    play.event(e.HealthChanged("cash", Ready())).to_quoting()
    play.event(e.AmountQuoted(play.order, bill)).event(e.PaymentConfirmed("cash")).event(e.CashPrepared(play.order))
    play.event(e.NoteHeld(play.order, Money(2000))).event(e.SurplusChosen("return"))
    return play.event(e.NoteKept(play.order))


@pytest.mark.parametrize("on_its_way", [Play.to_stacking_note, Play.to_checking_note, too_big, not_wanted])
def test_a_first_note_that_comes_back_is_not_followed_by_another(on_its_way):
    """Whichever way the first note comes back, nobody's next note is taken for the first person's bill."""
    play = another_comes(on_its_way(Play()))
    play.event(e.NoteReturned(play.order))
    assert isinstance(play.state, EndedByCard | Apology)
    assert not [effect for effect in play.effects if isinstance(effect, AwaitNote)]


def test_a_card_payment_goes_on():
    """A bank card held to the wrong reader is likelier than a stranger: the terminal goes on waiting for it."""
    play = another_comes(Play().to_taking())
    assert not [effect for effect in play.effects if isinstance(effect, StopWaiting)]
    assert not play.state.stopping


def test_notes_in_the_box_are_not_given_up():
    """With notes in the box the order goes on to its end, a receipt or a claim."""
    play = another_comes(Play().to_acknowledging_note())
    assert isinstance(play.state, AcknowledgingNote)
    play.event(e.NoteAcknowledged(play.order))
    assert isinstance(play.state, TakingCash)
    play.event(e.CancelPressed()).event(e.NoNoteCame(play.order)).event(e.ClaimFiled(play.order, delivered=True))
    assert isinstance(play.orders[-1], PrintPaper)
    play.event(e.ReceiptEnded(play.order, Printed()))
    assert isinstance(play.state, Farewell)


def test_a_first_note_in_escrow_goes_back():
    """A note that is not in the box yet, and brings a surplus nobody has decided on, is given back before the visit ends."""
    bill = replace(QUOTE, amount=Money(900))
    play = Play().event(e.HealthChanged("cash", Ready())).to_quoting()
    play.event(e.AmountQuoted(play.order, bill)).event(e.PaymentConfirmed("cash")).event(e.CashPrepared(play.order))
    play.event(e.NoteHeld(play.order, Money(2000)))
    assert isinstance(play.state, ChoosingSurplus)
    another_comes(play).event(e.NoteKept(play.order)).event(e.NoteReturned(play.order))
    assert isinstance(play.state, EndedByCard)


def test_a_card_at_the_farewell_is_asked_for():
    """The visit is over anyway: the card put in at the farewell is asked to be taken, and then the screen is as before."""
    play = Play().to_farewell()
    play.event(e.CardTaken(play.order))
    assert not play.state.card_inside
    another_comes(play)
    assert isinstance(play.state, Farewell)
    assert play.state.card_inside
    assert WaitForRemoval(play.order) in play.effects
    assert not play.event(e.CardTaken(play.order)).state.card_inside


def test_an_apology_stays():
    """What could not be done is still told; the card inside is not the next visit's."""
    play = Play().to_quoting()
    play.event(e.QuoteRefused(play.order, "nothing-due"))
    assert isinstance(another_comes(play).state, Apology)
    play.event(e.Acknowledged())
    assert play.kiosk.card_left


# --- while a second card is asked for ---
def test_back_before_any_second_card_keeps_the_visitor():
    """As long as no other card came, going back is going back."""
    play = to_second().event(e.WentBack())
    assert isinstance(play.state, Choosing)
    assert play.state.journey.citizen == AYGUN


def came_seen(play: Play) -> Play:
    """The watch saw it, the wait for it has not ended yet."""
    return another_comes(play)


def came_asked(play: Play) -> Play:
    """It lies there and its digits are asked for."""
    return play.event(e.CardInserted(play.order))


def came_refused(play: Play) -> Play:
    """It was taken out while it was read."""
    play.event(e.CardInserted(play.order)).event(e.AccessKeyEntered(Secret("246810")))
    return play.event(e.CardRefused(play.order, CardRefusal("removed")))


def came_without_chip(play: Play) -> Play:
    """It was put in and taken out, and another one has no chip."""
    return came_refused(play).event(k.ChipMissing())


def came_read(play: Play) -> Play:
    """It was read, and is the child's."""
    return read(play, CHILD)


CAME = (came_seen, came_asked, came_refused, came_without_chip, came_read)


@pytest.mark.parametrize("came", CAME)
@pytest.mark.parametrize("service", [CERTIFICATE, SERVICES["my-payments"]])
def test_back_after_the_second_card_came_is_nobody(came, service):
    """However far it came, whoever then goes back to the services is unknown, and the first card is asked for again."""
    play = came(to_second())
    play.event(e.Acknowledged() if came is came_without_chip else e.WentBack())
    assert isinstance(play.state, Choosing)
    assert play.state.journey.citizen is None
    assert StopWatching() in play.effects
    play.event(e.ServiceChosen(service))
    assert isinstance(play.state, PresentingCard)
    assert play.state.fresh


def test_the_second_card_that_was_asked_for_ends_nothing():
    """Being seen to come is what it was asked for: its digits are asked for as ever."""
    play = another_comes(to_second()).event(e.CardInserted(to_second().order))
    assert isinstance(play.state, EnteringKey)
    assert play.state.journey.citizen == AYGUN


def test_a_third_card_ends_the_visit():
    """After the child's card was read, any other one ends the visit."""
    play = read(to_second(CHILDS), CHILD)
    assert WatchReaders(play.state.journey.card_order) in play.effects
    assert isinstance(another_comes(play).state, EndedByCard)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(WAY), st.integers(0, 10), st.lists(events(), max_size=15), st.booleans())
def test_no_way_leads_back(name, at, more, told):
    """Whatever happens after another card came, no state shows the first person's visit that has nothing to be brought to its end."""
    play = getattr(Play(), name)()
    for index, event in enumerate(more):
        if told and index == min(at, len(more) - 1) and (journey := journey_of(play.state)) and journey.card_order:
            another_comes(play)
        play.event(event)
        journey = journey_of(play.state)
        if journey is not None and journey.came:
            assert journey.came == "second" or goes_on(play.state, journey)
            assert not isinstance(play.state, Choosing)
