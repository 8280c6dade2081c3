"""Our own drivers keep what every driver must keep, and the checks find one that does not."""

import socket

import pytest

from hardware import conformance
from hardware.card.driver import CardSettings
from hardware.card.driver import open_driver as open_card
from hardware.cash.driver import open_driver as open_cash
from hardware.cash.settings import CashSettings
from hardware.document.escpos import EscposDocumentSettings
from hardware.document.escpos import open_driver as open_wide
from hardware.document.ipp import IppSettings
from hardware.document.ipp import open_driver as open_document
from hardware.drivers import find_driver
from hardware.fiscal.driver import open_driver as open_fiscal
from hardware.panel.driver import PanelSettings
from hardware.panel.driver import open_driver as open_panel
from hardware.printer.driver import PrinterSettings
from hardware.printer.driver import open_driver as open_printer
from hardware.scanner.driver import open_driver as open_scanner
from hardware.scanner.settings import ScannerSettings
from hardware.terminal.driver import open_driver as open_terminal
from hardware.terminal.settings import TerminalSettings, TerminalTimings
from kiosk.domain.health import Ready, SelfTest
from tests.hardware.fiscal.sales import fiscal_settings

QUICK = TerminalTimings(recovery_limit_s=1, enquiry_limit_s=1)


def closed_port() -> int:
    """Return a loopback port on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@pytest.mark.parametrize(("device", "opened"), [
    ("card", lambda _: open_card(CardSettings(reader="no such reader", settle_s=0.2))),
    ("terminal", lambda path: open_terminal(TerminalSettings(port=str(path / "terminal"), timings=QUICK))),
    ("terminal", lambda _: open_terminal(TerminalSettings(port=f"tcp://127.0.0.1:{closed_port()}", timings=QUICK))),
    ("printer", lambda path: open_printer(PrinterSettings(port=str(path / "printer")))),
    ("cash", lambda path: open_cash(CashSettings(port=str(path / "validator")))),
    ("scanner", lambda path: open_scanner(ScannerSettings(port=str(path / "scanner")))),
    ("fiscal", lambda path: open_fiscal(fiscal_settings(f"http://127.0.0.1:{closed_port()}/v2", path))),
    ("document", lambda path: open_wide(EscposDocumentSettings(port=str(path / "document")))),
    ("document", lambda _: open_document(IppSettings(url=f"ipp://127.0.0.1:{closed_port()}/ipp/print"))),
    ("panel", lambda path: open_panel(PanelSettings(pins=f"bench:{path / 'panel.sock'}"))),
])  # fmt: skip
@pytest.mark.usefixtures("virtual_reader")  # libpcsclite knows one service in a process: the tests' own
def test_a_driver_without_its_device_keeps_the_rules(device, opened, tmp_path):
    """With its device away a driver opens, tells so in time, advises, and closes."""
    conformance.check_away(device, lambda: opened(tmp_path))


@pytest.mark.parametrize(
    ("device", "name"),
    [
        ("card", "pcsc"),
        ("terminal", "zvt"),
        ("printer", "escpos"),
        ("cash", "ccnet"),
        ("scanner", "serial"),
        ("fiscal", "ekassa"),
        ("panel", "gpio"),
        ("document", "ipp"),
        ("document", "escpos"),
    ],
)
def test_a_drivers_settings_are_strict(device, name):
    """Each driver that can be configured says which settings it takes and refuses others."""
    conformance.check_settings(find_driver(device, name))


class Careless:
    """A driver that is always ready and lacks half of its port."""

    def health(self):
        return Ready()

    def self_test(self):
        return SelfTest("printer", ())

    def cancel(self):
        pass

    def close(self):
        pass


def test_a_careless_driver_is_found():
    """The checks bite: a driver that lacks a method, or is ready with nothing there, fails them."""
    with pytest.raises(AssertionError, match="is missing"):
        conformance.check_away("printer", Careless)
    with pytest.raises(AssertionError, match="ready with nothing there"):
        conformance.check_health_away("printer", Careless())
    with pytest.raises(AssertionError, match="passed with nothing there"):
        conformance.check_self_test_away("printer", Careless())
