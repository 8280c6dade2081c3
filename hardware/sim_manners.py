"""What simulated devices have in common towards the bench: obeying a command by its name, and saying which phase they are in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from threading import Condition
from typing import Any, TypeVar

import msgspec

Device = TypeVar("Device")
Options = TypeVar("Options", bound=msgspec.Struct)
Command = dict[str, Any]


class BadCommand(Exception):
    """The bench asked for something that cannot be; the message says why."""


def carry_out(commands: Mapping[str, Callable[[Command], Command | None]], command: Command) -> Command:
    """Carry out ``{"do": NAME, …}``: ``{"ok": true, …}``; a mistake → ``{"ok": false, "error": …}``.

    An action is given what comes with the name. Its mistakes: BadCommand, KeyError, TypeError and ValueError.
    """
    name = command.get("do")
    action = commands.get(name) if isinstance(name, str) else None
    if action is None:
        return {"ok": False, "error": f"unknown command {name!r}; known are {', '.join(sorted(commands))}"}
    try:
        said = action({key: value for key, value in command.items() if key not in {"do", "device"}})
    except BadCommand as mistake:
        return {"ok": False, "error": str(mistake)}
    except (KeyError, TypeError, ValueError) as mistake:
        return {"ok": False, "error": f"{command!r}: {mistake!r}"}
    return {"ok": True, **(said or {})}


def obey(
    device: Device, commands: Mapping[str, Callable[[Device, Command], Command | None]], command: Command
) -> Command:
    """Carry out a command of a table that serves every device of its kind."""
    return carry_out({name: partial(action, device) for name, action in commands.items()}, command)


def read(options: Command, kind: type[Options]) -> Options:
    """Give what comes with a command, in its form. Raises BadCommand."""
    try:
        return msgspec.convert(options, kind)
    except msgspec.ValidationError as error:
        raise BadCommand(str(error)) from None


class Phases:
    """The phase a device is in. Any thread may wait for one."""

    def __init__(self, first: str) -> None:
        self._now = first
        self._changed = Condition()

    @property
    def now(self) -> str:
        """The phase."""
        return self._now

    def enter(self, phase: str) -> None:
        """Be in this phase, and wake whoever waits for it."""
        with self._changed:
            self._now = phase
            self._changed.notify_all()

    def wait_for(self, reached: Callable[[], bool], timeout_s: float) -> bool:
        """Wait until ``reached()``, which is looked at when the phase changes; say whether it came to it in time."""
        with self._changed:
            return self._changed.wait_for(reached, timeout_s)


class Phased:
    """A device whose phase anybody may ask for and wait for; it is off at first."""

    def __init__(self) -> None:
        self._phases = Phases("off")

    @property
    def phase(self) -> str:
        """What the device is doing."""
        return self._phases.now

    def wait_until(self, phase: str, timeout_s: float = 20.0) -> bool:
        """Wait until the device is in this phase; say whether it came to it in time."""
        return self._phases.wait_for(lambda: self.phase == phase, timeout_s)
