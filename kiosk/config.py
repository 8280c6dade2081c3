"""Configuration: ``kiosk.toml`` and the services, typed and checked whole. Every mistake is told at once, with its place.

A terminal's own file may name a base (``base = "kiosk.toml"``); its tables are laid over the base's. Drivers' tables are
kept as they are: the driver checks its own (``hardware.drivers``). A kiosk refuses to start on an unknown key, and in
production on anything that belongs to the bench.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from msgspec import Struct, field

from kiosk.domain.faults import ConfigError
from kiosk.domain.service import Service

LANGUAGES = ("az", "ru", "en")
DRIVEN = ("card", "terminal", "printer", "panel")

Table = dict[str, Any]
T = TypeVar("T")


class KioskTable(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """``[kiosk]``: who this is and where it keeps its data."""

    id: str
    data: str
    production: bool = True
    services: str = "services"
    languages: str = "languages"
    receipts: str = "receipts"
    timezone: str = "Asia/Baku"
    log_level: str = "INFO"


class CentralTable(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """``[central]``: the central system. The token stands in a file of its own, readable by the kiosk alone."""

    url: str
    token_file: str
    ca_file: str = ""
    connect_timeout_s: float = 5.0
    answer_timeout_s: float = 15.0


class ScreenTable(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """``[screen]``: the panel, so that sizes are true in millimetres."""

    width_px: int = 1280
    height_px: int = 800
    width_mm: float = 216.96
    height_mm: float = 0.0
    fullscreen: bool = True
    rotation: int = 0


class ServicingTable(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """``[servicing]``: the technician's PIN as ``kiosk hash-pin`` makes it."""

    pin_hash: str = ""


class BenchTable(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """``[bench]``: only for demo and tests; refused in production.

    finger   Unix socket through which a test touches the screen
    papers   folder into which the text of every printed paper is written
    """

    finger: str = ""
    papers: str = ""


class Config(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Everything that is configured. ``drivers`` names the driver of each device; its table is in ``tables``."""

    kiosk: KioskTable
    central: CentralTable
    drivers: dict[str, str]
    screen: ScreenTable = ScreenTable()
    servicing: ServicingTable = ServicingTable()
    bench: BenchTable | None = None
    card: Table = field(default_factory=dict)
    terminal: Table = field(default_factory=dict)
    printer: Table = field(default_factory=dict)
    panel: Table = field(default_factory=dict)
    folder: str = ""
    found_services: tuple[Service, ...] = ()

    def table(self, device: str) -> Table:
        """Return a device's own table."""
        table: Table = getattr(self, device)
        return table

    def path(self, name: str) -> Path:
        """Return a path given in the configuration; a relative one starts at the configuration's folder."""
        return Path(self.folder) / name


def load(path: Path) -> Config:
    """Read and check a configuration. ConfigError lists every mistake as ``file: key: what was expected``."""
    mistakes: list[str] = []
    table = read_with_base(path, mistakes)
    config = None if mistakes else convert(table, Config, str(path), mistakes)
    if config is None:
        raise ConfigError(mistakes)
    config = msgspec.structs.replace(config, folder=str(path.parent.resolve()))
    services = load_services(config.path(config.kiosk.services), mistakes)
    mistakes += [f"{path}: {mistake}" for mistake in contradictions(config)]
    if mistakes:
        raise ConfigError(mistakes)
    return msgspec.structs.replace(config, found_services=services)


def read_with_base(path: Path, mistakes: list[str]) -> Table:
    """Read a TOML file and lay it over its base, if it names one."""
    table = read(path, mistakes)
    base = table.pop("base", None)
    if base is None:
        return table
    at = path.parent / str(base)
    merged = read(at, mistakes)
    shared = merged.setdefault("kiosk", {})
    for name in ("services", "languages", "receipts"):  # a base's folders stand beside the base
        shared[name] = str(at.parent.resolve() / shared.get(name, name))
    for name, value in table.items():
        both = isinstance(value, dict) and isinstance(merged.get(name), dict)
        merged[name] = {**merged[name], **value} if both else value
    return merged


def read(path: Path, mistakes: list[str]) -> Table:
    """Read a TOML file; a torn or missing one is a mistake, not a traceback."""
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        mistakes.append(f"{path}: there is no such file")
    except (OSError, UnicodeDecodeError) as error:
        mistakes.append(f"{path}: cannot be read: {error}")
    except tomllib.TOMLDecodeError as error:
        mistakes.append(f"{path}: is not whole TOML: {error}")
    return {}


def convert(table: Table, wanted: type[T], where: str, mistakes: list[str]) -> T | None:
    """Give a table its type, or note the mistake with its key."""
    try:
        return msgspec.convert(table, wanted)
    except msgspec.ValidationError as error:
        mistakes.append(f"{where}: {error}")
        return None


def load_services(folder: Path, mistakes: list[str]) -> tuple[Service, ...]:
    """Read every service in a folder, in the order they are shown."""
    found: list[Service] = []
    for path in sorted(folder.glob("*.toml")):
        table = read(path, mistakes)
        service = convert(table, Service, str(path), mistakes) if table else None
        if service is not None:
            mistakes += [f"{path}: {mistake}" for mistake in service_mistakes(service, path.stem)]
            found.append(service)
    if not found and not mistakes:
        mistakes.append(f"{folder}: holds no service (*.toml)")
    return tuple(sorted(found, key=lambda service: (service.order, service.id)))


def service_mistakes(service: Service, stem: str) -> list[str]:
    """Return what is wrong with a service beyond its types."""
    wrong = [] if service.id == stem else [f'id = "{service.id}": expected "{stem}", the file\'s name']
    texts = {"title": service.title, "summary": service.summary}
    for each in service.fields:
        texts |= {f"fields.{each.id}.label": each.label, f"fields.{each.id}.hint": each.hint}
        try:
            if each.example and not re.fullmatch(each.pattern, each.example):
                wrong.append(f'fields.{each.id}.example = "{each.example}": does not match pattern {each.pattern}')
        except re.error as error:
            wrong.append(f'fields.{each.id}.pattern = "{each.pattern}": is no regular expression: {error}')
    for name, text in texts.items():
        wrong += [f"{name}.{code}: expected a text" for code in LANGUAGES if not text.get(code)]
    if service.amount == "quoted" and service.delivery == "now":
        wrong.append('delivery = "now": expected "later", since money is taken before the centre is told')
    if service.paper == "slip" and service.delivery == "later":
        wrong.append('paper = "slip": expected delivery = "now", since the slip is made of the centre\'s answer')
    if service.amount == "quoted" and not service.fields:
        wrong.append("fields: expected at least one, to find what is due")
    return wrong


def contradictions(config: Config) -> list[str]:
    """Return what does not go together."""
    wrong = [f"drivers.{name}: expected the name of a driver" for name in DRIVEN if not config.drivers.get(name)]
    wrong += [
        f"drivers.{name}: is no device; expected one of {', '.join(DRIVEN)}"
        for name in config.drivers
        if name not in DRIVEN
    ]
    if not re.fullmatch(r"[A-Z0-9]{2,12}(-[A-Z0-9]{1,6})?", config.kiosk.id):
        wrong.append(f'kiosk.id = "{config.kiosk.id}": expected capitals and digits, e.g. "AGALI-1"')
    if config.kiosk.production and config.bench is not None:
        wrong.append("bench: is not allowed in production; expected kiosk.production = false, or no [bench] table")
    if config.kiosk.production:
        wrong += [
            f"{name}.{key} = {value!r}: leads to the bench, which production does not allow"
            for name in DRIVEN
            for key, value in config.table(name).items()
            if isinstance(value, str) and "bench" in value
        ]
        if not config.servicing.pin_hash:
            wrong.append('servicing.pin_hash: expected the output of "kiosk hash-pin"')
        if not config.central.url.startswith("https://") and not re.match(
            r"http://(127\.0\.0\.1|localhost)[:/]", config.central.url
        ):
            wrong.append(f'central.url = "{config.central.url}": expected https:// in production')
    return wrong
