"""Edges of the journey where money, identity or rest could go wrong."""

import pytest

from kiosk.domain.receipt import Printed
from kiosk.domain.signals import CardRefusal, PanelReading
from kiosk.journey import events as e
from kiosk.journey.effects import Forget, Light, Order, PreparePayment, ReversePayment, Submit, WaitForCard
from kiosk.journey.machine import step
from kiosk.journey.patience import ASKS_AFTER_S, ENDS_AFTER_S, patience_s
from kiosk.journey.state import (
    Apology,
    AskingPin,
    Confirming,
    Farewell,
    FilingClaim,
    PresentingCard,
    Printing,
    ReversingPayment,
    Servicing,
    StillThere,
    Welcome,
)
from tests.journey.play import AYGUN, CERTIFICATE, ELECTRICITY, QUOTE, SALE, WAY, Play


def test_a_quote_does_not_outlive_its_service():
    """After going back from a bill, a free service is free: the bill's quote is gone."""
    play = Play().to_confirming().event(e.WentBack()).event(e.WentBack()).event(e.ServiceChosen(CERTIFICATE))
    assert isinstance(play.state, Confirming)
    play.event(e.PaymentConfirmed())
    assert not any(isinstance(order, PreparePayment) for order in play.orders)
    assert isinstance(play.orders[-1], Submit)
    assert play.orders[-1].submission.quote_id == ""


@pytest.mark.parametrize("name", WAY)
def test_every_time_out_brings_another_screen(name):
    """Where a screen has patience, its time-out leads on: none can fire for ever."""
    play = getattr(Play(), name)()
    if patience_s(play.kiosk) is None:
        return
    shown = play.kiosk.shown
    play.event(e.TimedOut(shown))
    assert play.kiosk.shown != shown


def test_a_technician_who_walks_away_is_logged_out():
    """The technician's screen times out to the PIN, and the PIN's screen waits without a clock for the door."""
    play = Play().to_choosing().event(e.CancelPressed()).event(e.PanelChanged(PanelReading(door_open=True)))
    assert isinstance(play.state, AskingPin)
    assert patience_s(play.kiosk) is None
    play.kiosk = play.kiosk.__class__(
        **{f: getattr(play.kiosk, f) for f in play.kiosk.__struct_fields__} | {"state": Servicing()}
    )
    play.event(e.TimedOut(play.kiosk.shown))
    assert isinstance(play.state, AskingPin)


def test_paid_and_not_kept_is_given_back():
    """A payment whose submission could not be kept is given back, not called "delivered later"."""
    play = Play().to_submitting()
    play.event(e.DeviceFailed(play.order, "central", "not_kept", "disk full"))
    assert isinstance(play.state, ReversingPayment)
    assert isinstance(play.orders[-1], ReversePayment)


def test_a_reversal_refused_before_the_cut_becomes_a_claim():
    """Asked after a power cut, a terminal whose last word was to refuse the reversal leaves a claim, not a wait without end."""
    play = Play().to_submitting()
    play.event(e.SubmissionRefused(play.order, "not-due"))
    assert isinstance(play.state, ReversingPayment)
    play.event(e.PowerRestored("1"))
    play.event(e.PaymentDeclined(play.order, "B5"))
    assert isinstance(play.state, FilingClaim)
    assert play.state.journey.doubt == "undelivered"


def test_kept_and_overdue_is_delivered_later():
    """A submission that is kept and not answered in time is delivered later, and the receipt says so."""
    play = Play().to_submitting()
    play.event(e.OrderOverdue(play.order))
    assert isinstance(play.state, Printing)
    assert play.state.journey.deferred


def test_a_claim_that_cannot_be_kept_sends_to_people():
    """A claim that could not even be kept is never called filed."""
    play = Play().to_taking()
    play.event(e.PaymentUnresolved(play.order, "line lost"))
    play.event(e.PaymentUnresolved(play.order, "line lost"))
    assert isinstance(play.state, FilingClaim)
    play.event(e.DeviceFailed(play.order, "central", "not_kept"))
    assert play.state.journey.doubt == "unfiled"


def test_a_restart_at_rest_destroys_the_last_key():
    """A power cut between a visit's last event and the destruction of its key is made good at the next start."""
    play = Play().to_farewell().event(e.Acknowledged())
    play.effects = ()
    play.restart()
    assert Forget(1) in play.effects


def test_the_question_stays_until_it_is_answered():
    """A device that merely asks to wait longer does not take the question away."""
    play = Play().to_card()
    play.event(e.TimedOut(play.kiosk.shown))
    assert isinstance(play.state, StillThere)
    play.event(e.NoCardCame(play.order))
    assert isinstance(play.state, StillThere)
    play.event(e.CardInserted(play.order))
    assert type(play.state).__name__ == "EnteringKey"


def test_a_card_left_behind_is_not_the_next_citizens():
    """After a visit that ended with a card in the reader, the next citizen's card is one inserted anew."""
    play = Play().to_answering().event(e.CancelPressed())
    assert play.kiosk.card_left
    play.event(e.JourneyStarted("ru")).event(e.ServiceChosen(ELECTRICITY))
    assert play.orders[-1] == WaitForCard(play.order, fresh=True)
    play.event(e.NoCardCame(play.order))
    assert play.orders[-1].fresh
    play.event(e.CardInserted(play.order))
    assert not play.kiosk.card_left


def test_a_card_that_was_taken_is_not_left_behind():
    """A visit whose card was taken ends with an empty reader."""
    play = Play().to_farewell()
    play.event(e.CardTaken(play.order)).event(e.Acknowledged())
    assert not play.kiosk.card_left


def test_after_too_many_wrong_numbers_the_card_must_come_out_first():
    """Three wrong numbers ask for the card anew, however long the citizen takes."""
    play = Play().to_reading()
    for _ in range(2):
        play.event(e.CardRefused(play.order, CardRefusal("wrong_key")))
        play.event(e.AccessKeyEntered(play.orders[-1].key))
    play.event(e.CardRefused(play.order, CardRefusal("wrong_key")))
    assert isinstance(play.state, PresentingCard)
    assert play.state.notice == "wrong_key_too_often"
    assert play.orders[-1].fresh
    play.event(e.NoCardCame(play.order))
    assert play.orders[-1].fresh


def test_a_cut_while_giving_back_is_asked_about():
    """After a power cut in a reversal the terminal is asked: back is back, and what still stands is a claim."""
    for answer, expected in ((e.PaymentCancelled, Printing), (lambda o: e.PaymentApproved(o, SALE, True), FilingClaim)):
        play = Play().to_submitting()
        play.event(e.SubmissionRefused(play.order, "quote-unknown")).restart()
        assert isinstance(play.state, ReversingPayment)
        play.event(answer(play.order))
        assert isinstance(play.state, expected)


def test_every_attempt_has_a_reference_of_its_own():
    """A second try after a declined card has another reference, and both name kiosk, epoch and visit."""
    play = Play()
    play.kiosk = play.first = play.kiosk.__class__(play.kiosk.id, play.kiosk.services, epoch="7K3")
    play.to_taking()
    first = play.state.journey.reference
    play.event(e.PaymentDeclined(play.order, "05")).event(e.PaymentConfirmed())
    play.event(e.PaymentPrepared(play.order, QUOTE and play.state.journey.before))
    assert (first, play.state.journey.reference) == ("AGALI-1-7K3-000001", "AGALI-1-7K3-000001-2")


def test_the_lamps_are_set_anew_after_a_start():
    """After a start nothing is known of the lamps, so each is set."""
    play = Play().to_printing().restart()
    assert {effect.lamp for effect in play.effects if isinstance(effect, Light)} == {"card", "terminal", "printer"}


def test_a_changed_language_keeps_what_was_entered():
    """The language can be changed on the way to paying, and nothing entered is lost."""
    play = Play().to_confirming().event(e.LanguageChosen("ru"))
    assert (play.kiosk.language, play.state.journey.language) == ("ru", "ru")
    assert play.state.journey.answers == {"customer_number": "104558210"}
    assert play.state.journey.citizen == AYGUN


def test_an_opened_door_ends_a_visit_before_money_and_not_during():
    """A door that opens ends a visit that has not come to paying; a payment under way goes on."""
    opened = e.PanelChanged(PanelReading(door_open=True))
    assert isinstance(Play().to_confirming().event(opened).state, Apology)
    play = Play().to_taking()
    before = type(play.state)
    assert type(play.event(opened).state) is before


def test_the_farewell_waits_for_the_card():
    """A farewell with the card inside outlasts one without."""
    play = Play().to_farewell()
    with_card = patience_s(play.kiosk)
    assert isinstance(play.state, Farewell)
    play.event(e.CardTaken(play.order))
    assert with_card > patience_s(play.kiosk)


def test_patience_is_generous_enough():
    """Nobody is asked before a minute has passed, and the question stands for 20 s at least (WCAG 2.2.1)."""
    assert min(ASKS_AFTER_S.values()) >= 60
    assert ENDS_AFTER_S[StillThere] >= 20


def test_a_free_service_is_repeated_as_the_same_submission():
    """After a power cut a certificate is asked for again with the same reference, time and content."""
    play = Play().to_answering(CERTIFICATE).event(e.PaymentConfirmed())
    before = play.orders[-1].submission
    play.restart()
    assert play.orders[-1].submission == before


def test_a_step_orders_nothing_at_rest():
    """A device's condition changes nothing on the welcome screen but what can be chosen."""
    play = Play().event(e.PowerRestored("1"))
    entry = e.Entry(99, 0, e.ReceiptEnded(3, Printed()))
    kiosk, effects = step(play.kiosk, entry)
    assert isinstance(kiosk.state, Welcome)
    assert not [effect for effect in effects if isinstance(effect, Order)]
