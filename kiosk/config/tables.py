"""What can be configured: one Struct per table of ``kiosk.toml``. Drivers' tables are the drivers' own (``hardware.drivers``)."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from msgspec import Meta, Struct, field

from kiosk.domain.card_profile import CardProfile
from kiosk.domain.screen_profile import ScreenProfile
from kiosk.domain.service import Service
from kiosk.domain.technician import WayIn

LANGUAGES = ("az", "ru", "en")
DRIVEN = ("card", "terminal", "printer", "panel")
OPTIONAL = ("cash", "scanner", "fiscal", "document")
"""Driven too where a driver is named: else the kiosk takes cards only, keys are typed, no sale is registered, documents come as slips."""

Table = dict[str, Any]


class KioskTable(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """``[kiosk]``: who this is and where it keeps its data. ``surplus_most_minor``: how much more than is due notes may bring.

    ``day_end_hour``: the local hour, 0 to 23, in which card terminal's and register's days are closed while nobody is there; -1 never.
    """

    id: str
    data: str
    production: bool = True
    services: str = "services"
    cards: str = "cards"
    languages: str = "languages"
    receipts: str = "receipts"
    timezone: str = "Asia/Baku"
    log_level: str = "INFO"
    surplus_most_minor: int = 2_000
    day_end_hour: Annotated[int, Meta(ge=-1, le=23)] = -1


class CentralTable(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """``[central]``: the central system. The token stands in a file of its own, readable by the kiosk alone."""

    url: str
    token_file: str
    ca_file: str = ""
    connect_timeout_s: float = 5.0
    answer_timeout_s: float = 15.0


class ServicingTable(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """``[servicing]``: the kiosk's own PIN as ``kiosk hash-pin`` makes it, and whether technicians come in by it, by card, or by either."""

    pin_hash: str = ""
    technician: WayIn = "pin"


class BenchTable(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """``[bench]``: only for demo and tests; refused in production.

    finger   Unix socket through which a test touches the screen
    papers   folder into which the text of every printed paper is written
    """

    finger: str = ""
    papers: str = ""


class Config(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Everything that is configured. ``drivers`` names the driver of each device; its table is in ``tables``.

    ``folder``, ``found_services`` and ``found_cards`` are found while reading and cannot be configured.
    """

    kiosk: KioskTable
    central: CentralTable
    drivers: dict[str, str]
    screen: ScreenProfile = ScreenProfile()
    servicing: ServicingTable = ServicingTable()
    bench: BenchTable | None = None
    card: Table = field(default_factory=dict)
    terminal: Table = field(default_factory=dict)
    printer: Table = field(default_factory=dict)
    panel: Table = field(default_factory=dict)
    cash: Table = field(default_factory=dict)
    scanner: Table = field(default_factory=dict)
    fiscal: Table = field(default_factory=dict)
    document: Table = field(default_factory=dict)
    folder: str = ""
    found_services: tuple[Service, ...] = ()
    found_cards: tuple[CardProfile, ...] = ()

    @property
    def driven(self) -> tuple[str, ...]:
        """The devices of this kiosk that have a driver."""
        return (*DRIVEN, *(name for name in OPTIONAL if self.drivers.get(name)))

    def table(self, device: str) -> Table:
        """Return a device's own table."""
        table: Table = getattr(self, device)
        return table

    def path(self, name: str) -> Path:
        """Return a path given in the configuration; a relative one starts at the configuration's folder."""
        return Path(self.folder) / name
