"""``kiosk run``: opens the parts, puts them together, and keeps them together until it is told to end."""

from __future__ import annotations

import faulthandler
import os
import signal
import sqlite3
import threading
from collections.abc import Callable
from typing import Any, cast
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

from kiosk import lean
from kiosk.commands.keeping import papers_for
from kiosk.commands.parts import central_of, check_drivers, data_of, languages_of, open_devices
from kiosk.config import Config
from kiosk.domain.application import Claim
from kiosk.domain.faults import ConfigError, DeviceFault, VersionFault
from kiosk.domain.health import DeviceName, Health
from kiosk.domain.money import Money
from kiosk.domain.signals import PanelReading
from kiosk.journal import Journal
from kiosk.journey.events import AnyEvent, PanelChanged
from kiosk.journey.state import Kiosk
from kiosk.journey.turn import at_rest
from kiosk.language import Language
from kiosk.log import logger, place_of, set_up
from kiosk.runtime.clock import SystemClock
from kiosk.runtime.crew import Worker
from kiosk.runtime.day_end import DayEnd
from kiosk.runtime.desk import Desk
from kiosk.runtime.fiscal_day import FiscalDay
from kiosk.runtime.inbox import Inbox, Pulse, Stir, Stop, Touch
from kiosk.runtime.nightly import Nightly
from kiosk.runtime.performers import Devices, Office, Performers
from kiosk.runtime.revocations import Revocations
from kiosk.runtime.runner import Runner
from kiosk.runtime.watchdog import Watchdog, notify
from kiosk.uplink.client import HttpCentral
from kiosk.uplink.outbox import Outbox
from kiosk.version import VERSION

HEALTH_EVERY_S = 10.0
"""A card terminal wants to be asked once a minute at least: it does its timed jobs then (ZVT PA00P015, 2.56)."""
JOURNAL_LOST = 74
"""Exit status when the journal cannot be written (EX_IOERR): systemd starts anew, and money is never taken without it."""


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
    nightly: tuple[Nightly, ...]
    revocations: Revocations

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
    looks: dict[DeviceName, Callable[[], Health]] = {
        "card": devices.card.health,
        "terminal": day_end.look,
        "printer": devices.printer.health,
        "panel": devices.panel.health,
        "central": central.health if config.servicing.technician == "pin" else revocations.look,
    }
    looks |= {name: device.health for name, device in devices.optional.items()}
    nightly: tuple[Nightly, ...] = (day_end,)
    if devices.fiscal is not None:
        hour = config.kiosk.day_end_hour
        fiscal_day = FiscalDay(devices.fiscal, inbox.post, journal.path, hour, zone, after=day_end.over)
        looks["fiscal"], nightly = fiscal_day.look, (day_end, fiscal_day)
    workers = {name: Worker(name, look, inbox.post, HEALTH_EVERY_S) for name, look in looks.items()}
    performers = Performers(devices, Office(central, desk, journal.forget), workers, inbox.post)
    return Core(inbox, journal, devices, central, outbox, performers, workers, languages, nightly, revocations)


def run(config: Config) -> int:
    """Run the kiosk until SIGTERM or SIGINT. Returns 0, or JOURNAL_LOST when the journal could no longer be written."""
    set_up(config.kiosk.log_level)
    faulthandler.enable()
    stopping = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, stopping)  # before any thread: only the waiting one takes them
    from screens.app import KioskApp  # noqa: PLC0415 - Kivy reads its environment when it is imported

    core = open_core(config)
    app = KioskApp(
        core.languages,
        profile_of(config),
        send=lambda event, shown: core.inbox.post(Touch(cast("AnyEvent", event), shown)),
        stir=lambda: core.inbox.post(Stir()),
        cards=config.found_cards,
        on_first_frame=lambda: _begun(config),
        on_failure=lambda error: logger().error("screen_failed", error=place_of(error)),
    )
    runner = runner_of(core, kiosk_of(config), shower(app, core.outbox))
    waiting: tuple[Nightly | Revocations, ...] = (*core.nightly, core.revocations)
    for each in waiting:
        each.serving = lambda: not at_rest(runner.kiosk)
    lost: list[BaseException] = []
    thread = threading.Thread(target=_guarded, args=(runner, lost, app.stop), name="runner", daemon=True)
    app.open()
    core.start()
    thread.start()
    finger = _finger(config, app)
    Watchdog(lambda call: core.inbox.post(Pulse(call)), app.prove_alive).start()
    threading.Thread(target=_end_on, args=(stopping, app.stop), name="signals", daemon=True).start()
    try:
        app.run()
    finally:
        notify("STOPPING=1")
        if finger is not None:
            finger.stop()
        core.inbox.post(Stop())
        thread.join(5)
    if lost:
        os._exit(JOURNAL_LOST)
    core.close()
    return 0


def kiosk_of(config: Config) -> Kiosk:
    """Return a kiosk as it is configured, at rest."""
    return Kiosk(
        config.kiosk.id,
        config.found_services,
        surplus_most=Money(config.kiosk.surplus_most_minor),
        way_in=config.servicing.technician,
    )


def runner_of(core: Core, kiosk: Kiosk, show: Callable[[Kiosk], None]) -> Runner:
    """Return the runner, replayed. A journal that cannot be replayed is set aside, and staff are told by a claim.

    JournalFault where another version of the program must finish its journey first (law 8).
    """

    def made() -> Runner:
        return Runner(kiosk, core.journal, core.inbox, core.performers, show, SystemClock(), VERSION)

    try:
        return made()
    except (VersionFault, sqlite3.OperationalError, OSError):
        raise  # what another program or another start mends is no reason to set a journal aside
    except Exception as error:  # noqa: BLE001 - whatever it is, it would be the same at every start
        logger().critical("journal_set_aside", error=place_of(error), path=str(core.journal.path))
        aside = core.journal.epoch
        core.journal = core.journal.succeed()
        evidence = f"the journal {aside} of kiosk {kiosk.id} could not be replayed; a payment may have been under way"
        now_ms = SystemClock().wall_ms()
        core.outbox.put_claim(Claim(f"{kiosk.id}-{aside}-JOURNAL", "unresolved", "", Money(0), evidence, now_ms, "az"))
        core.performers.forget_with(core.journal.forget)
        return made()


def shower(app: Any, outbox: Outbox) -> Callable[[Kiosk], None]:
    """Return the runner's ``show``; from the first moment at rest the outbox delivers by itself.

    Before, a journey that is being recovered deals with its own submission, and two hands on one message could both give the money back.
    """
    started: list[bool] = []

    def show(kiosk: Kiosk) -> None:
        app.show(kiosk)
        if not started and at_rest(kiosk):
            started.append(True)
            outbox.start()

    return show


def _begun(config: Config) -> None:
    notify(f"READY=1\nSTATUS=kiosk {config.kiosk.id}")
    lean.settle()


def _end_on(signals: set[signal.Signals], stop: Callable[[], None]) -> None:
    signal.sigwait(signals)
    stop()


def profile_of(config: Config) -> Any:
    """Return the panel's profile as the screens want it."""
    from screens.profile import Profile  # noqa: PLC0415 - together with Kivy

    return Profile(**msgspec.structs.asdict(config.screen))


def _guarded(runner: Runner, lost: list[BaseException], stop: Callable[[], None]) -> None:
    """Run the loop; whatever ends it ends the kiosk, so that systemd starts it anew from its journal."""
    try:
        runner.run()
    except BaseException as error:
        logger().critical("runner_ended", error=place_of(error))
        lost.append(error)
        stop()
        raise


def _finger(config: Config, app: Any) -> Any:
    if config.bench is None or not config.bench.finger:
        return None
    from screens.finger import Finger  # noqa: PLC0415 - never in production

    finger = Finger(app, config.path(config.bench.finger))
    finger.start()
    return finger
