"""The authorities of the simulated country, as a kiosk comes to believe them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from hardware.card.sim_trust import export_trust
from hardware.card.trust_import import Import


def imported(folder: Path) -> str:
    """Publish the simulated country's anchors and lists, import them, and return the trust folder."""
    export_trust(folder / "published")
    work = Import(folder / "trust", datetime.now(UTC))
    for path in (folder / "published").glob("csca*"):
        work.take_file(path)
    work.write()
    return str(folder / "trust")
