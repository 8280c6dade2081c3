"""The nine laws (DESIGN 5): those that the pure machine can be asked about. The others are tested with the world."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from kiosk.domain.access_key import MrzKey
from kiosk.domain.health import Failed, Ready
from kiosk.domain.money import Money
from kiosk.domain.receipt import NotStarted, Printed
from kiosk.domain.secret import Secret
from kiosk.domain.signals import CardRefusal, PanelReading, Progress
from kiosk.domain.technician import Technician, TechnicianRefusal
from kiosk.journal.codec import from_row, to_row
from kiosk.journey import events as e
from kiosk.journey import events_fiscal as f
from kiosk.journey import events_key as k
from kiosk.journey.effects import (
    Order,
    PaperAbandoned,
    PrintCollection,
    PrintPaper,
    QueryPayment,
    QuerySale,
    Submit,
    TakePayment,
)
from kiosk.journey.machine import PHASES, complete, replay, step
from kiosk.journey.state import (
    CheckingPayment,
    FilingClaim,
    Printing,
    SettlingPayment,
    State,
    StillThere,
    Submitting,
    TakingPayment,
    Welcome,
)
from kiosk.journey.state_document import PrintingDocument
from kiosk.journey.state_fiscal import CheckingSale
from tests.journey.play import AYGUN, COPY, DOCUMENT, ELECTRICITY, MARK, MATTER, QUOTE, SALE, SERVICES, WAY, Play

CONSEQUENTIAL = (TakingPayment, SettlingPayment, CheckingPayment, Submitting, FilingClaim, Printing, PrintingDocument)

RANA = Technician("Rəna", "4F", ("cash-collector",))
PROVEN = replace(ELECTRICITY, needs="genuine_card")


def orders():
    return st.integers(0, 40)


def events():
    """Any event at all, sensible or not, with order numbers that may or may not fit."""
    return st.one_of(
        st.builds(e.JourneyStarted, st.sampled_from(("az", "ru", "en", "xx"))),
        st.builds(e.LanguageChosen, st.sampled_from(("az", "ru", "xx"))),
        st.builds(e.ServiceChosen, st.sampled_from((*SERVICES.values(), PROVEN))),
        st.builds(e.AccessKeyEntered, st.just(Secret("123456")), st.sampled_from(("digits", "document", "zone"))),
        st.builds(k.KeyWayChosen, st.sampled_from(("digits", "where", "document"))),
        st.sampled_from((k.ChipMissing(), k.ScanFailed(), e.HealthChanged("scanner", Ready()))),
        st.builds(k.ZoneScanned, orders(), st.just(MrzKey("AA0000001", "900101", "300101"))),
        st.builds(k.ZoneMisread, orders()), st.builds(k.NoZoneCame, orders()),
        st.builds(e.AnswerGiven, st.sampled_from(("customer_number", "plate", "ticket", "?")),
                  st.sampled_from(("104558210", "10AB123", "20260017", "", "x"))),
        st.sampled_from((e.WentBack(), e.PaymentConfirmed(), e.CancelPressed(), e.MoreTimeWanted(), e.Acknowledged(),
                         e.PowerRestored("1"), e.ReportWanted(), e.ServicingEnded())),
        st.builds(e.TimedOut, orders()),
        st.builds(e.OrderOverdue, orders()),
        st.builds(e.DeviceFailed, orders(), st.sampled_from(("card", "terminal", "printer", "central", "document")), st.just("absent")),
        st.builds(e.HealthChanged, st.sampled_from(("card", "terminal", "printer", "central", "fiscal", "document")),
                  st.sampled_from((Ready(), Failed("absent")))),
        st.builds(e.PanelChanged, st.builds(PanelReading, st.booleans(), st.booleans(), st.booleans())),
        st.builds(e.CardInserted, orders()), st.builds(e.NoCardCame, orders()), st.builds(e.CardTaken, orders()),
        st.builds(e.CardForgotten, orders()), st.builds(e.AnotherCardCame, orders()), st.builds(e.CitizenRead, orders(), st.just(AYGUN)),
        st.builds(e.CardRefused, orders(), st.builds(CardRefusal, st.sampled_from(("wrong_key", "zone_needed", "removed", "not_genuine")))),
        st.builds(e.PaymentPrepared, orders(), st.just(MARK)),
        st.builds(e.PaymentProgressed, orders(), st.just(Progress("enter_pin"))),
        st.builds(e.PaymentApproved, orders(), st.just(SALE), st.booleans()),
        st.builds(e.PaymentDeclined, orders(), st.just("05")), st.builds(e.PaymentCancelled, orders()),
        st.builds(e.PaymentUnresolved, orders(), st.just("line lost")), st.builds(e.PaymentSettled, orders()),
        st.builds(e.ReversalRefused, orders(), st.just("B5")),
        st.builds(e.AmountQuoted, orders(), st.just(QUOTE)),
        st.builds(e.QuoteRefused, orders(), st.sampled_from(("unknown-account", "nothing-due", "malformed", "?"))),
        st.builds(e.CentralUnanswered, orders()), st.builds(e.SubmissionAccepted, orders(), st.just("R-1")),
        st.builds(e.SubmissionRefused, orders(), st.just("quote-unknown")), st.builds(e.ClaimFiled, orders(), st.booleans()),
        st.builds(e.ReceiptEnded, orders(), st.sampled_from((Printed(), NotStarted("paper_out")))),
        st.builds(e.PinEntered, st.just(Secret("1"))), st.builds(e.TechnicianAccepted, orders()),
        st.builds(e.TechnicianRefused, orders()), st.builds(e.TestWanted, st.just(("card",))),
        st.builds(e.TechnicianAccepted, orders(), st.just(RANA)), st.builds(e.WayInChosen, st.sampled_from(("card", "pin"))),
        st.builds(e.TechnicianRefused, orders(), st.builds(TechnicianRefusal, st.sampled_from(("wrong_pin", "no_card")), st.integers(0, 3))),
        st.builds(e.TestsFinished, orders(), st.just(())), st.just(e.PaymentConfirmed("cash")),
        st.just(e.CollectionWanted()), st.builds(e.CashCollected, st.sampled_from((None, Money(0), Money(2500)))),
        st.builds(e.SurplusChosen, st.sampled_from(("account", "claim", "return"))), st.builds(e.CashPrepared, orders()),
        st.builds(e.NoteHeld, orders(), st.sampled_from((Money(100), Money(2000), Money(10000)))),
        st.just(e.PaperWanted()), st.just(e.PaperlessAccepted()), st.builds(e.CopyWanted, st.sampled_from((MATTER.reference, "?"))),
        st.builds(e.CopyGiven, orders(), st.sampled_from((COPY, None))), st.builds(e.MattersFound, orders(), st.just((MATTER,))),
        st.builds(f.SaleRegistered, orders(), st.just(DOCUMENT)), st.builds(f.SaleUnresolved, orders(), st.just("lost")),
        st.builds(f.SaleNotRegistered, orders(), st.sampled_from(("not_made", "offline"))), st.just(f.FiscalDayClosed()),
        st.builds(e.NoNoteCame, orders()), st.builds(e.NoteKept, orders()), st.builds(e.NoteReturned, orders()),
        st.builds(e.NoteStacked, orders(), st.sampled_from((Money(100), Money(2000)))),
        st.builds(e.NoteUnresolved, orders(), st.just("jam")), st.builds(e.NoteAcknowledged, orders()),
    )  # fmt: skip


def stops():
    """Every stop of the way, reached as a citizen reaches it."""
    return [getattr(Play(), name)() for name in WAY]


@pytest.mark.parametrize("name", WAY)
def test_law_1_the_state_is_the_fold_of_the_events(name):
    """Law 1: replaying what the journal holds gives the very state the kiosk was in."""
    play = getattr(Play(), name)()
    stored = [e.Entry(row.seq, row.at_ms, from_row(*to_row(row.event))) for row in play.entries]
    assert replay(play.first, stored) == play.kiosk


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(WAY), st.lists(events(), max_size=12))
def test_law_2_one_consequential_effect_at_most(name, more):
    """Law 2: no step orders more than one effect that answers, and the state then waits for that very one."""
    play = getattr(Play(), name)()
    for event in more:
        play.event(event)
        given_orders = [effect for effect in play.effects if isinstance(effect, Order)]
        assert len(given_orders) <= 1
        if given_orders:
            state = play.state.resume if isinstance(play.state, StillThere) else play.state
            assert state.order == given_orders[0].order


def test_law_3_a_payment_is_asked_about_not_repeated():
    """Law 3: after a power cut while money is under way the terminal is asked, and no payment is ordered."""
    for name in ("to_taking", "to_settling"):
        play = getattr(Play(), name)().restart()
        assert isinstance(play.state, CheckingPayment)
        assert [type(effect) for effect in play.effects if isinstance(effect, Order)] == [QueryPayment]


def test_law_3_a_submission_is_repeated_as_the_same_one():
    """Law 3: after a power cut the submission goes out again with the same reference and the same content."""
    play = Play().to_submitting()
    before = play.orders[-1].submission
    play.restart()
    assert isinstance(play.orders[-1], Submit)
    assert play.orders[-1].submission == before


def test_law_3_a_paper_is_repeated_as_a_copy():
    """Law 3: after a power cut a paper is printed again, marked as a copy, and the next one as the next."""
    play = Play().to_printing().restart()
    assert isinstance(play.orders[-1], PrintPaper)
    assert play.orders[-1].copy == 1
    assert play.restart().orders[-1].copy == 2


@pytest.mark.parametrize("name", WAY)
def test_law_3_a_paper_that_was_coming_out_is_told_once(name):
    """Law 3: after a power cut the printer hears first, and once, of the paper that it was at, and of none where it was at none."""
    play = getattr(Play(), name)()
    outstanding = play.orders[-1] if play.orders and getattr(play.state, "order", 0) == play.order else None
    at_it = isinstance(outstanding, PrintPaper | PrintCollection)
    play.restart()
    assert play.effects.count(PaperAbandoned()) == at_it
    assert not at_it or play.effects[0] == PaperAbandoned()


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(WAY), min_size=1, max_size=1), st.lists(st.booleans(), min_size=1, max_size=6))
def test_law_3_no_row_of_cuts_orders_a_second_payment(names, cuts):
    """Law 3: however often the power fails after a payment was ordered, none is ordered again for that journey."""
    play = getattr(Play(), names[0])()
    ordered = sum(isinstance(order, TakePayment) for order in play.orders)
    for _ in cuts:
        play.restart()
    assert sum(isinstance(order, TakePayment) for order in play.orders) == ordered <= 1


@pytest.mark.parametrize("name", ["to_registering", "to_checking_sale"])
def test_law_3_a_sale_is_asked_about_not_repeated(name):
    """Law 3: after a power cut while a sale is being registered the register is asked, and no sale is ordered."""
    play = getattr(Play(), name)().restart()
    assert isinstance(play.state, CheckingSale)
    assert [type(effect) for effect in play.effects if isinstance(effect, Order)] == [QuerySale]


@pytest.mark.parametrize("name", WAY)
def test_law_4_an_answer_to_another_order_changes_nothing(name):
    """Law 4: an answer that is not to the order outstanding is journalled and moves nothing."""
    play = getattr(Play(), name)()
    before = play.kiosk
    for answer in (
        e.PaymentApproved(999, SALE), e.PaymentCancelled(999), e.SubmissionAccepted(999, "R-9"), e.CardInserted(999),
        e.CitizenRead(999, AYGUN), e.ReceiptEnded(999, Printed()), e.OrderOverdue(999), e.DeviceFailed(999, "card", "x"),
    ):  # fmt: skip
        assert play.event(answer).kiosk == before


@pytest.mark.parametrize("name", WAY)
def test_law_4_overdue_is_an_answer(name):
    """Law 4: a state that waits for an order moves on when that order is overdue; nothing waits for ever."""
    play = getattr(Play(), name)()
    waiting = getattr(play.state, "order", 0)
    if waiting and type(play.state).__name__ not in ("Farewell", "EndedByCard"):  # these end by their own clock
        before = play.state
        assert play.event(e.OrderOverdue(waiting)).state != before


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(WAY), st.lists(events(), max_size=25))
def test_law_5_every_event_is_welcome_in_every_state(name, more):
    """Law 5: step is total: whatever comes, wherever the kiosk is, it neither raises nor leaves the known states."""
    play = getattr(Play(), name)()
    for event in more:
        play.event(event)
        assert type(play.state) in PHASES or isinstance(play.state, StillThere)


def test_law_5_every_state_has_its_phase():
    """Law 5: no state was forgotten in the machine's table."""
    states = {cls for cls in State.__subclasses__() if cls is not StillThere}
    assert states == set(PHASES)


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(WAY), st.lists(events(), max_size=12))
def test_law_6_the_same_events_give_the_same_effects(name, more):
    """Law 6: there is no clock and no dice in step: a second run of the same entries orders the same things."""
    play = getattr(Play(), name)()
    for event in more:
        play.event(event)
    kiosk = play.first
    again = []
    for entry in play.entries:
        kiosk, effects = step(kiosk, entry)
        again += [effect for effect in effects if isinstance(effect, Order)]
    assert (kiosk, again) == (play.kiosk, play.orders)


def test_law_7_a_secret_is_in_no_journal_row():
    """Law 7: neither a card's digits nor a PIN reach the journal, in clear or sealed."""
    for event in (
        e.AccessKeyEntered(Secret("731946")),
        k.ZoneScanned(1, Secret("731946")),
        e.PinEntered(Secret("731946")),
    ):
        body, personal = to_row(event)
        assert "731946" not in body + repr(personal)


def test_law_7_personal_fields_are_apart_from_the_rest():
    """Law 7: what the card or the citizen told stands only in the part that is sealed."""
    for event, canary in (
        (e.CitizenRead(1, AYGUN), "MAMMADOVA"), (e.AnswerGiven("customer_number", "104558210"), "104558210"),
        (e.AmountQuoted(1, QUOTE), "A*****"),
    ):  # fmt: skip
        body, personal = to_row(event)
        assert canary not in body
        assert canary in personal.decode()


@pytest.mark.parametrize("device", ["central", "printer", "card", "terminal", "fiscal"])
def test_law_9_no_service_begins_without_what_it_ends_with(device):
    """Law 9: with one of its devices failed, a paid service is refused before anything is asked."""
    play = Play().event(e.HealthChanged(device, Failed("absent"))).event(e.JourneyStarted("az"))
    play.event(e.ServiceChosen(ELECTRICITY))
    assert play.orders == []
    assert type(play.state).__name__ in ("Apology", "OutOfService", "AgreeingNoPaper")


@pytest.mark.parametrize("device", ["printer", "terminal", "fiscal"])
def test_law_9_no_payment_starts_without_receipt_and_recovery(device):
    """Law 9: a printer or terminal that fails while the citizen reads the bill stops the payment before it starts."""
    play = Play().to_confirming().event(e.HealthChanged(device, Failed("absent"))).event(e.PaymentConfirmed())
    assert not any(isinstance(order, TakePayment) for order in play.orders)
    assert type(play.state).__name__ == ("AgreeingNoPaper" if device == "printer" else "Apology")


def test_a_journey_carries_its_circumstances():
    """A journey's first event says under which conditions it began, so that a replay can begin there."""
    play = Play().event(e.HealthChanged("card", Ready("reader")))
    event = complete(play.kiosk, e.JourneyStarted("az"), "7")
    assert (event.number, event.version, event.devices) == (1, "7", {"card": Ready("reader")})


def test_a_visit_ends_at_rest():
    """A visit that ran its course ends on the welcome screen, in the first language, with its key to be destroyed."""
    play = Play().to_farewell().event(e.Acknowledged())
    assert isinstance(play.state, Welcome)
    assert any(type(effect).__name__ == "Forget" for effect in play.effects)
