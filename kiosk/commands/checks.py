"""``kiosk check-config``: every mistake of a configuration, told at once."""

from __future__ import annotations

import sys
from pathlib import Path

from kiosk.commands.parts import check_drivers, languages_of, letterhead_of
from kiosk.config import LANGUAGES, Config, load
from kiosk.domain.faults import ConfigError
from kiosk.language import check


def check_config(path: Path) -> int:
    """Print the mistakes and return 78, or say that all is well and return 0."""
    mistakes = all_mistakes(path)
    if not mistakes:
        sys.stdout.write(f"{path}: all is well\n")
        return 0
    sys.stdout.write("".join(f"{mistake}\n" for mistake in mistakes))
    return 78


def all_mistakes(path: Path) -> list[str]:
    """Return every mistake in the configuration, its services, drivers' tables, messages and letterhead."""
    try:
        config = load(path)
    except ConfigError as error:
        return error.mistakes
    return [f"{path}: {mistake}" for mistake in check_drivers(config)] + found_in(config)


def found_in(config: Config) -> list[str]:
    """Return the mistakes in the folders a configuration names."""
    try:
        languages_of(config)
        letterhead_of(config)
    except ConfigError as error:
        return error.mistakes
    except FileNotFoundError as error:
        return [str(error)]
    return language_mistakes([config.path(config.kiosk.languages) / code for code in LANGUAGES])


def language_mistakes(folders: list[Path]) -> list[str]:
    """Return what is wrong in the catalogues: unreadable messages, ids and variables that differ, plural forms that lack."""
    found = [mistake for folder in folders for mistake in (*check.junk(folder), *check.plural_gaps(folder))]
    return found + check.differences(folders)
