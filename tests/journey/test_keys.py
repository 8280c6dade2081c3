"""The key of the ID card on the pure machine: six digits, document number and dates, the scanner, and a card without a chip."""

import pytest
from msgspec.structs import replace

from kiosk.domain.access_key import MrzKey
from kiosk.domain.health import Failed, Ready
from kiosk.domain.secret import Secret
from kiosk.domain.signals import CardRefusal, PanelReading
from kiosk.journal.codec import to_row
from kiosk.journey import events as e
from kiosk.journey import events_key as k
from kiosk.journey.effects import ReadCard, ScanZone, StopWaiting, WaitForCard
from kiosk.journey.state import Answering, Apology, Choosing, EnteringKey, PresentingCard, ReadingCard, StillThere
from kiosk.journey.state_key import EnteringDocument, FindingDigits, WithoutChip
from tests.journey.play import AYGUN, ELECTRICITY, Play

KEY = ("AA0000001", "900101", "300101")


def scanning():
    """A kiosk with a scanner that asks for the key."""
    return Play().event(e.HealthChanged("scanner", Ready())).to_key()


def test_without_a_scanner_nothing_is_ordered():
    """A kiosk without a scanner asks for the digits and waits for nobody else."""
    play = Play().to_key()
    assert play.state == EnteringKey(play.state.journey)
    assert not any(isinstance(order, ScanZone) for order in play.orders)


def test_a_failed_scanner_is_not_asked():
    """A scanner that is known to have failed gets no order."""
    play = Play().event(e.HealthChanged("scanner", Failed("absent"))).to_key()
    assert play.state.order == 0


def test_a_scan_reads_the_card():
    """A scanned zone opens the card as the typed digits do, and nobody tells the scanner to stop: it has."""
    play = scanning()
    key = MrzKey(*KEY)
    play.event(k.ZoneScanned(play.order, key))
    assert isinstance(play.state, ReadingCard)
    assert play.effects[0] == ReadCard(play.state.order, key)
    assert StopWaiting("scanner") not in play.effects
    assert isinstance(play.event(e.CitizenRead(play.order, AYGUN)).state, Answering)


@pytest.mark.parametrize(
    "leave", [e.AccessKeyEntered(Secret("123456")), e.WentBack(), e.CancelPressed(), e.PanelChanged(PanelReading(True))]
)
def test_whoever_leaves_stops_the_scanner(leave):
    """Typing the digits, going back, cancelling and an opened door end the scanner's wait."""
    assert StopWaiting("scanner") in scanning().event(leave).effects


def test_the_time_out_stops_the_scanner():
    """A visit that ends because nobody is there ends the scanner's wait too."""
    play = scanning()
    play.event(e.TimedOut(play.kiosk.shown))
    assert isinstance(play.state, StillThere)
    play.event(e.TimedOut(play.kiosk.shown))
    assert StopWaiting("scanner") in play.effects


def test_the_scanner_looks_on_from_screen_to_screen():
    """The ways to the key share one order of the scanner: changing from one to another orders nothing anew."""
    play = scanning()
    order, count = play.order, len(play.orders)
    for way, state in (("where", FindingDigits), ("document", EnteringDocument), ("digits", EnteringKey)):
        play.event(k.KeyWayChosen(way))
        assert (type(play.state), play.state.order) == (state, order)
    assert len(play.orders) == count


@pytest.mark.parametrize("end", [k.NoZoneCame, e.OrderOverdue, k.ZoneMisread])
def test_a_wait_that_brought_nothing_begins_anew(end):
    """After a time-out or a misread the scanner is asked again, with an order of its own."""
    play = scanning()
    before = play.order
    play.event(end(before))
    assert isinstance(play.orders[-1], ScanZone)
    assert play.state.order == play.order != before


@pytest.mark.parametrize("way", ["digits", "document"])
def test_a_misread_is_told_at_once(way):
    """What the scanner could not read is told on the screen that stands, and the try costs nothing."""
    play = scanning().event(k.KeyWayChosen(way))
    shown = play.kiosk.shown
    play.event(k.ZoneMisread(play.order, "wrong check digit"))
    assert (play.state.notice, play.state.mistakes) == ("misread", 0)
    assert play.kiosk.shown > shown


def test_a_misread_of_a_keyboard_wedge_is_told_likewise():
    """A scanner that types like a keyboard tells its misreads by the screen, and a serial one's order stands."""
    play = scanning()
    order = play.order
    play.event(k.ScanFailed())
    assert (play.state.notice, play.state.order) == ("misread", order)


def test_a_scanner_that_fails_leaves_the_typing():
    """A scanner that fails is not asked again on this screen; the digits can still be typed."""
    play = scanning()
    play.event(e.DeviceFailed(play.order, "scanner", "absent"))
    assert play.state.order == 0
    assert isinstance(play.event(e.AccessKeyEntered(Secret("123456"))).state, ReadingCard)


def test_a_scan_for_an_earlier_order_changes_nothing():
    """A zone that comes when the digits were typed already opens nothing."""
    play = scanning()
    old = play.order
    play.event(e.AccessKeyEntered(Secret("123456")))
    before = play.kiosk
    assert play.event(k.ZoneScanned(old, MrzKey(*KEY))).kiosk == before


@pytest.mark.parametrize(
    ("way", "state", "notice"),
    [
        ("digits", EnteringKey, ""),
        ("zone", EnteringKey, "wrong_zone"),
        ("document", EnteringDocument, "wrong_document"),
    ],
)
def test_a_wrong_key_is_asked_for_again_in_its_own_way(way, state, notice):
    """Whoever typed the document number is asked for it again, not for six digits; the tries are counted together."""
    play = Play().to_key().event(e.AccessKeyEntered(Secret("x"), way))
    play.event(e.CardRefused(play.order, CardRefusal("wrong_key")))
    assert (type(play.state), play.state.notice, play.state.mistakes) == (state, notice, 1)


@pytest.mark.parametrize(
    ("ways", "notice"),
    [
        (("digits", "digits", "digits"), "wrong_key_too_often"),
        (("document", "document", "document"), "wrong_document_too_often"),
        (("digits", "document", "zone"), "wrong_document_too_often"),
        (("document", "zone", "digits"), "wrong_key_too_often"),
    ],
)
def test_three_wrong_keys_of_any_kind_end_in_taking_the_card_out(ways, notice):
    """Three wrong keys, whatever their ways, and the card has to be taken out; what is told is about the last way."""
    play = Play().to_key()
    for way in ways:
        play.event(e.AccessKeyEntered(Secret("x"), way)).event(e.CardRefused(play.order, CardRefusal("wrong_key")))
    assert isinstance(play.state, PresentingCard)
    assert play.state.notice == notice


def test_a_card_without_an_access_number_asks_for_the_document():
    """A card that six digits cannot open asks for document number and dates; that was no mistake of the citizen's."""
    play = Play().to_reading()
    play.event(e.CardRefused(play.order, CardRefusal("zone_needed")))
    assert (type(play.state), play.state.notice, play.state.mistakes) == (EnteringDocument, "zone_needed", 0)


def test_the_way_back_leads_to_the_digits():
    """From the other ways one goes back to the six digits, and from there to the services."""
    for way in ("where", "document"):
        play = Play().to_key().event(k.KeyWayChosen(way)).event(e.WentBack())
        assert isinstance(play.state, EnteringKey)
    assert isinstance(play.event(e.WentBack()).state, Choosing)


def test_a_card_without_a_chip_stops_the_reader_and_leads_on():
    """Who says that the card has no chip is told what can be done; from there to other services, or back to the card."""
    play = Play().to_card().event(k.ChipMissing())
    assert isinstance(play.state, WithoutChip)
    assert StopWaiting("card") in play.effects
    told = play.kiosk
    back = play.event(e.WentBack())
    assert isinstance(back.state, PresentingCard)
    assert isinstance(back.orders[-1], WaitForCard)
    play.kiosk = told
    assert play.event(e.Acknowledged()).state == Choosing(replace(told.state.journey, service=None))


def test_after_a_power_cut_no_key_is_asked_for():
    """After a restart nothing of a key is there, and the visit is over."""
    for way in ("where", "document"):
        play = Play().to_key().event(k.KeyWayChosen(way)).restart()
        assert isinstance(play.state, Apology)
        assert play.state.reason == "power"


def test_a_scanned_key_is_in_no_journal_row():
    """Law 7: neither a typed nor a scanned zone reaches the journal, in clear or sealed."""
    for event in (k.ZoneScanned(4, MrzKey(*KEY)), e.AccessKeyEntered(MrzKey(*KEY), "document")):
        body, personal = to_row(event)
        assert personal is None
        assert not any(part in body for part in KEY)


def test_the_service_survives_every_way():
    """Whatever way is taken, the chosen service is still the chosen one."""
    play = (
        Play().to_key(ELECTRICITY).event(k.KeyWayChosen("document")).event(e.AccessKeyEntered(MrzKey(*KEY), "document"))
    )
    assert play.event(e.CitizenRead(play.order, AYGUN)).state.journey.service == ELECTRICITY
