"""What is being typed, or told by a scanner: character by character, in a buffer that can be overwritten.

A Python string can not: it lies in memory until something else happens to be put there, and of what is typed into a string
every key press leaves one behind. Here a whole secret is never a string; single characters are, but those CPython makes
once and shares (Latin-1), so that they tell nobody's secret.
"""

from __future__ import annotations

from collections.abc import Iterator

from kiosk.domain.secret import overwrite

ROOM = 64
"""Octets to begin with: what anybody types on one screen."""


class Draft:
    """Characters of Latin-1 in the order in which they came. What is erased is overwritten at once; it prints as nothing.

    A view shows the octets where they lie, and is good until the next change.
    """

    __slots__ = ("_count", "_octets")

    def __init__(self, text: str = "", room: int = ROOM) -> None:
        """Begin with a text that is no secret."""
        self._octets = bytearray(max(1, room))
        self._count = 0
        for character in text:
            self.add(character)

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[str]:
        return (chr(octet) for octet in self.view())

    def __repr__(self) -> str:
        return "Draft(***)"

    def add(self, character: str) -> None:
        """Take one character. ValueError for one that is not of Latin-1."""
        octet = ord(character)
        if self._count == len(self._octets):
            self._move()
        self._octets[self._count] = octet
        self._count += 1

    def erase(self, count: int = 1) -> None:
        """Overwrite the last so many characters."""
        for _ in range(min(count, self._count)):
            self._count -= 1
            self._octets[self._count] = 0

    def wipe(self) -> None:
        """Overwrite all of it."""
        overwrite(self._octets)
        self._count = 0

    def view(self) -> memoryview:
        """Return the octets so far."""
        return memoryview(self._octets)[: self._count]

    def parts(self, mark: str) -> list[memoryview]:
        """Return the octets between the marks: one part more than there are marks."""
        view, octet = self.view(), ord(mark)
        ends = [place for place, each in enumerate(view) if each == octet]
        return [view[begin:end] for begin, end in zip([0, *(end + 1 for end in ends)], [*ends, len(view)], strict=True)]

    def text(self) -> str:
        """Return it as a string: only for what is no secret."""
        return str(self.view(), "latin-1")

    def _move(self) -> None:
        """Take twice the room, and overwrite what is left behind: a bytearray that grows would leave a copy."""
        old = self._octets
        self._octets = bytearray(2 * len(old))
        self._octets[: len(old)] = old
        overwrite(old)
