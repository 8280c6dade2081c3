"""Whatever happens to line, power and register: the ledger of the simulated terminal says what stands, and it stands rightly."""

from __future__ import annotations

import time

import pytest

from hardware.sim_times import Delays
from hardware.terminal.sim_times import Timings
from tests.hardware.terminal.register import (
    ACK,
    OK,
    PAY_240,
    REGISTER_STATUS,
    REPEAT,
    Register,
    bmp,
    controls,
    framed,
    outcomes,
    terminal_in,
)

PAY_ONCE_MORE = "06 01 0E 04 00 00 00 00 02 40 49 09 44 01 01 02 03"
STATUS = "05 01 03 00 00 00"


def hold_open(register: Register) -> str:
    """Bring a sale to where the terminal awaits the acknowledgement; give its 04 0F."""
    register.say(PAY_240)
    assert register.frame() == OK
    status = register.frame()
    assert status is not None
    assert status.startswith("04 0F")
    return status


def test_held_open_until_acknowledged(register, device):
    """Before the acknowledgement the sale is authorised only; 80 00 makes it stand."""
    hold_open(register)
    assert device.wait_until("held")
    assert outcomes(device) == ["authorised"]
    register.say(OK)
    assert register.frame() == "06 0F 00"
    assert outcomes(device) == ["stored"]


@pytest.mark.parametrize("response", ["80 00 00", "84 00 00"])
def test_both_positive_responses_let_it_stand(register, device, response):
    """80 00 and 84 00 mean the same."""
    assert register.talk(PAY_240, {"04 0F": response})[-1] == "06 0F 00"
    assert outcomes(device) == ["stored"]


def test_goods_failed(register, device):
    """A negative response takes the sale back, and the terminal says so by 06 1E."""
    assert controls(register.talk(PAY_240, {"04 0F": "84 66 00"})) == ["04 0F", "06 1E"]
    assert outcomes(device) == ["auto_reversed"]


def test_no_response(register, device):
    """A sale whose 04 0F is never answered is reversed."""
    heard = register.talk(PAY_240, {"04 0F": None})
    assert heard[-1] == "06 1E 01 6C"
    assert outcomes(device) == ["auto_reversed"]


def test_reversal_is_announced(register):
    """A register that wants intermediate statuses hears that the sale is being reversed."""
    register.talk(REGISTER_STATUS)
    assert "04 FF 01 05" in register.talk(PAY_240, {"04 0F": None})


def test_status_not_even_received(register, device):
    """A 04 0F without an ACK is sent three times in all, then the sale is reversed."""
    register.say(PAY_240)
    assert register.frame() == OK
    sends = [register.frame(answer=b"") for _ in range(3)]
    assert sends[0] == sends[1] == sends[2]
    assert device.wait_until("idle")
    assert outcomes(device) == ["auto_reversed"]


def test_repeat_receipt_after_auto_reversal(register):
    """After an auto-reversal the last transaction is that reversal: code 6C and the trace of the sale."""
    register.talk(PAY_240, {"04 0F": "84 66 00"})
    told = register.talk(REPEAT)[1]
    assert [bmp(told, name) for name in ("27", "37", "0B", "87")] == ["6C", "00 00 01", "00 00 02", "00 01"]


def test_completion_lost(register, device):
    """When 06 0F gets lost, the acknowledged sale stands all the same and 06 20 tells of it."""
    device.do({"do": "mute_after", "message": "06 0F"})
    register.wait_s = 1.0
    heard = register.talk(PAY_240)
    assert controls(heard) == ["04 0F"]
    assert outcomes(device) == ["stored"]
    assert device.wait_until("idle")
    assert register.talk(REPEAT)[1] == heard[1]


def test_status_lost(register, device):
    """When 04 0F gets lost with its repeats, the sale is reversed though the bank approved it, and 06 1E says so."""
    device.do({"do": "mute_after", "message": "04 0F"})
    register.say(PAY_240)
    assert register.frame() == OK
    assert register.follow() == ["06 1E 01 6C"]
    assert outcomes(device) == ["auto_reversed"]
    assert bmp(register.talk(REPEAT)[1], "27") == "6C"


def test_wait_and_ask_again(register, device):
    """84 9C keeps the sale open: the terminal tells it again, and the next 80 00 lets it stand."""
    first = hold_open(register)
    register.say("84 9C 00")
    assert outcomes(device) == ["authorised"]
    assert register.frame() == first
    register.say(OK)
    assert register.frame() == "06 0F 00"
    assert outcomes(device) == ["stored"]


def test_asked_too_often(register, device):
    """With three waits allowed the fourth reverses the sale, told by a 04 0F with 6C and by 06 1E."""
    heard = register.talk(PAY_ONCE_MORE, {"04 0F": "84 9C 00"})
    assert controls(heard) == ["04 0F"] * 5 + ["06 1E"]
    assert bmp(heard[5], "27") == "6C"
    assert outcomes(device) == ["auto_reversed"]


def test_the_register_sets_the_wait(tmp_path):
    """BMP 01 of the authorisation bounds the wait for the acknowledgement, not the terminal's own default."""
    device = terminal_in(tmp_path, timings=Timings(goods_s=60.0))
    register = Register(tmp_path / "line")
    began = time.monotonic()
    register.talk("06 01 0C 04 00 00 00 00 02 40 49 09 44 01 01", {"04 0F": None})
    assert 0.9 < time.monotonic() - began < 3.0
    assert outcomes(device) == ["auto_reversed"]
    register.close()
    device.stop()


def test_power_cut_while_held(register, device):
    """A power cut while the sale is held open reverses it before the terminal answers again."""
    hold_open(register)
    assert device.do({"do": "power_cycle"}) == {"ok": True}
    assert outcomes(device) == ["auto_reversed"]
    assert bmp(register.talk(REPEAT)[1], "37") == "00 00 01"


def test_power_cut_after_the_acknowledgement(register, device):
    """A power cut between the acknowledgement and 06 0F changes nothing: the sale stands."""
    device.do({"do": "mute_after", "message": "06 0F"})
    hold_open(register)
    register.say(OK)
    assert device.wait_until("completing")
    device.do({"do": "power_cycle"})
    assert outcomes(device) == ["stored"]


def test_power_cut_before_the_card(register, device):
    """A power cut while the terminal waits for a card charges nothing."""
    device.do({"do": "hold"})
    register.say(PAY_240)
    assert register.frame() == OK
    assert device.wait_until("card")
    device.do({"do": "power_cycle"})
    assert device.ledger() == []


@pytest.mark.parametrize(
    ("slow", "phase", "left"),
    [("insert_s", "card", []), ("pin_s", "pin", []), ("bank_s", "bank", []), ("remove_s", "remove", ["auto_reversed"])],
)
def test_power_cut_in_every_phase(tmp_path, slow, phase, left):
    """A power cut leaves nothing behind until the bank has approved, and a reversed sale after that."""
    device = terminal_in(
        tmp_path, delays=Delays(**{"insert_s": 0, "pin_s": 0, "bank_s": 0, "remove_s": 0, "boot_s": 0} | {slow: 30})
    )
    register = Register(tmp_path / "line")
    register.say(PAY_240)
    assert register.frame() == OK
    assert device.wait_until(phase)
    assert device.do({"do": "state"})["amount_minor"] == 240
    device.do({"do": "power_cycle"})
    assert outcomes(device) == left
    register.close()
    device.stop()


def test_power_cut_loses_the_registration(register, device):
    """What a registration set up is gone after a power cut."""
    register.talk(REGISTER_STATUS)
    assert device.do({"do": "state"})["registered"] is True
    device.do({"do": "power_cycle"})
    assert device.do({"do": "state"})["registered"] is False


def test_memory_survives_stop(tmp_path):
    """A stopped terminal is one without power: sales stay, the open one is reversed when it starts again, numbers go on."""
    device = terminal_in(tmp_path)
    register = Register(tmp_path / "line")
    register.talk(PAY_240)
    hold_open(register)
    device.stop()
    register.close()
    assert outcomes(device) == ["stored", "authorised"]
    again = terminal_in(tmp_path)
    assert outcomes(again) == ["stored", "auto_reversed"]
    register = Register(tmp_path / "line")
    register.talk(PAY_240)
    assert again.ledger()[-1]["trace"] == "000004"
    register.close()
    again.stop()


def test_unplugged_while_held(register, device, tmp_path):
    """A cable pulled while the sale is held open reverses it; the terminal answers at its next line."""
    hold_open(register)
    device.do({"do": "unplug"})
    assert not (tmp_path / "line").is_symlink()
    assert device.wait_until("idle")
    assert outcomes(device) == ["auto_reversed"]
    device.do({"do": "plug"})
    replugged = Register(tmp_path / "line")
    assert replugged.talk(STATUS)[-1][-2:] == "00"
    replugged.close()


def test_wrong_amount(register, device):
    """A terminal that charges another amount says so on the line, and its ledger says the same."""
    device.do({"do": "wrong_amount", "amount_minor": 24000})
    assert bmp(register.talk(PAY_240, {"04 0F": "84 66 00"})[1], "04") == "00 00 00 02 40 00"
    assert [(row["amount_minor"], row["outcome"]) for row in device.ledger()] == [(24000, "auto_reversed")]


def test_abort_while_waiting_for_the_card(register, device):
    """06 B0 before the card ends the payment; what counts is 04 0F 6C and 06 1E, not the answer to the abort."""
    device.do({"do": "hold"})
    register.say(PAY_240)
    assert register.frame() == OK
    assert device.wait_until("card")
    register.say("06 B0 00")
    assert controls(register.follow()) == ["04 0F", "06 1E"]
    assert outcomes(device) == ["cancelled"]


def test_abort_too_late(register, device):
    """06 B0 is refused once the sale is authorised: it can still stand."""
    hold_open(register)
    register.say("06 B0 00")
    assert register.frame() == "84 83 00"
    register.say(OK)
    assert register.frame() == "06 0F 00"
    assert outcomes(device) == ["stored"]


def test_another_command_during_a_payment(register, device):
    """A status enquiry in the middle of a payment is put off with 84 9C and disturbs nothing."""
    hold_open(register)
    register.say(STATUS)
    assert register.frame() == "84 9C 00"
    register.say(OK)
    assert register.frame() == "06 0F 00"
    assert outcomes(device) == ["stored"]


def test_register_restarts_before_the_end(register, device):
    """A register that died before 06 0F and comes back with a new command is served at once."""
    hold_open(register)
    register.say(OK)
    assert register.frame() == "06 0F 00"
    assert register.talk(STATUS)[-1][-2:] == "00"
    assert outcomes(device) == ["stored"]


def test_register_restarts_with_the_same_command(register):
    """A completion that nobody acknowledged does not keep an equal new command from being served."""
    register.say(STATUS)
    assert register.frame() == OK
    assert register.frame(answer=b"")[:5] == "06 0F"
    assert register.talk(STATUS)[0] == OK


def test_stale_response_is_no_acknowledgement(register, device):
    """A response that was on its way before 04 0F does not let the sale stand."""
    register.talk(REGISTER_STATUS)
    register.say(PAY_240)
    while (message := register.frame(answer=b"")) != "04 FF 01 0B":
        register.put(ACK if message == OK else ACK + framed(bytes.fromhex(OK)))
    register.put(ACK + framed(bytes.fromhex(OK)) + framed(bytes.fromhex("84 00 00")))
    assert register.follow({"04 0F": None})[-1] == "06 1E 01 6C"
    assert outcomes(device) == ["auto_reversed"]


def test_hold_waits_for_a_person(register, device):
    """On hold the payment waits for a person at the bench, who presents a card for this payment alone."""
    device.do({"do": "hold"})
    assert device.do({"do": "card"})["ok"] is False
    register.say(PAY_240)
    assert register.frame() == OK
    assert device.wait_until("card")
    assert device.do({"do": "card"}) == {"ok": True}
    assert controls(register.follow()) == ["04 0F", "06 0F"]
    assert device.do({"do": "state"})["plan"] == "hold"


@pytest.mark.parametrize(("act", "outcome"), [("decline", "declined"), ("cancel", "cancelled")])
def test_hold_ends_otherwise(register, device, act, outcome):
    """On hold a person can also have it declined or press the stop key."""
    device.do({"do": "hold"})
    register.say(PAY_240)
    assert register.frame() == OK
    assert device.wait_until("card")
    device.do({"do": act})
    assert controls(register.follow())[-1] == "06 1E"
    assert outcomes(device) == [outcome]


def test_nobody_comes(tmp_path):
    """Without a card the payment ends by itself with 6C."""
    device = terminal_in(tmp_path, timings=Timings(card_s=0.1))
    device.do({"do": "hold"})
    register = Register(tmp_path / "line")
    assert register.talk(PAY_240)[-1] == "06 1E 01 6C"
    assert outcomes(device) == ["cancelled"]
    register.close()
    device.stop()


def test_plan_for_one_payment(register, device):
    """A plan made for one payment does not outlive it."""
    device.do({"do": "decline", "once": True})
    for _ in range(2):
        register.talk(PAY_240)
    assert outcomes(device) == ["declined", "stored"]


def test_people_take_their_time(tmp_path):
    """The card holder's delays can be seen, and stop at the PIN pad still ends the payment."""
    device = terminal_in(tmp_path, delays=Delays(insert_s=0.05, pin_s=30.0, bank_s=0.0, remove_s=0.0, boot_s=0.0))
    register = Register(tmp_path / "line")
    register.say(PAY_240)
    assert register.frame() == OK
    assert device.wait_until("pin")
    assert device.do({"do": "state"})["display"] == "Enter PIN"
    device.do({"do": "cancel"})
    assert controls(register.follow()) == ["04 0F", "06 1E"]
    assert outcomes(device) == ["cancelled"]
    register.close()
    device.stop()
