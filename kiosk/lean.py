"""A lean start: libraries without their ornaments, and nothing collected while everything is only being made.

structlog colours terminals with rich, and httpx has a command line of its own with click: together a tenth of a second
of every start and ten megabytes. Both do without where these are not installed, so for a moment they are not.

Where Mesa draws in software it has compiled its shaders by the first picture, and keeps half of this process's memory mapped
for a compiler (LLVM) that then rests. A Raspberry Pi's own driver never runs it.
"""

from __future__ import annotations

import ctypes
import gc
import sys
from importlib import import_module
from pathlib import Path

LIBRARIES = ("structlog", "httpx")
COMPILER = "/libLLVM"
MADV_DONTNEED = 4
"""madvise(2): of code mapped from a file this drops the page table's entries, and the next call finds the page in memory again."""
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
    unmap_compiler()


def unmap_compiler(maps: Path = Path("/proc/self/maps")) -> int:
    """Let go of the shader compiler's code and return how many bytes of it were given up; 0 where there is none.

    Only what is executable and not writable: a read-only part may hold addresses that the loader wrote into it, and would lose them.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    dropped = 0
    for line in maps.read_text("utf-8").splitlines():
        where, permissions, *_ = line.split()
        if COMPILER in line and permissions == "r-xp":
            first, _, after = where.partition("-")
            start, size = int(first, 16), int(after, 16) - int(first, 16)
            if libc.madvise(ctypes.c_void_p(start), ctypes.c_size_t(size), MADV_DONTNEED) == 0:
                dropped += size
    return dropped
