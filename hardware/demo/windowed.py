"""With a display: the kiosk in a window, the bench window beside it, until one of them is closed."""

from __future__ import annotations

import time
from pathlib import Path

from hardware.demo.desktop import bench_size, desktop_size, kiosk_size
from hardware.demo.hands import POWER_FAILS
from hardware.demo.headless import say
from hardware.demo.program import DemoError, Program
from hardware.demo.stage import Stage

PAPER_MM_S = 80.0
"""Slower than a real printer, so that the paper is seen coming out."""
LOOK_S = 0.1


def show_windows(folder: Path | None) -> int:
    """Show both windows; return 0 when one of them has been closed."""
    desktop = desktop_size()
    if desktop is None:
        raise DemoError("the display cannot be used (DISPLAY or WAYLAND_DISPLAY is set); try --headless")
    size = kiosk_size(desktop)
    stage = Stage(folder, size)
    with stage:
        stage.do("terminal", "hold")
        stage.do("printer", "slow", mm_per_s=PAPER_MM_S)
        window = open_bench(stage, (size[0], 0, *bench_size(desktop, size)))
        try:
            say(f"ready after {stage.took_s:.1f} s; close a window to end")
            attend(stage, window)
        finally:
            window.end()
    return 0


def open_bench(stage: Stage, place: tuple[int, ...]) -> Program:
    """Open the bench window at x, y with its width and height."""
    command = ["python", "-m", "hardware.demo.window", "--control", str(stage.ports["control"])]
    command += ["--papers", str(stage.folder / "bench/memory/printer"), "--place", *map(str, place)]
    quiet = dict.fromkeys(("KIVY_NO_ARGS", "KIVY_NO_CONFIG", "KIVY_NO_FILELOG", "KIVY_NO_ENV_CONFIG"), "1")
    return Program(stage.folder, "window", command, quiet)


def attend(stage: Stage, window: Program) -> None:
    """Let the power fail when the visitor wants it; return when a window has been closed. DemoError if one broke."""
    failures = 0
    while window.running:
        wanted = window.said.count(POWER_FAILS)
        if wanted > failures:
            failures = wanted
            say("the power fails")
            stage.cut_power()
            stage.start_kiosk()
            say("the power is back")
        elif stage.kiosk_closed():
            return
        stage.check()
        time.sleep(LOOK_S)
    window.finish(1)
