"""The register's health and self-test."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from hardware.fiscal.answers import Info
from hardware.steps import tested
from kiosk.domain.health import Check, Failed, Health, Ready, SelfTest

ACTIVE = "ACTIVE"
SOON_DAYS = 30
REACH_ADVICE = "Check the register's cable and power. Its API must be started from its login screen. Then check [fiscal] port and user."
STATE_ADVICE = {
    "token_inactive": "Call whoever serves the register: the tax service's token is not active.",
    "tax_offline": "Check the register's own network: it does not reach the tax service.",
    "unprinted": "Look at the register's own printer: paper, cover; then test again.",
    "unreachable": REACH_ADVICE,
}
SHIFT_ADVICE = "Close the shift on the register itself, then test again."
CERTIFICATE_ADVICE = "Have the token's certificate renewed before it ends."


def health_of(info: Info, *, printer_blocks: bool, offline_since: str | None) -> Health:
    """Say whether the register can register a sale now. ``offline_since``: the last time online when it last refused for that."""
    if info.state not in ("", ACTIVE):
        return Failed("token_inactive", f"state {info.state[:20]}")
    if printer_blocks:
        return Failed("unprinted", "the last document is not printed, and the next one waits for it")
    if offline_since is not None and offline_since == info.last_online_time:
        return Failed("tax_offline", f"the tax service was last reached {offline_since[:30] or 'never'}")
    return Ready(described(info))


def described(info: Info) -> str:
    """Return the technician's line: model, firmware, number, last document."""
    return (
        f"{info.cashregister_model} {info.firmware_version}, {info.cashregister_factory_number}, document {info.last_doc_number:f}"
    ).strip()


def run_checks(ask: Callable[[], Info], shift_open: Callable[[], bool], health: Callable[[], Health]) -> SelfTest:
    """Ask the register everything that needs no document. Never raises a DeviceFault."""
    seen: list[Info] = []

    def register() -> str:
        seen.append(ask())
        return described(seen[0])

    def state() -> Check | str:
        found = health()
        if isinstance(found, Failed):
            advised = found.reason if found.reason in STATE_ADVICE else "unreachable"
            return Check("state", "failed", f"{found.reason}: {found.detail}", STATE_ADVICE[advised], advised)
        return f"{seen[0].state}, last online {seen[0].last_online_time[:30]}"

    return tested(
        "fiscal",
        (
            ("register", REACH_ADVICE, register),
            ("state", REACH_ADVICE, state),
            ("certificate", CERTIFICATE_ADVICE, lambda: certificate(seen[0])),
            ("shift", SHIFT_ADVICE, lambda: "open" if shift_open() else "closed"),
        ),
    )


def certificate(info: Info) -> Check | str:
    """Say how long the certificate lasts; one whose date cannot be read is only shown."""
    try:
        ends = datetime.fromisoformat(info.not_after)
    except ValueError:
        return f"until {info.not_after[:30]}"
    ends = ends if ends.tzinfo else ends.replace(tzinfo=UTC)
    days = (ends - datetime.now(UTC)).days
    if days < SOON_DAYS:
        return Check("certificate", "failed" if days < 0 else "degraded", f"ends in {days} days", CERTIFICATE_ADVICE)
    return f"ends in {days} days"
