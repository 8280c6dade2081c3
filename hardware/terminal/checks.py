"""The terminal's health and self-test: status codes (PA00P015 rev 13.08, chapter 11) in the technician's words."""

from __future__ import annotations

import time

from hardware.steps import Step, tested
from hardware.terminal.messages import TerminalStatus
from hardware.terminal.settings import TerminalSettings, TerminalTimings
from hardware.terminal.station import Station
from kiosk.domain.health import Check, Degraded, Failed, Health, Ready, SelfTest

SELF_TEST_LIMIT_S = 28.0

REASONS = {
    "51": ("needs_initialisation", "Run the terminal's initialisation, then test again."),
    "62": ("clock", "Set the terminal's date and time, or run its diagnosis."),
    "9C": ("busy", "The terminal is at work (update, end of day, reversal); wait some minutes and test again."),
    "C2": ("needs_diagnosis", "Run the terminal's diagnosis."),
    "CC": ("printer", "Check paper and cover of the terminal's own printer."),
    "DC": ("card_inside", "Take the card out of the terminal."),
    "DF": ("out_of_order", "Call the terminal's service."),
    "E1": ("card_inside", "Take the card out of the terminal."),
    "E4": ("needs_activation", "Have the acquirer activate the terminal."),
    "F0": ("needs_end_of_day", "Run the terminal's end-of-day batch."),
    "F6": ("needs_personalisation", "Have the acquirer personalise the terminal (OPT)."),
}
OTHER = ("out_of_order", "Look the status code up in the terminal's manual, chapter status codes.")
STILL_WORKS = ("62", "CC", "DC", "E1")
"""The manual calls a terminal with a card inside ready; its own printer and clock do not keep it from a sale."""


def health_of(status: TerminalStatus) -> Health:
    """Return what a status means for the kiosk."""
    detail = f"status {status.code}" + (f", software {status.version}" if status.version else "")
    if status.code == "00":
        return Ready(detail)
    reason, _ = REASONS.get(status.code, OTHER)
    return Degraded(reason, detail) if status.code in STILL_WORKS else Failed(reason, detail)


def run_checks(station: Station, times: TerminalTimings, settings: TerminalSettings, *, settling: bool) -> SelfTest:
    """Test the terminal from its cable to its memory; after a failed check the rest cannot be tested."""
    if settling:
        return SelfTest("terminal", (Check("settling", "degraded", "a payment is being settled", "Test again later."),))
    limit = time.monotonic() + SELF_TEST_LIMIT_S

    def soon() -> float:
        return min(limit, time.monotonic() + times.enquiry_limit_s)

    steps: tuple[Step, ...] = (
        ("port", f"Check cable, power and the name {settings.port}.", lambda: _open(station, settings)),
        (
            "registration",
            f"Check that the terminal is on, speaks ZVT {_how(settings)}, and takes {settings.currency}.",
            lambda: _register(station, settings, soon()),
        ),
        ("status", "Switch the terminal off and on; check its ZVT settings.", lambda: _status(station, soon())),
        (
            "last_transaction",
            "Without repeat receipt (06 20) no payment in doubt can be cleared up, so none is started: have it enabled.",
            lambda: _last(station, soon()),
        ),
    )
    return tested("terminal", steps)


def _open(station: Station, settings: TerminalSettings) -> str:
    station.link.open()
    return f"{settings.port} opened, ZVT {_how(settings)}"


def _how(settings: TerminalSettings) -> str:
    return "over TCP" if settings.address else f"at {settings.baudrate} baud 8N2"


def _register(station: Station, settings: TerminalSettings, limit: float) -> str:
    station.connect(limit)
    return f"registered in {settings.currency} ({settings.currency_code})"


def _status(station: Station, limit: float) -> Check | str:
    status = station.enquire(limit)
    health = health_of(status)
    if isinstance(health, Ready):
        return health.detail
    reason, advice = REASONS.get(status.code, OTHER)
    outcome = "degraded" if isinstance(health, Degraded) else "failed"
    advised = reason if status.code in REASONS else "other"
    return Check("status", outcome, getattr(health, "detail", ""), advice, advised)  # type: ignore[arg-type]


def _last(station: Station, limit: float) -> str:
    last = station.repeat_receipt(limit)
    if last is None:
        return "repeat receipt answers; no transaction is stored yet"
    return f"repeat receipt answers; last receipt number {last.mark.receipt_number or '(none)'}, result {last.result}"
