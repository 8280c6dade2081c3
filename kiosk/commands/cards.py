"""``kiosk cards import``: takes the certificates of country signing authorities into the folder of trust anchors."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from hardware.card.trust_import import Import
from kiosk.config import Config
from kiosk.domain.faults import ConfigError, ProtocolError


def folder_of(config: Config) -> Path:
    """Return the folder that the card reader's driver trusts. ConfigError where none is configured."""
    folder = config.card.get("trust")
    if not isinstance(folder, str) or not folder:
        raise ConfigError(["card.trust: expected the folder of trust anchors, or --into FOLDER"])
    return Path(folder)


def import_cards(path: Path, folder: Path, countries: Sequence[str], fingerprint: str = "") -> int:
    """Import a file, and print one line for everything in it. ``fingerprint``: of the authority that the operator confirms. Exit status 0 all taken, 1 some refused, 2 nothing changed."""
    try:
        work = Import(folder, datetime.now(UTC), countries, fingerprint)
        work.take_file(path)
        if work.taken:
            work.write()
    except (OSError, ProtocolError) as error:
        sys.stderr.write(f"kiosk cards: {path}: {error}\n")
        return 2
    for line in work.lines:
        sys.stdout.write(f"{line.verdict:<11}  {line.what}{f': {line.why}' if line.why else ''}\n")
    sys.stdout.write(f"{folder}: {work.taken} taken, {work.refused} refused\n")
    if not work.refused:
        return 0
    return 1 if work.taken else 2
