"""What the simulated devices do alike with their sockets."""

from __future__ import annotations

import socket
from contextlib import suppress
from pathlib import Path


def listen_at(path: Path, waiting_at_most: int) -> socket.socket:
    """Listen on a Unix socket at ``path``, in place of whatever lay there."""
    path.unlink(missing_ok=True)
    server = socket.socket(socket.AF_UNIX)
    server.bind(str(path))
    server.listen(waiting_at_most)
    return server


def cut(line: socket.socket) -> None:
    """End a connection in both directions, or end listening: whoever waits there, in whatever thread, wakes up."""
    with suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)


def close(line: socket.socket | None) -> None:
    """Cut it and give it up; nothing where there is none."""
    if line is not None:
        cut(line)
        line.close()
