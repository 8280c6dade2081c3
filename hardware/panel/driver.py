"""The panel on gpiozero. On a Raspberry Pi the pins are real (lgpio); on the bench they are wired to the simulated panel.

Wiring (BCM numbers, all configurable): the door switch and the mains relay close to ground (pulled up here), the presence
sensor drives its pin high, the lamps are driven high.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from gpiozero import LED, DigitalInputDevice, GPIOZeroError
from msgspec import Struct

from kiosk.domain.faults import DeviceAbsent
from kiosk.domain.health import Check, Failed, Health, Ready, SelfTest
from kiosk.domain.signals import Lamp, LampPattern, PanelReading

BLINK_S = 0.5
"""Half a second on, half off: 1 Hz, far below the 3 Hz that EN 301 549 9.2.3.1 forbids to exceed."""


class PanelSettings(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """``[panel]``. ``pins``: ``native`` (lgpio), or ``bench:<socket>``, the simulated panel."""

    pins: str = "native"
    door_pin: int = 17
    presence_pin: int = 27
    mains_pin: int = 22
    card_lamp_pin: int = 5
    terminal_lamp_pin: int = 6
    printer_lamp_pin: int = 13
    bounce_s: float = 0.05


class GpioPanel:
    """The panel's driver (ports.Panel). Reports come from gpiozero's threads, one at a time."""

    def __init__(self, settings: PanelSettings, factory: Any) -> None:
        self._factory = factory
        self._lock = threading.Lock()
        self._report: Callable[[PanelReading], None] | None = None
        self._told: PanelReading | None = None
        bounce_s = settings.bounce_s or None
        try:
            self._door = self._input(settings.door_pin, bounce_s, pull_up=True)
            self._mains = self._input(settings.mains_pin, bounce_s, pull_up=True)
            self._presence = self._input(settings.presence_pin, bounce_s, pull_up=False)
            self._lamps: dict[Lamp, Any] = {
                "card": LED(settings.card_lamp_pin, pin_factory=factory),
                "terminal": LED(settings.terminal_lamp_pin, pin_factory=factory),
                "printer": LED(settings.printer_lamp_pin, pin_factory=factory),
            }
        except (GPIOZeroError, OSError) as error:
            raise DeviceAbsent(f"GPIO pins cannot be used: {error}") from error

    def _input(self, pin: int, bounce_s: float | None, *, pull_up: bool) -> Any:
        device = DigitalInputDevice(pin, pull_up=pull_up, bounce_time=bounce_s, pin_factory=self._factory)
        device.when_activated = self._changed
        device.when_deactivated = self._changed
        return device

    def reading(self) -> PanelReading:
        """Read all sensors now. The door switch is closed while the door is; the mains relay while there is mains."""
        return PanelReading(
            door_open=not self._door.is_active, present=self._presence.is_active, mains=self._mains.is_active
        )

    def _changed(self) -> None:
        with self._lock:
            reading = self.reading()
            if self._report is None or reading == self._told:
                return
            self._told = reading
            self._report(reading)

    def watch(self, report: Callable[[PanelReading], None]) -> None:
        """Report the reading now and at each change."""
        self._report = report
        self._changed()

    def light(self, lamp: Lamp, pattern: LampPattern) -> None:
        """Set one guide lamp. Raises DeviceAbsent when the pins are gone."""
        led = self._lamps[lamp]
        try:
            if pattern == "blink":
                led.blink(on_time=BLINK_S, off_time=BLINK_S)
            elif pattern == "on":
                led.on()
            else:
                led.off()
        except (GPIOZeroError, OSError) as error:
            raise DeviceAbsent(f"lamp {lamp}: {error}") from error

    def health(self) -> Health:
        """Ready while the pins are ours (on the bench: while the simulated panel is connected)."""
        if not getattr(self._factory, "connected", True):
            return Failed("absent", "the panel's wire is not connected")
        return Ready(f"3 sensors, {len(self._lamps)} lamps")

    def self_test(self) -> SelfTest:
        """Read every sensor and switch every lamp on and off again."""
        health = self.health()
        if isinstance(health, Failed):
            advice = "Check the flat cable between the Raspberry Pi and the panel board."
            return SelfTest("panel", (Check("pins", "failed", health.detail, advice),))
        reading = self.reading()
        checks = [
            Check("door switch", "passed", "open" if reading.door_open else "closed"),
            Check("presence sensor", "passed", "somebody there" if reading.present else "nobody there"),
            Check("mains", "passed" if reading.mains else "degraded", "on" if reading.mains else "off",
                  "" if reading.mains else "The kiosk runs on its battery: check the fuse and the supply."),
        ]  # fmt: skip
        return SelfTest("panel", (*checks, *(self._test_lamp(lamp) for lamp in self._lamps)))

    def _test_lamp(self, lamp: Lamp) -> Check:
        led = self._lamps[lamp]
        was_lit = led.is_lit
        try:
            led.on()
            lit = bool(led.is_lit)
            led.value = was_lit
        except (GPIOZeroError, OSError) as error:
            return Check(f"lamp {lamp}", "failed", str(error), "Check the lamp's wires on the panel board.")
        return Check(f"lamp {lamp}", "passed" if lit else "failed", "switched on and off; look whether it shone")

    def cancel(self) -> None:
        """Nothing here waits."""

    def close(self) -> None:
        """Give the pins back, lamps dark."""
        self._report = None
        for device in (self._door, self._presence, self._mains, *self._lamps.values()):
            device.close()
        self._factory.close()


def open_driver(settings: PanelSettings) -> GpioPanel:
    """Open the panel. Raises DeviceAbsent where there is no GPIO: a kiosk without its door switch must not start."""
    if settings.pins.startswith("bench:"):
        from hardware.panel.bench_pins import BenchFactory  # noqa: PLC0415 - production never loads it

        return GpioPanel(settings, BenchFactory(settings.pins.removeprefix("bench:")))
    try:
        from gpiozero.pins.lgpio import LGPIOFactory  # noqa: PLC0415 - only where there are real pins

        factory = LGPIOFactory()
    except (ImportError, OSError, GPIOZeroError) as error:
        raise DeviceAbsent(f"no GPIO on this machine: {error}") from error
    return GpioPanel(settings, factory)
