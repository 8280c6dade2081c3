"""The simulated terminal keeps the manual: what it says, and when money stands."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from hardware.terminal.simulator import SimulatedTerminal
from tests.hardware.terminal.register import (
    OK,
    PAY_240,
    REGISTER,
    REGISTER_QUIET,
    REGISTER_STATUS,
    REPEAT,
    bmp,
    controls,
    framed,
    outcomes,
    spaced,
    terminal_in,
)


@pytest.fixture
def device(tmp_path: Path) -> Iterator[SimulatedTerminal]:
    device = terminal_in(tmp_path, clock=lambda: datetime(2026, 3, 8, 16, 49, 23))  # noqa: DTZ001 - a terminal's clock is local
    yield device
    device.stop()


GOLDEN = [
    ("06 00 06 12 34 56 BA 09 78", "10 02 06 00 06 12 34 56 BA 09 78 10 03 24 C3"),
    ("06 01 0A 04 00 00 00 01 10 00 49 09 78", "10 02 06 01 0A 04 00 00 00 01 10 10 00 49 09 78 10 03 F2 FF"),
    ("80 00 00", "10 02 80 00 00 10 03 F5 1F"),
    ("84 9C 00", "10 02 84 9C 00 10 03 C3 41"),
    (REGISTER, "10 02 06 00 0E 00 00 00 BE 09 44 06 06 26 04 0A 02 06 D3 10 03 31 8D"),
    (PAY_240, "10 02 06 01 0A 04 00 00 00 00 02 40 49 09 44 10 03 E1 F4"),
    (REPEAT, "10 02 06 20 05 00 00 00 03 03 10 03 DB 15"),
]


@pytest.mark.parametrize(("apdu", "wire"), GOLDEN)
def test_this_register_frames_as_real_registers_do(apdu, wire):
    """The register of these tests writes the very frames that were recorded from real devices."""
    assert spaced(framed(bytes.fromhex(apdu))) == wire


def test_registration_golden(register):
    """A registration in AZN is taken, and completed with status, terminal number and currency."""
    register.put(bytes.fromhex("10 02 06 00 0E 00 00 00 BE 09 44 06 06 26 04 0A 02 06 D3 10 03 31 8D"))
    assert register.byte() == 0x06
    accepted, completed = register.follow()
    assert register.raw_frames[0] == "10 02 80 00 00 10 03 F5 1F"
    assert accepted == OK
    assert completed.startswith("06 0F")
    assert completed[9:].startswith("19 10 29 52 44 00 17 49 09 44 06")


def test_registration_without_tlv_and_currency(register):
    """A register that names neither currency nor TLV hears of neither."""
    assert register.talk("06 00 04 00 00 00 06")[1] == "06 0F 07 19 10 29 52 44 00 17"


def test_registration_wrong_currency(register, device):
    """A registration in another currency is refused with 6F and the currency that the terminal speaks."""
    assert register.talk("06 00 06 00 00 00 BE 09 78") == ["84 1E 03 6F 09 44"]
    assert device.do({"do": "state"})["registered"] is False


def test_registration_wrong_password(register):
    """A wrong password registers nobody."""
    assert register.talk("06 00 06 12 34 56 BE 09 44") == ["84 83 00"]


@pytest.mark.parametrize(
    ("fault", "code"), [(None, "00"), ("busy", "9C"), ("out_of_order", "DF")], ids=["ready", "busy", "out of order"]
)
def test_status_enquiry(register, device, fault, code):
    """A status enquiry is answered with the version and the terminal's status code, whatever the status."""
    if fault:
        device.do({"do": fault})
    assert register.talk("05 01 03 00 00 00") == [OK, f"06 0F 09 F0 F0 F5 31 2E 30 2E 30 {code}"]


def test_status_enquiry_without_version(register):
    """Service byte 02 leaves the version out."""
    assert register.talk("05 01 05 00 00 00 03 02")[1] == "06 0F 01 00"


def test_sale_stands_after_acknowledgement(register, device):
    """A sale of 2.40 AZN is told in full, stands once it is acknowledged, and is completed by 06 0F."""
    register.talk(REGISTER_STATUS)
    heard = register.talk(PAY_240)
    status = next(message for message in heard if message.startswith("04 0F"))
    assert heard[0] == OK
    assert controls(heard) == ["04 0F", "06 0F"]
    assert [bmp(status, name) for name in ("27", "04", "49", "0B", "87", "88", "0C", "0D")] == [
        "00", "00 00 00 00 02 40", "09 44", "00 00 01", "00 01", "00 00 01", "16 49 23", "03 08",
    ]  # fmt: skip
    assert bmp(status, "22") == "EE EE EE EE EE EE 42 42"
    assert bmp(status, "3B") == "30 30 30 30 30 31 00 00"
    assert bmp(status, "06") is None
    (row,) = device.ledger()
    assert (row["amount_minor"], row["currency"], row["outcome"]) == (240, "AZN", "stored")
    assert (row["receipt_number"], row["trace"], row["reference"]) == ("0001", "000001", None)


def test_intermediate_statuses(register):
    """A register that asked for it hears insert card, PIN pad, please wait, bank and remove card, in this order."""
    register.talk(REGISTER_STATUS)
    heard = register.talk(PAY_240)
    assert [message for message in heard if message.startswith("04 FF")] == [
        "04 FF 01 0A", "04 FF 01 01", "04 FF 01 0E", "04 FF 01 04", "04 FF 01 0B",
    ]  # fmt: skip


def test_no_intermediate_statuses_unless_asked_for(register):
    """A register that did not ask for intermediate statuses gets none."""
    register.talk(REGISTER_QUIET)
    assert not [message for message in register.talk(PAY_240) if message.startswith("04 FF")]


def test_tlv_holds_application_and_verification(register):
    """With TLV the card's application, its label and how the holder was verified are told."""
    register.talk(REGISTER)
    status = next(message for message in register.talk(PAY_240) if message.startswith("04 0F"))
    told = bmp(status, "06")
    for part in ("43 07 A0 00 00 00 03 10 10", "44 0A 56 69 73 61", "1F 10 01 02", "1F 12 01 01"):
        assert part in told


def test_payment_in_another_currency(register, device):
    """A payment in another currency is refused with 06 1E 6F and nothing is charged."""
    assert register.talk("06 01 0A 04 00 00 00 00 02 40 49 09 78") == [OK, "06 1E 03 6F 09 44"]
    assert device.ledger() == []


def test_card_data_from_the_register_is_refused(register, device):
    """Card data in an authorisation is refused with A5: cards are read by the terminal only."""
    assert register.talk("06 01 0D 04 00 00 00 00 02 40 22 F0 F3 41 11 11") == ["84 A5 00"]
    assert device.ledger() == []


@pytest.mark.parametrize(
    "command", ["06 01 0A 04 00", "06 01 01 04", "06 01 02 77 00", "06 01 07 04 00 00 00 00 02 4A", "05"]
)
def test_malformed_command(register, device, command):
    """A command that cannot be read is refused, and the terminal lives on."""
    assert register.talk(command) in (["84 9A 00"], ["84 83 00"])
    assert device.ledger() == []
    assert register.talk(PAY_240)[-1] == "06 0F 00"


def test_unknown_command(register):
    """An unknown command is refused with 84 83."""
    assert register.talk("0F F1 00") == ["84 83 00"]


def test_busy(register, device):
    """A busy terminal says "please wait" to a payment and charges nothing."""
    device.do({"do": "busy"})
    assert register.talk(PAY_240) == ["84 9C 00"]
    device.do({"do": "normal"})
    assert register.talk(PAY_240)[-1] == "06 0F 00"
    assert outcomes(device) == ["stored"]


def test_declined(register, device):
    """A refusal by the bank is told with its code, ends with 06 1E, and is the last transaction."""
    device.do({"do": "decline", "code": "33"})
    heard = register.talk(PAY_240)
    assert controls(heard) == ["04 0F", "06 1E"]
    assert (bmp(heard[1], "27"), bmp(heard[1], "3B")) == ("33", None)
    assert heard[-1] == "06 1E 01 33"
    assert outcomes(device) == ["declined"]
    assert bmp(register.talk(REPEAT)[1], "27") == "33"


def test_cancelled_by_the_citizen(register, device):
    """A stop key before the card ends with 6C, charges nothing and leaves no trace in the last transaction."""
    device.do({"do": "cancel"})
    assert register.talk(PAY_240) == [OK, "04 0F 07 27 6C 29 52 44 00 17", "06 1E 01 6C"]
    assert outcomes(device) == ["cancelled"]
    assert register.talk(REPEAT) == [OK, "06 0F 00"]


def test_repeat_receipt_before_the_first_transaction(register):
    """A terminal that never sold anything tells of nothing and completes."""
    assert register.talk(REPEAT) == [OK, "06 0F 00"]


def test_repeat_receipt_refused(register, device):
    """A terminal can be told to refuse 06 20, as some real ones do, though it has a sale to tell of."""
    register.talk(PAY_240)
    device.do({"do": "refuse_repeat"})
    assert register.talk(REPEAT) == [OK, "06 1E 01 83"]


def test_repeat_receipt(register):
    """The last transaction is repeated to the byte, as often as asked."""
    status = next(message for message in register.talk(PAY_240) if message.startswith("04 0F"))
    for _ in range(2):
        assert register.talk(REPEAT) == [OK, status, "06 0F 00"]


def test_repeat_receipt_without_status(register):
    """Without bit 0 of the service byte no status information is sent."""
    register.talk(PAY_240)
    assert register.talk("06 20 05 00 00 00 03 02") == [OK, "06 0F 00"]


def test_numbers_wrap(register, device):
    """Receipt numbers go from 9999 to 0001, the trace number goes on."""
    device.do({"do": "next_receipt", "number": 9999})
    for _ in range(2):
        register.talk(PAY_240)
    assert [(row["receipt_number"], row["trace"]) for row in device.ledger()] == [
        ("9999", "000001"),
        ("0001", "000002"),
    ]


def test_reversal(register, device):
    """A stored sale is reversed by its receipt number; the reversal names the trace of the sale and is then the last transaction."""
    register.talk(PAY_240)
    heard = register.talk("06 30 06 00 00 00 87 00 01")
    assert controls(heard) == ["04 0F", "06 0F"]
    assert [bmp(heard[1], name) for name in ("27", "04", "37", "0B")] == [
        "00",
        "00 00 00 00 02 40",
        "00 00 01",
        "00 00 02",
    ]
    assert outcomes(device) == ["reversed"]
    assert register.talk(REPEAT)[1] == heard[1]


def test_reversal_twice(register, device):
    """A second reversal of the same sale is refused with B4."""
    register.talk(PAY_240)
    register.talk("06 30 06 00 00 00 87 00 01")
    assert register.talk("06 30 06 00 00 00 87 00 01")[-1] == "06 1E 01 B4"
    assert outcomes(device) == ["reversed"]


@pytest.mark.parametrize(
    "what", ["87 00 07", "87 00 01 04 00 00 00 00 99 99"], ids=["no such receipt", "another amount"]
)
def test_reversal_impossible(register, device, what):
    """A reversal that matches no sale is refused with B5 and changes nothing."""
    register.talk(PAY_240)
    data = bytes.fromhex("00 00 00" + what)
    assert register.talk(spaced(b"\x06\x30" + bytes([len(data)]) + data))[-1] == "06 1E 01 B5"
    assert outcomes(device) == ["stored"]


def test_reversal_not_acknowledged(register, device):
    """A reversal that is not acknowledged does not happen: the sale stands."""
    register.talk(PAY_240)
    assert register.talk("06 30 06 00 00 00 87 00 01", {"04 0F": None})[-1] == "06 1E 01 6C"
    assert outcomes(device) == ["stored"]


def test_end_of_day(register, device):
    """An end of day tells the total, and what was sold before cannot be reversed after it."""
    for _ in range(2):
        register.talk(PAY_240)
    heard = register.talk("06 50 03 00 00 00")
    assert (controls(heard), bmp(heard[1], "04")) == (["04 0F", "06 0F"], "00 00 00 00 04 80")
    assert bmp(heard[1], "60").startswith("00 01 00 02")
    assert register.talk("06 30 06 00 00 00 87 00 01")[-1] == "06 1E 01 B5"


def test_prints_are_part_of_the_acknowledgement(register, device):
    """A sale whose receipt the register cannot print is reversed, though its status was acknowledged."""
    register.talk(REGISTER)
    heard = register.talk(PAY_240, {"06 D3": "84 CC 00"})
    assert controls(heard) == ["04 0F", "06 D3", "06 1E"]
    assert outcomes(device) == ["auto_reversed"]


@pytest.mark.parametrize(
    ("commands", "control"), [("06 06 26 04 0A 02 06 D3", "06 D3"), ("", "06 D1")], ids=["block", "lines"]
)
def test_receipts_by_command(register, device, commands, control):
    """A register with a printer gets both receipts, as blocks if it takes blocks, before the sale is completed."""
    data = bytes.fromhex("00 00 00 BE 09 44" + commands)
    register.talk(spaced(b"\x06\x00" + bytes([len(data)]) + data))
    heard = controls(register.talk(PAY_240))
    assert (heard[0], heard[-1], set(heard[1:-1])) == ("04 0F", "06 0F", {control})
    assert outcomes(device) == ["stored"]


def test_log_off(register):
    """After logging off no TLV is sent and no intermediate status either."""
    register.talk(REGISTER)
    register.say("06 02 00")
    assert register.frame() == OK
    heard = register.talk(PAY_240)
    assert bmp(next(message for message in heard if message.startswith("04 0F")), "06") is None
    assert not [message for message in heard if message.startswith("04 FF")]
