"""Screens are drawn for real, without a display: SDL's offscreen driver and one Kivy window per process."""

import os
import time

os.environ["SDL_VIDEODRIVER"] = "offscreen"

from pathlib import Path

import pytest

from kiosk.language import load_languages
from screens import app as app_module
from screens.app import KioskApp
from screens.profile import TEN_INCH
from screens.samples import samples, services_in

CONFIG = Path(__file__).resolve().parents[2] / "config"
LANGUAGES = ("az", "ru", "en")


@pytest.fixture(scope="session")
def services():
    """The services that the project ships."""
    return services_in(CONFIG / "services")


@pytest.fixture(scope="session")
def kiosks(services):
    """Every sample, by language and name."""
    return {language: samples(services, language) for language in LANGUAGES}


@pytest.fixture(scope="session")
def languages():
    """The shipped languages."""
    return load_languages(CONFIG / "languages", LANGUAGES)


class Citizen:
    """Somebody in front of the kiosk: sees screens and touches them. ``sent`` is what reached the runner."""

    def __init__(self, languages, profile=TEN_INCH):
        self.sent, self.stirred, self.errors = [], [], []
        self.app = KioskApp(
            languages,
            profile,
            lambda event, shown: self.sent.append((event, shown)),
            lambda: self.stirred.append(1),
            on_failure=self.errors.append,
        )
        self.app.open()

    def see(self, kiosk):
        """Show a kiosk and wait until it is painted."""
        self.app.show(kiosk)
        self.app.loop.settle()
        return self.app.screen

    def rest(self):
        """Let Kivy finish what a window that was turned or resized still animates."""
        from kivy.clock import Clock

        end = time.monotonic() + 5
        while any(event.timeout < 1 for event in Clock.get_events()) and time.monotonic() < end:
            self.app.loop.turn(0.05)

    def tap(self, item_id, slide_px=0.0):
        """Touch an item in its middle, slide, and let go."""
        self.down(item_id)
        self.up(slide_px)

    def down(self, item_id):
        """Touch an item in its middle."""
        from screens.finger import _Touch

        area = self.app.screen.find(item_id).area
        self.place = (area.x + area.width / 2, area.y + area.height / 2)
        self.touch = _Touch("test", 1, self._relative(self.place))
        self._dispatch("begin")

    def up(self, slide_px=0.0):
        """Let go."""
        self.touch.move(self._relative((self.place[0] + slide_px, self.place[1])))
        self._dispatch("end")

    def _relative(self, place):
        return place[0] / self.app.screen.area.width, place[1] / self.app.screen.area.height

    def _dispatch(self, kind):
        from kivy.base import EventLoop

        EventLoop.post_dispatch_input(kind, self.touch)
        self.app.loop.settle()


@pytest.fixture
def citizen(languages, monkeypatch):
    """Somebody in front of a 10.1 inch kiosk whose screens may be touched at once."""
    monkeypatch.setattr(app_module, "BOUNCE_S", 0.0)
    citizen = Citizen(languages)
    yield citizen
    citizen.app.close()
    assert citizen.errors == []
