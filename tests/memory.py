"""Searches a process's memory for what must not be there.

What is looked for is given masked (every byte turned), so that the search itself puts it nowhere.
"""

from __future__ import annotations

import ctypes
import os
from pathlib import Path

MASK = 0x5A
_TURN = bytes(octet ^ MASK for octet in range(256))
_CHUNK_BYTES = 1 << 20
_OVERLAP_BYTES = 256
_EMPTY = bytes(_CHUNK_BYTES)
_NOWHERE = -2 * _CHUNK_BYTES


def masked(data: bytes | bytearray) -> bytes:
    """Return every byte turned; turned again they are what they were."""
    return bytes(data.translate(_TURN))


def unmasked(data: bytes) -> bytearray:
    """Return what was masked, to be overwritten after use."""
    return bytearray(data).translate(_TURN)


def forms(text: str, name: str) -> dict[str, bytes]:
    """Return the masked forms in which a text may lie in memory, named "<name> in <form>": one octet a letter, two, four, and spelled."""
    plain = {form: text.encode(form) for form in ("ascii", "utf-16-le", "utf-32-le")}
    return {
        f"{name} in {form}": masked(octets) for form, octets in {**plain, "letters": " ".join(text).encode()}.items()
    }


class Memory:
    """The writable memory of a process, by default of this one, but for the buffer into which it is read."""

    def __init__(self, pid: int | None = None) -> None:
        self._process = Path("/proc") / ("self" if pid is None else str(pid))
        self._buffer = bytearray(_CHUNK_BYTES)
        self._own = ctypes.addressof(ctypes.c_char.from_buffer(self._buffer)) if pid is None else _NOWHERE

    def find(self, patterns: dict[str, bytes]) -> list[str]:
        """Return the names of the masked patterns that stand somewhere in plain."""
        return sorted(self.places(patterns))

    def places(self, patterns: dict[str, bytes]) -> dict[str, set[int]]:
        """Return where the masked patterns stand in plain, those that do."""
        found: dict[str, set[int]] = {}
        ranges = [line.split() for line in (self._process / "maps").read_text("ascii").splitlines()]
        handle = os.open(self._process / "mem", os.O_RDONLY)
        try:
            for fields in ranges:
                if fields[1].startswith("rw"):
                    start, end = (int(edge, 16) for edge in fields[0].split("-"))
                    self._search(handle, start, end, patterns, found)
        finally:
            os.close(handle)
        self._buffer[:] = bytes(_CHUNK_BYTES)
        return found

    def _search(
        self, handle: int, start: int, end: int, patterns: dict[str, bytes], found: dict[str, set[int]]
    ) -> None:
        place = start
        while place < end:
            edge = min(end, place + _CHUNK_BYTES)
            if place < self._own < edge:
                edge = self._own
            elif self._own <= place < self._own + _CHUNK_BYTES:
                place = self._own + _CHUNK_BYTES
                continue
            try:
                count = os.preadv(handle, [memoryview(self._buffer)[: edge - place]], place)
            except OSError:  # a guard page, or a mapping that went
                return
            if not count:
                return
            turned = b"" if self._buffer == _EMPTY else self._buffer[:count].translate(_TURN)
            for name, pattern in patterns.items():
                at = turned.find(pattern)
                while at >= 0:
                    found.setdefault(name, set()).add(place + at)
                    at = turned.find(pattern, at + 1)
            place += count
            if count == _CHUNK_BYTES:
                place -= _OVERLAP_BYTES
