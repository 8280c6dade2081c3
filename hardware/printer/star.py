"""The Star dialect (Star Line Mode), as kiosk printers of the TUP500 and TUP900 families speak it.

    ESC ACK SOH   1B 06 01      real-time question, answered by an automatic status (`star_status`)
    ETB           17            counted and reported when all before is printed
    ESC RS a 1    1B 1E 61 01   report by itself           ESC RS E 0  1B 1E 45 00  set the ETB counter to 0
    CAN           18            forget what is not yet printed; the counter too
    ESC SYN 0 0   1B 16 30 00   draw the paper in          ESC SYN 1 n 1B 16 31 n   draw it in by itself after n half seconds
    ESC # *       1B 23 2A 0A 00  tell the version

The counter proves each window: it is expected to be one further than before. A printer that restarted counts from 0 again,
so a window is never asked for while the counter stands at 0: then its number could not be told from a restarted printer's.
It is also the printer's memory of a program that died: it stands at 0 only when nothing is unfinished.

Source: Star Micronics, Star Line Mode command specifications (line thermal printers).
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from hardware.printer.commands import HEADER_END, RESYNC
from hardware.printer.dialect import TRIES, Inquire, Orders
from hardware.printer.profiles import Profile
from hardware.printer.star_status import EMPTY, LOOP, PULLABLE, AutomaticStatus, StarListener
from hardware.printer.status import Condition

if TYPE_CHECKING:
    from PIL import Image

QUESTION = b"\x1b\x06\x01"
ETB = b"\x17"
COUNTED, OPENED = 32, 2
REPORT, COUNT_ANEW = b"\x1b\x1ea\x01", b"\x1b\x1eE\0"
VERSION_REQUEST = b"\x1b#*\n\0"
LEAVE_PICTURE = b"\x1b*rC\x1b*rB"
"""Clear what a picture still holds, and leave it: without dots there is nothing to be cut off."""
CANCEL = b"\x18"
LONGEST_TAKE = 255
MOVES, MOVE_S = 10, 0.2
"""How often to look at a paper on its way to the mouth, and the pause."""


class Star:
    """`hardware.printer.dialect.Dialect` for one connection. ``take_s``: the printer's own time to draw a paper in."""

    recovery = b""
    """No command leaves an error: the printer does so itself when its cover has been opened and closed."""
    clearing = RESYNC + LEAVE_PICTURE + CANCEL + ETB
    closing = COUNT_ANEW
    hold_out = b""
    draw_in = b"\x1b\x160\0"

    def __init__(self, profile: Profile, take_s: float) -> None:
        self.condition = Condition()
        self._draw_in_after = b"\x1b\x161" + bytes((min(LONGEST_TAKE, max(1, round(2 * take_s))),))
        self._profile = profile
        self._listener = StarListener()
        self._status: AutomaticStatus | None = None
        self._version = ""
        self._heard, self._count, self._wanted = 0, 0, 0
        self._seen_in_mouth = False

    def hear(self, data: bytes) -> None:
        """Take what has come from the printer."""
        for answer in self._listener.hear(data):
            if isinstance(answer, AutomaticStatus):
                self._status, self.condition, self._heard = answer, answer.condition, answer.counter
                self._seen_in_mouth |= answer.position == PULLABLE
            else:
                self._version = answer.text

    def forget(self) -> None:
        """Drop an answer that has only begun."""
        self._listener.forget()

    def expect(self) -> None:
        """Forget acknowledgements that came so far."""
        self._status, self._seen_in_mouth = None, False

    def acknowledged(self, identifier: str) -> bool:
        """Whether this request has been acknowledged since `expect`."""
        # The identifier is for printers that give it back; here the count stands in its place.
        del identifier
        return self._status is not None and self._status.counter == self._wanted

    def greeting(self, identifier: str) -> bytes:
        """Return the first bytes of a connection."""
        del identifier
        self._wanted = 0
        return QUESTION

    def opening(self, identifier: str) -> bytes:
        """Return what initialises the printer, with its request."""
        del identifier
        # Not a number that a late report may still carry: the one heard last, or that of `clearing`.
        steps = 3 if self._heard == OPENED else OPENED
        self._count = self._wanted = steps
        return HEADER_END + self.orders().start + self._draw_in_after + ETB * steps

    def request(self, identifier: str) -> bytes:
        """Return what asks to be told when all before is done."""
        del identifier
        steps = 2 if self._count == COUNTED - 1 else 1
        self._count = self._wanted = (self._count + steps) % COUNTED
        return ETB * steps

    def survey(self, inquire: Inquire) -> Condition | None:
        """Ask for a report, in real time."""
        before, self._status = self._status, None
        answered = any(inquire(QUESTION, lambda: self._status is not None) for _ in range(TRIES))
        self._status = self._status or before
        return self.condition if answered else None

    def in_mouth(self, inquire: Inquire) -> bool | None:
        """Ask whether a paper is held out."""
        position = self._position(inquire)
        return None if position is None else position == PULLABLE

    def cut_again(self, inquire: Inquire) -> bytes | None:
        """Return the cut if the paper was not seen in the mouth since it was ordered: only what was cut off comes there."""
        for _ in range(MOVES):
            position = self._position(inquire)
            if self._seen_in_mouth or position in {None, EMPTY}:
                break
            time.sleep(MOVE_S)
        if self._seen_in_mouth:
            return b""
        return None if position in {None, EMPTY} else self.orders().cut

    def _position(self, inquire: Inquire) -> int | None:
        """Ask where the paper is; one that is on its way is waited for."""
        for _ in range(MOVES):
            if self.survey(inquire) is None or self._status is None:
                return None
            if self._status.position != LOOP:
                break
            time.sleep(MOVE_S)
        return self._status.position if self._status is not None else None

    def name(self, inquire: Inquire) -> str:
        """Ask for the model's name."""
        self._version = ""
        inquire(VERSION_REQUEST, lambda: bool(self._version))
        return self._version

    def orders(self) -> Orders:
        """Return what stands around every paper."""
        from hardware.printer.star_encode import ORDERS  # noqa: PLC0415 - pictures are not needed for a kiosk's start

        return Orders(ORDERS.start + COUNT_ANEW + REPORT, ORDERS.cut, ORDERS.cut_again)

    def encode(self, picture: Image.Image) -> list[bytes]:
        """Return windows that print a picture and cut it off."""
        from hardware.printer.star_encode import encode  # noqa: PLC0415 - likewise

        return encode(picture)
