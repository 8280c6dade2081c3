"""The screens as one object: ``show`` a kiosk from any thread; touches come back as events with the number they were meant for."""

# mypy: disallow-subclassing-any=False
from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

from kivy.base import EventLoop, ExceptionHandler, ExceptionManager
from kivy.graphics import Color, SmoothLine
from kivy.uix.widget import Widget
from msgspec.structs import replace

from kiosk.domain.access_key import Misread, MrzKey
from kiosk.domain.card_profile import CardProfile
from kiosk.domain.screen_profile import ScreenProfile
from kiosk.journey.events import Event
from kiosk.journey.events_key import AccessKeyEntered, ScanFailed
from kiosk.journey.readiness import obstacle
from kiosk.journey.state import Kiosk
from kiosk.journey.state_key import KEY_STATES
from kiosk.language import Language
from screens import theme as t
from screens.loop import Loop
from screens.resting import WelcomeScreen
from screens.router import Router
from screens.screen import Context, Screen
from screens.sorry import SorryScreen
from screens.tree import Tree, tree_of
from screens.waiter import waiter_for_display
from screens.wedge import Wedge
from screens.window import open_window
from screens.words import set_text

BOUNCE_S = 0.3
"""A touch so soon after a new screen was meant for the one before (a bounced or a doubled tap)."""
KEYS = {9: "next", 13: "ok", 271: "ok", 27: "back"}
"""Kivy's codes of Tab, Enter, keypad Enter and Escape; a tactile keypad is wired as these."""


class KioskApp:
    """Owns the main thread. ``send(event, shown)`` gets what the citizen did, ``stir()`` every touch and key.

    ``on_first_frame()`` is called once when a first screen is on the glass, ``on_failure(error)`` for every exception that
    would have ended the program. ``frames`` counts what was painted, for a watchdog; ``failures`` what went wrong.
    """

    def __init__(
        self,
        languages: dict[str, Language],
        profile: ScreenProfile,
        send: Callable[[Event, int], None],
        stir: Callable[[], None] = lambda: None,
        *,
        cards: tuple[CardProfile, ...] = (),
        on_first_frame: Callable[[], None] = lambda: None,
        on_failure: Callable[[BaseException], None] = lambda _error: None,
    ) -> None:
        self.frames = self.failures = 0
        self.painted = threading.Condition()
        self.focus = ""
        self.screen: Screen | None = None
        self._languages, self._profile = languages, profile
        self._send, self._stir, self._cards = send, stir, cards
        self._on_first_frame, self._on_failure = on_first_frame, on_failure
        self._router = Router()
        self._kiosk: Kiosk | None = None
        self._painted_s: float | None = None
        self._first = True
        self._proofs: list[Callable[[], None]] = []
        self._opening = threading.Lock()
        self._waiting: Kiosk | None = None  # shown before the window was open
        self.loop: Loop | None = None
        self._keeper = _Keeper(self)
        self._wedge = Wedge(self._scanned)

    # --- any thread -------------------------------------------------------------------------------------------------
    def show(self, kiosk: Kiosk) -> None:
        """Show a kiosk soon. What is not different on the screen is not drawn again."""
        with self._opening:
            if self.loop is None:
                self._waiting = kiosk
                return
        self.loop.post(lambda: self._show(kiosk))

    def stop(self) -> None:
        """End ``run``."""
        if self.loop is not None:
            self.loop.stop()

    def prove_alive(self, call: Callable[[], None]) -> None:
        """Draw once more and call back (on the main thread) when that is on the glass: a watchdog's proof."""

        def ask() -> None:
            self._proofs.append(call)
            EventLoop.window.canvas.ask_update()

        if self.loop is not None:
            self.loop.post(ask)

    # --- main thread ------------------------------------------------------------------------------------------------
    def open(self) -> None:
        """Open the window, once."""
        profile = open_window(self._profile)
        self._root = _Root(self)
        loop = Loop(waiter_for_display())
        self._context = Context(t.Theme(profile), self._languages, self._send, obstacle, self._cards)
        window = EventLoop.window
        window.add_widget(self._root)
        window.bind(on_flip=self._flipped, on_key_down=self._key_down, on_keyboard=self._swallow)
        window.bind(on_request_close=self._closing)
        ExceptionManager.add_handler(self._keeper)
        with self._opening:
            self.loop = loop
            waiting = self._waiting
        if waiting is not None:
            loop.post(lambda: self._show(waiting))

    def run(self) -> None:
        """Open the window if it is not, and turn until stopped."""
        if self.loop is None:
            self.open()
        if self.loop is not None:
            self.loop.run()

    def close(self) -> None:
        """Let go of the window (it can be opened again by another app: Kivy has one per process)."""
        ExceptionManager.remove_handler(self._keeper)
        window = EventLoop.window
        window.unbind(on_flip=self._flipped, on_key_down=self._key_down, on_keyboard=self._swallow)
        window.unbind(on_request_close=self._closing)
        self._wedge.stop()
        if self.screen is not None:
            self.screen.release()
            self.screen.draft.wipe()
        window.remove_widget(self._root)

    @property
    def ready(self) -> bool:
        """Say whether the screen has been painted long enough to be meant by a touch."""
        return self._painted_s is not None and time.monotonic() - self._painted_s >= BOUNCE_S

    @property
    def is_painted(self) -> bool:
        """Say whether the screen now set has been painted."""
        return self._painted_s is not None

    def tree(self) -> Tree | None:
        """Return the tree of the painted screen."""
        return tree_of(self.screen, self.focus) if self.screen else None

    def key(self, name: str) -> None:
        """Take a key of the keypad: ``next`` moves the focus, ``ok`` presses it, ``back`` goes back or cancels."""
        self._stir()
        if self.screen is None or not self.ready:
            return
        presses = self.screen.presses
        names = [press.item_id for press in presses]
        if name == "next" and names:
            self._set_focus(names[(names.index(self.focus) + 1) % len(names)] if self.focus in names else names[0])
        wanted = {"ok": [self.focus], "back": ["back", "cancel", "still-there-no"]}.get(name, [])
        press = next((press for item_id in wanted for press in presses if press.item_id == item_id), None)
        if press is not None:
            press.on_tap()

    def failed(self, error: BaseException) -> None:
        """Count an exception and say sorry instead of ending."""
        self.failures += 1
        self._on_failure(error)
        if self._kiosk is None or isinstance(self.screen, SorryScreen):
            return
        try:
            self._put(SorryScreen(self._kiosk, replace(self._context, send=self._send_and_redraw)))
        except Exception as worse:  # noqa: BLE001 - then the last picture stays, and the watchdog decides
            self.failures += 1
            self._on_failure(worse)

    # --- inside -----------------------------------------------------------------------------------------------------
    def _show(self, kiosk: Kiosk) -> None:
        before, self._kiosk = self._kiosk, kiosk
        if before is not None and self.screen is not None and _same(before, kiosk, self.screen):
            return
        self._draw(kiosk)

    def _draw(self, kiosk: Kiosk) -> None:
        old = self.screen
        fresh = self._router.build(kiosk, self._context)
        if old is not None and old.draft and fresh.draft_key() is not None and fresh.draft_key() == old.draft_key():
            fresh.release()
            fresh.draft.wipe()
            fresh = self._router.build(kiosk, self._context, old.draft)
        self._put(fresh)

    def _put(self, fresh: Screen) -> None:
        old, self.screen = self.screen, fresh
        if old is None or (old.shown, type(old)) != (fresh.shown, type(fresh)):
            self._painted_s = None
            self.focus = ""
        if old is not None:
            old.release()
            if old.draft is not fresh.draft:
                old.draft.wipe()
        self._root.clear_widgets()
        self._root.add_widget(fresh)
        self._set_focus(self.focus)
        if isinstance(fresh, WelcomeScreen) and not isinstance(old, WelcomeScreen):
            set_text.cache_clear()  # names and numbers of whoever was here

    def _send_and_redraw(self, event: Event, shown: int) -> None:
        self._send(event, shown)
        kiosk = self._kiosk
        if self.loop is not None and kiosk is not None:
            self.loop.post(lambda: self._draw(kiosk))

    def _set_focus(self, item_id: str) -> None:
        self.focus = item_id
        self._root.canvas.after.clear()
        item = self.screen.find(item_id) if self.screen and item_id else None
        if item is None:
            return
        theme = self._context.theme
        ring = item.area.inset(-theme.u(1))
        with self._root.canvas.after:
            for colour, width in ((t.SURFACE, theme.u(1.5)), (t.FOCUS, theme.u(0.8))):
                Color(*t.rgba(colour))
                SmoothLine(rounded_rectangle=(*ring.pos, *ring.size, theme.u(4)), width=width, close=True)

    def _flipped(self, _window: Any) -> None:
        self.frames += 1
        if self._painted_s is None and self.screen is not None:
            self._painted_s = time.monotonic()
            if self._first and self.loop is not None:  # Kivy tells before it flips: in the next turn it is on the glass
                self._first = False
                self.loop.post(self._on_first_frame)
        with self.painted:
            self.painted.notify_all()
        proofs, self._proofs = self._proofs, []
        for call in proofs:
            call()

    def _key_down(
        self, _window: Any, key: int, _scan: int = 0, _text: Any = None, modifiers: Any = (), *_: Any
    ) -> bool:
        if not self._wedge.take(key, modifiers) and key in KEYS:
            self.key(KEYS[key])
        return True

    def _scanned(self, seen: MrzKey | Misread) -> None:
        """Use what a scanner typed where a key is asked for; anywhere else it is dropped."""
        self._stir()
        if self.screen is not None and isinstance(self.screen.state, KEY_STATES):
            self.screen.send(AccessKeyEntered(seen, "zone") if isinstance(seen, MrzKey) else ScanFailed())
        elif isinstance(seen, MrzKey):
            seen.wipe()

    def _swallow(self, *_args: Any) -> bool:
        """Keep Kivy's own keys from acting."""
        return True

    def _closing(self, *_args: Any, **_named: Any) -> bool:
        """Close a plain window; a kiosk's has nothing to close it with."""
        if not self._profile.fullscreen:
            self.stop()
        return True


class _Root(Widget):
    """Everything is below it: it tells of every touch and drops those that come too soon after a new screen."""

    def __init__(self, app: KioskApp) -> None:
        super().__init__(size_hint=(None, None))
        self._app = app

    def on_touch_down(self, touch: Any) -> bool:
        self._app._stir()  # noqa: SLF001 - one thing in two classes
        if not self._app.ready or ("button" in touch.profile and touch.button != "left"):
            return True
        return bool(super().on_touch_down(touch))


class _Keeper(ExceptionHandler):
    """Keeps the kiosk alive whatever a handler does."""

    def __init__(self, app: KioskApp) -> None:
        super().__init__()
        self._app = app

    def handle_exception(self, inst: BaseException) -> int:
        if not isinstance(inst, Exception):
            return int(ExceptionManager.RAISE)
        self._app.failed(inst)
        return int(ExceptionManager.PASS)


def _same(before: Kiosk, after: Kiosk, screen: Screen) -> bool:
    """Say whether a screen drawn for one kiosk also shows the other."""
    shown = (before.state, before.shown, before.language, before.services)
    if shown != (after.state, after.shown, after.language, after.services) or isinstance(screen, SorryScreen):
        return False
    return not screen.uses_health or (before.devices, before.panel) == (after.devices, after.panel)
