"""What differs between printer languages, so that delivery, presenter and driver know none of them.

A dialect keeps what the printer said (its condition, its last acknowledgement) and knows how to say and ask things; the
line, the waiting and the order of steps belong to `dialogue` and `delivery`. Two exist: `escpos` and `star`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple, Protocol

from hardware.printer.status import Condition

if TYPE_CHECKING:
    from PIL import Image

Inquire = Callable[[bytes, Callable[[], bool]], bool]
"""Sends a question and listens until it is answered; False when no answer came in time."""

TRIES = 3


class Orders(NamedTuple):
    """What stands around every paper: ``start`` initialises and marks nothing, ``cut`` feeds past the knife and cuts.

    ``cut_again`` cuts at the same place: no paper falls if ``cut`` has come to the printer. Empty where it would do harm.
    """

    start: bytes
    cut: bytes
    cut_again: bytes


class Dialect(Protocol):
    """One printer language, for one connection.

    condition   what the printer said of itself last
    recovery    leaves an error whose cause is gone, and prints nothing of what stood before it; may be empty
    clearing    leaves nothing of what was sent before, whole or half
    closing     says that nothing is unfinished, to a printer that remembers; may be empty
    hold_out    makes the presenter hold a paper out; empty where the cut does that
    draw_in     makes the presenter draw a paper in
    """

    condition: Condition
    recovery: bytes
    clearing: bytes
    closing: bytes
    hold_out: bytes
    draw_in: bytes

    def hear(self, data: bytes) -> None:
        """Take what has come from the printer."""
        ...

    def forget(self) -> None:
        """Drop an answer that has only begun."""
        ...

    def expect(self) -> None:
        """Forget acknowledgements that came so far."""
        ...

    def acknowledged(self, identifier: str) -> bool:
        """Whether what was asked for under this identifier has been acknowledged since `expect`."""
        ...

    def greeting(self, identifier: str) -> bytes:
        """Return the first bytes of a connection: they change nothing, and are acknowledged only if nothing is unfinished."""
        ...

    def opening(self, identifier: str) -> bytes:
        """Return what initialises the printer, with its request."""
        ...

    def request(self, identifier: str) -> bytes:
        """Return what asks to be told when all before is done. ``identifier``: four letters, ASCII."""
        ...

    def survey(self, inquire: Inquire) -> Condition | None:
        """Ask for the condition. None when the printer does not answer at all."""
        ...

    def in_mouth(self, inquire: Inquire) -> bool | None:
        """Ask whether a paper is held out by the presenter; None when no answer came."""
        ...

    def cut_again(self, inquire: Inquire) -> bytes | None:
        """Return what makes sure of a cut on a line that may lose bytes; empty if it was seen, None if nobody can know."""
        ...

    def name(self, inquire: Inquire) -> str:
        """Ask for the model's name; "" when it does not tell."""
        ...

    def orders(self) -> Orders:
        """Return what stands around every paper."""
        ...

    def encode(self, picture: Image.Image) -> list[bytes]:
        """Return windows, requests not included, that print a picture of mode "1" and cut it off."""
        ...
