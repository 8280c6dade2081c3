"""Our own keys: buttons like any other, so that each has a place in the tree, a spoken name and a size in millimetres."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from screens.area import Area
from screens.icons import icon
from screens.pattern import DIGITS, LETTERS
from screens.screen import Screen
from screens.theme import Theme
from screens.widgets import KEY, SECONDARY, Press

Page = Literal["letters", "digits"]
ERASE = "erase"
OTHER = "other"
NUMBERS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "", "0", ERASE]
ALPHABET_COLUMNS = 7


def gap_of(theme: Theme) -> float:
    """Return the distance between keys, in pixels."""
    return theme.mm(1.6) if theme.compact else theme.u(2.6)


def least_height(theme: Theme) -> float:
    """Return the height of four rows of keys, in pixels: what a pad needs at least."""
    return 4 * theme.touch(12.4) + 3 * gap_of(theme)


class Pad:
    """A set of keys on a screen. ``on_key`` gets the character, or ``ERASE``.

    Digits alone are a number pad. Letters and digits stand side by side where there is room; on a small panel one of
    them shows, ``first`` or the one that can go on, and a key that names the other changes over.
    """

    def __init__(
        self, screen: Screen, area: Area, alphabet: str, on_key: Callable[[str], None], first: Page = "digits"
    ) -> None:
        self._screen, self._on_key, self._area = screen, on_key, area
        self._pages: dict[Page, list[Press]] = {}
        self._page: Page | None = None
        if LETTERS[0] not in alphabet:
            self._pages["digits"] = self._keys(area, NUMBERS, 3)
        elif not screen.theme.compact:
            right, left = area.cut_right(area.width * 0.295, screen.theme.u(5))
            self._keys(left, [*LETTERS, ""], ALPHABET_COLUMNS)
            self._keys(right, NUMBERS, 3)
        else:
            letters = [*LETTERS, OTHER, ERASE]
            self._pages["letters"] = self._keys(area, letters, ALPHABET_COLUMNS, "digits")
            numbers = [*NUMBERS[:9], OTHER, "0", ERASE]
            self._pages["digits"] = self._keys(area, numbers, 3, "letters")
            self._turn(first)

    def offer(self, characters: frozenset[str] | None, *, erase: bool) -> None:
        """Enable the keys that can lead on; None enables all."""
        if len(self._pages) > 1 and characters:
            if characters <= set(DIGITS):
                self._turn("digits")
            elif characters <= set(LETTERS):
                self._turn("letters")
        for item in self._screen.presses_of("key-"):
            name = item.item_id.removeprefix("key-")
            if name == ERASE:
                item.set_enabled(erase)
            elif name != OTHER:
                item.set_enabled(characters is None or name in characters)

    def _keys(self, area: Area, names: list[str], columns: int, other: Page = "letters") -> list[Press]:
        theme = self._screen.theme
        gap = gap_of(theme)
        rows = -(-len(names) // columns)
        cells = area.grid(columns, rows, gap)
        return [self._key(cell, name, other) for cell, name in zip(cells, names, strict=False) if name]

    def _key(self, area: Area, name: str, other: Page) -> Press:
        screen = self._screen
        word = name in (ERASE, OTHER)
        message_id = f"key-{other if name == OTHER else name}"
        say = screen.language.say(message_id) if word else name
        label = screen.text(message_id) if word else name

        def tap() -> None:
            if name == OTHER:
                self._turn(other)
            else:
                self._on_key(name)

        press = Press(
            area, f"key-{name}", label, tap, theme=screen.theme, look=SECONDARY if word else KEY, say=say, key=True
        )
        press.content = _erase_mark if name == ERASE else _character
        press.show()
        return screen.put(press)

    def _turn(self, page: Page) -> None:
        """Show one page of a small panel's keys."""
        if page == self._page:
            return
        self._page = page
        for name, keys in self._pages.items():
            for key in keys:
                present = key in self._screen.body
                if name == page and not present:
                    self._screen.put(key)
                elif name != page and present:
                    self._screen.drop(key)


def _character(key: Press) -> None:
    size = min(key.theme.font("title") * 1.05, key.area.height * 0.7)
    key.write(key.label, key.area, size, key.ink, bold=True, align="center", lines=1)


def _erase_mark(key: Press) -> None:
    size = int(min(key.area.height * 0.55, key.area.width * 0.5))
    key.picture(icon("erase", size), key.area, key.ink)
