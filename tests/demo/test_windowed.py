import json
import os
import select
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from hardware.bench.control import ask
from hardware.demo.hands import POWER_FAILS, Hands

START_S = 30


@pytest.fixture(scope="module")
def display():
    """A display of our own: the number of an Xvfb that is ended afterwards."""
    if shutil.which("Xvfb") is None:
        pytest.fail("Xvfb is not installed (Debian package xvfb)")
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1920x1080x24", "-nolisten", "tcp"]
    with subprocess.Popen(command, pass_fds=[writing], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        os.close(writing)
        ready, _, _ = select.select([reading], [], [], START_S)
        number = os.read(reading, 16).decode().strip() if ready else ""
        os.close(reading)
        try:
            assert number
            yield f":{number}"
        finally:
            server.terminate()
            server.wait(10)


@pytest.fixture
def shown(display, tmp_path):
    """The demonstration in its windows: the process and the stage's folder."""
    stage = tmp_path / "s"
    command = [sys.executable, "-m", "hardware.demo", "--folder", str(stage)]
    env = {**os.environ, "DISPLAY": display}
    env.pop("SDL_VIDEODRIVER", None)
    with subprocess.Popen(command, cwd=tmp_path, env=env, stdout=subprocess.PIPE, text=True) as running:
        try:
            ready, _, _ = select.select([running.stdout], [], [], START_S)
            assert ready
            assert "ready after" in running.stdout.readline()
            yield running, stage
        finally:
            running.terminate()
            running.wait(20)


def told(running, words):
    """Whether the demonstration says this before it ends; it gives every start a limit of its own."""
    return any(words in line for line in running.stdout)


def child_of(parent, words):
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            status, line = (entry / "stat").read_text(), (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
        if int(status.rsplit(")", 1)[1].split()[1]) == parent and words in line:
            return int(entry.name)
    return 0


def until(wanted, limit_s=20.0):
    end = time.monotonic() + limit_s
    while not (found := wanted()) and time.monotonic() < end:
        time.sleep(0.05)
    return found


def test_a_visitor_lets_the_power_fail_and_closes_the_window(shown):
    """The power fails when the bench window asks for it, the kiosk comes back, and closing its window ends everything well."""
    running, stage = shown
    kiosk = child_of(running.pid, "kiosk run")
    assert kiosk
    assert until(lambda: child_of(running.pid, "hardware.demo.window"))
    with (stage / "window.out").open("a") as said:  # what the button writes
        said.write(POWER_FAILS + "\n")
    fresh = until(lambda: (now := child_of(running.pid, "kiosk run")) != kiosk and now)
    assert fresh
    assert told(running, "the power is back")
    os.kill(fresh, signal.SIGTERM)
    assert running.wait(20) == 0


def test_the_visitors_hands_reach_the_bench(shown):
    """What is ordered in the bench window happens on the bench, and how everything is comes back."""
    _, stage = shown
    control = stage / "bench/control"
    hands = Hands(control, stage / "bench/memory/printer")
    seen = []
    hands.start(seen.append)
    try:
        for order in ({"device": "card", "do": "insert", "card": "leyla"}, {"device": "printer", "do": "paper_out"},
                      {"device": "network", "do": "cut"}, {"device": "panel", "do": "open"}):  # fmt: skip
            hands.do(order)
        assert until(lambda: seen and (seen[-1].card, seen[-1].paper_out, seen[-1].network, seen[-1].door_open) == (
            "leyla", True, False, True
        ))  # fmt: skip
        hands.do({"device": "card", "do": "insert", "card": "aygun"})
        assert until(lambda: "leyla lies in the slot" in seen[-1].trouble)
    finally:
        hands.stop()
    assert json.dumps(ask(control, {"device": "terminal", "do": "state"})["plan"]) == '"hold"'
