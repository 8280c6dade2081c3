"""The whole kiosk as a process: start, rest, memory, and from a tap to changed pixels."""

from __future__ import annotations

import socket
import time
from pathlib import Path

from hardware.demo.program import Program
from hardware.demo.stage import Stage
from tests.benchmarks.measure import Row, cpu_s, median, memory_mb, percentile

STARTS = 5
START_LIMIT_S = 20.0
CALM_S = 5.0
REST_S = 30.0
TAPS = 60


def measure() -> list[Row]:
    """Return all rows of the running kiosk."""
    with Stage() as stage:
        stage.stop_kiosk()
        rows = starts(stage)
        kiosk = stage.launch_kiosk()
        kiosk.until(stage.finger.ready, START_LIMIT_S, "showing a screen")
        rows += [*at_rest(kiosk.pid), *taps(stage)]
        return [*rows, Row("after the taps: PSS", memory_mb(kiosk.pid)["Pss"], "MB")]


def starts(stage: Stage) -> list[Row]:
    """Start the kiosk several times; it tells by READY=1 (sd_notify) when its first screen is on the glass."""
    took = []
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as wire:
        path = stage.folder / "notify"
        wire.bind(str(path))
        wire.settimeout(START_LIMIT_S)
        for _ in range(STARTS):
            began = time.monotonic()
            kiosk = stage.launch_kiosk({"NOTIFY_SOCKET": str(path)})
            wait_for(wire, "READY=1", kiosk)
            took.append(time.monotonic() - began)
            stage.stop_kiosk()
            wait_for(wire, "STOPPING=1", kiosk)
    note = f"{STARTS} starts from the launch of the process, files in memory"
    return [
        Row("start to first interactive frame, median", median(took), "s", 0.8, note=note),
        Row("start to first interactive frame, longest", max(took), "s"),
    ]


def wait_for(wire: socket.socket, word: str, kiosk: Program) -> None:
    """Wait until the kiosk has told a word. DemoError if it never does."""
    try:
        while not wire.recv(4096).decode().startswith(word):
            pass
    except TimeoutError:
        raise kiosk.error(f"the kiosk did not tell {word}") from None


def at_rest(pid: int) -> list[Row]:
    """Let the welcome screen stand and read the kernel's accounts."""
    time.sleep(CALM_S)  # the first looks at the devices are over
    before, began, woken = cpu_s(pid), time.monotonic(), wakeups(pid)
    time.sleep(REST_S)
    took_s = time.monotonic() - began
    used = 100 * (cpu_s(pid) - before) / took_s
    memory = memory_mb(pid)
    return [
        Row(f"rest: processor over {REST_S:.0f} s on the welcome screen", used, "% of a core", 0.3),
        Row("rest: wake-ups of all threads", (wakeups(pid) - woken) / took_s, "1/s"),
        Row("rest: PSS", memory["Pss"], "MB", 130),
        Row("rest: RSS", memory["Rss"], "MB"),
    ]


def wakeups(pid: int) -> int:
    """Return how often threads of a process went to sleep of their own will, which is how often they were woken."""
    count = 0
    for status in Path(f"/proc/{pid}/task").glob("*/status"):
        count += int(status.read_text().partition("\nvoluntary_ctxt_switches:")[2].split()[0])
    return count


def taps(stage: Stage) -> list[Row]:
    """Tap from the welcome screen to the services and back; the kiosk itself notes when a tap came and when it was painted."""
    pressed, screens = [], []
    for _ in range(TAPS // 2):
        for item_id, state in (("language-en", "Choosing"), ("cancel", "Welcome")):
            press_ms, screen_ms = stage.finger.tap_ms(item_id, state)
            pressed.append(press_ms)
            screens.append(screen_ms)
    return [
        Row("tap to changed pixels: the button's look, p50", median(pressed), "ms", 25),
        Row("tap to changed pixels: the button's look, p95", percentile(pressed, 95), "ms", 50),
        Row(
            "tap to changed pixels: the next screen, p50",
            median(screens),
            "ms",
            25,
            note="with a durable journal entry",
        ),
        Row("tap to changed pixels: the next screen, p95", percentile(screens, 95), "ms", 50),
        Row("tap to changed pixels: the next screen, p99", percentile(screens, 99), "ms", note=f"{TAPS} taps"),
    ]
