"""The simulated validator against the protocol's own bytes: it tells the truth about every note."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hardware.cash.simulator import SimulatedValidator
from tests.hardware.cash.raw_host import RawHost, frame

POLL, RESET, STACK, RETURN, HOLD = 0x33, 0x30, 0x35, 0x36, 0x38
FIVE = b"\x80\x01"


@pytest.fixture
def make(tmp_path):
    """Return a function that plugs in a validator with the memory of the one before, and a host."""
    made = []

    def plug_in(**options):
        while made:
            made.pop()()
        simulator = SimulatedValidator(tmp_path / "memory", tmp_path / "validator", quick=True, **options)
        simulator.start()
        host = RawHost(tmp_path / "validator")
        made.extend((simulator.stop, host.close))
        return simulator, host

    yield plug_in
    while made:
        made.pop()()


def places(simulator):
    return [row["place"] for row in simulator.ledger()]


def in_escrow(simulator, host, value=5):
    host.enable()
    assert simulator.do({"do": "insert", "value": value}) == {"ok": True, "note": "taken"}
    return host.poll_until(0x80)


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ("02 03 06 33 DA 81", "02 03 06 10 43 92"),
        ("02 03 0C 34 00 00 7F 00 00 7F DB 6F", "02 03 06 FF BA 8D"),
        ("02 03 06 31 C8 A2", "02 03 0B 00 00 00 00 00 00 A8 67"),
        ("02 03 06 30 41 B3", "02 03 06 00 C2 82"),
    ],
    ids=["power up", "enable before reset", "get status", "reset"],
)
def test_published_bytes(make, sent, told):
    """Orders as published are answered as published, right after power up."""
    _, host = make()
    host.send(bytes.fromhex(sent))
    assert host.hear() == bytes.fromhex(told)


def test_the_published_table_of_notes(make):
    """The table is that of Azerbaijan's seven notes, byte for byte."""
    _, host = make()
    told = host.ask(0x41)
    assert told[:35].hex(" ") == (
        "01 41 5a 4e 00 05 41 5a 4e 00 01 41 5a 4e 01 02 41 5a 4e 01 05 41 5a 4e 01 01 41 5a 4e 02 02 41 5a 4e 02"
    )
    assert told[35:] == bytes(85)
    host.send(frame(0x41))
    assert host.hear()[-2:].hex() == "2720"


def test_a_note_is_taken_step_by_step(make):
    """A note lies in escrow until it is stacked, and "stacked" is told until it is acknowledged."""
    simulator, host = make()
    assert in_escrow(simulator, host) == FIVE
    assert places(simulator) == ["escrow"]
    assert host.ask(STACK) == b"\x00"
    for _ in range(3):
        assert host.poll_until(0x81, acknowledge=False) == b"\x81\x01"
    host.poll()
    assert host.poll_until(0x14) == b"\x14"
    assert places(simulator) == ["stacker"]


def test_a_note_is_given_back(make):
    """RETURN brings the note back into the hand and says so."""
    simulator, host = make()
    in_escrow(simulator, host, 20)
    assert host.ask(RETURN) == b"\x00"
    assert host.poll_until(0x82) == b"\x82\x03"
    assert places(simulator) == ["hand"]


def test_escrow_ends_by_itself_unless_held(make):
    """A note that nobody decides about comes back after the escrow time; HOLD starts that time anew."""
    simulator, host = make()
    in_escrow(simulator, host)
    assert host.ask(HOLD) == b"\x00"
    assert host.ask(POLL) == b"\x1a"
    assert host.poll_until(0x82) == b"\x82\x01"
    assert places(simulator) == ["hand"]


def test_only_enabled_types_are_taken(make):
    """The mask is big-endian, type 0 its lowest bit: with type 1 alone a five goes in and a one comes back."""
    simulator, host = make()
    host.enable(accepts=0b10, escrows=0b10)
    assert simulator.do({"do": "insert", "value": 1})["note"] == "refused"
    assert host.poll_until(0x1C) == b"\x1c\x68"
    host.poll_until(0x14)
    assert simulator.do({"do": "insert", "value": 5})["note"] == "taken"


def test_a_type_without_escrow_is_stacked_at_once(make):
    """Where escrow is not enabled for a type, its note goes into the stacker unasked."""
    simulator, host = make()
    host.enable(escrows=0)
    simulator.do({"do": "insert", "value": 10})
    assert host.poll_until(0x81) == b"\x81\x02"
    assert places(simulator) == ["stacker"]


def test_power_lost_with_a_note_in_escrow(make):
    """Power up with a note in escrow is 11, and RESET brings it back."""
    simulator, host = make()
    in_escrow(simulator, host)
    simulator.do({"do": "power_cycle"})
    assert host.poll() == b"\x11"
    assert host.ask(RESET) == b"\x00"
    host.poll_until(0x19)
    assert places(simulator) == ["hand"]


def test_power_lost_while_stacking(make):
    """Power up with a note on its way into the stacker is 12, and RESET finishes the way."""
    simulator, host = make()
    in_escrow(simulator, host)
    host.ask(STACK)
    simulator.do({"do": "power_cycle"})
    assert host.poll() == b"\x12"
    host.ask(RESET)
    host.poll_until(0x19)
    assert places(simulator) == ["stacker"]


def test_power_lost_after_stacking_tells_nothing(make):
    """A note stacked just before the cut, its event not acknowledged, is in the stacker and power up is 10."""
    simulator, host = make()
    in_escrow(simulator, host)
    host.ask(STACK)
    host.poll_until(0x81, acknowledge=False)
    simulator.do({"do": "power_cycle"})
    assert host.poll() == b"\x10"
    assert places(simulator) == ["stacker"]


def test_a_jam_stops_everything_until_mended(make):
    """A note that jams on its way is told as 43; once mended and reset it ends in the stacker."""
    simulator, host = make()
    in_escrow(simulator, host)
    simulator.do({"do": "jam_next"})
    host.ask(STACK)
    assert host.poll_until(0x43) == b"\x43"
    assert places(simulator) == ["transit"]
    simulator.do({"do": "mend"})
    assert host.poll() == b"\x12"
    host.ask(RESET)
    host.poll_until(0x19)
    assert places(simulator) == ["stacker"]


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("cassette_full", "41"),
        ("cassette_removed", "42"),
        ("cassette_jam", "44"),
        ("cheated", "45"),
        ("failure", "4751"),
    ],
)
def test_troubles_are_told(make, word, told):
    """Each trouble has its own state, and nothing is taken meanwhile."""
    simulator, host = make()
    host.enable()
    assert simulator.do({"do": word}) == {"ok": True}
    assert host.poll().hex() == told
    assert simulator.do({"do": "insert", "value": 5})["note"] == "refused"


def test_a_spoilt_check_sum_is_told_again(make):
    """An answer whose check sum was spoilt is told again whole after it was refused or asked for anew."""
    simulator, host = make()
    in_escrow(simulator, host)
    simulator.do({"do": "spoil", "count": 1})
    with pytest.raises(AssertionError):
        host.ask(POLL)
    assert host.ask(POLL) == FIVE


def test_an_order_with_a_spoilt_check_sum_is_refused(make):
    """An order that did not arrive whole is answered by NAK and not carried out."""
    simulator, host = make()
    in_escrow(simulator, host)
    host.send(bytes.fromhex("02 03 06 35 EC E5"))
    assert host.hear()[3] == 0xFF
    assert places(simulator) == ["escrow"]


def test_what_it_cannot_do_is_said(make):
    """An order of the bench that does not exist is an error that names those that do."""
    simulator, _ = make()
    answer = simulator.do({"do": "dance"})
    assert answer["ok"] is False
    assert "insert" in answer["error"]


STEPS = st.lists(
    st.sampled_from(
        ["insert", "stack", "return", "hold", "poll", "reset", "power_cycle", "enable", "jam_next", "mend"]
    ),
    max_size=25,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_no_note_is_ever_lost(make, steps):
    """Whatever people, host and power do, at most one note is on its way and no note vanishes or multiplies."""
    simulator, host = make()
    before = len(simulator.ledger())
    put_in = 0
    orders = {"stack": STACK, "return": RETURN, "hold": HOLD, "poll": POLL, "reset": RESET}
    for step in steps:
        if step == "insert":
            simulator.do({"do": "insert", "value": 5})
            put_in += 1
        elif step == "enable":
            host.ask(0x34, b"\0\0\x7f\0\0\x7f")
        elif step in orders:
            host.ask(orders[step])
        else:
            simulator.do({"do": step})
        rows = simulator.ledger()
        assert len(rows) == before + put_in
        assert sum(row["place"] in ("path", "escrow", "transit") for row in rows) <= 1
        assert simulator.do({"do": "state"})["ok"]
