"""The ESC/POS dialect: Epson, its clones, and Custom's kiosk printers. Bytes: `commands`; answers: `status`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hardware.printer.commands import (
    DRAW_IN,
    FULL_STATUS,
    HEADER_END,
    HOLD_OUT,
    NAME_REQUEST,
    QUESTIONS,
    RECOVER_AND_CLEAR,
    acknowledgement_request,
    clearing,
)
from hardware.printer.dialect import TRIES, Inquire, Orders
from hardware.printer.profiles import Profile
from hardware.printer.status import (
    Answer,
    Block,
    Condition,
    FullStatus,
    Listener,
    PaperStatus,
    ProcessDone,
    RealTime,
    Report,
    answered,
)

if TYPE_CHECKING:
    from PIL import Image


class Escpos:
    """`hardware.printer.dialect.Dialect` for one connection."""

    recovery, closing = RECOVER_AND_CLEAR, b""
    hold_out, draw_in = HOLD_OUT, DRAW_IN

    def __init__(self, profile: Profile) -> None:
        self.condition = Condition()
        self.clearing = clearing(profile)
        self._profile = profile
        self._listener = Listener()
        self._realtime: int | None = None
        self._block: Block | None = None
        self._in_mouth: bool | None = None
        self._acknowledged = ""

    def hear(self, data: bytes) -> None:
        """Take what has come from the printer."""
        # A wire that is not connected picks up noise, and noise looks like faults.
        for answer in self._listener.hear(data) if self._profile.answers else ():
            self._take(answer)

    def _take(self, answer: Answer) -> None:
        match answer:
            case RealTime(value):
                self._realtime = value
            case ProcessDone(identifier):
                self._acknowledged = identifier
            case PaperStatus():
                # Zeros on the wire look like this: they must not take away an acknowledgement that came before them.
                if self._profile.acknowledges == "paper_status":
                    self._acknowledged = "any"
                if answer.ended:
                    self.condition = Condition(self.condition.faults | {"paper_out"}, paper_low=True)
            case Report(condition):
                self.condition = condition
            case FullStatus(in_mouth):
                self._in_mouth = in_mouth
            case Block():
                self._block = answer

    def forget(self) -> None:
        """Drop an answer that has only begun."""
        self._listener.forget()

    def expect(self) -> None:
        """Forget acknowledgements that came so far."""
        self._acknowledged = ""

    def acknowledged(self, identifier: str) -> bool:
        """Whether this request has been acknowledged since `expect`."""
        # GS r 1 carries no identifier: there any answer counts.
        wanted = identifier if self._profile.acknowledges == "process_id" else "any"
        return self._acknowledged == wanted

    def greeting(self, identifier: str) -> bytes:
        """Return the first bytes of a connection."""
        # A few NULs make a torn raster header a picture of no rows, where any other bytes could make it one of megabytes.
        return HEADER_END + self.request(identifier)

    def opening(self, identifier: str) -> bytes:
        """Return what initialises the printer, with its request."""
        # A torn question would take the first bytes for its number, and the rest would be letters.
        return HEADER_END + self.orders().start + self.request(identifier)

    def request(self, identifier: str) -> bytes:
        """Return what asks to be told when all before is done."""
        return acknowledgement_request(self._profile, identifier)

    def ask(self, number: int, inquire: Inquire) -> int | None:
        """Ask DLE EOT ``number``; None when no answer came. Only between commands: inside a picture it would be dots."""
        self._realtime = None
        inquire(QUESTIONS[number], lambda: self._realtime is not None)
        return self._realtime

    def survey(self, inquire: Inquire) -> Condition | None:
        """Ask all four questions, one at a time."""
        first = next((answer for _ in range(TRIES) if (answer := self.ask(1, inquire)) is not None), None)
        if first is None:
            return None
        answers = {number: answer for number in (2, 3, 4) if (answer := self.ask(number, inquire)) is not None}
        self.condition = answered({1: first, **answers})
        return self.condition

    def in_mouth(self, inquire: Inquire) -> bool | None:
        """Ask whether a paper is held out."""
        self._in_mouth = None
        inquire(FULL_STATUS, lambda: self._in_mouth is not None)
        return self._in_mouth

    def cut_again(self, inquire: Inquire) -> bytes | None:
        """Return the knife's order, without a feed: nobody sees the knife, and at the same place it cuts nothing off."""
        del inquire
        return self.orders().cut_again

    def name(self, inquire: Inquire) -> str:
        """Ask for the model's name."""
        self._block = None
        inquire(NAME_REQUEST, lambda: self._block is not None)
        return self._block.data[1:-1].decode("ascii", "replace") if self._block is not None else ""

    def orders(self) -> Orders:
        """Return what stands around every paper."""
        from hardware.printer.encode import orders  # noqa: PLC0415 - reads a printer database for 0.2 s when imported

        return orders(self._profile)

    def encode(self, picture: Image.Image) -> list[bytes]:
        """Return windows that print a picture and cut it off."""
        from hardware.printer.encode import encode  # noqa: PLC0415 - likewise

        return encode(picture, self._profile)
