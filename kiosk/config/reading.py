"""Finds the configuration in its files. A terminal's own file may name a base (``base = "kiosk.toml"``) and lies over it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from kiosk.config.cards import profile_mistakes, row_mistakes
from kiosk.config.checks import contradictions, service_mistakes
from kiosk.config.tables import Config, Table
from kiosk.domain.card_profile import CardProfile
from kiosk.domain.faults import ConfigError
from kiosk.domain.service import Service

T = TypeVar("T", bound=Struct)
FOUND = ("folder", "found_services", "found_cards")
"""Fields of Config that no file may set."""


class Files(Struct):
    """A configuration's own file and its base, so that each mistake is told with the file in which it stands."""

    path: Path
    own: Table
    base_path: Path | None = None
    base: Table = {}

    def place(self, key: str) -> Path:
        """Return the file that holds a dotted key; one that stands nowhere belongs into the terminal's own."""
        if self.base_path is not None and not _holds(self.own, key) and _holds(self.base, key):
            return self.base_path
        return self.path

    def merged(self) -> Table:
        """Return the own file's tables laid over the base's, key by key."""
        merged = dict(self.base)
        for name, value in self.own.items():
            both = isinstance(value, dict) and isinstance(merged.get(name), dict)
            merged[name] = {**merged[name], **value} if both else value
        return merged


def _holds(table: Table, key: str) -> bool:
    first, _, rest = key.partition(".")
    inner = table.get(first)
    return first in table and (not rest or (isinstance(inner, dict) and rest.partition(".")[0] in inner))


def load(path: Path) -> Config:
    """Read and check a configuration. ConfigError lists every mistake as ``file: key: what was expected``."""
    config, mistakes = examine(path)
    if mistakes or config is None:
        raise ConfigError(mistakes)
    return config


def examine(path: Path) -> tuple[Config | None, list[str]]:
    """Read a configuration and return it, or None where its types are wrong, with every mistake found. Never raises."""
    mistakes: list[str] = []
    files = read_with_base(path, mistakes)
    if mistakes:
        return None, mistakes
    table = files.merged()
    folder = path.parent.resolve()
    services = load_services(folder / folder_of(table, "services"), mistakes)
    cards = load_cards(folder / folder_of(table, "cards"), mistakes)
    wrong = [(name, "is found, not configured") for name in FOUND if name in table] or wrong_types(table, Config)
    mistakes += [f"{files.place(key)}: {key}: {text}" for key, text in wrong]
    if wrong:
        return None, mistakes
    config = msgspec.structs.replace(
        msgspec.convert(table, Config), folder=str(folder), found_services=services, found_cards=cards
    )
    for mistake in contradictions(config):
        key = re.match(r"[\w.]*", mistake)
        mistakes.append(f"{files.place(key[0] if key else '')}: {mistake}")
    return config, mistakes


def folder_of(table: Table, name: str) -> str:
    """Return the folder of services or cards as far as it can be told from tables whose types are not checked yet."""
    kiosk = table.get("kiosk")
    folder = kiosk.get(name) if isinstance(kiosk, dict) else None
    return folder if isinstance(folder, str) else name


def read_with_base(path: Path, mistakes: list[str]) -> Files:
    """Read a TOML file and the base it names, if any."""
    own = read(path, mistakes)
    named = own.pop("base", None)
    if named is None:
        return Files(path, own)
    if not isinstance(named, str):
        mistakes.append(f"{path}: base: expected the path of a file in quotation marks")
        return Files(path, own)
    at = path.parent / named
    base = read(at, mistakes)
    shared = base.setdefault("kiosk", {})
    if not isinstance(shared, dict):
        mistakes.append(f"{at}: kiosk: expected a table ([kiosk])")
        return Files(path, own, at, base)
    for name in ("services", "cards", "languages", "receipts"):  # a base's folders stand beside the base
        folder = shared.get(name, name)
        shared[name] = str(at.parent.resolve() / folder) if isinstance(folder, str) else folder
    return Files(path, own, at, base)


def read(path: Path, mistakes: list[str]) -> Table:
    """Read a TOML file; a torn or missing one is a mistake, not a traceback."""
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        mistakes.append(f"{path}: there is no such file")
    except tomllib.TOMLDecodeError as error:
        mistakes.append(f"{path}: is not whole TOML: {error}")
    except (OSError, ValueError) as error:  # ValueError: no UTF-8, or a path that cannot be one
        mistakes.append(f"{path}: cannot be read: {error}")
    return {}


def wrong_types(table: Table, wanted: type[Struct], within: str = "") -> list[tuple[str, str]]:
    """Return (dotted key, what was expected) for every key of a table that its Struct does not take. msgspec tells only the first."""
    fields = {field.encode_name: field for field in msgspec.structs.fields(wanted)}
    wrong = [(within + key, f"Object contains unknown field `{key}`") for key in table if key not in fields]
    for key, field in fields.items():
        if key not in table:
            wrong += [(within + key, f"Object missing required field `{key}`")] if field.required else []
        elif isinstance(field.type, type) and issubclass(field.type, Struct) and isinstance(table[key], dict):
            wrong += wrong_types(table[key], field.type, f"{within}{key}.")
        else:
            wrong += wrong_type(table[key], field.type, within + key)
    return wrong


def wrong_type(value: Any, wanted: Any, key: str) -> list[tuple[str, str]]:
    """Return what is wrong with one key's value, with its full path."""
    try:
        msgspec.convert(value, wanted)
    except msgspec.ValidationError as error:
        text, _, where = str(error).partition(" - at ")
        return [(key, f"{text} - at `$.{key}{where.strip('`').removeprefix('$')}`")]
    return []


def load_services(folder: Path, mistakes: list[str]) -> tuple[Service, ...]:
    """Read every service in a folder, in the order they are shown."""
    found = read_each(folder, Service, service_mistakes, mistakes)
    if not any(folder.glob("*.toml")):
        mistakes.append(f"{folder}: holds no service (*.toml)")
    return tuple(sorted(found, key=lambda service: (service.order, service.id)))


def load_cards(folder: Path, mistakes: list[str]) -> tuple[CardProfile, ...]:
    """Read every card profile in a folder, in the order they are tried; without any, every card is read as a generic one."""
    found = read_each(folder, CardProfile, profile_mistakes, mistakes)
    profiles = tuple(sorted(found, key=lambda profile: (profile.order, profile.id)))
    mistakes += [f"{folder / name}.toml: {mistake}" for name, mistake in row_mistakes(profiles)]
    return profiles


def read_each(folder: Path, wanted: type[T], wrong_in: Callable[[T, str], list[str]], mistakes: list[str]) -> list[T]:
    """Read every TOML file of a folder as this Struct; those whose types are right are returned."""
    found: list[T] = []
    for path in sorted(folder.glob("*.toml")):
        torn = len(mistakes)
        table = read(path, mistakes)
        if len(mistakes) > torn:
            continue
        wrong = wrong_types(table, wanted)
        mistakes += [f"{path}: {key}: {text}" for key, text in wrong]
        if not wrong:
            found.append(msgspec.convert(table, wanted))
            mistakes += [f"{path}: {mistake}" for mistake in wrong_in(found[-1], path.stem)]
    return found
