"""A value that must never reach disk, log or screen: a card access number, a PIN (law 7)."""

from __future__ import annotations

Octets = bytes | bytearray | memoryview


def overwrite(buffer: bytearray) -> None:
    """Put zeros in the place of every octet. Its length stays: a buffer that shrinks could be moved."""
    buffer[:] = bytes(len(buffer))


class Secret:
    """Holds a secret for as long as somebody holds it; prints, encodes and compares as nothing.

    The journal encodes every Secret as null and reads null back as an empty one, so a replayed
    journey knows that a secret was given but not which.
    """

    __slots__ = ("_value",)

    def __init__(self, value: str | Octets = "") -> None:
        """Copy what is given. Where it was typed it is octets, which their owner can overwrite; a string can not be."""
        self._value = bytearray(value, "utf-8") if isinstance(value, str) else bytearray(value)

    def reveal(self) -> str:
        """Return the secret as a string, which stays in memory: for words of the configuration, not for what people type."""
        return self._value.decode()

    def octets(self) -> bytearray:
        """Return a copy of the secret that can be overwritten, and must be by whom it was given to."""
        return bytearray(self._value)

    def wipe(self) -> None:
        """Overwrite the secret in memory."""
        overwrite(self._value)
        self._value.clear()

    def __bool__(self) -> bool:
        return bool(self._value)

    def __repr__(self) -> str:
        return "Secret(***)"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret)

    def __hash__(self) -> int:
        return hash(Secret)
