"""The technician's card in the journey: what is asked, what is told, what a role allows, and who is written down."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from kiosk.domain.health import Ready
from kiosk.domain.secret import Secret
from kiosk.domain.signals import PanelReading
from kiosk.domain.technician import Technician, TechnicianRefusal
from kiosk.journal.codec import from_row, to_row
from kiosk.journey import events as e
from kiosk.journey.effects import (
    CheckPin,
    CheckTechnicianCard,
    FileClaim,
    PrintCollection,
    PrintReport,
    TestDevices,
    WaitForCard,
)
from kiosk.journey.patience import patience_s
from kiosk.journey.state import AskingPin, Kiosk, Servicing, Welcome
from kiosk.journey.state_cash import CollectingCash
from kiosk.journey.state_technician import PINS_ALLOWED, AskingCard
from tests.journey.play import ELECTRICITY, Play

ELCIN = Technician("Elçin Quliyev", "4F1C", ("technician",))
RANA = Technician("Rəna Əliyeva", "77", ("cash-collector",))
BOTH = Technician("Orxan Əliyev", "78", ("technician", "cash-collector"))
PIN = Secret("246810")
CLOSED, OPEN = PanelReading(), PanelReading(door_open=True)


def let_in(who: Technician) -> Play:
    play = Play().to_checking_card()
    return play.event(e.TechnicianAccepted(play.order, who))


def refused(reason: str, left: int = -1, play: Play | None = None) -> Play:
    play = play or Play().to_asking_card()
    play.event(e.PinEntered(PIN))
    return play.event(e.TechnicianRefused(play.order, TechnicianRefusal(reason, left, serial="4F")))  # type: ignore[arg-type]


@pytest.mark.parametrize(("way_in", "state"), [("pin", AskingPin), ("card", AskingCard), ("card_or_pin", AskingCard)])
def test_the_configuration_says_how_staff_come_in(way_in, state):
    """With the door open the screen asks for what is configured, and waits without a clock."""
    play = Play().to_asking_card(way_in)
    assert isinstance(play.state, state)
    assert patience_s(play.kiosk) is None


def test_the_pin_goes_to_the_card():
    """One order: the card is asked with the PIN that was typed, and a second PIN meanwhile is none."""
    play = Play().to_checking_card()
    assert isinstance(play.orders[-1], CheckTechnicianCard)
    assert not play.orders[-1].last_try
    play.event(e.PinEntered(PIN))
    assert len([each for each in play.orders if isinstance(each, CheckTechnicianCard)]) == 1


@pytest.mark.parametrize("remark", ["", "no_list", "list_overdue"])
def test_the_technician_is_let_in_and_told_of_an_old_list(remark):
    """The servicing screen comes, with what there is to know of the revocation list."""
    play = let_in(replace(ELCIN, remark=remark))
    assert play.state == Servicing(notice=remark)


def test_who_serviced_is_in_the_journal():
    """The entry holds name and serial number of the certificate as they are: a record of staff, not of a citizen."""
    body, personal = to_row(e.TechnicianAccepted(3, ELCIN))
    assert personal is None
    assert "Elçin Quliyev" in body
    assert "4F1C" in body
    assert from_row(body, None) == e.TechnicianAccepted(3, ELCIN)


def test_entries_from_before_there_were_cards_are_read():
    """A journal of an older version replays: the PIN let somebody in, and nobody knows whom."""
    assert from_row('{"type":"TechnicianAccepted","order":3}', None) == e.TechnicianAccepted(3)
    assert from_row('{"type":"TechnicianRefused","order":3}', None) == e.TechnicianRefused(3)
    assert from_row('{"type":"CashCollected","counted":null}', None) == e.CashCollected()


def test_the_card_alone_never_lets_in_without_a_name():
    """An acceptance that names nobody opens nothing where a card was asked."""
    play = Play().to_checking_card()
    assert isinstance(play.event(e.TechnicianAccepted(play.order)).state, AskingCard)


@pytest.mark.parametrize(
    ("reason", "left", "last"), [("wrong_pin", 2, ""), ("wrong_pin", 1, "4F"), ("last_try", 1, "4F")]
)
def test_the_last_try_is_spent_only_after_the_warning(reason, left, last):
    """Only once the screen has said that one try is left does the next PIN go out as the last one, to that very card."""
    play = refused(reason, left)
    assert (play.state.notice, play.state.tries_left) == (reason, left)
    play.event(e.PinEntered(PIN))
    assert play.orders[-1].last_try == last


def test_a_failed_reader_forgets_the_warning():
    """Where nobody knows what the card counted, the last try has to be warned of anew."""
    play = refused("last_try", 1)
    play.event(e.PinEntered(PIN))
    play.event(e.DeviceFailed(play.order, "card", "silent"))
    assert (play.state.notice, play.state.tries_left) == ("failed", -1)
    assert play.event(e.PinEntered(PIN)).orders[-1].last_try == ""


def test_each_refusal_is_a_screen_of_its_own():
    """The same mistake twice brings the screen anew, so that a late touch does not count."""
    play = refused("no_card")
    shown = play.kiosk.shown
    assert refused("no_card", play=play).kiosk.shown > shown


def test_the_way_in_can_be_changed_and_forgives_nothing():
    """From card to PIN and back: wrong PINs are counted on, and a locked pad stays locked."""
    play = Play().to_asking_card().event(e.WayInChosen("pin"))
    for _ in range(PINS_ALLOWED):
        play.event(e.PinEntered(PIN))
        assert isinstance(play.orders[-1], CheckPin)
        play.event(e.TechnicianRefused(play.order)).event(e.WayInChosen("card")).event(e.WayInChosen("pin"))
    assert play.state == AskingPin(PINS_ALLOWED, locked=True)
    refused("wrong_pin", 2, play.event(e.WayInChosen("card")))
    assert play.event(e.WayInChosen("pin")).state.locked


@pytest.mark.parametrize("way_in", ["card", "pin"])
def test_what_is_not_configured_cannot_be_chosen(way_in):
    """Where only one way in is configured, the other does not open by any event."""
    play = Play().to_asking_card(way_in)
    before = play.state
    assert play.event(e.WayInChosen("pin")).event(e.WayInChosen("card")).state == before


@pytest.mark.parametrize(("who", "tests", "collects"), [(ELCIN, True, False), (RANA, False, True), (BOTH, True, True)])
def test_the_role_decides_what_may_be_done(who, tests, collects):
    """A technician tests and prints, a cash collector takes the cash box, and whoever is both does both."""
    play = let_in(who).event(e.TestWanted(("card",)))
    assert isinstance(play.orders[-1], TestDevices) is tests
    play = let_in(who).event(e.ReportWanted())
    assert isinstance(play.orders[-1], PrintReport) is tests
    assert isinstance(let_in(who).event(e.CollectionWanted()).state, CollectingCash) is collects


def test_the_kiosks_own_pin_allows_everything():
    """Without a card nobody is known, and everything can be done, as before."""
    assert isinstance(Play().to_servicing().event(e.CollectionWanted()).state, CollectingCash)
    assert isinstance(Play().to_servicing().event(e.ReportWanted()).orders[-1], PrintReport)


def test_the_report_names_who_is_there():
    """The readiness report says whose card let in; with the PIN it names nobody."""
    assert let_in(ELCIN).event(e.ReportWanted()).orders[-1].by == ELCIN
    assert Play().to_servicing().event(e.ReportWanted()).orders[-1].by is None


def test_the_collection_names_who_took_it():
    """Slip, message to the centre and journal name the collector, after a power cut in between as well."""
    play = let_in(RANA).event(e.CollectionWanted())
    play.event(e.CashCollected())
    (told,) = [each.claim for each in play.orders if isinstance(each, FileClaim)]
    assert told.evidence.endswith("; by Rəna Əliyeva, certificate 77")
    play.event(e.ClaimFiled(play.order, delivered=True))
    assert isinstance(play.orders[-1], PrintCollection)
    assert play.orders[-1].collection.by == RANA
    play.restart()
    assert play.orders[-1].copy == 1
    assert play.orders[-1].collection.by == RANA


@pytest.mark.parametrize("event", [e.ServicingEnded(), e.PanelChanged(CLOSED)])
def test_afterwards_nobody_is_known(event):
    """Done, or the door closed: the next one has to prove who it is."""
    play = let_in(BOTH).event(event)
    assert play.kiosk.technician is None
    assert isinstance(play.event(e.PanelChanged(OPEN)).state, AskingCard)


def test_a_card_left_in_the_reader_is_not_the_next_citizens():
    """After a technician's card, whatever came of it, the next citizen's must be put in anew."""
    for play in (let_in(ELCIN), refused("untrusted"), refused("not_a_technician_card")):
        play.event(e.PanelChanged(CLOSED))
        assert isinstance(play.state, Welcome)
        play.event(e.JourneyStarted("az")).event(e.ServiceChosen(ELECTRICITY))
        assert isinstance(play.orders[-1], WaitForCard)
        assert play.orders[-1].fresh


def test_nobody_is_let_in_through_a_closed_door():
    """The card's answer comes after the door was closed: it opens nothing."""
    play = Play().to_checking_card()
    order = play.order
    play.event(e.HealthChanged("card", Ready())).event(e.PanelChanged(CLOSED)).event(e.TechnicianAccepted(order, ELCIN))
    assert isinstance(play.state, Welcome)
    assert play.kiosk.technician is None


@pytest.mark.parametrize("reason", ["no_card", "removed"])
def test_an_empty_reader_is_nobodys_card(reason):
    """Where no card lay in the reader, the next citizen's counts as soon as it is put in."""
    play = refused(reason).event(e.PanelChanged(CLOSED)).event(e.JourneyStarted("az"))
    assert play.event(e.ServiceChosen(ELECTRICITY)).orders[-1].fresh is False


def test_another_way_in_forgives_no_wrong_pin():
    """Who is let in by a card between wrong PINs still has five in one opening of the door, and closing it begins anew."""
    play = Play(replace(Kiosk("AGALI-1", ()), way_in="card_or_pin")).event(e.PanelChanged(OPEN))
    for _ in range(4):
        play.event(e.WayInChosen("pin")).event(e.PinEntered(Secret("0000"))).event(e.TechnicianRefused(play.order))
        play.event(e.WayInChosen("card"))
    play.event(e.PinEntered(Secret("1234"))).event(e.TechnicianAccepted(play.order, RANA))
    play.event(e.ServicingEnded()).event(e.WayInChosen("pin"))
    assert (play.state.mistakes, play.state.locked) == (4, False)
    play.event(e.PinEntered(Secret("0000"))).event(e.TechnicianRefused(play.order))
    assert play.state.locked
    play.event(e.PanelChanged(CLOSED)).event(e.PanelChanged(OPEN)).event(e.WayInChosen("pin"))
    assert (play.state.mistakes, play.state.locked) == (0, False)
