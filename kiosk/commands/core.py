"""The core of a kiosk: everything but the screens, opened and put together."""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo

from msgspec import Struct

from kiosk.commands.parts import central_of, check_drivers, data_of, languages_of, open_devices, stationery_of
from kiosk.config import Config
from kiosk.domain.faults import ConfigError, DeviceFault
from kiosk.domain.health import DeviceName, Health
from kiosk.domain.receipt import Receipt
from kiosk.domain.signals import PanelReading
from kiosk.journal import Journal
from kiosk.journey.events import AnyEvent, PanelChanged
from kiosk.language import Language
from kiosk.runtime.crew import Worker
from kiosk.runtime.day_end import DayEnd
from kiosk.runtime.desk import Desk
from kiosk.runtime.errands import Errands
from kiosk.runtime.fiscal_day import FiscalDay
from kiosk.runtime.heartbeat import Heartbeat
from kiosk.runtime.inbox import Inbox
from kiosk.runtime.kept_papers import KeptPapers, text_of
from kiosk.runtime.nightly import Nightly
from kiosk.runtime.papers import Papers
from kiosk.runtime.performers import Devices, Office, Performers
from kiosk.runtime.revocations import Revocations
from kiosk.uplink.client import HttpCentral
from kiosk.uplink.outbox import Outbox
from kiosk.version import VERSION

HEALTH_EVERY_S = 10.0
"""A card terminal wants to be asked once a minute at least: it does its timed jobs then (ZVT PA00P015, 2.56)."""


class Core(Struct):
    """Everything but the screens: the parts of a running kiosk."""

    inbox: Inbox
    journal: Journal
    devices: Devices
    central: HttpCentral
    outbox: Outbox
    performers: Performers
    workers: dict[DeviceName, Worker]
    languages: dict[str, Language]
    errands: Errands

    def start(self) -> None:
        """Let the workers look at their devices and the panel report."""
        for worker in self.workers.values():
            worker.start()
        self.devices.panel.watch(lambda reading: self.inbox.post(_panel_changed(reading)))

    def close(self) -> None:
        """End what was started, devices last."""
        self.outbox.stop()
        optional = tuple(self.devices.optional.values())
        for device in (self.devices.card, self.devices.terminal, self.devices.printer, *optional):
            device.cancel()
        for worker in self.workers.values():
            worker.stop()
        for each in (self.devices.card, self.devices.terminal, self.devices.printer, self.devices.panel, *optional):
            each.close()
        self.outbox.close()
        self.journal.close()


def _panel_changed(reading: PanelReading) -> AnyEvent:
    return PanelChanged(reading)


def open_core(config: Config) -> Core:
    """Open every part. ConfigError or JournalFault says what is wrong; nothing is half open then that matters."""
    mistakes = check_drivers(config)
    if mistakes:
        raise ConfigError(mistakes)
    data = data_of(config)
    data.mkdir(parents=True, exist_ok=True)
    languages = languages_of(config)
    papers = papers_for(config, languages)
    central = central_of(config)
    journal = Journal(data / "journal.db", config.kiosk.id)
    outbox = Outbox(data / "outbox.db", journal.cipher("outbox"), central)
    try:
        devices = open_devices(config)
    except DeviceFault as fault:
        journal.close()
        outbox.close()
        raise ConfigError([f"a device cannot be opened: {fault}"]) from fault
    inbox = Inbox()
    desk = Desk(papers, central, outbox, config.servicing.pin_hash)
    zone = ZoneInfo(config.kiosk.timezone)
    day_end = DayEnd(devices.terminal, inbox.post, journal.path, config.kiosk.day_end_hour, zone)
    revocations = Revocations(central, devices.card.renew_revocations)
    fetching = config.servicing.technician != "pin"
    heartbeat = Heartbeat(central, devices.printer.supply, VERSION, revocations.look if fetching else central.health)
    looks: dict[DeviceName, Callable[[], Health]] = {
        "card": devices.card.health,
        "terminal": day_end.look,
        "printer": devices.printer.health,
        "panel": devices.panel.health,
        "central": heartbeat.look,
    }
    looks |= {name: device.health for name, device in devices.optional.items()}
    nightly: tuple[Nightly, ...] = (day_end,)
    if devices.fiscal is not None:
        hour = config.kiosk.day_end_hour
        fiscal_day = FiscalDay(devices.fiscal, inbox.post, journal.path, hour, zone, after=day_end.over)
        looks["fiscal"], nightly = fiscal_day.look, (day_end, fiscal_day)
    workers = {name: Worker(name, look, inbox.post, HEALTH_EVERY_S) for name, look in looks.items()}
    performers = Performers(devices, Office(central, desk, journal.forget), workers, inbox.post)
    errands = Errands(nightly, revocations, heartbeat)
    return Core(inbox, journal, devices, central, outbox, performers, workers, languages, errands)


def papers_for(config: Config, languages: dict[str, Language]) -> Papers:
    """Return the composer of papers; on the bench one that keeps their text."""
    arguments = stationery_of(config, languages)
    if config.bench is None or not config.bench.papers:
        return Papers(*arguments)
    folder = config.path(config.bench.papers)
    folder.mkdir(parents=True, exist_ok=True)

    def keep(receipt: Receipt) -> None:
        (folder / f"{receipt.reference}.txt").write_text(text_of(receipt), "utf-8")

    return KeptPapers(keep, *arguments)
