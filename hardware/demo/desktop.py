"""How large the desktop is, so that kiosk and bench stand beside each other on it. SDL is asked: it is what opens the windows."""

from __future__ import annotations

import ctypes
from importlib.util import find_spec
from pathlib import Path

KIOSK = (1280, 800)
BENCH_WIDTH = 620
NARROWEST_BENCH = 480
LEAST_KIOSK = 800
SDL_INIT_VIDEO = 0x20
TITLE_BAR = 60
"""What a desktop's panel and a window's title take of its height."""


class _Mode(ctypes.Structure):
    """SDL_DisplayMode (SDL_video.h)."""

    _fields_ = (
        ("format", ctypes.c_uint32),
        ("w", ctypes.c_int),
        ("h", ctypes.c_int),
        ("refresh_rate", ctypes.c_int),
        ("driverdata", ctypes.c_void_p),
    )


def desktop_size() -> tuple[int, int] | None:
    """Return the desktop's size in pixels; None where there is none after all."""
    kivy = find_spec("kivy")  # not imported: it would read our command line
    if kivy is None or kivy.origin is None:
        return None
    found = sorted((Path(kivy.origin).parent.parent / "Kivy.libs").glob("libSDL2-2*"))
    if not found:
        return None
    sdl = ctypes.CDLL(str(found[0]))
    if sdl.SDL_InitSubSystem(SDL_INIT_VIDEO):
        return None
    try:
        mode = _Mode()
        return None if sdl.SDL_GetDesktopDisplayMode(0, ctypes.byref(mode)) else (mode.w, mode.h)
    finally:
        sdl.SDL_QuitSubSystem(SDL_INIT_VIDEO)


def kiosk_size(desktop: tuple[int, int]) -> tuple[int, int]:
    """Return the kiosk's window size: its true pixels where there is room beside the bench, else smaller in proportion."""
    width = min(KIOSK[0], desktop[0] - NARROWEST_BENCH, desktop[1] * KIOSK[0] // KIOSK[1])
    width = max(LEAST_KIOSK, width)
    return width, width * KIOSK[1] // KIOSK[0]


def bench_size(desktop: tuple[int, int], kiosk: tuple[int, int]) -> tuple[int, int]:
    """Return the bench window's size: beside the kiosk, as high as it needs, as far as the desktop goes."""
    width = max(NARROWEST_BENCH, min(BENCH_WIDTH, desktop[0] - kiosk[0]))
    return width, min(KIOSK[1], desktop[1] - TITLE_BAR)
