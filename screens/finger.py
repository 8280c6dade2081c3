"""The bench's finger: a Unix socket that sees the screen tree and touches the glass as a finger does.

One JSON object a line, each answered by one line:

    {"do": "tree"}                                          {"ok": true, "state": …, "shown": …, "items": […]}
    {"do": "tap", "id": "service-electricity"}              a real touch in its middle, once the screen may be meant
    {"do": "tap_ms", "id": …, "state": "Choosing"}          the same, timed: {"pressed_ms": …, "ms": …} until pixels changed
    {"do": "key", "key": "next" | "ok" | "back"}            the tactile keypad
    {"do": "screenshot", "path": "/tmp/welcome.png"}
    {"do": "wait", "state": "Choosing", "timeout_s": 5}     until that state is painted; "not_shown": n skips one screen
    anything else                                           {"ok": false, "error": "…"}

Only for demo and tests: the configuration refuses it in production.
"""

# mypy: disallow-subclassing-any=False
from __future__ import annotations

import contextlib
import socketserver
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from kivy.base import EventLoop
from kivy.input.motionevent import MotionEvent

from screens.app import KioskApp
from screens.window import save_picture

T = TypeVar("T")
MAIN_THREAD_S = 10.0
"""How long the main thread may take for one request."""
READY_S = 5.0
"""How long a tap waits for a screen that may be touched."""


class Finger:
    """Serves the socket on threads of its own. Start it when the app's window is open."""

    def __init__(self, app: KioskApp, path: Path) -> None:
        self._app, self._path = app, path
        self._touches = _Touches()

    def start(self) -> None:
        """Listen."""
        EventLoop.add_input_provider(self._touches)
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._path.unlink(missing_ok=True)
        answer = self.answer

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                for line in self.rfile:
                    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                        self.wfile.write(answer(line) + b"\n")

        self._server = socketserver.ThreadingUnixStreamServer(str(self._path), Handler)
        self._server.daemon_threads = True
        self._server.block_on_close = False
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.1,), name="finger", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(2)
        self._path.unlink(missing_ok=True)
        EventLoop.remove_input_provider(self._touches)

    def answer(self, line: bytes) -> bytes:
        """Carry out one line and return the answering line. Never raises."""
        try:
            command = msgspec.json.decode(line, type=dict[str, Any])
            verb = getattr(self, f"_do_{command.get('do')}", self._unknown)
            answer = {"ok": True, **verb(command)}
        except Exception as error:  # noqa: BLE001 - whatever goes wrong is the answer
            answer = {"ok": False, "error": f"{type(error).__name__}: {error}"}
        return msgspec.json.encode(answer)

    def _unknown(self, command: dict[str, Any]) -> dict[str, Any]:
        raise ValueError(f"unknown command: {command.get('do')!r}")

    def _do_tree(self, _command: dict[str, Any]) -> dict[str, Any]:
        tree = self._main(self._app.tree)
        return dict(msgspec.to_builtins(tree)) if tree else {"state": "", "shown": -1, "language": "", "items": []}

    def _do_tap(self, command: dict[str, Any]) -> dict[str, Any]:
        self._until(lambda: self._app.ready, READY_S, "no screen that may be touched")
        shown, frames = self._main(lambda: (self._touches.press(self._app, str(command["id"])), self._app.frames))
        # The press is drawn before the finger leaves, as it would be.
        with contextlib.suppress(TimeoutError):
            self._until(lambda: self._app.frames > frames, 0.2, "")
        self._main(self._touches.release)
        self._main(lambda: None)  # one more turn: the release has been dispatched
        return {"shown": shown}

    def _do_tap_ms(self, command: dict[str, Any]) -> dict[str, Any]:
        """Tap; ``pressed_ms`` is from the touch to its look on the glass, ``ms`` from the lift to another screen on it."""
        self._until(lambda: self._app.ready, READY_S, "no screen that may be touched")
        item_id, state = str(command["id"]), str(command["state"])
        shown, drawn = self._main(lambda: (self._touches.press(self._app, item_id), self._drawn(lambda: True)))
        pressed_s = drawn.result(READY_S) - self._touches.begun_s

        def arrived() -> bool:
            screen = self._app.screen
            return screen is not None and screen.shown != shown and type(screen.state).__name__ == state

        def lift() -> Future[float]:
            self._touches.release()
            return self._drawn(arrived)

        screen_s = self._main(lift).result(READY_S) - self._touches.ended_s
        return {"pressed_ms": pressed_s * 1000, "ms": screen_s * 1000}

    def _drawn(self, wanted: Callable[[], bool]) -> Future[float]:
        """Return when (``perf_counter``) the first wanted frame will have been on the glass. Main thread only."""
        future: Future[float] = Future()
        window = EventLoop.window

        def on_glass() -> None:
            from kivy.graphics.opengl import glFinish  # needs the open window  # noqa: PLC0415

            glFinish()
            future.set_result(time.perf_counter())

        def flipping(*_: Any) -> None:  # Kivy tells before it flips: the clock is read in the turn after
            if wanted() and self._app.loop is not None:
                window.unbind(on_flip=flipping)
                self._app.loop.post(on_glass)

        window.bind(on_flip=flipping)
        return future

    def _do_key(self, command: dict[str, Any]) -> dict[str, Any]:
        self._until(lambda: self._app.ready, READY_S, "no screen that may be touched")
        self._main(lambda: self._app.key(str(command["key"])))
        return {"focus": self._app.focus}

    def _do_screenshot(self, command: dict[str, Any]) -> dict[str, Any]:
        path = Path(command["path"])
        self._main(lambda: save_picture(path))
        return {"path": str(path)}

    def _do_wait(self, command: dict[str, Any]) -> dict[str, Any]:
        state, skipped = str(command["state"]), command.get("not_shown")

        def arrived() -> bool:
            screen = self._app.screen
            here = screen is not None and type(screen.state).__name__ == state and screen.shown != skipped
            return here and self._app.is_painted

        self._until(arrived, float(command.get("timeout_s", 5.0)), f"{state} was not shown in time")
        return {"state": state, "shown": self._app.screen.shown if self._app.screen else -1}

    def _main(self, call: Callable[[], T]) -> T:
        """Have the main thread do it and return what it returns."""
        future: Future[T] = Future()

        def run() -> None:
            try:
                future.set_result(call())
            except Exception as error:  # noqa: BLE001 - it belongs to the caller's thread
                future.set_exception(error)

        if self._app.loop is None:
            raise RuntimeError("the window is not open")
        self._app.loop.post(run)
        return future.result(MAIN_THREAD_S)

    def _until(self, condition: Callable[[], bool], timeout_s: float, otherwise: str) -> None:
        """Wait for something that becomes true when a frame is painted, or a little after."""
        end = time.monotonic() + timeout_s
        with self._app.painted:
            while not condition():
                if time.monotonic() >= end:
                    raise TimeoutError(otherwise)
                self._app.painted.wait(0.02)


class _Touch(MotionEvent):
    """A finger on the glass."""

    def __init__(self, device: str, id: int, args: tuple[float, float]) -> None:  # noqa: A002 - Kivy's name
        super().__init__(device, id, args, is_touch=True, type_id="touch")

    def depack(self, args: tuple[float, float]) -> None:
        self.sx, self.sy = args
        self.profile = ["pos"]
        super().depack(args)


def _on_glass(x: float, y: float) -> tuple[float, float]:
    """Return where on the panel's own axes a place of the picture is: the two differ on a turned panel."""
    rotation = EventLoop.window.rotation
    return {0: (x, y), 90: (1 - y, x), 180: (1 - x, 1 - y), 270: (y, 1 - x)}[rotation]


class _Touches:
    """An input provider like the mouse's: what it holds is dispatched by Kivy's own event loop."""

    def __init__(self) -> None:
        self._queue: deque[tuple[str, _Touch]] = deque()
        self._down: _Touch | None = None
        self._count = 0
        self.begun_s = self.ended_s = 0.0

    def press(self, app: KioskApp, item_id: str) -> int:
        """Put the finger on an item; return the number of the screen it is on."""
        screen = app.screen
        item = screen.find(item_id) if screen else None
        if screen is None or item is None:
            raise LookupError(
                f"nothing called {item_id!r} is on {type(screen.state).__name__ if screen else 'no screen'}"
            )
        if not item.enabled:
            raise LookupError(f"{item_id!r} cannot be pressed now")
        x, y = item.area.x + item.area.width / 2, item.area.y + item.area.height / 2
        self._count += 1
        self._down = _Touch("finger", self._count, _on_glass(x / screen.area.width, y / screen.area.height))
        self._queue.append(("begin", self._down))
        return screen.shown

    def release(self) -> None:
        """Lift the finger."""
        if self._down is not None:
            self._down.update_time_end()
            self._queue.append(("end", self._down))
            self._down = None

    def update(self, dispatch_fn: Callable[[str, _Touch], None]) -> None:
        """Hand over what happened since the last turn."""
        while self._queue:
            kind, touch = self._queue.popleft()
            if kind == "begin":
                self.begun_s = time.perf_counter()
            else:
                self.ended_s = time.perf_counter()
            dispatch_fn(kind, touch)

    def start(self) -> None:
        """Begin, as Kivy asks of a provider."""

    def stop(self) -> None:
        """End, as Kivy asks of a provider."""
