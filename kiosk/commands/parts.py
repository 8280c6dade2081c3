"""The parts of a kiosk, opened from its configuration."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from hardware.drivers import open_device, settings_of
from kiosk.commands.logo import read_logo
from kiosk.config import LANGUAGES, Config
from kiosk.config.checks import missing_texts
from kiosk.config.reading import read, wrong_types
from kiosk.domain.faults import ConfigError
from kiosk.domain.health import DEVICES, OPTIONAL, DeviceName, SelfTest
from kiosk.domain.receipt import Picture
from kiosk.domain.service import Service
from kiosk.language import Language, load_languages
from kiosk.runtime.clock import Clock, SystemClock
from kiosk.runtime.forms import BLOCKS, Form, form_mistakes
from kiosk.runtime.papers import Letterhead, Papers
from kiosk.runtime.performers import Devices
from kiosk.uplink.client import HttpCentral, UplinkSettings, read_token
from kiosk.uplink.trust import FILE as KEYS
from kiosk.version import VERSION


def check_drivers(config: Config) -> list[str]:
    """Return the mistakes in the drivers' names and tables."""
    mistakes: list[str] = []
    for device in config.driven:
        name = config.drivers.get(device)
        if not name:
            continue  # told by kiosk.config
        try:
            settings_of(device, name, config.table(device), found_of(config))
        except ConfigError as error:
            mistakes += error.mistakes
    return mistakes


def open_devices(config: Config) -> Devices:
    """Open the driver of every device. ConfigError for an unknown driver or setting."""
    return Devices(**{name: open_one(config, name) for name in config.driven})


def open_one(config: Config, device: str) -> Any:
    """Open one device's driver. ConfigError likewise."""
    return open_device(device, config.drivers[device], config.table(device), found_of(config))


def found_of(config: Config) -> dict[str, Any]:
    """Return what drivers are told beside their own tables: the profiles of cards, if there are any."""
    return {"profiles": config.found_cards} if config.found_cards else {}


def languages_of(config: Config) -> dict[str, Language]:
    """Load the messages of every language. ConfigError for one without a readable catalogue."""
    folder = config.path(config.kiosk.languages)
    try:
        return load_languages(folder, LANGUAGES, ZoneInfo(config.kiosk.timezone))
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            [f"{folder}: expected a readable catalogue (*.ftl) in each language's folder: {error}"]
        ) from error


def letterhead_of(config: Config) -> Letterhead:
    """Read what stands on every paper. ConfigError says what is wrong with it, a language it lacks included."""
    path = config.path(config.kiosk.receipts) / "letterhead.toml"
    try:
        head = msgspec.convert(tomllib.loads(path.read_text("utf-8")), Letterhead)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise ConfigError([f"{path}: {error}"]) from error
    lacking = [*missing_texts("organisation", head.organisation), *missing_texts("place", head.place)]
    if lacking:
        raise ConfigError([f"{path}: {mistake}" for mistake in lacking])
    return head


def forms_of(config: Config) -> dict[str, Form]:
    """Read the form of every kind of paper. ConfigError lists every mistake as ``file: key: what was expected``."""
    folder = config.path(config.kiosk.receipts)
    forms = read_forms(folder)
    if "fiscal" in config.driven and "fiscal" not in [block.name for block in forms["receipt"].blocks]:
        raise ConfigError(
            [f'{folder / "receipt.toml"}: blocks: expected "fiscal", since there is a register (drivers.fiscal)']
        )
    return forms


def read_forms(folder: Path) -> dict[str, Form]:
    """Read the forms in a folder. ConfigError lists every mistake in them."""
    mistakes: list[str] = []
    forms: dict[str, Form] = {}
    for kind in BLOCKS:
        path, before = folder / f"{kind}.toml", len(mistakes)
        table = read(path, mistakes)
        mistakes += [f"{path}: {key}: {text}" for key, text in wrong_types(table, Form)] if table else []
        if len(mistakes) == before:
            forms[kind] = msgspec.convert(table, Form)
            mistakes += [f"{path}: {mistake}" for mistake in form_mistakes(kind, forms[kind])]
    if mistakes:
        raise ConfigError(mistakes)
    return forms


def papers_of(config: Config) -> Papers:
    """Return the composer of papers."""
    return Papers(*stationery_of(config, languages_of(config)))


Stationery = tuple[
    dict[str, Language], Letterhead, dict[str, Form], str, Clock, str, tuple[Service, ...], Picture | None
]


def stationery_of(config: Config, languages: dict[str, Language]) -> Stationery:
    """Return what Papers is made of. ConfigError."""
    head, forms = letterhead_of(config), forms_of(config)
    logo = read_logo(config.path(config.kiosk.receipts), forms.values())
    return languages, head, forms, config.kiosk.id, SystemClock(), VERSION, config.found_services, logo


def central_of(config: Config) -> HttpCentral:
    """Open the line to the central system. ConfigError without a token or with an address that will not do."""
    return HttpCentral(
        UplinkSettings(
            url=config.central.url,
            kiosk_id=config.kiosk.id,
            token=read_token(config.path(config.central.token_file)),
            ca_file=config.central.ca_file,
            connect_timeout_s=config.central.connect_timeout_s,
            answer_timeout_s=config.central.answer_timeout_s,
            keys_file=keys_of(config),
        )
    )


def data_of(config: Config) -> Path:
    """Return the folder of the kiosk's own data."""
    return config.path(config.kiosk.data)


def keys_of(config: Config) -> Path:
    """Return where the kiosk keeps the keys that documents are signed with."""
    return data_of(config) / KEYS


def worst(tests: tuple[SelfTest, ...]) -> int:
    """Return the exit status of a set of self-tests: 0 all well, 1 degraded, 2 failed."""
    order = ("passed", "degraded", "failed")
    return max((order.index(test.outcome) for test in tests), default=0)


def device_named(name: str) -> DeviceName:
    """Return a device's name; ConfigError if there is no such device."""
    for device in (*DEVICES, *OPTIONAL):
        if device == name:
            return device
    raise ConfigError([f"{name}: is no device; expected one of {', '.join((*DEVICES, *OPTIONAL))}"])
