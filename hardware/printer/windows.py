"""Commands packed into windows that a printer's buffer always holds. Pure."""

from __future__ import annotations

WINDOW_BYTES = 2048


def pack(commands: list[bytes], limit: int, *, before: bytes, after: bytes = b"") -> list[bytes]:
    """Pack whole commands between ``before`` and ``after`` into windows of at most ``limit`` bytes, as few as in order go.

    ValueError for a command that is longer than a window.
    """
    room = limit - len(before) - len(after)
    bodies = [b""]
    for command in commands:
        if len(command) > room:
            raise ValueError(f"a command of {len(command)} bytes; a window holds {room}")
        if len(bodies[-1]) + len(command) > room:
            bodies.append(b"")
        bodies[-1] += command
    return [before + body + after for body in bodies]
