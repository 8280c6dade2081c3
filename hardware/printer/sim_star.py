"""A simulated Star kiosk printer (TUP900, TUP500: Star Line Mode, with a presenter) at the far end of a line or a network.

It is written from the manuals alone and shares nothing with the driver; paper, mechanism and characters are those of
`hardware.printer.simulator`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from hardware.printer import sim_star_raster, sim_star_replies  # importing them fills the table of orders
from hardware.printer.sim_model import Model
from hardware.printer.sim_star_ear import StarEar
from hardware.printer.sim_star_machine import StarMachine
from hardware.printer.sim_star_orders import ORDERS, PARAMETERS
from hardware.printer.sim_star_presenter import StarPresenter
from hardware.printer.sim_star_status import StarSensors
from hardware.printer.simulator import SimulatedPrinter
from hardware.sim_manners import Command

__all__ = ["SimulatedStarPrinter", "sim_star_raster", "sim_star_replies"]

TICK_S: Final = 0.02
TABLES: Final = {
    1: "cp437", 4: "cp858", 5: "cp852", 6: "cp860", 7: "cp861", 8: "cp863", 9: "cp865", 10: "cp866", 11: "cp855",
    12: "cp857", 15: "cp737", 32: "cp1252", 33: "cp1250", 34: "cp1251",
}  # fmt: skip
STAR_MODELS: Final = {
    "tup900": Model(name="tup900", presents=True, process_id=False, tables=TABLES, texts={0: "TUP900Ver1.2"}),
    "tup500": Model(name="tup500", presents=True, tables=TABLES, texts={0: "TUP500Ver1.0"}),
    "tsp700": Model(name="tsp700", tables=TABLES, process_id=False, texts={0: "TSP700Ver3.2"}),
    "star_tx_only": Model(name="star_tx_only", presents=True, answers=False, tables=TABLES, texts={0: "TUP900Ver1.2"}),
}
"""Two kiosk printers (only the second has ESC GS ETX), one without a presenter, one without a wire back; texts: ESC # *."""


class SimulatedStarPrinter(SimulatedPrinter):
    """A printer as `SimulatedPrinter`, of the Star dialect; ``model`` is one of `STAR_MODELS`.

    Differences in `do`: ``presenter_jam`` stops the printer at once, ``clear`` ends that jam too and the sheet in it is
    "removed"; a cutter error ends when the cover was opened and closed after ``clear``, or by a reset. ``state`` also
    has paper_position, counter (of ETB), automatic_status and raster (whether it is in raster mode).
    """

    models: Mapping[str, Model] = STAR_MODELS

    def __init__(self, folder: Path, link: Path | str, *, model: str = "tup900", **options: Any) -> None:
        super().__init__(folder, link, model=model, **options)

    def _fit(self) -> None:
        ear = StarEar(PARAMETERS)
        self._ear = ear
        self._mechanism.sensors = StarSensors()
        self._presenter = StarPresenter()
        self._mechanism.presenter = self._presenter
        self._star = StarMachine(self._model, self._inbox, self._mechanism, self._line.send)
        self._star.forgotten = ear.forget
        self._machine = self._star
        self._machine.orders = ORDERS

    def _bodies(self) -> tuple[Callable[[], None], ...]:
        return (*super()._bodies(), self._tick)

    def _obey_now(self, command: bytes) -> None:
        self._star.answer_now(command)

    def _tick(self) -> None:
        while not self._stopping.wait(TICK_S):
            with self._inbox.bell:
                if self._powered.is_set():
                    self._presenter.tick(time.monotonic())
                    self._star.feel_presenter()

    def _actions(self) -> dict[str, Callable[[Command], dict[str, Any] | None]]:
        return super()._actions() | {
            "take": self._take,
            "presenter_jam": self._jam,
            "clear": self._clear,
            "cover_close": self._close,
        }

    def _take(self, _command: Command) -> None:
        with self._inbox.bell:
            self._presenter.take()
            self._star.feel_presenter()

    def _jam(self, _command: Command) -> None:
        with self._inbox.bell:
            self._presenter.stuck = True
            self._mechanism.change(presenter_jammed=True)

    def _clear(self, command: Command) -> None:
        with self._inbox.bell:
            if self._presenter.stuck:
                self._presenter.stuck = False
                self._presenter.clear("removed")
                self._star.feel_presenter()
            self._mechanism.change(presenter_jammed=False)
        self._feel(cutter_jammed=False)(command)

    def _close(self, command: Command) -> None:
        self._feel(cover_open=False)(command)
        self._mechanism.recover()

    def _make_well(self, command: Command) -> None:
        super()._make_well(command)
        self._mechanism.change(presenter_jammed=False)

    def _power_off(self) -> None:
        super()._power_off()
        self._star.forgotten()
        with self._inbox.bell:
            if not self._presenter.stuck:
                self._presenter.clear("dropped")
            self._star.feel_presenter()

    def _state(self) -> dict[str, Any]:
        with self._inbox.bell:
            return super()._state() | {
                **asdict(self._star.sensors),
                "counter": self._star.counter,
                "automatic_status": bool(self._star.auto_items),
                "raster": self._star.raster is not None,
            }
