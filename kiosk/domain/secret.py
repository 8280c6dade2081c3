"""A value that must never reach disk, log or screen: a card access number, a PIN (law 7)."""

from __future__ import annotations


class Secret:
    """Holds a secret for as long as somebody holds it; prints, encodes and compares as nothing.

    The journal encodes every Secret as null and reads null back as an empty one, so a replayed
    journey knows that a secret was given but not which.
    """

    __slots__ = ("_value",)

    def __init__(self, value: str = "") -> None:
        self._value = bytearray(value, "utf-8")

    def reveal(self) -> str:
        """Return the secret. Only a driver, at the moment of use, has reason to call this."""
        return self._value.decode()

    def octets(self) -> bytearray:
        """Return a copy of the secret that can be overwritten, and must be by whom it was given to."""
        return bytearray(self._value)

    def wipe(self) -> None:
        """Overwrite the secret in memory."""
        for i in range(len(self._value)):
            self._value[i] = 0
        self._value.clear()

    def __bool__(self) -> bool:
        return bool(self._value)

    def __repr__(self) -> str:
        return "Secret(***)"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret)

    def __hash__(self) -> int:
        return hash(Secret)
