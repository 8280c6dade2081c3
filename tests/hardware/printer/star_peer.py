"""A scripted Star printer on a real pseudo-terminal: it reads what it is sent as the manual says, and answers as it is told.

No simulator: it has no mechanism. It counts ETB, gives the status it was given, and keeps the rows it was sent.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from PIL import Image

from tests.hardware.printer.peer import Peer

ORDER = re.compile(
    rb"(?P<ask>\x1b\x06\x01)|(?P<etb>\x17)|(?P<zero>\x1b\x1eE\0|\x18)|(?P<version>\x1b#\*\n\0)|(?P<cut>\x1bd[\0-\x03])"
    rb"|(?P<enter>\x1b\*rA)|(?P<leave>\x1b\*rB)|\x1b\*rY(?P<feed>\d+)\0|\x1b\*r[PE]\d+\0|\x1b\*rC|(?P<pull>\x1b\x160\0)"
    rb"|\x1b\x161.|\x1b\x1ea.|\x1b@|\0|b(?P<size>..)",
    re.DOTALL,
)


def report(counter: int = 0, position: int = 0, **bits: int) -> bytes:
    """Make an automatic status of nine bytes; ``bits``: printer, errors, more, paper."""
    etb = (counter & 0x07) << 1 | (counter & 0x18) << 2
    status = (bits.get("printer", 0), bits.get("errors", 0), bits.get("more", 0), bits.get("paper", 0), 0)
    return bytes((0x23, 0x06, *status, etb, position << 1))


class StarPeer(Peer):
    """``bits`` and ``position`` go into every report; ``confirm(count)`` says whether the n-th ETB is counted and told."""

    def __init__(self, confirm: Callable[[int], bool]) -> None:
        super().__init__(lambda _, __: b"")
        self.confirm = confirm
        self.bits: dict[str, int] = {}
        self.position = self.position_after_cut = 0
        self.counter = self.etbs = self.cuts = self.drawn_in = 0
        self.rows: list[bytes] = []
        self.pieces: list[list[bytes]] = []
        self.in_picture = False
        self.unknown = b""
        self.version = b"TUP992 Ver1.2"

    def _answer(self) -> None:
        while order := ORDER.match(self.heard, self._seen) or self._stray():
            end = order.end()
            if size := order["size"]:
                end += int.from_bytes(size, "little")
                if end > len(self.heard):
                    return
                self.rows.append(self.heard[order.end() : end])
            self._seen = end
            if answer := self._obey(order):
                self.say(answer)

    def _stray(self) -> re.Match[bytes] | None:
        """Count a byte that begins no order, unless it may be one's beginning."""
        rest = self.heard[self._seen :]
        if rest and rest[:1] not in b"\x1bb":
            self.unknown += rest[:1]
            self._seen += 1
            return ORDER.match(self.heard, self._seen) or self._stray()
        return None

    def _obey(self, order: re.Match[bytes]) -> bytes:
        kind = order.lastgroup
        if kind == "etb" and not self.in_picture:
            self.etbs += 1
            self.ends.append(order.end())
            self.ahead += len(self.heard[order.end() :].lstrip(b"\x17"))
            if not self.confirm(self.etbs):
                return b""
            self.counter = (self.counter + 1) % 32
        if kind == "zero":
            self.counter = 0
        if kind in {"enter", "leave"}:
            self.in_picture = kind == "enter"
        if feed := order["feed"]:
            self.rows += [b""] * int(feed)
        if kind == "cut":
            self.cuts += 1
            self.pieces.append(self.rows)
            self.rows, self.position = [], self.position_after_cut
        if kind == "pull" and self.position == 3:
            self.position, self.drawn_in = 6, self.drawn_in + 1
        if kind == "version":
            return b"\x1b#*," + self.version + b"\n\0"
        return report(self.counter, self.position, **self.bits) if kind in {"ask", "etb"} else b""


def picture(rows: list[bytes], width: int) -> Image.Image:
    """Draw rows of ink as a picture of mode "1", 0 is ink."""
    stride = width // 8
    ink = b"".join(row.ljust(stride, b"\0") for row in rows)
    return Image.frombytes("1", (width, len(rows)), bytes(255 - byte for byte in ink))


@contextmanager
def star_peer(confirm: Callable[[int], bool] = lambda _: True) -> Iterator[StarPeer]:
    """Start a peer; by default it confirms everything."""
    other = StarPeer(confirm)
    other.start()
    try:
        yield other
    finally:
        other.close()
