"""On a real display server the loop sleeps inside SDL, and a post from another thread wakes it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = """
import threading, time
from pathlib import Path
from kiosk.language import load_languages
from screens.app import KioskApp
from kiosk.domain.screen_profile import ScreenProfile
from screens.samples import samples, services_in

config = Path("config")
app = KioskApp(load_languages(config / "languages"), ScreenProfile(fullscreen=False), lambda event, shown: None)
kiosks = samples(services_in(config / "services"))
app.show(kiosks["welcome"])
app.open()
app.loop.settle()
times = []

def runner():
    time.sleep(1.0)
    for name in ("choosing", "welcome", "choosing"):
        frames, start = app.frames, time.monotonic()
        app.show(kiosks[name])
        with app.painted:
            while app.frames == frames and app.painted.wait(2):
                pass
        times.append(time.monotonic() - start)
        time.sleep(0.2)
    app.stop()

threading.Thread(target=runner).start()
cpu = time.process_time()
app.run()
print(type(app.loop._waiter).__name__, max(times) < 0.5, time.process_time() - cpu < 0.8)
"""


@pytest.mark.skipif(shutil.which("Xvfb") is None, reason="no Xvfb on this machine")
def test_on_x11_the_loop_sleeps_in_sdl_and_wakes_for_a_post():
    """Under X11 a state shown by another thread is painted at once, and waiting for it costs nothing."""
    reader, writer = os.pipe()
    command = ["Xvfb", "-displayfd", str(writer), "-screen", "0", "1280x800x24", "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=(writer,), stderr=subprocess.DEVNULL)
    try:
        os.close(writer)
        with os.fdopen(reader, "rb") as line:
            display = line.readline().decode().strip()
        environment = {**os.environ, "DISPLAY": f":{display}", "SDL_VIDEODRIVER": "x11"}
        command = [sys.executable, "-c", SCRIPT]
        done = subprocess.run(
            command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
        )
        assert done.returncode == 0, done.stderr
        assert done.stdout.split() == ["SdlWaiter", "True", "True"]
    finally:
        server.terminate()
        server.wait(5)
