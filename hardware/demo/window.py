"""``python -m hardware.demo.window``: opens the bench window, a process of its own beside the kiosk's."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

FRAMES_S = 30
FULL_SIZE = (620, 790)
"""Pixels that everything needs in its full size; in a smaller window all of it shrinks together."""


def main(arguments: list[str] | None = None) -> int:
    """Open the window; return when it is closed."""
    parser = argparse.ArgumentParser(prog="python -m hardware.demo.window")
    parser.add_argument("--control", type=Path, required=True, help="the bench's control socket")
    parser.add_argument("--papers", type=Path, required=True, help="the printer's memory")
    parser.add_argument("--place", type=int, nargs=4, required=True, metavar=("X", "Y", "W", "H"))
    options = parser.parse_args(arguments)
    configure(*options.place)
    from hardware.demo.bench_window import BenchWindow  # noqa: PLC0415 - Kivy reads its settings when it is imported
    from hardware.demo.hands import Hands  # noqa: PLC0415

    BenchWindow(Hands(options.control, options.papers)).run()
    return 0


def configure(left: int, top: int, width: int, height: int) -> None:
    """Say where the window shall be, before Kivy opens it."""
    os.environ["KIVY_METRICS_DENSITY"] = f"{min(1.0, width / FULL_SIZE[0], height / FULL_SIZE[1]):.3f}"
    from kivy.config import Config  # noqa: PLC0415 - after the line above

    settings = {"left": left, "top": top, "width": width, "height": height, "maxfps": FRAMES_S, "multisamples": 0}
    for key, value in {"position": "custom", **settings}.items():
        Config.set("graphics", key, str(value))
    Config.set("input", "mouse", "mouse,disable_multitouch")


if __name__ == "__main__":
    sys.exit(main())
