"""The bench's finger: sees the tree and touches the glass, through the real socket."""

import contextlib
import json
import socket
import threading

import pytest
from msgspec.structs import replace
from PIL import Image

from kiosk.domain.screen_profile import ScreenProfile
from kiosk.journey import events as e
from screens import app as app_module
from screens.finger import Finger
from tests.screens.conftest import Citizen


class Bench:
    """The other end of the socket, while the app turns on the main thread."""

    def __init__(self, citizen, path):
        self.citizen = citizen
        self.line = socket.socket(socket.AF_UNIX)
        self.line.settimeout(10)
        self.line.connect(str(path))
        self.file = self.line.makefile("rb")

    def ask(self, *commands):
        """Send the commands one after the other and return the answers; the loop turns meanwhile."""
        answers = []

        def talk():
            for command in commands:
                self.line.sendall((command if isinstance(command, bytes) else json.dumps(command).encode()) + b"\n")
                answers.append(json.loads(self.file.readline()))
            self.citizen.app.stop()

        thread = threading.Thread(target=talk)
        thread.start()
        self.citizen.app.loop._stopping = False
        self.citizen.app.run()
        thread.join(5)
        return answers


@pytest.fixture
def bench(citizen, tmp_path):
    finger = Finger(citizen.app, tmp_path / "finger")
    finger.start()
    bench = Bench(citizen, tmp_path / "finger")
    yield bench
    with contextlib.closing(bench.line), contextlib.closing(bench.file):
        pass
    finger.stop()
    assert not (tmp_path / "finger").exists()


def test_the_finger_sees_the_tree(bench, citizen, kiosks):
    """The tree names state, number, language and every item."""
    citizen.see(kiosks["ru"]["choosing"])
    (tree,) = bench.ask({"do": "tree"})
    assert (tree["ok"], tree["state"], tree["language"]) == (True, "Choosing", "ru")
    assert tree["shown"] == kiosks["ru"]["choosing"].shown
    tile = next(item for item in tree["items"] if item["id"] == "service-electricity")
    assert set(tile) >= {"id", "role", "say", "label", "bounds", "enabled", "focus"}
    assert tile["role"] == "button"


def test_the_finger_touches_for_real(bench, citizen, kiosks):
    """A tap goes through Kivy's own input and sends what a citizen's would."""
    screen = citizen.see(kiosks["az"]["confirming"])
    (answer,) = bench.ask({"do": "tap", "id": "pay"})
    assert answer == {"ok": True, "shown": screen.shown}
    assert citizen.sent == [(e.PaymentConfirmed(), screen.shown)]


def test_the_finger_types(bench, citizen, kiosks):
    """Taps one after the other are all taken."""
    citizen.see(kiosks["az"]["answering"])
    bench.ask(*({"do": "tap", "id": f"key-{digit}"} for digit in "104558210"), {"do": "tap", "id": "onward"})
    assert citizen.sent[0][0] == e.AnswerGiven("customer_number", "104558210")


@pytest.mark.parametrize(
    ("command", "error"),
    [
        ({"do": "tap", "id": "nowhere"}, "nowhere"),
        ({"do": "tap", "id": "onward"}, "cannot be pressed"),
        ({"do": "tap"}, "id"),
        ({"do": "dance"}, "unknown command"),
        ({}, "unknown command"),
        (b"no json", "DecodeError"),
        ({"do": "wait", "state": "Farewell", "timeout_s": 0.1}, "was not shown in time"),
        ({"do": "screenshot", "path": "/nowhere/at/all.png"}, "No such file"),
    ],
)
def test_what_cannot_be_done_is_said(bench, citizen, kiosks, command, error):
    """A wrong command is answered by its error, and the finger goes on."""
    citizen.see(kiosks["az"]["answering"])
    refused, tree = bench.ask(command, {"do": "tree"})
    assert not refused["ok"]
    assert error in refused["error"]
    assert tree["ok"]


def test_the_finger_waits_for_a_state(bench, citizen, kiosks):
    """Waiting ends when the state has been painted, and says its number."""
    citizen.see(kiosks["az"]["welcome"])
    threading.Timer(0.15, citizen.app.show, (kiosks["az"]["choosing"],)).start()
    (answer,) = bench.ask({"do": "wait", "state": "Choosing", "timeout_s": 5})
    assert answer == {"ok": True, "state": "Choosing", "shown": kiosks["az"]["choosing"].shown}


def test_the_finger_takes_a_picture(bench, citizen, kiosks, tmp_path):
    """A screenshot is a PNG of the whole screen."""
    citizen.see(kiosks["az"]["welcome"])
    bench.ask({"do": "screenshot", "path": str(tmp_path / "welcome.png")})
    with Image.open(tmp_path / "welcome.png") as picture:
        assert picture.size == (1280, 800)
        assert len(picture.getcolors(1 << 20)) > 50


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_the_finger_finds_its_place_on_a_turned_panel(languages, kiosks, tmp_path, monkeypatch, rotation):
    """On a panel mounted on its side or head a tap presses what it names."""
    monkeypatch.setattr(app_module, "BOUNCE_S", 0.0)
    upright = {"width_px": 800, "height_px": 1280, "width_mm": 135.6}
    citizen = Citizen(languages, ScreenProfile(rotation=rotation, **(upright if rotation != 180 else {})))
    finger = Finger(citizen.app, tmp_path / "finger")
    finger.start()
    try:
        citizen.see(kiosks["az"]["confirming"])
        bench = Bench(citizen, tmp_path / "finger")
        bench.ask({"do": "tap", "id": "back"}, {"do": "tap", "id": "pay"})
        assert [event for event, _shown in citizen.sent] == [e.WentBack(), e.PaymentConfirmed()]
        bench.file.close()
        bench.line.close()
    finally:
        finger.stop()
        citizen.app.close()


class LateRunner:
    """Stands where a citizen's events are kept, and shows another screen a while after each."""

    def __init__(self, show, late_s):
        self.show, self.late_s = show, late_s

    def append(self, _sent):
        threading.Timer(self.late_s, self.show).start()


def test_the_finger_times_a_tap(bench, citizen, kiosks):
    """A timed tap says how long its look, and how long the next screen took to be on the glass."""
    citizen.see(kiosks["az"]["welcome"])
    citizen.sent = LateRunner(lambda: citizen.app.show(replace(kiosks["az"]["choosing"], shown=99)), 0.1)
    (answer,) = bench.ask({"do": "tap_ms", "id": "language-az", "state": "Choosing"})
    assert 0 < answer["pressed_ms"] < 2000
    assert 100 <= answer["ms"] < 2000


def test_the_finger_has_a_keypad(bench, citizen, kiosks):
    """The keypad's keys move the focus and press."""
    citizen.see(kiosks["az"]["apology-no_central"])
    moved, _pressed = bench.ask({"do": "key", "key": "next"}, {"do": "key", "key": "ok"})
    assert moved["focus"] == "understood"
    assert citizen.sent[0][0] == e.Acknowledged()
