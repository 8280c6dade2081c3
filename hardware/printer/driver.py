"""The receipt printer's driver (kiosk.ports.ReceiptPrinter): ESC/POS or Star over a serial port, a USB character device or TCP."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

from msgspec import Struct
from msgspec.structs import replace

from hardware.printer import network
from hardware.printer.checks import ADVICE, fonts, parts
from hardware.printer.delivery import DRAIN_S, Delivery, Limits
from hardware.printer.dialect import Dialect
from hardware.printer.dialogue import Dialogue
from hardware.printer.escpos import Escpos
from hardware.printer.profiles import PROFILES, DotsPerInch, ProfileName
from hardware.printer.roll import Roll
from hardware.printer.star import Star
from hardware.printer.status import Condition
from hardware.printer.transport import Line
from kiosk.domain.faults import DeviceAbsent, DeviceFault
from kiosk.domain.health import Check, Degraded, Failed, Health, Ready, SelfTest
from kiosk.domain.receipt import NotStarted, Printed, PrintOutcome, Receipt, Supply, Unverified

if TYPE_CHECKING:
    from PIL import Image

RECOVER_EVERY_S = 60.0
"""Leaving an error moves the knife: often enough after a repair, seldom enough not to burn a motor that is stuck."""

SLOW_BAUD = 19200
TIDY_S, SELF_TEST_S = 1.5, 6.0
BITS_PER_BYTE = 10
MM_PER_INCH, TO_KNIFE_MM = 25.4, 22.5


class PrinterSettings(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """``[printer]``.

    port     a serial port or USB printer by its path, a network printer as tcp://host:9100
    dots_per_inch  of the print head: 203 (8 dots a millimetre, most printers) or 180 (some Epson TM)
    rts_cts  a real serial port whose CTS is wired to the printer's DTR
    grace_s  how long a fault in the middle of a paper may last before it is given up (0: nobody is there to remove it)
    limit_s  for one paper, grace included
    answer_s how long one question may stay unanswered
    roll_m  length of a new roll, for an estimate of what is left (0: none); roll_file keeps the count over restarts
    take_s  how long a presenter holds a paper out before it is drawn in
    path  papers as pictures, or in the printer's own letters where the profile names their code pages; auto: letters on a
          serial line of at most 19200 baud, on which a picture takes half a minute
    acknowledge_s  for 2 KB on their way through the mechanism: 24 rows take 30 ms, a cut 1 s, a hot head's pause some seconds
    """

    port: str
    baudrate: int = 115200
    profile: ProfileName = "generic-80"
    width_mm: Literal[80, 58] = 80
    dots_per_inch: DotsPerInch = 203
    rts_cts: bool = False
    grace_s: float = 20.0
    limit_s: float = 100.0
    answer_s: float = 0.6
    acknowledge_s: float = 8.0
    take_s: float = 30.0
    path: Literal["picture", "text", "auto"] = "auto"
    roll_m: float = 0.0
    roll_file: str = ""

    def __post_init__(self) -> None:
        if self.path == "text" and not PROFILES[self.profile].pages:
            raise ValueError(f"[printer] path: profile {self.profile} names no code pages for text")

    @property
    def in_letters(self) -> bool:
        """Whether papers are sent in the printer's own letters."""
        slow = self.baudrate <= SLOW_BAUD and not self.port.startswith(network.SCHEME)
        return bool(PROFILES[self.profile].pages) and (self.path == "text" or (self.path == "auto" and slow))


class EscposPrinter:
    """Prints receipts, as pictures or in letters, and says what became of them. Opens the port when asked to work, and again after a loss."""

    def __init__(self, settings: PrinterSettings) -> None:
        self._settings = settings
        self._profile = replace(PROFILES[settings.profile], dots_per_inch=settings.dots_per_inch)
        self._roll = Roll(settings.roll_m, settings.roll_file)
        self._line: Line | None = None
        self._dialogue: Dialogue | None = None
        self._delivery: Delivery | None = None
        self._unfinished, self._abandoned = False, False
        self._recovered_s = -RECOVER_EVERY_S
        self._cancelled = threading.Event()
        self._lock = threading.Lock()

    def print(self, receipt: Receipt) -> PrintOutcome:
        """Print one receipt and cut it."""
        self._cancelled.clear()
        return self._delivered(lambda: self._windows(receipt))

    def print_picture(self, picture: Image.Image) -> PrintOutcome:
        """Print a picture of mode "1", as wide as the head, as one paper, and cut it."""
        self._cancelled.clear()
        return self._delivered(lambda: (picture.height, self._dialect().encode(picture)))

    def _delivered(self, paper: Callable[[], tuple[int, list[bytes]]]) -> PrintOutcome:
        """Deliver a paper, given as its rows and windows, and count what came out."""
        try:
            rows, windows = paper()
            _, delivery = self._connect()
        except DeviceAbsent:
            return NotStarted("lost")
        except DeviceFault:
            return NotStarted("offline")
        outcome = delivery.deliver(windows, self._cancelled.is_set)
        self._count(outcome, rows, len(windows))
        self._let_go(lost=getattr(outcome, "reason", "") == "lost")
        return outcome

    def abandon(self) -> None:
        """Cut off, before anything else is printed, the half paper that may be left from before the start."""
        self._abandoned = True

    def supply(self) -> Supply:
        """Say how the roll stands."""
        return self._roll.supply

    def picture(self, receipt: Receipt) -> Image.Image:
        """Draw a receipt as this printer would print it: mode "1", as wide as the paper. DeviceFault without fonts."""
        from hardware.printer.layout import lay_out  # noqa: PLC0415 - a kiosk's start does not wait for it

        return lay_out(receipt, self._width(), self._settings.dots_per_inch)

    def health(self) -> Health:
        """Ask how the printer is. An unfinished paper is cut off as soon as the printer can, while nobody is waiting."""
        drawn = fonts()
        if drawn.outcome == "failed":
            return Failed("failed", drawn.detail)
        try:
            condition = self._condition()
            jammed = self._tidied(condition)
        except DeviceAbsent as fault:
            self._let_go(lost=True)
            return Failed(fault.reason, str(fault))
        self._let_go()
        if condition is None:
            return Failed("silent", f"{self._settings.port}: no answer to a question")
        if condition.fault or jammed:
            return Failed(condition.fault or "mechanical", self._settings.profile)
        if condition.paper_low or self._roll.low:
            return Degraded("paper_low", self._settings.profile)
        return Ready(self._settings.profile)

    def _tidied(self, condition: Condition | None) -> bool:
        """Cut off what is unfinished and draw in what was forgotten; say whether a paper is jammed in the mouth."""
        delivery = self._delivery
        if delivery is None:
            return False
        jammed = delivery.presenter.jammed()
        if not jammed and delivery.unfinished and condition is not None and not condition.fault:
            delivery.tidy(TIDY_S)
        if jammed or delivery.presenter.forgotten(self._settings.take_s):  # the order may have been lost: once more
            delivery.draw_in()
        return delivery.presenter.jammed()

    def self_test(self) -> SelfTest:
        """Test fonts, port, answer, paper, cover, cutter, mechanism, and that the printer acknowledges what it is sent."""
        checks = [fonts()]
        try:
            self._recovered_s = -RECOVER_EVERY_S
            condition = self._condition()
            checks.append(Check("port", "passed", self._settings.port))
            checks += self._checks(condition)
        except DeviceAbsent as fault:
            named = {check.name for check in checks}
            failed = "answer" if "port" in named else "port"
            checks.append(Check(failed, "failed", str(fault), ADVICE[failed]))
            self._let_go(lost=True)
        self._let_go()
        return SelfTest("printer", tuple(checks))

    def cancel(self) -> None:
        """End the wait for a fault to be removed: the paper is given up."""
        self._cancelled.set()
        with self._lock:
            if self._line is not None:
                self._line.wake()

    def close(self) -> None:
        """Let go of the port."""
        self._let_go(lost=True)

    def _count(self, outcome: PrintOutcome, rows: int, windows: int) -> None:
        """Count the paper: of a broken-off one what was acknowledged."""
        whole = isinstance(outcome, Printed | Unverified)
        share = 1.0 if whole else getattr(outcome, "windows_acknowledged", 0) / windows
        if share:
            mm = share * rows * MM_PER_INCH / self._settings.dots_per_inch
            self._roll.count(mm + TO_KNIFE_MM * whole, int(whole))

    def _windows(self, receipt: Receipt) -> tuple[int, list[bytes]]:
        """Return the rows of paper that a receipt takes, and what is sent for it."""
        if self._settings.in_letters:
            from hardware.printer import text_encode  # noqa: PLC0415 - a kiosk's start does not wait for it

            return text_encode.encode(receipt, self._profile, self._width())
        picture = self.picture(receipt)
        return picture.height, self._dialect().encode(picture)

    def _width(self) -> int:
        if self._profile.width_dots:
            return self._profile.width_dots
        from hardware.printer.layout import HEADS  # noqa: PLC0415 - likewise

        return HEADS[self._settings.width_mm, self._settings.dots_per_inch]

    def _dialect(self) -> Dialect:
        """Return the printer's language, for one connection."""
        return Star(self._profile, self._settings.take_s) if self._profile.language == "star" else Escpos(self._profile)

    def _connect(self) -> tuple[Dialogue, Delivery]:
        """Return the conversation, opening the port if it is not open or was hung up meanwhile: that costs one open()."""
        try:
            if self._dialogue is not None:
                self._dialogue.exchange(b"", 0.0)
        except DeviceAbsent:
            self._let_go(lost=True)
        if self._dialogue is None or self._delivery is None:
            line = Line.open(self._settings.port, self._settings.baudrate, rts_cts=self._settings.rts_cts)
            with self._lock:
                self._line = line
            wants = self._settings
            limits = Limits(BITS_PER_BYTE / wants.baudrate, wants.acknowledge_s, wants.grace_s, wants.limit_s)
            self._dialogue = Dialogue(line, self._dialect(), wants.answer_s)
            self._delivery = Delivery(self._dialogue, self._profile, limits)
            self._delivery.greet()
        if self._abandoned:  # let go of first: said meanwhile from another thread, it counts now or the next time
            self._abandoned, self._unfinished = False, True
        self._delivery.unfinished |= self._unfinished
        return self._dialogue, self._delivery

    def _let_go(self, *, lost: bool = False) -> None:
        """Remember what is unfinished; close a line that is lost or stands in the middle of a command."""
        if self._delivery is not None:
            self._unfinished = self._delivery.unfinished
            lost = lost or self._delivery.torn
        if not lost:
            return
        with self._lock:
            line, self._line = self._line, None
        torn = self._delivery is not None and self._delivery.torn
        self._dialogue = self._delivery = None
        if line is not None:
            line.close(abandon=torn)

    def _condition(self) -> Condition | None:
        """Ask the printer how it is; after a repair, help it out of its error. None: it does not answer."""
        dialogue, delivery = self._connect()
        if not self._profile.answers:
            return Condition()
        dialogue.settle(DRAIN_S)
        condition = dialogue.survey()
        stuck = condition is not None and condition.fault in ("cutter", "mechanical")
        if stuck and time.monotonic() - self._recovered_s >= RECOVER_EVERY_S:
            self._recovered_s = time.monotonic()
            condition = delivery.recover()
        if condition is not None:
            self._roll.seen(condition)
        return condition

    def _checks(self, condition: Condition | None) -> list[Check]:
        if not self._profile.answers:
            return [Check("answer", "degraded", "this profile only sends: what becomes of a paper stays unknown")]
        if condition is None:
            return [Check("answer", "failed", "no answer to a question", ADVICE["answer"])]
        name = self._dialogue.name() if self._dialogue is not None else ""
        checks = [Check("answer", "passed", name or self._settings.profile), *parts(condition, self._roll)]
        if not condition.fault and self._delivery is not None:
            reason = self._delivery.tidy(SELF_TEST_S)
            failed = Check("acknowledgement", "failed", reason, ADVICE["acknowledgement"])
            checks.append(failed if reason else Check("acknowledgement", "passed", self._profile.acknowledges))
        return checks


def open_driver(settings: PrinterSettings) -> EscposPrinter:
    """Open the driver. The printer may be away: the port is opened when it is needed."""
    return EscposPrinter(settings)
