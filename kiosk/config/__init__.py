"""Configuration: ``kiosk.toml`` and the services, typed and checked whole. Every mistake is told at once, with its place.

``tables`` is what can be configured, ``reading`` finds it in files, ``checks`` tells what is wrong with it beyond its types.
A kiosk refuses to start on an unknown key, and in production on anything that belongs to the bench.
"""

from kiosk.config.reading import examine, load, load_cards, load_services
from kiosk.config.tables import (
    DRIVEN,
    LANGUAGES,
    BenchTable,
    CentralTable,
    Config,
    KioskTable,
    ServicingTable,
    Table,
)

__all__ = [
    "DRIVEN",
    "LANGUAGES",
    "BenchTable",
    "CentralTable",
    "Config",
    "KioskTable",
    "ServicingTable",
    "Table",
    "examine",
    "load",
    "load_cards",
    "load_services",
]
