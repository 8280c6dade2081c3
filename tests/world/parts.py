"""The parts of a world's kiosk: real drivers with short waits, the real line to the centre, papers whose text is kept."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from hardware.bench.bench import Bench
from hardware.cash.driver import open_driver as open_cash
from hardware.cash.settings import CashSettings, CashTimings
from hardware.document.ipp import IppSettings
from hardware.document.ipp import open_driver as open_document
from hardware.fiscal.driver import open_driver as open_fiscal
from hardware.panel.driver import PanelSettings
from hardware.panel.driver import open_driver as open_panel
from hardware.printer.driver import PrinterSettings
from hardware.printer.driver import open_driver as open_printer
from hardware.scanner.driver import open_driver as open_scanner
from hardware.scanner.settings import ScannerSettings
from hardware.terminal.driver import open_driver as open_terminal
from hardware.terminal.settings import TerminalSettings, TerminalTimings
from kiosk.commands.parts import read_forms
from kiosk.domain.faults import DeviceFault
from kiosk.domain.health import Check, Ready, SelfTest
from kiosk.domain.receipt import Receipt
from kiosk.domain.secret import Secret
from kiosk.domain.service import Service
from kiosk.domain.technician import TechnicianRefusal
from kiosk.ports import CardReader
from kiosk.runtime.clock import SystemClock
from kiosk.runtime.kept_papers import KeptPapers, text_of
from kiosk.runtime.papers import Letterhead
from kiosk.runtime.performers import Devices
from kiosk.uplink.client import HttpCentral, UplinkSettings
from tests.hardware.fiscal.sales import fiscal_settings
from tests.world.words import CONFIG, languages

CASH = CashTimings(answer_s=0.3, poll_s=0.01, hold_s=0.2, motion_s=2.0)
FORMS = read_forms(CONFIG / "receipts")
HEAD = Letterhead(dict.fromkeys(("az", "ru", "en"), "Terminal"), dict.fromkeys(("az", "ru", "en"), "Ağalı"), "1", "108")
QUICK = TerminalTimings(t2_s=1.0, t3_s=1.0, t4_s=6.0, recovery_limit_s=12.0, retry_first_s=0.05, retry_longest_s=0.2)
IMPATIENT = TerminalTimings(
    t2_s=0.25, t3_s=0.5, t4_s=1.5, health_limit_s=1.0, recovery_limit_s=2.5, retry_first_s=0.05, retry_longest_s=0.2
)
"""For faults that are waited out: short, and for tests that run alone."""


class NoCard:
    """For services that ask for no card: the reader is there and empty."""

    def health(self) -> Ready:
        """All is well."""
        return Ready()

    def wait_for_card(self, timeout_s: float) -> bool:
        """Nobody comes."""
        return False

    def read_citizen(self, access_key: Secret) -> Any:
        """Nothing lies there."""
        raise DeviceFault("no card here")

    def wait_for_removal(self, timeout_s: float) -> bool:
        """Nothing lies there."""
        return True

    def watch(self, report: Callable[[], None] | None) -> None:
        """Nobody comes."""

    def authenticate_technician(self, pin: Secret, *, last_try: str = "") -> TechnicianRefusal:
        """Nothing lies there."""
        pin.wipe()
        return TechnicianRefusal("no_card")

    def renew_revocations(self, newest: bytes) -> str:
        """Nobody is believed."""
        return "no authority"

    def self_test(self) -> SelfTest:
        """All is well."""
        return SelfTest("card", (Check("reader", "passed"),))

    def cancel(self) -> None:
        """Nothing waits."""

    def close(self) -> None:
        """Nothing is open."""


def kept_papers(kept: list[Receipt], kiosk_id: str) -> KeptPapers:
    """Return papers that are kept in a list."""
    return KeptPapers(kept.append, languages(), HEAD, FORMS, kiosk_id, SystemClock(), "1")


def without_card(service: Service) -> Service:
    """Return the service as one that asks nobody who is there."""
    return replace(service, needs="nothing")


def open_devices(
    bench: Bench,
    timings: TerminalTimings,
    card: CardReader | None,
    *,
    cash: bool = False,
    scanner: bool = False,
    fiscal: Path | None = None,
    document: str = "",
) -> Devices:
    """Open the drivers on the bench's wires; what not every kiosk has only where it is wanted.

    ``fiscal``: where its password is put. ``document``: the printer's address.
    """
    terminal = TerminalSettings(port=str(bench.terminal_port), delivery_timeout_s=1, timings=timings)
    return Devices(
        card=card or NoCard(),
        terminal=open_terminal(terminal),
        printer=open_printer(PrinterSettings(port=str(bench.printer_port), grace_s=0.2, acknowledge_s=4.0)),
        panel=open_panel(PanelSettings(pins=f"bench:{bench.panel_socket}", bounce_s=0)),
        cash=open_cash(CashSettings(port=str(bench.validator_port), timings=CASH)) if cash else None,
        scanner=open_scanner(ScannerSettings(port=str(bench.scanner_port))) if scanner else None,
        fiscal=open_fiscal(fiscal_settings(str(bench.fiscal_url), fiscal)) if fiscal else None,
        document=open_document(IppSettings(url=document, poll_s=0.05, grace_s=0.2, job_s=20.0)) if document else None,
    )


def open_central(url: str, kiosk_id: str, token: str) -> HttpCentral:
    """Open the line to the centre."""
    return HttpCentral(
        UplinkSettings(
            url=url, kiosk_id=kiosk_id, token=Secret(token), connect_timeout_s=1, answer_timeout_s=3
        )
    )  # fmt: skip


__all__ = [
    "HEAD",
    "IMPATIENT",
    "QUICK",
    "NoCard",
    "kept_papers",
    "open_central",
    "open_devices",
    "text_of",
    "without_card",
]
