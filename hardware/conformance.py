"""What every driver must keep (ports.py), as checks that a third party's tests can call.

Each check takes a function that opens the driver with its device away (a port that does not exist, no service), and raises
AssertionError with the promise that was broken. ``check_away`` runs all of them.
"""

from __future__ import annotations

import inspect
import threading
import time
from collections.abc import Callable
from typing import Any, get_type_hints

from kiosk.domain.faults import DeviceFault
from kiosk.domain.fiscal import Sale, SaleItem
from kiosk.domain.health import Failed, Ready, SelfTest, Unknown
from kiosk.domain.money import Money
from kiosk.domain.payment import Capabilities, Unresolved
from kiosk.domain.receipt import NotStarted
from kiosk.domain.secret import Secret
from kiosk.domain.technician import TechnicianRefusal
from kiosk.ports import (
    CardReader,
    CashAcceptor,
    DocumentPrinter,
    FiscalRegister,
    MrzScanner,
    Panel,
    PaymentTerminal,
    ReceiptPrinter,
)

PORTS: dict[str, type] = {
    "card": CardReader,
    "terminal": PaymentTerminal,
    "printer": ReceiptPrinter,
    "cash": CashAcceptor,
    "panel": Panel,
    "scanner": MrzScanner,
    "fiscal": FiscalRegister,
    "document": DocumentPrinter,
}
HEALTH_S = 3.5
"""``health()`` answers within 3 s; the rest is for a busy machine."""
SELF_TEST_S = 32.0
AT_ONCE_S = 0.5

Open = Callable[[], Any]


def check_shape(device: str, driver: Any) -> None:
    """Check that the driver has every method of its port, with the port's parameters in their order."""
    for name, method in inspect.getmembers(PORTS[device], inspect.isfunction):
        if name.startswith("_"):
            continue
        own = getattr(driver, name, None)
        assert callable(own), f"{device}: {name} is missing"
        wanted = [each for each in inspect.signature(method).parameters if each != "self"]
        found = list(inspect.signature(own).parameters)
        assert found[: len(wanted)] == wanted, f"{device}.{name}{tuple(found)}: expected {tuple(wanted)}"


def check_health_away(device: str, driver: Any) -> None:
    """Check that an absent device is told as such, in time and by a value, never by an exception."""
    started = time.monotonic()
    health = driver.health()
    took_s = time.monotonic() - started
    assert took_s <= HEALTH_S, f"{device}.health() took {took_s:.1f} s"
    assert not isinstance(health, Ready), f"{device}.health() is ready with nothing there"
    assert isinstance(health, Failed | Unknown), f"{device}.health() returned {health!r}"


def check_self_test_away(device: str, driver: Any) -> None:
    """Check that the self-test of an absent device is a failed one with advice, in time, and that it does not raise."""
    started = time.monotonic()
    test = driver.self_test()
    took_s = time.monotonic() - started
    assert took_s <= SELF_TEST_S, f"{device}.self_test() took {took_s:.1f} s"
    assert isinstance(test, SelfTest), f"{device}.self_test() returned {test!r}"
    assert test.outcome == "failed", f"{device}.self_test() is {test.outcome} with nothing there"
    assert any(check.advice for check in test.checks), f"{device}.self_test() gives no advice"


def check_terminal_away(terminal: Any) -> None:
    """Check that an absent terminal still says what it can do, at once, and that no end of day seems to have happened."""
    started = time.monotonic()
    found = terminal.capabilities()
    assert time.monotonic() - started <= AT_ONCE_S, "terminal.capabilities() asks somebody"
    assert isinstance(found, Capabilities), f"terminal.capabilities() returned {found!r}"
    try:
        closed = terminal.close_batch()
    except DeviceFault:
        return
    raise AssertionError(f"terminal.close_batch() returned {closed!r} with nothing there")


def check_card_away(reader: Any) -> None:
    """Check that without a reader no technician gets in, no PIN stays, no list is taken unproven, and no newcomer is seen."""
    check_watch_away(reader)
    pin = Secret("246810")
    try:
        found = reader.authenticate_technician(pin)
    except DeviceFault:
        found = None
    assert found is None or isinstance(found, TechnicianRefusal), f"card.authenticate_technician() returned {found!r}"
    assert not pin, "card.authenticate_technician() leaves the PIN in memory"
    try:
        said = reader.renew_revocations(b"")
    except DeviceFault:
        return
    assert said, "card.renew_revocations() takes what is no list"


def check_watch_away(reader: Any) -> None:
    """Check that a watch begins and ends at once, and that no card seems to come where there is no reader."""
    seen = threading.Event()
    started = time.monotonic()
    reader.watch(seen.set)
    assert time.monotonic() - started <= AT_ONCE_S, "card.watch() waits"
    assert not seen.wait(AT_ONCE_S), "card.watch() reports a card with nothing there"
    reader.watch(None)


def check_fiscal_away(register: Any) -> None:
    """Check that an absent register neither registers a sale nor denies one, and that no day seems to have been closed."""
    sale = Sale("K-000001", (SaleItem("x", "x", Money(100)),), Money(0), Money(100), None, "K", 0)
    try:
        made = register.register(sale)
    except DeviceFault:
        made = None
    assert made is None, f"fiscal.register() returned {made!r} with nothing there"
    found = register.outcome_of(sale)
    assert isinstance(found, Unresolved), f"fiscal.outcome_of() returned {found!r} with nothing there"
    try:
        closed = register.close_day()
    except DeviceFault:
        return
    raise AssertionError(f"fiscal.close_day() returned {closed!r} with nothing there")


def check_document_away(printer: Any) -> None:
    """Check that without a printer no document seems to have been printed, whole or in part."""
    outcome = printer.print_document(b"%PDF-1.4", "CONFORMANCE")
    assert isinstance(outcome, NotStarted), f"document.print_document() returned {outcome!r} with nothing there"


def check_cancel_and_close(device: str, driver: Any) -> None:
    """Check that cancel() may come from any thread at any time, and close() twice."""
    thread = threading.Thread(target=driver.cancel)
    thread.start()
    thread.join(2)
    assert not thread.is_alive(), f"{device}.cancel() does not return"
    driver.close()
    driver.close()


def check_settings(opener: Callable[[Any], Any]) -> None:
    """Check that the driver's open function says, by its annotation, which settings it takes."""
    settings = get_type_hints(opener).get("settings")
    assert isinstance(settings, type), "open_driver(settings: …) needs an annotation"
    config = getattr(settings, "__struct_config__", None)
    assert config is not None, "the settings are not a msgspec Struct"
    assert config.frozen, "the settings are not frozen"
    assert config.forbid_unknown_fields, "the settings take unknown keys"


def check_away(device: str, open_away: Open) -> None:
    """Run every check with the device away. Opening itself must not fail for that (the panel's native pins excepted)."""
    driver = open_away()
    try:
        check_shape(device, driver)
        check_health_away(device, driver)
        check_self_test_away(device, driver)
        if device == "terminal":
            check_terminal_away(driver)
        if device == "card":
            check_card_away(driver)
        if device == "fiscal":
            check_fiscal_away(driver)
        if device == "document":
            check_document_away(driver)
    finally:
        check_cancel_and_close(device, driver)
