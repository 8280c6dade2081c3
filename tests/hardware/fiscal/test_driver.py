"""The register's driver against the simulated register, over TCP: one sale, one document, whatever fails in between."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hardware.fiscal.driver import EkassaRegister, open_driver
from hardware.fiscal.messages import sale_request
from hardware.fiscal.simulator import SimulatedFiscalRegister
from kiosk.domain.faults import ConfigError, DeviceFault
from kiosk.domain.fiscal import NOT_MADE, Refused, Registered, ShiftTotals
from kiosk.domain.health import Failed, Ready
from kiosk.domain.money import Money
from kiosk.domain.payment import Unresolved
from tests.hardware.fiscal.sales import IMPATIENT, a_sale, fiscal_settings

FAULTS = {
    "answer lost": {"do": "lose_answer", "operation": "sale"},
    "answer hangs": {"do": "hang_answer", "operation": "sale"},
    "half an answer": {"do": "half", "operation": "sale"},
    "garbage": {"do": "garbage", "operation": "sale"},
    "noise": {"do": "noise", "operation": "sale"},
    "answered twice": {"do": "double", "operation": "sale"},
    "slow": {"do": "late", "ms": 1500},
    "power cut before": {"do": "power_cut", "at": "before"},
    "power cut when made": {"do": "power_cut", "at": "made"},
    "error before": {"do": "internal_error"},
    "error after": {"do": "internal_error", "done": True},
    "HTTP error before": {"do": "http_error", "status": 503, "done": False, "operation": "sale"},
    "HTTP error after": {"do": "http_error", "status": 503, "done": True, "operation": "sale"},
    "token expired": {"do": "token_expired"},
    "history lost": {"do": "lose_answer", "operation": "history"},
    "info lost": {"do": "lose_answer", "operation": "info"},
    "opening lost": {"do": "lose_answer", "operation": "open_shift"},
    "login lost": {"do": "lose_answer", "operation": "login"},
    "shift too old": {"do": "later", "hours": 25},
    "not printed": {"do": "printing"},
}


class Counter:
    """A simulated register and the driver that sells at it."""

    def __init__(self, folder: Path) -> None:
        self.simulated = SimulatedFiscalRegister(folder / "register")
        self.simulated.start()
        self.folder = folder
        self.driver = self.open()

    def open(self, **options: object) -> EkassaRegister:
        return open_driver(fiscal_settings(str(self.simulated.url), self.folder, **options))  # type: ignore[arg-type]

    def bench(self, **command: object) -> None:
        answer = self.simulated.do(command)
        assert answer["ok"], answer

    def documents(self, int_ref: str | None = None) -> list[dict[str, object]]:
        return [row for row in self.simulated.ledger() if int_ref is None or row["int_ref"] == int_ref]

    def close(self) -> None:
        self.driver.close()
        self.simulated.stop()


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[Counter]:
    made = Counter(tmp_path)
    yield made
    made.close()


def test_the_first_sale(counter: Counter) -> None:
    """A sale logs in, opens the shift and is one document, whose identifier, numbers and address the receipt can repeat."""
    outcome = counter.driver.register(a_sale())
    assert isinstance(outcome, Registered)
    document, (row,) = outcome.document, counter.documents()
    assert (document.fiscal_id, document.number, document.shift_number) == (row["long_id"], 1, 1)
    assert document.url.endswith(document.fiscal_id)
    assert document.url.startswith("https://monitoring.e-kassa")
    assert document.register
    assert document.registration


def test_a_second_sale_of_the_same_reference(counter: Counter) -> None:
    """A reference that was registered gets its document again, by another driver too, and no second one."""
    first = counter.driver.register(a_sale())
    counter.driver.close()
    counter.driver = counter.open()
    assert counter.driver.register(a_sale()) == first
    assert len(counter.documents()) == 1


def test_cash_and_card_stand_apart(counter: Counter) -> None:
    """What was paid in notes and what by card are told to the register as such, and its Z report sums them so."""
    counter.driver.register(a_sale("A-1", cash=2000, cashless=360))
    counter.driver.register(a_sale("A-2", cash=0, cashless=40, vat=None))
    totals = counter.driver.close_day()
    assert isinstance(totals, ShiftTotals)
    assert (totals.count, totals.amount, totals.cash, totals.cashless) == (2, Money(2400), Money(2000), Money(400))
    assert (totals.first, totals.last) == (1, 2)


@pytest.mark.parametrize("shift", ["shift open", "shift closed"])
@pytest.mark.parametrize("name", FAULTS)
def test_one_document_whatever_fails(counter: Counter, name: str, shift: str) -> None:
    """Under any single fault a sale that is asked about and then registered again ends as exactly one document, and as that one."""
    if shift == "shift open":
        counter.driver.register(a_sale("A-0"))
    counter.bench(**FAULTS[name])
    outcome = in_the_end(counter.driver)
    assert isinstance(outcome, Registered)
    assert [row["long_id"] for row in counter.documents("A-1")] == [outcome.document.fiscal_id]


def in_the_end(driver: EkassaRegister) -> object:
    """Register as the journey does: after doubt ask, and register again only what was surely not made."""
    outcome = attempt(lambda: driver.register(a_sale("A-1")))
    for _ in range(4):
        if isinstance(outcome, Registered):
            return outcome
        outcome = driver.outcome_of(a_sale("A-1"))
        if isinstance(outcome, Refused):
            assert outcome.reason == NOT_MADE
            outcome = attempt(lambda: driver.register(a_sale("A-1")))
    return outcome


def attempt(register: Callable[[], object]) -> object:
    try:
        return register()
    except DeviceFault as fault:
        return fault


def test_a_lost_answer_is_doubt(counter: Counter) -> None:
    """When the answer to a sale is lost nobody claims to know; asking afterwards finds the document."""
    counter.driver.register(a_sale("A-0"))
    counter.bench(do="lose_answer", operation="sale")
    assert isinstance(counter.driver.register(a_sale("A-1")), Unresolved)
    found = counter.driver.outcome_of(a_sale("A-1"))
    assert isinstance(found, Registered)
    assert found.document.fiscal_id == counter.documents("A-1")[0]["long_id"]


def test_asking_makes_nothing(counter: Counter) -> None:
    """A sale that was never sent is known not to be made, and asking does not make it."""
    assert counter.driver.outcome_of(a_sale()) == Refused(NOT_MADE)
    assert counter.documents() == []


def test_a_silent_register(counter: Counter) -> None:
    """A register that takes requests and never answers keeps nobody waiting, registers nothing, and is not believed to deny anything."""
    driver = counter.open(timings=IMPATIENT)
    counter.bench(do="silent")
    with pytest.raises(DeviceFault):
        driver.register(a_sale())
    assert isinstance(driver.outcome_of(a_sale()), Unresolved)
    assert isinstance(driver.health(), Failed)
    driver.close()
    assert counter.documents() == []


def test_without_the_tax_service_for_too_long(counter: Counter) -> None:
    """A register that has not met the tax service for too long refuses, is known as failed from then on, with advice about its network, and recovers."""
    counter.bench(do="offline")
    counter.driver.register(a_sale("A-1"))
    counter.bench(do="later", hours=5 * 24 + 1)
    outcome = counter.driver.register(a_sale("A-2"))
    assert isinstance(outcome, Refused)
    assert outcome.reason == "offline"
    health = counter.driver.health()
    assert isinstance(health, Failed)
    assert health.reason == "tax_offline"
    assert "network" in counter.driver.self_test().checks[1].advice
    counter.bench(do="offline", on=False)
    assert isinstance(counter.driver.health(), Ready)
    assert isinstance(counter.driver.register(a_sale("A-2")), Registered)


def test_a_document_that_is_not_printed(counter: Counter) -> None:
    """A document whose own paper does not come out is registered; until it is out the register is failed, and no other is made."""
    counter.driver.register(a_sale("A-0"))
    counter.bench(do="printing")
    assert isinstance(counter.driver.register(a_sale("A-1")), Registered)
    health = counter.driver.health()
    assert isinstance(health, Failed)
    assert health.reason == "unprinted"
    assert "paper" in counter.driver.self_test().checks[1].advice
    refused = counter.driver.register(a_sale("A-2"))
    assert isinstance(refused, Refused)
    assert refused.reason == "printer"
    counter.bench(do="printing", on=False)
    assert isinstance(counter.driver.health(), Ready)
    assert isinstance(counter.driver.register(a_sale("A-2")), Registered)
    assert [row["int_ref"] for row in counter.documents()] == ["A-0", "A-1", "A-2"]


def test_a_busy_register(counter: Counter) -> None:
    """A register that works on another document all the time is asked again, and given up without a document."""
    driver = counter.open(timings=IMPATIENT)
    counter.bench(do="queue")
    with pytest.raises(DeviceFault):
        driver.register(a_sale())
    counter.bench(do="queue", on=False)
    driver.close()
    assert counter.documents() == []


def test_a_document_of_somebody_else(counter: Counter) -> None:
    """Another till's document in between is no obstacle: its number is learnt, and the sale is made once."""
    other = counter.open()
    counter.driver.register(a_sale("A-1"))
    assert isinstance(other.register(a_sale("B-1")), Registered)
    assert isinstance(counter.driver.register(a_sale("A-2")), Registered)
    other.close()
    assert [row["int_ref"] for row in counter.documents()] == ["A-1", "B-1", "A-2"]


def test_a_day_without_a_shift(counter: Counter) -> None:
    """Where no shift is open none is closed."""
    assert counter.driver.close_day() == Refused("no_shift")


def test_a_day_whose_report_is_lost(counter: Counter) -> None:
    """When the answer to closing is lost nobody claims to know; the next day finds the shift closed."""
    counter.driver.register(a_sale())
    counter.bench(do="lose_answer", operation="close_shift")
    assert isinstance(counter.driver.close_day(), Unresolved)
    assert counter.driver.close_day() == Refused("no_shift")


def test_self_test(counter: Counter) -> None:
    """The self-test tells model, state, certificate and shift, and makes no document."""
    test = counter.driver.self_test()
    assert [(check.name, check.outcome) for check in test.checks] == [
        (name, "passed") for name in ("register", "state", "certificate", "shift")
    ]
    assert counter.documents() == []


def test_a_wrong_password(counter: Counter) -> None:
    """A register that does not let us in has failed, and the self-test says what to look at."""
    driver = counter.open(password="not-it")
    health = driver.health()
    assert isinstance(health, Failed)
    assert health.reason == "no_login"
    assert "user" in driver.self_test().checks[0].advice
    driver.close()


def test_no_secret_is_logged(counter: Counter, caplog: pytest.LogCaptureFixture) -> None:
    """Neither the password nor the session's token reaches a log or a fault's words."""
    caplog.set_level(logging.DEBUG)
    driver = counter.open(password="swordfish-77")
    with pytest.raises(DeviceFault) as caught:
        driver.register(a_sale())
    counter.driver.register(a_sale())
    token = counter.driver._session._token.reveal()
    driver.close()
    for secret in ("swordfish-77", token):
        assert secret not in caplog.text + str(caught.value)


def test_without_its_password(tmp_path: Path) -> None:
    """A kiosk whose register's password is missing says so at once, by the file's name."""
    settings = fiscal_settings("http://127.0.0.1:1/v2", tmp_path)
    Path(settings.password_file).unlink()
    with pytest.raises(ConfigError, match="password_file"):
        open_driver(settings)


@pytest.mark.parametrize("port", ["http://8.8.8.8:8989/v2", "ftp://127.0.0.1", "http://user:word@127.0.0.1/v2"])
def test_an_unsafe_address(tmp_path: Path, port: str) -> None:
    """The password travels in clear to this machine or a private network alone."""
    with pytest.raises(ValueError, match="port: expected"):
        fiscal_settings(port, tmp_path)


def test_the_bytes_of_a_sale() -> None:
    """A sale is sent in the order that the register asks for, with amounts exact to the last digit."""
    assert sale_request(a_sale("AGALI-1-000147", 2000, 360), "dG9rZW4=", 26).decode() == (
        '{"requestData":{"access_token":"dG9rZW4=","int_ref":"AGALI-1-000147","tokenData":{"parameters":{"doc_type":"sale",'
        '"prev_doc_number":26,"data":{"cashier":"AGALI-1","currency":"AZN","items":[{"itemName":"Elektrik enerjisi haqqını ödə",'
        '"itemCodeType":3,"itemCode":"electricity","itemQuantityType":0,"itemQuantity":1,"itemPrice":23.60,"itemSum":23.60,'
        '"itemVatPercent":18,"discount":0.00}],"sum":23.60,"cashSum":20.00,"cashlessSum":3.60,"prepaymentSum":0.00,'
        '"creditSum":0.00,"bonusSum":0.00,"incomingSum":20.00,"vatAmounts":[{"vatSum":23.60,"vatPercent":18}]}},'
        '"operationId":"createDocument","version":1},"checkData":{"check_type":1}}}'
    )


def test_a_sale_outside_the_tax() -> None:
    """A sale that is not subject to the tax names no rate at all, instead of a rate of nothing."""
    assert b"Percent" not in sale_request(a_sale(vat=None), "t", 0)
