"""The demonstration's finger and eyes: a client of the kiosk's ``finger`` socket (DESIGN 9).

It knows nothing but the screen tree: what is not in the tree cannot be touched.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from msgspec import Struct

from hardware.bench.control import ask
from hardware.demo.program import DemoError

ANSWER_S = 10.0
LOOK_S = 0.05


class Item(Struct, frozen=True):
    """One thing on the screen."""

    id: str
    role: str
    label: str = ""
    say: str = ""
    enabled: bool = True


class View(Struct, frozen=True):
    """A painted screen: the kind of state, the number of the entry that brought it, its language and what is on it."""

    state: str
    shown: int
    language: str
    items: tuple[Item, ...]

    def item(self, item_id: str) -> Item | None:
        """Return the item of that id."""
        return next((item for item in self.items if item.id == item_id), None)

    def has(self, item_id: str) -> bool:
        """Say whether something of that id is on the screen."""
        return self.item(item_id) is not None

    @property
    def ids(self) -> frozenset[str]:
        """The ids of everything on the screen."""
        return frozenset(item.id for item in self.items)

    @property
    def words(self) -> str:
        """What stands on the screen, for a message."""
        return " | ".join(item.label for item in self.items if item.role == "text" and item.label)


class Finger:
    """Touches the kiosk whose finger socket is at ``path``."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def ready(self) -> bool:
        """Say whether the kiosk shows a screen."""
        try:
            return bool(self._ask({"do": "tree"}).get("items"))
        except (OSError, ValueError):
            return False

    def look(self) -> View:
        """Return what is on the screen. DemoError if the kiosk does not answer."""
        tree = self._order({"do": "tree"})
        items = tuple(
            Item(item["id"], item["role"], item.get("label", ""), item.get("say", ""), item.get("enabled", True))
            for item in tree["items"]
        )
        return View(tree["state"], tree["shown"], tree["language"], items)

    def tap(self, item_id: str) -> None:
        """Touch the middle of an item. DemoError if it is not there."""
        self._order({"do": "tap", "id": item_id})

    def tap_ms(self, item_id: str, state: str) -> tuple[float, float]:
        """Touch an item that leads to another screen; return how long its look and that screen took to be seen."""
        answer = self._order({"do": "tap_ms", "id": item_id, "state": state})
        return answer["pressed_ms"], answer["ms"]

    def picture(self, path: Path) -> None:
        """Save a picture of the screen."""
        self._order({"do": "screenshot", "path": str(path)})

    def until(self, wanted: Callable[[View], bool], limit_s: float, what: str) -> View:
        """Look until ``wanted(view)`` is true and return that view. DemoError says what was on the screen instead."""
        deadline = time.monotonic() + limit_s
        while True:
            view = self.look()
            if wanted(view):
                return view
            if time.monotonic() > deadline:
                raise DemoError(f"after {limit_s:.0f} s the kiosk shows {view.state} ({view.words}) instead of {what}")
            time.sleep(LOOK_S)

    def _order(self, command: dict[str, Any]) -> dict[str, Any]:
        try:
            answer = self._ask(command)
        except (OSError, ValueError) as error:
            raise DemoError(f"the kiosk's finger socket does not answer {command}: {error}") from error
        if not answer.get("ok", True):
            raise DemoError(f"the kiosk's screen cannot {command}: {answer.get('error')}")
        return answer

    def _ask(self, command: dict[str, Any]) -> dict[str, Any]:
        answer = ask(self._path, command, ANSWER_S)
        tree: dict[str, Any] = answer.get("tree") or {}
        return {**answer, **tree}
