"""A scripted other end on a real pseudo-terminal: it answers what the script says, right or wrong, and keeps what it heard."""

from __future__ import annotations

import os
import re
import select
import threading
import tty
from collections.abc import Callable, Iterator
from contextlib import contextmanager

WELL = {1: 0x16, 2: 0x12, 3: 0x12, 4: 0x12}
REQUEST = re.compile(rb"\x10\x04(?P<ask>.)|\x1d\x28\x48\x06\x00\x30\x30(?P<id>.{4})|\x1dr(?P<paper>\x01)", re.DOTALL)


class Peer(threading.Thread):
    """Answers DLE EOT from ``status`` and acknowledgement requests by ``acknowledge(count, identifier)``, count from 0.

    ``ends`` tells after how many bytes each request ended, ``ahead`` how many had come beyond it before it was answered.
    Request 0 is the driver's greeting, 1 its initialisation, 2 the first window. Pictures of the driver hold no such bytes.
    """

    def __init__(self, acknowledge: Callable[[int, bytes], bytes]) -> None:
        super().__init__(daemon=True)
        self._master, self._slave = os.openpty()
        tty.setraw(self._slave)
        self.port = os.ttyname(self._slave)
        self.status: dict[int, int] = dict(WELL)
        self.heard = b""
        self.requests: list[bytes] = []
        self.ends: list[int] = [0]
        self.ahead = 0
        self.deaf_after = 1 << 30
        self.acknowledge = acknowledge
        self._quit_read, self._quit_write = os.pipe()
        self._seen = 0

    def say(self, data: bytes) -> None:
        """Say something unasked."""
        os.write(self._master, data)

    def hang_up(self) -> None:
        """Pull the cable."""
        os.close(self._slave)
        os.close(self._master)
        self._slave = self._master = -1

    def run(self) -> None:
        while self._master >= 0 and len(self.heard) < self.deaf_after:
            ready, _, _ = select.select([self._master, self._quit_read], [], [], 30)
            if self._quit_read in ready or not ready:
                return
            self.heard += os.read(self._master, 4096)
            self._answer()

    def _answer(self) -> None:
        for request in REQUEST.finditer(self.heard, self._seen):
            if (asked := request["ask"]) is not None:
                answer = bytes((self.status[asked[0]],)) if asked[0] in self.status else b""
            else:
                self.ends.append(request.end())
                self.ahead += len(self.heard) - request.end()
                identifier = request["id"] or b""
                self.requests.append(identifier)
                answer = self.acknowledge(len(self.requests) - 1, identifier)
            self._seen = request.end()
            if self._master < 0:
                return
            if answer:
                os.write(self._master, answer)

    def close(self) -> None:
        os.write(self._quit_write, b"q")
        if self.ident is not None:
            self.join(5)
        for fd in (self._quit_read, self._quit_write, self._master, self._slave):
            if fd >= 0:
                os.close(fd)


def done(identifier: bytes) -> bytes:
    """Return the answer to GS ( H, or to GS r 1 where there is no identifier: paper adequate."""
    return b"\x37\x22" + identifier + b"\0" if identifier else b"\0"


@contextmanager
def peer(acknowledge: Callable[[int, bytes], bytes] = lambda _, identifier: done(identifier)) -> Iterator[Peer]:
    """Start a peer; by default it acknowledges everything."""
    other = Peer(acknowledge)
    other.start()
    try:
        yield other
    finally:
        other.close()
