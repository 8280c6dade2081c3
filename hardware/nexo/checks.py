"""The terminal's health and self-test: Diagnosis (nexo Retailer 3.0, POIStatus) in the technician's words."""

from __future__ import annotations

import time

from hardware.nexo import verdict, wording
from hardware.nexo.answers import DiagnosisResponse, POIStatus
from hardware.nexo.inquiry import Inquiry
from hardware.nexo.settings import NexoSettings
from hardware.nexo.station import Station
from hardware.steps import Step, tested
from kiosk.domain.health import Check, Degraded, Failed, Health, Ready, SelfTest

SELF_TEST_LIMIT_S = 28.0

CONDITIONS = {"Busy": "busy", "Maintenance": "busy", "Unreachable": "offline"}
"""GlobalStatus → reason; any other than OK is out_of_order."""

ADVICE = {
    "busy": "The terminal is at work (payment, update, maintenance); wait some minutes and test again.",
    "offline": "Check the terminal's own network: it does not reach its acquirer.",
    "printer": "Check paper and cover of the terminal's own printer.",
    "out_of_order": "Switch the terminal off and on; if that does not help, call its service.",
}


def health_of(told: DiagnosisResponse) -> Health:
    """Return what a diagnosis means for the kiosk. Its own printer does not keep a terminal from a sale."""
    status = told.poi_status
    if told.response.result != verdict.SUCCESS:
        condition = told.response.error_condition
        reason = "busy" if condition in (verdict.BUSY, verdict.IN_PROGRESS) else "out_of_order"
        return Failed(reason, f"diagnosis {wording.plain(told.response.result)[:30]} {wording.plain(condition)[:30]}")
    detail = f"status {wording.plain(status.global_status)[:30] or 'not told'}"
    if status.global_status != "OK":
        return Failed(CONDITIONS.get(status.global_status, "out_of_order"), detail)
    broken = _broken(status)
    if broken:
        return Failed("out_of_order", f"{detail}; out of order: {', '.join(broken)}")
    if not status.communication_ok_flag or not all(host.is_reachable_flag for host in told.host_status):
        return Failed("offline", f"{detail}; acquirer not reachable")
    if status.printer_status not in ("", "OK"):
        return Degraded("printer", f"{detail}; printer {wording.plain(status.printer_status)[:30]}")
    return Ready(detail)


def _broken(status: POIStatus) -> list[str]:
    parts = (
        ("card reader", status.card_reader_ok_flag),
        ("keypad", status.ped_ok_flag),
        ("security module", status.security_ok_flag),
    )
    return [name for name, works in parts if not works]


def run_checks(station: Station, inquiry: Inquiry, settings: NexoSettings) -> SelfTest:
    """Test the terminal from its address to its memory; after a failed check the rest cannot be tested."""
    limit = time.monotonic() + SELF_TEST_LIMIT_S

    def soon() -> float:
        return min(limit, time.monotonic() + settings.timings.enquiry_limit_s)

    steps: tuple[Step, ...] = (
        (
            "diagnosis",
            f"Check cable, power, the address {settings.port} and the names {settings.poi_id} and {settings.sale_id}.",
            lambda: _diagnosis(station, soon()),
        ),
        (
            "transaction_status",
            "Without TransactionStatus no payment in doubt can be cleared up, so none is started: have it enabled.",
            lambda: _lookup(inquiry, soon()),
        ),
    )
    return tested("terminal", steps)


def _diagnosis(station: Station, limit: float) -> Check | str:
    health = health_of(station.diagnose(limit, hosts=True))
    if isinstance(health, Ready):
        return health.detail
    reason, detail = getattr(health, "reason", "out_of_order"), getattr(health, "detail", "")
    return Check("diagnosis", "degraded" if isinstance(health, Degraded) else "failed", detail, ADVICE[reason], reason)


def _lookup(inquiry: Inquiry, limit: float) -> str:
    inquiry.probe(limit)
    return "the terminal tells what became of a message by its ServiceID"
