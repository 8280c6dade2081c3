"""Opens the one window. Kivy reads its settings when the window module is first imported, so they are set before."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from kivy.base import EventLoop, runTouchApp
from kivy.config import Config
from msgspec.structs import replace
from PIL import Image

from kiosk.domain.screen_profile import ScreenProfile
from screens import theme as t


def open_window(profile: ScreenProfile) -> ScreenProfile:
    """Open the window, before any widget is made; return the profile with the pixels that it really has."""
    _configure(profile)
    EventLoop.ensure_window()
    window = EventLoop.window
    window.clearcolor = t.rgba(t.PAPER)
    window.set_title("Kiosk")
    if EventLoop.status != "started":
        runTouchApp(embedded=True)
    if headless():
        window.rotation = profile.rotation
        window.system_size = (profile.width_px, profile.height_px)
        return profile
    width, height = window.system_size
    return replace(profile, width_px=width, height_px=height) if profile.fullscreen else profile


def headless() -> bool:
    """Say whether pictures are drawn without a display."""
    return os.environ.get("SDL_VIDEODRIVER") == "offscreen"


def _configure(profile: ScreenProfile) -> None:
    fullscreen = profile.fullscreen and not headless()
    for section, key, value in (
        ("kivy", "exit_on_escape", "0"),
        ("graphics", "width", profile.width_px),
        ("graphics", "height", profile.height_px),
        ("graphics", "fullscreen", "auto" if fullscreen else "0"),
        ("graphics", "show_cursor", "0" if fullscreen else "1"),
        ("graphics", "rotation", profile.rotation),
        ("graphics", "multisamples", "0"),
        ("graphics", "resizable", "0"),
        ("graphics", "allow_screensaver", "0"),
    ):
        Config.set(section, key, str(value))
    # Only SDL's own pointer: other providers would see each touch twice, or take a barcode reader for a finger.
    Config.remove_section("input")
    Config.add_section("input")
    Config.set("input", "mouse", "mouse,disable_multitouch")


def save_picture(path: Path) -> None:
    """Draw once more and save what was drawn as PNG. Main thread only."""
    data, size = read_pixels()
    Image.frombytes("RGB", size, data).transpose(Image.Transpose.FLIP_TOP_BOTTOM).save(path)


def read_pixels() -> tuple[bytes, tuple[int, int]]:
    """Return the screen as RGB, bottom row first, and its size. Main thread only."""
    from kivy.graphics.opengl import GL_RGB, GL_UNSIGNED_BYTE, glReadPixels  # needs the open window  # noqa: PLC0415

    window: Any = EventLoop.window
    window.dispatch("on_draw")  # after a flip the back buffer holds nothing
    width, height = (int(side) for side in window.system_size)
    return bytes(glReadPixels(0, 0, width, height, GL_RGB, GL_UNSIGNED_BYTE)), (width, height)
