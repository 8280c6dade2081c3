"""The document printer's driver (kiosk.ports.DocumentPrinter) over IPP: one job, followed to its end, and never sent twice.

ask the printer → make the document ready → Print-Job → ask after the job until it is completed, aborted or canceled
a fault meanwhile is given ``grace_s`` to be removed; then, or when time is over, Cancel-Job
no answer to Print-Job: the printer is asked for a job of that name, and without one the outcome is open
"""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from typing import Annotated

from msgspec import Meta, Struct

from hardware.document import pwg
from hardware.document.ipp_client import A4, IppClient, Refused, http_address
from hardware.document.ipp_reasons import fault_of, is_low, obstacle, outcome_of
from hardware.document.ipp_wire import Group
from hardware.document.raster import LIMIT_S, Page, Unprintable, a4_px, rasterise
from hardware.http_post import NotSent
from kiosk.domain.faults import DeviceFault, DeviceSilent
from kiosk.domain.health import Check, Degraded, Failed, Health, Ready, SelfTest
from kiosk.domain.receipt import NotStarted, Partial, PrintOutcome

HEALTH_S = 2.5
PREVIEW_DPI = 36
"""A document that the printer draws itself is drawn here too, small: what is damaged or has too many pages never leaves."""
PDF, ANY = "application/pdf", "application/octet-stream"
RESOLUTIONS = (300, 203, 200, 400, 600)
"""Dots per inch, the best for a certificate first: letters of 9 points, and memory for four pages."""
LAST_LOOKS_S = 6.0

ADVICE = {
    "answer": "Check the printer's power and network cable, and [document] url in the configuration.",
    "formats": "This printer takes neither PDF nor PWG Raster: use one that is IPP Everywhere or Mopria certified.",
    "media": "Put A4 paper into a tray and set the tray to A4 at the printer.",
    "state": "Look at the printer's own display: paper, cover, jam, toner.",
}


class IppSettings(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """``[document]`` with the driver ``ipp``.

    url      the printer or a queue: ipps://HOST/ipp/print, or ipp:// to this machine or a private network by its number
    ca_file  the authority that signed the certificate of an ipps printer; "" for the system's
    job_s    for one document from Print-Job to its end; grace_s of it for a fault to be removed (0: nobody is there)
    poll_s   how often the job is asked after
    """

    url: str
    ca_file: str = ""
    connect_timeout_s: Annotated[float, Meta(gt=0, le=30)] = 3.0
    answer_timeout_s: Annotated[float, Meta(gt=0, le=30)] = 10.0
    job_s: Annotated[float, Meta(gt=0, le=110)] = 90.0
    grace_s: Annotated[float, Meta(ge=0, le=110)] = 20.0
    poll_s: Annotated[float, Meta(ge=0.01, le=10)] = 1.0

    def __post_init__(self) -> None:
        http_address(self.url)


class IppPrinter:
    """Prints documents. Nothing of a document is kept; the printer gets the reference as the job's name and no other word about it."""

    def __init__(self, settings: IppSettings) -> None:
        self._settings = settings
        timeouts = (settings.connect_timeout_s, settings.answer_timeout_s)
        self._client = IppClient(settings.url, settings.ca_file, *timeouts)
        self._cancelled = threading.Event()
        # A job that nobody follows may wait for paper and come out before somebody else: also one of before this start.
        self._abandoned = True

    def print_document(self, pdf: bytes, reference: str) -> PrintOutcome:
        """Print one document and follow it to its end."""
        self._cancelled.clear()
        try:
            printer = self._client.printer()
            self._clear()
            if reason := obstacle(printer):
                return NotStarted(reason)
            media_type, document = ready(pdf, printer)
        except Unprintable:
            return NotStarted("unprintable")
        except NotSent:
            return NotStarted("lost")
        except DeviceFault as fault:
            return NotStarted("silent" if isinstance(fault, DeviceSilent) else "offline")
        return self._sent(reference, media_type, document)

    def health(self) -> Health:
        """Ask the printer how it is."""
        try:
            printer = self._client.printer(HEALTH_S)
            self._clear()
        except Refused as fault:
            return Failed("offline", str(fault))
        except DeviceFault as fault:
            return Failed(fault.reason, str(fault))
        name = str(printer.first("printer-make-and-model") or self._settings.url)
        if reason := obstacle(printer):
            return Failed(reason, name)
        if is_low(printer.words("printer-state-reasons")):
            return Degraded("paper_low", name)
        return Ready(name)

    def self_test(self) -> SelfTest:
        """Ask the printer what it can do: an answer, a format, A4, and its state. Nothing is printed."""
        try:
            printer = self._client.printer()
        except DeviceFault as fault:
            return SelfTest("document", (Check("answer", "failed", f"{fault.reason}: {fault}", ADVICE["answer"]),))
        name = str(printer.first("printer-make-and-model") or "")
        return SelfTest("document", (Check("answer", "passed", name), *checks_of(printer)))

    def cancel(self) -> None:
        """End the wait for a document: its job is given up."""
        self._cancelled.set()

    def close(self) -> None:
        """Let go of the wire."""
        self._cancelled.set()
        self._client.close()

    def _clear(self) -> None:
        """Give up what nobody follows any more, until the printer says that there is none."""
        if self._abandoned:
            with suppress(Refused):  # a printer that lists no jobs to us: what cannot be asked cannot be given up
                self._abandoned = not self._client.give_up_ours()

    def _sent(self, reference: str, media_type: str, document: bytes) -> PrintOutcome:
        end_s = time.monotonic() + self._settings.job_s
        try:
            job = self._client.print_job(reference, media_type, document, self._settings.job_s / 2, lambda: None)
            number = job.number("job-id")
        except NotSent:
            return NotStarted("lost")
        except Refused as refused:
            return NotStarted("unprintable" if refused.status in {0x040A, 0x0411} else "offline")
        except DeviceFault as fault:  # it may be printing: that is found out, and never repeated
            number, reason = 0, "silent" if isinstance(fault, DeviceSilent) else "lost"
            with suppress(DeviceFault):
                number = self._client.job_named(reference)
            if not number:
                self._abandoned = True
                return Partial(reason)
        return self._followed(number, end_s) if number else Partial("unconfirmed")

    def _followed(self, number: int, end_s: float) -> PrintOutcome:
        """Ask after a job until it has ended or time is over; then give it up."""
        waited_since_s, reason = time.monotonic(), "silent"
        while time.monotonic() < end_s:
            outcome, fault, reached = self._looked(number)
            if outcome is not None:
                return outcome
            reason = fault or ("unconfirmed" if reached else "silent")
            if not fault:
                waited_since_s = time.monotonic()
            elif time.monotonic() - waited_since_s >= self._settings.grace_s:
                break
            if self._cancelled.wait(self._settings.poll_s):
                break
        return self._given_up(number, reason)

    def _looked(self, number: int) -> tuple[PrintOutcome | None, str, bool]:
        """Return the job's outcome, else why it stands still ("" where it does not), and whether the printer answered."""
        try:
            job, printer = self._client.job(number), self._client.printer()
        except DeviceFault:
            return None, "", False
        fault = fault_of(printer.words("printer-state-reasons"), also_warnings=False) or obstacle(printer)
        return outcome_of(job, printer), fault, True

    def _given_up(self, number: int, reason: str) -> PrintOutcome:
        """Cancel a job, and look whether it had come to its end after all."""
        self._abandoned = True
        with suppress(DeviceFault):
            self._client.cancel(number)
        end_s = time.monotonic() + LAST_LOOKS_S
        while time.monotonic() < end_s:
            outcome, _, reached = self._looked(number)
            if isinstance(outcome, Partial):
                return Partial(reason)
            if outcome is not None:
                return outcome
            if not reached:
                break
            time.sleep(min(self._settings.poll_s, LAST_LOOKS_S))
        return Partial(reason)


def ready(pdf: bytes, printer: Group) -> tuple[str, bytes]:
    """Return a document in a format that the printer takes. Unprintable."""
    formats = printer.words("document-format-supported")
    if PDF in formats:
        rasterise(pdf, *a4_px(PREVIEW_DPI))
        return PDF, pdf
    kind, dots_per_inch = raster_of(printer)
    if pwg.MEDIA_TYPE not in formats or kind is None:
        raise Unprintable("the printer takes neither PDF nor PWG Raster")
    pages: tuple[Page, ...] = rasterise(pdf, *a4_px(dots_per_inch), LIMIT_S)
    return pwg.MEDIA_TYPE, pwg.encode(pages, kind, dots_per_inch)


def raster_of(printer: Group) -> tuple[pwg.Kind | None, int]:
    """Return in which kind of dots, and how many an inch, the printer takes PWG Raster; None where it takes none of ours."""
    kinds = printer.words("pwg-raster-document-type-supported")
    offered = printer.values.get("pwg-raster-document-resolution-supported", [])
    kind: pwg.Kind | None = next((kind for kind in pwg.SPACES if kind in kinds), None)
    found = next((each for each in RESOLUTIONS if (each, each) in offered), 0)
    return (kind, found) if found else (None, 0)


def checks_of(printer: Group) -> list[Check]:
    """Return what can be told of a printer that answers."""
    formats = printer.words("document-format-supported")
    kind, dots_per_inch = raster_of(printer)
    if PDF in formats:
        checks = [Check("formats", "passed", PDF)]
    elif pwg.MEDIA_TYPE in formats and kind:
        checks = [Check("formats", "passed", f"{pwg.MEDIA_TYPE} {kind} {dots_per_inch} dpi")]
    else:
        checks = [Check("formats", "failed", ", ".join(formats)[:200], ADVICE["formats"])]
    checks.append(_media(printer.words("media-supported"), printer.words("media-ready")))
    reasons = ", ".join(printer.words("printer-state-reasons"))
    if reason := obstacle(printer):
        return [*checks, Check("state", "failed", f"{reason}: {reasons}", ADVICE["state"])]
    low = is_low(printer.words("printer-state-reasons"))
    return [*checks, Check("state", "degraded" if low else "passed", reasons, ADVICE["state"] if low else "")]


def _media(supported: tuple[str, ...], loaded: tuple[str, ...]) -> Check:
    if supported and A4 not in supported:
        return Check("media", "failed", ", ".join(supported)[:200], ADVICE["media"])
    if loaded and A4 not in loaded:
        return Check("media", "degraded", f"in its trays: {', '.join(loaded)[:200]}", ADVICE["media"])
    return Check("media", "passed", A4)


def open_driver(settings: IppSettings) -> IppPrinter:
    """Open the driver. The printer may be away: it is asked when it is needed. ConfigError for a CA file that cannot be used."""
    return IppPrinter(settings)
