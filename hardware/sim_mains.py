"""A simulated device that serves HTTP on this machine for as long as it has power.

Each stretch of power has a ``Life`` and a ``Door`` of its own. They are made as soon as the stretch before has ended, so that
nobody else takes the port meanwhile.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from threading import RLock, Thread, current_thread

from hardware.sim_faults import LineControls
from hardware.sim_http import LOOPBACK, Door, Reply
from hardware.sim_life import Life, PowerCut
from hardware.sim_manners import BadCommand, Phased

CALL_S = 20.0


def utc_now() -> datetime:
    """Give the clock of a device that nobody gave another one."""
    return datetime.now(UTC)


class NetworkDevice(Phased, ABC):
    """One device at ``url``. ``port`` 0: a free one, the same for good. ``boot_s``: from power to listening, which is "idle"."""

    controls: LineControls

    def __init__(self, name: str, port: int, path: str, boot_s: float = 0.0) -> None:
        super().__init__()
        self.port = port
        self._name, self._path, self._boot_s = name, path, boot_s
        self._mains = RLock()
        self._door: Door | None = None
        self._thread: Thread | None = None
        self._on = False

    @property
    def url(self) -> str:
        """Where requests are posted; known once it was started."""
        return f"http://{LOOPBACK}:{self.port}{self._path}"

    def start(self) -> None:
        """Plug it in and switch it on; its port is known and reserved when this returns."""
        with self._mains:
            if self._door is None:
                self._fit_door()
            self.power_on()

    def stop(self) -> None:
        """Cut the power and take the cable away."""
        with self._mains:
            self.power_off()
            door, self._door = self._door, None
            if door:
                door.shut()

    def power_on(self) -> None:
        """Give it power; it boots by itself. Raises BadCommand if it has no cable."""
        with self._mains:
            if self._on:
                return
            if self._door is None:
                raise BadCommand(f"the {self._name} is not plugged in")
            self._on = True
            self._enter(self._door.life, "boot")
            self._thread = Thread(target=self._live, args=(self._door,), name=f"sim-{self._name}", daemon=True)
            self._thread.start()

    def power_off(self) -> None:
        """Cut the power: connections break, and what the device has not written down is forgotten."""
        with self._mains:
            if not self._on or not self._door:
                return
            self._on = False
            self._door.life.end()
            self._phases.enter("off")  # before anybody can notice by the line
            self._door.shut()
            self._forget()
            self._fit_door()
            thread = self._thread
        if thread and thread is not current_thread():
            thread.join(CALL_S)

    def power_cycle(self) -> None:
        """Cut the power and give it back; returns when it is up again."""
        self.power_off()
        self.power_on()
        if not self.wait_until("idle", self._boot_s + CALL_S):
            raise BadCommand(f"the {self._name} did not come up again")

    @abstractmethod
    def _prepare(self, life: Life, instant: Callable[[str], None]) -> Callable[[bytes], Reply]:
        """Make what works during the next stretch of power, and give what answers a request.

        ``instant`` is called wherever the power can be cut by name, and raises PowerCut when it is.
        """

    @abstractmethod
    def _forget(self) -> None:
        """Lose what the bench has told that does not outlive a power cut: faults of the line, at least."""

    def _wake_up(self) -> None:
        """Put the memory in order, at the beginning of a stretch of power."""

    def _fit_door(self) -> None:
        """Prepare the next stretch of power: a door that is bound and not yet open."""
        life = Life()
        answer = self._prepare(life, partial(self._pass, life))
        self._door = Door(self.port, self._path, life, self.controls, answer)
        self.port = self._door.port

    def _pass(self, life: Life, instant: str) -> None:
        """Pass an instant, by a thread that works on something; somebody else may have cut the power just now."""
        if not self.controls.take_cut(instant):
            return
        with self._mains:
            if not life.over:
                stay_off = self.controls.faults.stay_off
                self.power_off()
                if not stay_off:
                    self.power_on()
        raise PowerCut

    def _live(self, door: Door) -> None:
        """Live from switching on to the power cut."""
        with suppress(PowerCut):
            with door.life.step():
                self._wake_up()
            door.life.pause(self._boot_s)
            door.serve(partial(self._enter, door.life, "idle"))

    def _enter(self, life: Life, phase: str) -> None:
        """Be in this phase, unless the life that says so is over."""
        with suppress(PowerCut), life.step():
            self._phases.enter(phase)
