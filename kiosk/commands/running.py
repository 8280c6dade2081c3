"""``kiosk run``: opens the parts, puts them together, and keeps them together until it is told to end."""

from __future__ import annotations

import faulthandler
import os
import signal
import sqlite3
import threading
from collections.abc import Callable
from typing import Any, cast

from msgspec.structs import replace

from kiosk import lean
from kiosk.commands.core import Core, open_core
from kiosk.config import Config
from kiosk.domain.application import Claim
from kiosk.domain.faults import VersionFault
from kiosk.domain.money import Money
from kiosk.journey.events import AnyEvent
from kiosk.journey.state import Kiosk
from kiosk.journey.turn import at_rest
from kiosk.log import logger, place_of, set_up
from kiosk.runtime.clock import SystemClock
from kiosk.runtime.inbox import Pulse, Stir, Stop, Touch
from kiosk.runtime.runner import Runner
from kiosk.runtime.watchdog import Watchdog, notify
from kiosk.uplink.outbox import Outbox
from kiosk.version import VERSION

JOURNAL_LOST = 74
"""Exit status when the journal cannot be written (EX_IOERR): systemd starts anew, and money is never taken without it."""


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
        config.screen,
        send=lambda event, shown: core.inbox.post(Touch(cast("AnyEvent", event), shown)),
        stir=lambda: core.inbox.post(Stir()),
        cards=config.found_cards,
        on_first_frame=lambda: _begun(config),
        on_failure=lambda error: logger().error("screen_failed", error=place_of(error)),
    )
    runner = runner_of(core, kiosk_of(config), shower(app, core.outbox))
    core.errands.know(lambda: not at_rest(runner.kiosk), lambda: runner.kiosk.devices)
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

    def made(kiosk: Kiosk) -> Runner:
        return Runner(kiosk, core.journal, core.inbox, core.performers, show, SystemClock(), VERSION)

    try:
        return made(kiosk)
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
        return made(replace(kiosk, paper_left=True))  # what was coming out is known to nobody


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
