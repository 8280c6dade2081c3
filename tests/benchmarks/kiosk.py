"""The whole kiosk as a process: start, rest, memory, and from a tap to changed pixels."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path

from hardware.demo.stage import Stage
from tests.benchmarks.measure import Row, cpu_s, median, memory_mb, percentile

STARTS = 5
REST_S = 30.0
TAPS = 60


def measure() -> list[Row]:
    """Return all rows of the running kiosk."""
    with Stage() as stage:
        pid = stage.pid("kiosk")
        rows = at_rest(pid)
        rows += taps(stage)
        rows += starts(stage)
    return rows


def at_rest(pid: int) -> list[Row]:
    """Let the welcome screen stand and read the kernel's accounts."""
    time.sleep(5)  # first health checks are over
    before, started = cpu_s(pid), time.monotonic()
    time.sleep(REST_S)
    used = 100 * (cpu_s(pid) - before) / (time.monotonic() - started)
    memory = memory_mb(pid)
    return [
        Row(f"rest: processor over {REST_S:.0f} s on the welcome screen", used, "% of a core", 0.3),
        Row("rest: PSS", memory["Pss"], "MB", 130),
        Row("rest: RSS", memory["Rss"], "MB"),
    ]


def taps(stage: Stage) -> list[Row]:
    """Tap from the welcome screen to the services and back; the kiosk itself notes when a tap came and when it was painted."""
    took = []
    for _ in range(TAPS // 2):
        took.append(stage.finger.tap_ms("language-en", "Choosing"))
        took.append(stage.finger.tap_ms("cancel", "Welcome"))
    return [
        Row("tap to changed pixels, p50", median(took), "ms", 25),
        Row("tap to changed pixels, p95", percentile(took, 95), "ms", 50),
        Row("tap to changed pixels, p99", percentile(took, 99), "ms"),
    ]


def starts(stage: Stage) -> list[Row]:
    """Start the kiosk again and again until its first interactive frame."""
    took = []
    for _ in range(STARTS):
        stage.stop_kiosk()
        started = time.monotonic()
        stage.start_kiosk()
        took.append(time.monotonic() - started)
    return [Row("start to first interactive frame, median", median(took), "s", 0.8, note=f"{STARTS} starts, warm disk")]


__all__ = ["Path", "measure", "subprocess"]
