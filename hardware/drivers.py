"""Drivers by name: entry points of the group ``kiosk.drivers``, each ``<device>.<name>`` → the driver's ``open_driver``.

Its one argument's annotation is the settings type: a msgspec Struct, the driver's table in kiosk.toml. A kiosk refuses to
start on a driver it cannot find or on settings the driver does not know; it never tries another one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any, get_type_hints

import msgspec

from kiosk.domain.faults import ConfigError

GROUP = "kiosk.drivers"

Open = Callable[[Any], Any]


@cache
def installed() -> dict[str, EntryPoint]:
    """Return the drivers that are installed: reading every package's description takes time, so it is done once."""
    return {point.name: point for point in entry_points(group=GROUP)}


def find_driver(device: str, name: str) -> Open:
    """Return a driver's open function. ConfigError if there is no such driver."""
    found = installed()
    if f"{device}.{name}" not in found:
        known = ", ".join(sorted(point.partition(".")[2] for point in found if point.startswith(f"{device}.")))
        raise ConfigError([f'drivers.{device} = "{name}": there is no such driver; expected one of: {known or "none"}'])
    opener: Open = found[f"{device}.{name}"].load()
    return opener


def settings_of(device: str, name: str, table: Mapping[str, Any], found: Mapping[str, Any] | None = None) -> Any:
    """Return a driver's checked settings. ConfigError names the key and what was expected.

    ``found``: what the kiosk found beside the table (card profiles); a driver gets those that its settings have a field for.
    """
    wanted = get_type_hints(find_driver(device, name))["settings"]
    fields = {field.encode_name for field in msgspec.structs.fields(wanted)}
    given = {key: msgspec.to_builtins(value) for key, value in (found or {}).items() if key in fields}
    try:
        return msgspec.convert({**given, **table}, wanted)
    except msgspec.ValidationError as error:
        raise ConfigError([f"{device}: {error}"]) from error


def open_device(device: str, name: str, table: Mapping[str, Any], found: Mapping[str, Any] | None = None) -> Any:
    """Open a device's driver with its table, and what was found beside it."""
    settings = settings_of(device, name, table, found)
    return find_driver(device, name)(settings)
