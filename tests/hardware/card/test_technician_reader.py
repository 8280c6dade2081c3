"""The technician's card through the driver, pcscd and a virtual reader, with the simulated PIV card at the far end of the wire."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from hardware.card.driver import CardSettings, PcscCardReader, open_driver
from hardware.card.sim_persons import TECHNICIAN
from hardware.card.sim_profile import CardFaults, save_card
from hardware.card.sim_trust import export_first_trust
from hardware.card.simulator import SimulatedCardReader
from hardware.card.virtual_reader import VirtualReader
from kiosk.domain.citizen import Citizen
from kiosk.domain.faults import DeviceAbsent
from kiosk.domain.secret import Secret
from kiosk.domain.technician import Technician, TechnicianRefusal
from tests.hardware.card.hands import CAN, QUICK, present

RIGHT, WRONG = "246810", "000000"
COMMANDS_MOST = 20


@pytest.fixture
def reader(virtual_reader: VirtualReader, tmp_path: Path) -> Iterator[PcscCardReader]:
    """A reader that believes the simulated operator and has its list."""
    export_first_trust(tmp_path / "published")
    authority = str(tmp_path / "published/operator.der")
    settings = replace(QUICK, technicians=authority, revocations=str(tmp_path / "lists"), transmit_timeout_s=5.0)
    driver = open_driver(settings)
    assert driver.renew_revocations((tmp_path / "published/operator.crl").read_bytes()) == ""
    yield driver
    driver.close()


@pytest.fixture
def put(card_simulator: SimulatedCardReader, reader: PcscCardReader, tmp_path: Path) -> Any:
    """Put a technician's card into the reader; its wrong PINs are remembered by its name."""

    def put_in(name: str = "technician", faults: dict[str, Any] | None = None, **fields: Any) -> None:
        profile = replace(TECHNICIAN, name=name, faults=CardFaults(**(faults or {})), **fields)
        save_card(profile, tmp_path / "card.json")
        present(card_simulator, reader, str(tmp_path / "card.json"))

    return put_in


def refused(outcome: Technician | TechnicianRefusal) -> tuple[str, int]:
    assert isinstance(outcome, TechnicianRefusal), outcome
    return outcome.reason, outcome.tries_left


@pytest.mark.parametrize("key", ["secp256r1", "rsa-2048"])
@pytest.mark.parametrize("chaining", [True, False])
def test_the_technician_is_let_in(put: Any, reader: PcscCardReader, key: str, chaining: bool):
    """Curve or RSA, answers in pieces or whole: the card proves who holds it, and the PIN is wiped."""
    put(key=key, chaining=chaining)
    pin = Secret(RIGHT)
    outcome = reader.authenticate_technician(pin)
    assert isinstance(outcome, Technician)
    assert (outcome.name, outcome.roles, outcome.remark) == ("Elçin Quliyev", ("technician",), "")
    assert int(outcome.serial, 16) > 2**62
    assert not pin


def test_the_counter_is_told_and_the_last_try_is_kept(put: Any, reader: PcscCardReader):
    """Two wrong PINs count down; the third is not sent before that is wanted; then the card is blocked, for the right PIN too."""
    put()
    assert refused(reader.authenticate_technician(Secret(WRONG))) == ("wrong_pin", 2)
    assert refused(reader.authenticate_technician(Secret(WRONG))) == ("wrong_pin", 1)
    warned = reader.authenticate_technician(Secret(RIGHT))
    assert refused(warned) == ("last_try", 1)
    assert refused(reader.authenticate_technician(Secret(WRONG), last_try=warned.serial)) == ("blocked", 0)
    assert refused(reader.authenticate_technician(Secret(RIGHT), last_try=warned.serial)) == ("blocked", 0)


def test_the_right_pin_on_the_last_try_lets_in(put: Any, reader: PcscCardReader):
    """Whoever says so may spend the last try; the right PIN then gives all of them back."""
    put()
    reader.authenticate_technician(Secret(WRONG))
    told = reader.authenticate_technician(Secret(WRONG))
    assert isinstance(reader.authenticate_technician(Secret(RIGHT), last_try=told.serial), Technician)
    assert refused(reader.authenticate_technician(Secret(WRONG))) == ("wrong_pin", 2)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"certificate": "foreign"}, "untrusted"),
        ({"certificate": "expired"}, "expired"),
        ({"certificate": "revoked"}, "revoked"),
        ({"role": "supervisor"}, "no_role"),
        ({"role": ""}, "no_role"),
    ],
)
def test_a_card_that_may_not_is_refused_without_a_try(
    put: Any, reader: PcscCardReader, card_simulator: SimulatedCardReader, fields: Any, reason: str
):
    """Foreign, expired, revoked or with no role: told as such, and the PIN did not go to the card."""
    put(**fields)
    assert refused(reader.authenticate_technician(Secret(WRONG))) == (reason, -1)
    assert card_simulator.ledger()[-1]["wrong_pin"] == 0


def test_the_cash_collectors_role_is_read(put: Any, reader: PcscCardReader):
    """The other role comes out of the certificate as well."""
    put(role="cash-collector")
    outcome = reader.authenticate_technician(Secret(RIGHT))
    assert isinstance(outcome, Technician)
    assert outcome.roles == ("cash-collector",)


@pytest.mark.parametrize("key", ["secp256r1", "rsa-2048"])
def test_a_copy_without_the_key_is_refused(put: Any, reader: PcscCardReader, key: str):
    """The certificate alone opens nothing, even with the right PIN."""
    put(key=key, faults={"cloned_active": True})
    assert refused(reader.authenticate_technician(Secret(RIGHT)))[0] == "untrusted"


def test_removed_at_every_command(put: Any, reader: PcscCardReader):
    """Wherever the card is pulled out, that is what is told; the next card is read as if nothing had been."""
    for at in range(1, COMMANDS_MOST):
        put(name=f"removed-{at}", faults={"removed_at": at})
        outcome = reader.authenticate_technician(Secret(RIGHT))
        if isinstance(outcome, Technician):
            assert at > 6
            return
        assert outcome.reason == "removed", (at, outcome)
        assert reader.wait_for_removal(3.0)
    raise AssertionError("no end")


def test_a_citizens_card_is_told_apart_and_still_read(card_simulator: SimulatedCardReader, reader: PcscCardReader):
    """A citizen's card left in the reader is no technician's, sees no PIN, and can be read afterwards."""
    present(card_simulator, reader)
    assert refused(reader.authenticate_technician(Secret(RIGHT))) == ("not_a_technician_card", -1)
    assert isinstance(reader.read_citizen(CAN), Citizen)


def test_a_technicians_card_is_no_citizens(put: Any, reader: PcscCardReader):
    """A technician's card at the citizens' screen is refused and loses no try."""
    put()
    assert not isinstance(reader.read_citizen(CAN), Citizen)
    assert refused(reader.authenticate_technician(Secret(WRONG))) == ("wrong_pin", 2)


def test_an_empty_reader_says_so(card_simulator: SimulatedCardReader, reader: PcscCardReader):
    """Without a card nothing is asked, and the PIN is wiped all the same."""
    pin = Secret(RIGHT)
    assert refused(reader.authenticate_technician(pin)) == ("no_card", -1)
    assert not pin


def test_without_a_reader_it_is_a_fault(virtual_reader: VirtualReader, tmp_path: Path):
    """No reader of that name: DeviceAbsent, and the PIN is wiped."""
    settings = CardSettings(
        reader="no such", technicians=str(tmp_path / "ca.pem"), revocations=str(tmp_path / "lists")
    )  # fmt: skip
    pin = Secret(RIGHT)
    with pytest.raises(DeviceAbsent):
        open_driver(settings).authenticate_technician(pin)
    assert not pin


def test_without_an_authority_nobody_is_let_in(virtual_reader: VirtualReader):
    """Where no authority is configured every card is untrusted, and no list is kept."""
    driver = open_driver(QUICK)
    assert refused(driver.authenticate_technician(Secret(RIGHT)))[0] == "untrusted"
    assert "no authority" in driver.renew_revocations(b"")
    driver.close()


@pytest.mark.parametrize(
    "fields",
    [{"technicians": "ca.pem"}, {"technicians": "/ca.pem"}, {"technicians": "/ca.pem", "revocations": "lists"}],
)
def test_settings_that_cannot_be_meant_are_refused(fields: dict[str, str]):
    """A path that depends on where we were started, and authorities without a place for their lists."""
    with pytest.raises(ValueError, match=r"technicians|revocations"):
        CardSettings(**fields)


def test_the_self_test_says_whose_technicians_are_believed(reader: PcscCardReader, tmp_path: Path):
    """How many authorities and which list; a list that is missing is a shortcoming, an authority that is missing a failure."""
    said = reader.self_test().checks[-1]
    assert (said.name, said.outcome) == ("technicians", "passed")
    assert "number 1" in said.detail
    (tmp_path / "lists/current").unlink()
    assert reader.self_test().checks[-1].outcome == "degraded"
    (tmp_path / "published/operator.der").unlink()
    assert reader.self_test().checks[-1].outcome == "failed"
