"""The simulated validator when several things go wrong together: what it owes stays owed, and what is stuck stays stuck."""

from __future__ import annotations

import time

import pytest

from hardware.cash.simulator import SimulatedValidator
from tests.hardware.cash.raw_host import ACK, RawHost, frame

POLL, RESET, STATUS, ENABLE, STACK, IDENTIFICATION, TABLE = 0x33, 0x30, 0x31, 0x34, 0x35, 0x37, 0x41
LONGER_THAN_A_GAP_S = 0.12


@pytest.fixture
def make(tmp_path):
    """Return a function that plugs in a validator and a host."""
    made = []

    def plug_in(**options):
        simulator = SimulatedValidator(tmp_path / "memory", tmp_path / "validator", quick=True, **options)
        simulator.start()
        host = RawHost(tmp_path / "validator")
        made.extend((host.close, simulator.stop))
        return simulator, host

    yield plug_in
    for end in made:
        end()


def place(simulator):
    return simulator.ledger()[-1]["place"]


def in_escrow(simulator, host):
    host.enable()
    assert simulator.do({"do": "insert", "value": 5})["note"] == "taken"
    host.poll_until(0x80)


def stacked(simulator, host):
    in_escrow(simulator, host)
    assert host.ask(STACK) == b"\x00"
    host.poll_until(0x81, acknowledge=False)


@pytest.mark.parametrize("order", [STATUS, STACK, IDENTIFICATION])
def test_an_acknowledgement_is_about_the_last_answer(make, order):
    """An ACK that follows the answer to another order leaves "stacked" unacknowledged, and it is told again."""
    simulator, host = make()
    stacked(simulator, host)
    host.ask(order)
    host.send(ACK)
    assert host.poll() == b"\x81\x01"
    assert host.poll() == b"\x14"


def test_a_refused_event_is_still_owed(make):
    """A host that refuses "stacked" hears it again, and its ACK then counts."""
    simulator, host = make()
    stacked(simulator, host)
    assert host.ask(POLL) == b"\x81\x01"
    assert host.ask(0xFF) == b"\x81\x01"
    host.send(ACK)
    assert host.poll() == b"\x14"


def test_disabled_while_a_note_comes_in(make):
    """A note that is still being looked at when its type is disabled comes back: nothing is stacked unasked."""
    simulator, host = make()
    host.enable()
    simulator.do({"do": "insert", "value": 5})
    assert host.ask(ENABLE, bytes(6)) == b"\x00"
    assert host.poll_until(0x1C) == b"\x1c\x68"
    host.poll_until(0x19)
    assert place(simulator) == "hand"


@pytest.mark.parametrize("half", ["02", "02 03", "02 03 06 33", "02 03 7F 41 42"])
def test_half_an_order_is_forgotten(make, half):
    """An order that stops in the middle is dropped after the gap, and the next one is answered once."""
    _, host = make()
    host.send(bytes.fromhex(half))
    time.sleep(LONGER_THAN_A_GAP_S)
    host.send(frame(POLL))
    assert host.hear() == bytes.fromhex("02 03 06 10 43 92")


@pytest.mark.parametrize(("word", "told"), [("cassette_full", b"\x41"), ("failure", b"\x47\x51")])
def test_trouble_waits_for_the_event(make, word, told):
    """A trouble that comes while "stacked" is not acknowledged is told after it, never instead of it."""
    simulator, host = make()
    stacked(simulator, host)
    simulator.do({"do": word})
    assert host.poll() == b"\x81\x01"
    assert host.poll() == told
    simulator.do({"do": "mend"})
    assert host.poll() == b"\x19"


def test_mended_before_the_event_is_heard(make):
    """Mending a trouble does not swallow an event that nobody has acknowledged."""
    simulator, host = make()
    stacked(simulator, host)
    simulator.do({"do": "cassette_full"})
    simulator.do({"do": "mend"})
    assert host.poll() == b"\x81\x01"


@pytest.mark.parametrize("order", [IDENTIFICATION, TABLE])
def test_who_it_is_is_told_only_at_rest(make, order):
    """Identification and table are refused from idling to the acknowledgement of an event, and told when disabled or in trouble."""
    simulator, host = make()
    host.enable()
    assert host.ask(order) == b"\x30"
    simulator.do({"do": "insert", "value": 5})
    host.poll_until(0x80)
    assert host.ask(order) == b"\x30"
    host.ask(STACK)
    host.poll_until(0x81, acknowledge=False)
    assert host.ask(order) == b"\x30"
    host.poll()
    host.ask(ENABLE, bytes(6))
    assert len(host.ask(order)) == {IDENTIFICATION: 34, TABLE: 120}[order]
    simulator.do({"do": "cassette_removed"})
    assert len(host.ask(order)) > 1


@pytest.mark.parametrize(
    ("word", "state"),
    [("cassette_full", 0x41), ("cassette_removed", 0x42), ("jam", 0x43), ("cassette_jam", 0x44), ("failure", 0x47)],
)
def test_trouble_outlives_the_power(make, word, state):
    """What somebody must mend is still there after a power cut and a RESET, and gone once it is mended."""
    simulator, host = make()
    simulator.do({"do": word})
    simulator.do({"do": "power_cycle"})
    assert host.poll() == b"\x10"
    host.ask(RESET)
    host.poll_until(state)
    assert simulator.do({"do": "insert", "value": 5})["note"] == "refused"
    simulator.do({"do": "mend"})
    assert host.poll() == b"\x19"


@pytest.mark.parametrize("word", ["cheated", "pause"])
def test_a_passing_trouble_goes_with_the_power(make, word):
    """An attempt at fraud and a pause are over when the power comes back."""
    simulator, host = make()
    simulator.do({"do": word})
    simulator.do({"do": "power_cycle"})
    host.ask(RESET)
    host.poll_until(0x19)


def test_a_jammed_note_stays_through_power_and_reset(make):
    """A note that jammed on its way moves neither with a power cut nor with a RESET; once mended, RESET stacks it."""
    simulator, host = make()
    in_escrow(simulator, host)
    simulator.do({"do": "jam_next"})
    host.ask(STACK)
    simulator.do({"do": "power_cycle"})
    assert host.poll() == b"\x12"
    host.ask(RESET)
    host.poll_until(0x43)
    assert place(simulator) == "transit"
    simulator.do({"do": "mend"})
    host.ask(RESET)
    host.poll_until(0x19)
    assert place(simulator) == "stacker"


def test_a_note_comes_back_from_a_full_cassette(make):
    """With the cassette full a note in escrow comes back at RESET."""
    simulator, host = make()
    in_escrow(simulator, host)
    simulator.do({"do": "cassette_full"})
    host.ask(RESET)
    host.poll_until(0x41)
    assert place(simulator) == "hand"


def test_a_second_cut_can_bring_a_note_back(make):
    """Firmware that slips: 12, RESET, a second cut before its end is 11, and the next RESET brings the note back."""
    simulator, host = make(quirks=("slips",))
    in_escrow(simulator, host)
    host.ask(STACK)
    simulator.do({"do": "power_cycle"})
    assert host.poll() == b"\x12"
    host.ask(RESET)
    simulator.do({"do": "power_cycle"})
    assert host.poll() == b"\x11"
    host.ask(RESET)
    host.poll_until(0x19)
    assert place(simulator) == "hand"


@pytest.mark.parametrize(
    ("at", "told", "ends"),
    [(0x15, b"\x11", "hand"), (0x80, b"\x11", "hand"), (0x18, b"\x11", "hand"), (0x17, b"\x12", "stacker")],
    ids=["accepting", "escrow", "returning", "stacking"],
)
def test_the_power_fails_at_each_phase(make, at, told, ends):
    """Power up tells where the note is, and RESET brings it to where it was going."""
    simulator, host = make()
    host.enable()
    simulator.do({"do": "insert", "value": 5})
    if at != 0x15:
        host.poll_until(0x80)
    if at in {0x17, 0x18}:
        host.ask(STACK if at == 0x17 else 0x36)
    simulator.do({"do": "power_cycle"})
    assert host.poll() == told
    host.ask(RESET)
    host.poll_until(0x19)
    assert place(simulator) == ends


def test_garbage_reaches_the_host(make):
    """Garbage reaches the host as it is, and what is no hex is an answer, no traceback."""
    simulator, host = make()
    assert simulator.do({"do": "garbage", "bytes": "55 aa 06 00"}) == {"ok": True}
    assert host.hear(0.3) == bytes.fromhex("55aa0600")
    for bad in ({"do": "garbage"}, {"do": "garbage", "bytes": "xyz"}, {"do": "insert", "value": "five"}):
        assert simulator.do(bad)["ok"] is False
