"""``kiosk check-config``: every mistake of a configuration, told at once."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from hardware.card.trust_folder import TrustFolder
from hardware.fiscal.settings import read_password
from kiosk.commands.logo import read_logo
from kiosk.commands.parts import check_drivers, forms_of, languages_of, letterhead_of
from kiosk.config import LANGUAGES, Config, examine
from kiosk.config.checks import knows_timezone
from kiosk.domain.faults import ConfigError, DeviceFault
from kiosk.language import check
from kiosk.uplink.client import read_token, tls_context


def check_config(path: Path) -> int:
    """Print the mistakes and return 78, or say that all is well and return 0."""
    mistakes = all_mistakes(path)
    if not mistakes:
        sys.stdout.write(f"{path}: all is well\n")
        return 0
    sys.stdout.write("".join(f"{mistake}\n" for mistake in mistakes))
    return 78


def all_mistakes(path: Path) -> list[str]:
    """Return every mistake in the configuration, its services, drivers' tables, messages, letterhead, forms of paper and credentials."""
    config, mistakes = examine(path)
    if config is None:  # its types are wrong: the rest cannot be looked for
        return mistakes
    mistakes += [f"{path}: {mistake}" for mistake in check_drivers(config)]
    mistakes += [f"{path}: card.trust: {mistake}" for mistake in trust_mistakes(config.card.get("trust"))]
    return mistakes + credential_mistakes(config, path) + found_in(config)


def trust_mistakes(folder: object) -> list[str]:
    """Return what is wrong with the folder of trust anchors, where one is configured."""
    try:
        if isinstance(folder, str) and folder:
            TrustFolder(Path(folder)).anchors()
    except DeviceFault as fault:
        return [str(fault)]
    return []


def credential_mistakes(config: Config, path: Path) -> list[str]:
    """Return what is wrong with the files that let the kiosk and the central system trust each other."""
    central, word = config.central, config.fiscal.get("password_file")
    token = told(lambda: read_token(config.path(central.token_file))) if central.token_file else []
    return [
        *(f'{path}: central.token_file = "{central.token_file}": {mistake}' for mistake in token),
        *(f"{path}: {mistake}" for mistake in told(lambda: tls_context(central.ca_file))),
        *(
            f"{path}: {mistake}"
            for mistake in (told(lambda: read_password(Path(word))) if isinstance(word, str) else [])
        ),
    ]


def found_in(config: Config) -> list[str]:
    """Return the mistakes in the folders a configuration names."""
    wrong = told(lambda: forms_of(config))
    receipts = config.path(config.kiosk.receipts)
    mistakes = told(lambda: letterhead_of(config)) + (
        wrong or told(lambda: read_logo(receipts, forms_of(config).values()))
    )
    unread = told(lambda: languages_of(config)) if knows_timezone(config.kiosk.timezone) else []
    folders = [config.path(config.kiosk.languages) / code for code in LANGUAGES]
    return mistakes + (unread or language_mistakes(folders))


def told(read: Callable[[], object]) -> list[str]:
    """Read something and return the mistakes that kept it from being read."""
    try:
        read()
    except ConfigError as error:
        return error.mistakes
    return []


def language_mistakes(folders: list[Path]) -> list[str]:
    """Return what is wrong in the catalogues: unreadable messages, ids and variables that differ, plural forms that lack."""
    found = [mistake for folder in folders for mistake in (*check.junk(folder), *check.plural_gaps(folder))]
    return found + check.differences(folders)
