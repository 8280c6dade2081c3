"""A lean start: libraries without their ornaments, and nothing collected while everything is only being made.

structlog colours terminals with rich, and httpx has a command line of its own with click: together a tenth of a second
of every start and ten megabytes. Both do without where these are not installed, so for a moment they are not.
"""

from __future__ import annotations

import gc
import sys
from importlib import import_module

LIBRARIES = ("structlog", "httpx")
ORNAMENTS = ("rich", "click", "pygments", "anyio", "trio")


def start() -> None:
    """Begin a start that ends with ``settle``: import the libraries, and let the garbage collector rest."""
    gc.disable()
    hidden = [name for name in ORNAMENTS if name not in sys.modules]
    sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type]  # None is Python's own mark of what cannot be imported
    try:
        for library in LIBRARIES:
            import_module(library)
    finally:
        for name in hidden:
            del sys.modules[name]


def settle() -> None:
    """Set apart what stays for good, so that no later collection walks over it while a finger waits."""
    gc.collect()
    gc.freeze()
    gc.enable()
