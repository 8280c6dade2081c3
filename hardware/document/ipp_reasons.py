"""What a printer says of itself and of a job, in our words. Pure. Source: RFC 8011, sections 5.3.7, 5.3.8, 5.4.11 and 5.4.12; PWG 5100.13."""

from __future__ import annotations

from collections.abc import Iterable

from hardware.document.ipp_wire import Group
from kiosk.domain.receipt import Partial, Printed, PrintOutcome, Unverified

IDLE, PROCESSING, STOPPED = 3, 4, 5
HELD, JOB_PROCESSING, JOB_STOPPED, CANCELED, ABORTED, COMPLETED = 4, 5, 6, 7, 8, 9
ENDED = (CANCELED, ABORTED, COMPLETED)

CAUSES = {
    "paper_out": ("media-empty", "media-needed", "input-tray-missing", "input-tray-empty"),
    "cover_open": ("cover-open", "door-open", "interlock-open"),
    "mechanical": (
        "media-jam", "output-area-full", "output-tray-missing", "marker-supply-empty", "marker-waste-full", "toner-empty",
        "developer-empty", "opc-life-over", "input-cannot-feed-size-selected", "fuser-under-temp",
    ),
    "overheated": ("fuser-over-temp", "fuser-failure"),
    "offline": (
        "paused", "moving-to-paused", "shutdown", "stopped-partly", "stopping", "timed-out", "connecting-to-device",
        "spool-area-full", "interpreter-resource-unavailable",
    ),
}  # fmt: skip
"""Our reason → the keywords it stands for, the gravest first: what a person in front of it can mend."""
LOW = ("media-low", "toner-low", "marker-supply-low")
HARMLESS = ("-report", "-warning")
"""Suffixes of reasons that stop nothing; one without a suffix, or with -error, does (RFC 8011, 5.4.12)."""

SUCCESSFUL, WARNINGS, ERRORS = "job-completed-successfully", "job-completed-with-warnings", "job-completed-with-errors"
NOT_ITS_KIND = ("unsupported-document-format", "document-format-error", "document-unprintable-error")
HANDED_ON = ("queued-in-device", "processing-to-stop-point")


def fault_of(reasons: Iterable[str], *, also_warnings: bool = False) -> str:
    """Return the reason why a printer cannot print, or "". ``also_warnings``: it stands still, so a warning may be the cause, too."""
    found = {
        reason.removesuffix("-error").removesuffix("-warning")
        for reason in reasons
        if also_warnings or not reason.endswith(HARMLESS)
    }
    return next((ours for ours, theirs in CAUSES.items() if not found.isdisjoint(theirs)), "")


def is_low(reasons: Iterable[str]) -> bool:
    """Say whether paper or toner is near its end."""
    return any(reason.startswith(LOW) for reason in reasons)


def obstacle(printer: Group) -> str:
    """Return why a printer takes no job now, or ""."""
    reasons = printer.words("printer-state-reasons")
    stopped = printer.number("printer-state") == STOPPED
    if printer.first("printer-is-accepting-jobs") is False:
        return fault_of(reasons, also_warnings=True) or "offline"
    return fault_of(reasons, also_warnings=stopped) or ("offline" if stopped else "")


def outcome_of(job: Group, printer: Group) -> PrintOutcome | None:
    """Return what became of a job; None while it is not at its end. Printed is said only where nothing speaks against it."""
    state, reasons = job.number("job-state"), job.words("job-state-reasons")
    if state not in ENDED:
        return None
    reason = fault_of(printer.words("printer-state-reasons"), also_warnings=True)
    if state != COMPLETED:
        return Partial(reason or ("unprintable" if any(each in reasons for each in NOT_ITS_KIND) else "offline"))
    if ERRORS in reasons or any(each in reasons for each in ("aborted-by-system", "job-canceled-at-device")):
        return Partial(reason or "mechanical")
    if any(each in reasons for each in HANDED_ON):
        return Unverified("unconfirmed")
    return Printed()
