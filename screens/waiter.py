"""How to sleep until something happens, by display: SDL can block on X11, elsewhere it would poll a thousand times a second.

SDL 2.30 waits for real only on X11 and Wayland. With the offscreen driver nothing comes but posts; with KMSDRM touches
come through ``/dev/input/event*``, which is watched here beside SDL (SDL still reads its own copy of each event).
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import select
from pathlib import Path
from typing import Protocol

USER_EVENT = 0x8000
"""SDL_USEREVENT (SDL_events.h): Kivy passes it over."""
INPUTS = Path("/dev/input")


class Waiter(Protocol):
    """Sleeps on the main thread and is woken from any."""

    def wait(self, seconds: float) -> None:
        """Return when something happened, or after so long."""
        ...

    def wake(self) -> None:
        """End the wait in progress, or the next one."""
        ...


class EventWaiter:
    """Waits on an eventfd and, where SDL reads them too, on the input devices."""

    def __init__(self, inputs: Path | None = None) -> None:
        self._event = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        self._inputs = inputs
        self._devices: dict[Path, int] = {}
        self._seen_ns = -1

    def wait(self, seconds: float) -> None:
        """Return when woken, when an input device has something, or after so long."""
        self._look_for_devices()
        ready, _, _ = select.select([self._event, *self._devices.values()], [], [], seconds)
        if self._event in ready:
            with contextlib.suppress(BlockingIOError):
                os.eventfd_read(self._event)
        for path, descriptor in list(self._devices.items()):
            if descriptor in ready:
                self._drain(path, descriptor)

    def wake(self) -> None:
        """End the wait."""
        os.eventfd_write(self._event, 1)

    def _look_for_devices(self) -> None:
        """Open what was plugged in since the last look: the folder's time changes with it."""
        if self._inputs is None or not self._inputs.is_dir():
            return
        changed_ns = self._inputs.stat().st_mtime_ns
        if changed_ns == self._seen_ns:
            return
        self._seen_ns = changed_ns
        for path in self._inputs.glob("event*"):
            if path not in self._devices:
                with contextlib.suppress(OSError):  # not ours to read: SDL's own look once a second remains
                    self._devices[path] = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)

    def _drain(self, path: Path, descriptor: int) -> None:
        try:
            while os.read(descriptor, 4096):
                pass
        except BlockingIOError:
            return
        except OSError:  # unplugged
            pass
        os.close(self._devices.pop(path))


class SdlWaiter:
    """Blocks inside SDL on the display's own connection; releases the interpreter meanwhile."""

    def __init__(self, sdl: ctypes.CDLL) -> None:
        self._sdl = sdl
        self._event = ctypes.create_string_buffer(128)  # SDL_Event is 56 bytes, padded by SDL to at most 128
        ctypes.c_uint32.from_buffer(self._event).value = USER_EVENT

    def wait(self, seconds: float) -> None:
        """Return when SDL has an event, or after so long."""
        self._sdl.SDL_WaitEventTimeout(None, max(1, int(seconds * 1000)))

    def wake(self) -> None:
        """Put an event of our own into SDL's queue."""
        self._sdl.SDL_PushEvent(self._event)


def waiter_for_display() -> Waiter:
    """Choose by the video driver that SDL has opened. Call it after the window is open."""
    sdl = _sdl_library()
    if sdl is None:
        return EventWaiter(INPUTS)
    sdl.SDL_GetCurrentVideoDriver.restype = ctypes.c_char_p
    driver = sdl.SDL_GetCurrentVideoDriver() or b""
    if driver in (b"x11", b"wayland"):
        return SdlWaiter(sdl)
    return EventWaiter(INPUTS if driver == b"KMSDRM" else None)


def _sdl_library() -> ctypes.CDLL | None:
    """Return the very SDL that Kivy has loaded (its wheel brings one of its own)."""
    with open("/proc/self/maps", encoding="utf-8") as maps:  # noqa: PTH123 - a file of the kernel, not of a folder
        paths = {line.split(maxsplit=5)[5].strip() for line in maps if "libSDL2-2" in line}
    return ctypes.CDLL(next(iter(paths))) if paths else None
