"""What the bench can tell every simulated device on the network, beside what its own ``sim_bench`` says.

Power      power_off · power_on · power_cycle · power_cut {at: an instant of the device's own; stay_off}
Line       silent {on} · late {ms} · lose_answer · hang_answer · half {bytes} · double · garbage · noise · http_error {status, done};
           each but the first two for ``n`` answers

An ``http_error`` with ``done`` false comes before the device has heard of the request. A power cut ends every fault of the line.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Generic, Literal, TypeVar

from msgspec import Meta, Struct

from hardware.sim_faults import How, Spoilt
from hardware.sim_mains import NetworkDevice
from hardware.sim_manners import Command, Device, read

Action = Callable[[NetworkDevice, Command], None]
At = TypeVar("At")
Count = Annotated[int, Meta(ge=0, le=100)]
Bytes = Annotated[int, Meta(ge=0, le=100_000)]
HALF_BYTES = 40


class Switch(Struct, forbid_unknown_fields=True):
    """On or off."""

    on: bool = True


class Late(Struct, forbid_unknown_fields=True):
    """How late."""

    ms: Annotated[int, Meta(ge=0, le=600_000)] = 500


class Cut(Struct, Generic[At], forbid_unknown_fields=True):
    """When the power goes."""

    at: At
    stay_off: bool = False


class Answers(Struct, forbid_unknown_fields=True):
    """How many answers, and what comes instead. A device adds which of them, and ``bytes``."""

    n: Count = 1
    status: Literal[400, 401, 403, 404, 408, 500, 502, 503, 504] = 500
    done: bool = True

    def spoilt(self, how: str, message: str | None, half_bytes: int, raw: bytes) -> Spoilt:
        """Make of it what becomes of one answer to this kind of message."""
        error = how == "http_error"
        return Spoilt(how, message, self.status if error else half_bytes, raw, error and not self.done)


def switch(fault: str) -> Action:
    """Make the command that puts a fault on or off."""

    def action(device: NetworkDevice, options: Command) -> None:
        setattr(device.controls.faults, fault, read(options, Switch).on)

    return action


def act(deed: Callable[[Device], object]) -> Callable[[Device, Command], None]:
    """Make the command that has no options."""

    def action(device: Device, _options: Command) -> None:
        deed(device)

    return action


def power_cut(kind: type[Cut[At]]) -> Action:
    """Make the command that lets the power go at one of the device's instants."""

    def action(device: NetworkDevice, options: Command) -> None:
        told, faults = read(options, kind), device.controls.faults
        faults.cut_at, faults.stay_off = str(told.at), told.stay_off

    return action


def _late(device: NetworkDevice, options: Command) -> None:
    device.controls.faults.late_s = read(options, Late).ms / 1000


COMMON: dict[str, Action] = {
    "power_off": act(lambda device: device.power_off()),
    "power_on": act(lambda device: device.power_on()),
    "power_cycle": act(lambda device: device.power_cycle()),
    "silent": switch("silent"),
    "late": _late,
}
SPOILING: dict[str, How] = {
    "lose_answer": "lost",
    "hang_answer": "hangs",
    "half": "half",
    "double": "double",
    "garbage": "garbage",
    "noise": "noise",
    "http_error": "http_error",
}
"""The commands that spoil answers: each device makes them itself, for it knows its kinds of messages."""
