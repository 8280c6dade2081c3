"""The CCNET driver over a real line against the simulated validator: each note ends where the driver says it does."""

from __future__ import annotations

import threading
import time

import pytest

from hardware.cash.driver import open_driver
from hardware.cash.settings import CashSettings, CashTimings
from hardware.cash.simulator import SimulatedValidator
from kiosk.domain.cash import Returned, Stacked
from kiosk.domain.faults import DeviceAbsent, DeviceFault
from kiosk.domain.health import Failed, Ready
from kiosk.domain.money import Money
from kiosk.domain.payment import Unresolved

QUICK = CashTimings(answer_s=0.15, poll_s=0.005, hold_s=0.2, motion_s=1.5)
FIVE = Money(500)
WAIT_S = 3.0
ALL = Money(20000)


class Desk:
    """A driver and its validator, and the hand that puts notes in."""

    def __init__(self, folder, **options) -> None:
        self.validator = SimulatedValidator(folder / "memory", folder / "validator", quick=True, **options)
        self.validator.start()
        self.driver = open_driver(CashSettings(port=str(folder / "validator"), timings=QUICK))

    def do(self, word, **options):
        answer = self.validator.do({"do": word, **options})
        assert answer["ok"], answer
        return answer

    def put_in(self, value) -> None:
        """Try until the slot takes the note, as people do."""
        end = time.monotonic() + WAIT_S
        while time.monotonic() < end and self.do("insert", value=value)["note"] == "refused":
            time.sleep(0.01)

    def offer(self, value, most=ALL):
        hand = threading.Thread(target=self.put_in, args=(value,))
        hand.start()
        try:
            return self.driver.next_note(most, WAIT_S)
        finally:
            hand.join()

    def places(self):
        """Where the notes are that were taken at least once."""
        return [row["place"] for row in self.validator.ledger() if row["place"] != "hand"]

    def in_hand(self) -> bool:
        return self.places() == []

    def die(self) -> None:
        """The kiosk alone loses power: the line is let go without another word."""
        self.driver._validator.link.close()
        self.driver = open_driver(CashSettings(port=self.driver._validator._settings.port, timings=QUICK))


@pytest.fixture
def desk(tmp_path):
    made = Desk(tmp_path)
    yield made
    made.driver.close()
    made.validator.stop()


def test_a_note_is_held_stacked_and_acknowledged(desk):
    """A note lies in escrow until it is stacked, and the validator rests once that is acknowledged."""
    assert desk.offer(5) == FIVE
    assert desk.places() == ["escrow"]
    assert desk.driver.stack(FIVE) == Stacked(FIVE)
    assert desk.places() == ["stacker"]
    assert desk.do("state")["state"] == "81"  # told again until the journal has it
    desk.driver.acknowledge()
    assert desk.do("state")["state"] == "19"


def test_several_notes_one_after_another(desk):
    """Each note goes its whole way before the next is taken."""
    for value in (1, 20, 200):
        assert desk.offer(value) == Money(value * 100)
        assert desk.driver.stack(Money(value * 100)) == Stacked(Money(value * 100))
        desk.driver.acknowledge()
    assert desk.places() == ["stacker"] * 3


def test_a_note_is_given_back(desk):
    """A note that is not wanted comes back, and the slot is closed."""
    desk.offer(10)
    assert desk.driver.give_back() == Returned()
    assert desk.in_hand()
    assert desk.do("state")["accepts"] == []


def test_a_note_above_the_most_is_refused(desk):
    """Only notes up to the amount that may be taken are enabled."""
    driver, taken = desk.driver, []
    thread = threading.Thread(target=lambda: taken.append(driver.next_note(Money(1000), WAIT_S)))
    thread.start()
    end = time.monotonic() + WAIT_S
    while desk.do("state")["accepts"] != [1, 5, 10] and time.monotonic() < end:
        time.sleep(0.01)
    assert desk.do("insert", value=20)["note"] == "refused"
    driver.cancel()
    thread.join(WAIT_S)
    assert taken == [None]


def test_nothing_is_taken_while_nobody_waits(desk):
    """Before, between and after orders the slot refuses every note."""
    assert isinstance(desk.driver.health(), Ready)
    assert desk.do("insert", value=5)["note"] == "refused"
    assert desk.driver.next_note(Money(20000), 0.1) is None
    assert desk.do("insert", value=5)["note"] == "refused"
    assert desk.driver.next_note(Money(50), 0.1) is None


def test_holding_keeps_a_note_longer_than_the_validator_would(desk):
    """While the citizen thinks, a note stays in escrow beyond the time after which it would come back."""
    desk.offer(5)
    assert desk.driver.hold(1.2) is True  # twice the simulator's escrow time
    assert desk.driver.stack(FIVE) == Stacked(FIVE)


def test_a_choice_made_before_the_wait_began_ends_it(desk):
    """Whoever chose faster than the driver began to wait is not made to wait."""
    desk.offer(5)
    began = time.monotonic()
    desk.driver.cancel()
    assert desk.driver.hold(20.0) is True
    desk.driver.give_back()
    desk.driver.cancel()
    assert desk.driver.next_note(ALL, 20.0) is None
    assert time.monotonic() - began < 5
    assert desk.offer(5) == FIVE  # and nothing of it is left for the next wait


def test_a_note_that_came_back_by_itself_is_not_stacked(desk):
    """A note that nobody held in time is in the hand again, and stacking it says so."""
    desk.offer(5)
    time.sleep(0.8)
    assert desk.driver.stack(FIVE) == Returned()
    assert desk.in_hand()


def test_a_note_on_its_way_out_is_not_out_yet(desk):
    """Returned is said only when the note is in the hand: asked in the middle of its way out, the driver waits for the end."""
    desk.offer(5)
    end = time.monotonic() + WAIT_S
    while desk.do("state")["state"] != "18" and time.monotonic() < end:
        time.sleep(0.002)
    assert desk.driver.stack(FIVE) == Returned()
    assert desk.in_hand()


def test_health_leaves_an_open_note_alone(desk):
    """A look at the validator while a note is held, or stacked and not yet on disk, changes nothing about that note."""
    desk.offer(5)
    assert isinstance(desk.driver.health(), Ready)
    assert desk.places() == ["escrow"]
    assert desk.driver.stack(FIVE) == Stacked(FIVE)
    assert isinstance(desk.driver.health(), Ready)
    assert desk.do("state")["state"] == "81"
    desk.driver.acknowledge()
    assert desk.do("state")["state"] == "19"


def test_a_note_that_jams_on_its_way_back_after_a_cut_is_doubt(desk):
    """A reset that ends in a jam has given nothing back."""
    desk.offer(5)
    desk.die()
    desk.do("power_cycle")
    desk.do("jam")
    desk.driver.health()
    assert isinstance(desk.driver.outcome_of_note(FIVE, stacking=False), Unresolved)


def test_a_jam_while_a_note_is_held_is_no_return(desk):
    """A held note that is neither in escrow nor out is a fault to be asked about, never "went back"."""
    desk.offer(5)
    desk.do("jam")
    with pytest.raises(DeviceFault):
        desk.driver.hold(1.0)


def test_a_jam_while_stacking_is_in_doubt(desk):
    """A note that jams on its way may be anywhere: in doubt, and the acceptor has failed until somebody has come."""
    desk.offer(5)
    desk.do("jam_next")
    assert isinstance(desk.driver.stack(FIVE), Unresolved)
    assert desk.driver.health() == Failed("jammed", "the validator tells 43")
    with pytest.raises(DeviceFault):
        desk.driver.next_note(FIVE, 0.1)


@pytest.mark.parametrize(
    ("word", "reason"), [("cassette_full", "cash_full"), ("cassette_removed", "cash_removed"), ("cheated", "cheated"), ("failure", "failed")]
)  # fmt: skip
def test_troubles_have_their_reasons(desk, word, reason):
    """Each trouble is a failure with a reason of its own, and advice in the self-test."""
    desk.driver.health()
    desk.do(word)
    assert desk.driver.health().reason == reason
    test = desk.driver.self_test()
    assert test.outcome == "failed"
    assert test.checks[0].advice


def test_spoilt_answers_are_asked_for_again(desk):
    """A wrong check sum in an answer changes nothing about the note."""
    desk.offer(5)
    desk.do("spoil", count=2)
    assert desk.driver.stack(FIVE) == Stacked(FIVE)
    assert desk.places() == ["stacker"]


def test_a_line_cut_after_the_order_to_stack(desk):
    """The cable pulled while stacking: in doubt unless it comes back in time, and never a second order."""
    desk.offer(5)
    order = desk.driver._validator.order

    def cut(data) -> None:
        order(data)
        desk.do("unplug")

    desk.driver._validator.order = cut
    outcome = desk.driver.stack(FIVE)
    assert isinstance(outcome, Unresolved)
    desk.driver._validator.order = order
    desk.do("plug")
    assert desk.driver.outcome_of_note(FIVE, stacking=True) == Stacked(FIVE)
    assert desk.places() == ["stacker"]


def test_an_absent_validator(tmp_path):
    """Without a validator there is nothing to take, and health says so."""
    driver = open_driver(CashSettings(port=str(tmp_path / "nowhere"), timings=QUICK))
    assert driver.health().reason == "absent"
    with pytest.raises(DeviceAbsent):
        driver.next_note(FIVE, 0.1)


def test_a_silent_validator_is_known_in_time(desk):
    """Three polls without an answer are silence."""
    desk.driver.health()
    desk.do("silent")
    assert desk.driver.health().reason == "silent"
    desk.do("speak")
    assert isinstance(desk.driver.health(), Ready)


# --- after a power cut: what the journal says of the note, and what the driver finds out ---
def held(desk):
    desk.offer(5)


def ordered(desk):
    desk.offer(5)
    desk.driver._validator.order(b"\x35")


def told(desk):
    desk.offer(5)
    assert desk.driver.stack(FIVE) == Stacked(FIVE)


@pytest.mark.parametrize(
    ("until", "stacking", "all_power", "expected"),
    [
        (held, False, False, Returned), (held, False, True, Returned), (held, True, False, Returned), (held, True, True, Returned),
        (ordered, True, False, Stacked), (ordered, True, True, Stacked), (told, True, False, Stacked), (told, True, True, Unresolved),
    ],
)  # fmt: skip
def test_after_a_power_cut(desk, until, stacking, all_power, expected):
    """Wherever the cut came, the driver's word is the note's place, or doubt where the protocol cannot tell."""
    until(desk)
    desk.die()
    if all_power:
        desk.do("power_cycle")
    assert isinstance(desk.driver.health(), Ready)  # the crew looks first, and may not destroy the evidence
    outcome = desk.driver.outcome_of_note(FIVE, stacking=stacking)
    assert isinstance(outcome, expected)
    if isinstance(outcome, Stacked):
        assert desk.places() == ["stacker"]
        desk.driver.acknowledge()
    if isinstance(outcome, Returned):
        assert desk.in_hand()
    assert isinstance(desk.driver.health(), Ready)
    assert desk.offer(1) == Money(100)


def test_a_note_on_its_way_in_when_the_kiosk_died_comes_back(desk):
    """A note that was going in while nobody was there any more is waited for and given back."""
    desk.driver._validator.rest()
    desk.driver._validator.order(b"\x34\x00\x00\x7f\x00\x00\x7f")
    desk.put_in(5)
    desk.die()
    assert desk.driver.outcome_of_note(Money(0), stacking=False) == Returned()
    assert desk.in_hand()


def test_an_event_that_is_told_only_once_is_doubt(tmp_path):
    """Firmware that tells "stacked" once, to a kiosk that died: nobody can tell, and the driver does not guess."""
    desk = Desk(tmp_path, quirks=("once",))
    ordered(desk)
    time.sleep(0.1)
    desk.driver._validator.look()
    desk.die()
    assert isinstance(desk.driver.outcome_of_note(FIVE, stacking=True), Unresolved)
    desk.driver.close()
    desk.validator.stop()
