"""Samples of the technician's screens: the way in, self-tests, the readiness report, the cash box."""

from __future__ import annotations

from msgspec.structs import replace

from kiosk.domain.application import Claim
from kiosk.domain.cash import Box, Collection
from kiosk.domain.health import Check, DeviceName, Failed, Health, SelfTest
from kiosk.domain.money import Money
from kiosk.journey import state as s
from kiosk.journey import state_cash as c
from kiosk.journey import state_technician as k

TESTS = (
    SelfTest("card", (Check("card reader", "passed", "ACR39U"), Check("smart card service", "passed", "answers"))),
    SelfTest("terminal", (Check("registration", "passed", "AZN (944)"),)),
    SelfTest("printer", (Check("paper", "degraded", "paper_low", "Put in a new roll, coated side down."),)),
    SelfTest("central", (Check("reachable", "failed", "5 s", "Check the network cable or modem."),)),
)
ADVISED = (
    SelfTest("card", (Check("smart card service", "failed", "no pcscd", "Start pcscd.", "stopped"),)),
    SelfTest("terminal", (Check("registration", "failed", "silent: no answer to 06 00", "Check that it speaks ZVT."),)),
    SelfTest("printer", (Check("paper", "passed"),)),
    SelfTest("central", (Check("reachable", "degraded", "slow", "Check the modem.", "slow"),)),
)
"""What a technician is advised to do, at its longest."""
CARD_NOTICES = (
    ("wrong_pin", 2), ("wrong_pin", 1), ("last_try", 1), ("blocked", 0), ("no_card", -1), ("not_a_technician_card", -1),
    ("untrusted", -1), ("no_role", -1), ("expired", -1), ("revoked", -1), ("removed", -1), ("unreadable", -1), ("failed", -1),
)  # fmt: skip
FULL_BOX = Box(((100, 41), (500, 118), (1_000, 96), (2_000, 207), (5_000, 64), (10_000, 12), (20_000, 3)))

MORE_DEVICES: dict[DeviceName, Health] = {
    "scanner": Failed("absent", "/dev/kiosk/scanner"),
    "fiscal": Failed("tax_offline", "5 d"),
}
UNREGISTERED = Claim("AGALI1-000007-F", "unregistered", "electricity", Money(40), "offline: code 604", 0, "az")


def technician() -> dict[str, s.State]:
    """Return a state per name."""
    count = Collection("AGALI1-7KQ-C001042", FULL_BOX, FULL_BOX.total, 1_793_700_000_000)
    short = replace(count, counted=FULL_BOX.total - Money(2_000))
    return {
        "collecting": c.CollectingCash(),
        "collecting-small": c.CollectingCash(),
        "collecting-empty": c.CollectingCash(),
        "collecting-filing": c.FilingCollection(count, 50),
        "collecting-printing": c.PrintingCollection(count, 51, "done"),
        "servicing-collected": s.Servicing(notice="slip_printed", collected=count),
        "servicing-collected-short": s.Servicing(notice="slip_not_started", collected=short),
        "servicing-collected-sealed": s.Servicing(notice="slip_unverified", collected=replace(count, counted=None)),
        "asking-pin": s.AskingPin(),
        "asking-pin-wrong": s.AskingPin(2),
        "asking-pin-locked": s.AskingPin(5, locked=True),
        "asking-pin-checking": s.AskingPin(0, order=40),
        "asking-pin-or-card": s.AskingPin(),
        "asking-card": k.AskingCard(),
        "asking-card-checking": k.AskingCard(order=40),
        **{f"asking-card-{word}-{abs(left)}": k.AskingCard(word, left, 1) for word, left in CARD_NOTICES},
        "servicing": s.Servicing(),
        "servicing-no-list": s.Servicing(notice="no_list"),
        "servicing-list-overdue": s.Servicing(notice="list_overdue"),
        "servicing-collector": s.Servicing(),
        "servicing-tested": s.Servicing(TESTS),
        "servicing-advised": s.Servicing(ADVISED),
        "servicing-busy": s.Servicing(TESTS, 41, "testing"),
        "servicing-printed": s.Servicing(TESTS, notice="report_printed"),
    }
