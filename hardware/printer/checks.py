"""What a self-test says of the printer's parts, and what a technician should do about each."""

from __future__ import annotations

from hardware.printer.roll import Roll
from hardware.printer.status import Condition
from kiosk.domain.faults import DeviceFault
from kiosk.domain.health import Check

ADVICE = {
    "fonts": "Install the Debian package fonts-noto-mono.",
    "port": "Check the printer's cable, its power, and [printer] port in the configuration.",
    "answer": "Switch the printer off and on. Check [printer] baudrate and profile.",
    "cover": "Close the printer's cover.",
    "paper": "Put in a new roll, coated side towards the print head.",
    "roll": "Put in a new roll soon.",
    "cutter": "Open the cover, remove torn paper from the knife, close the cover.",
    "acknowledgement": "Set [printer] profile to what this printer can do.",
    "mechanism": "Let the print head cool down. If it stays, the printer needs repair.",
}
CAUSES = {"cover": {"cover_open"}, "cutter": {"cutter"}, "mechanism": {"mechanical", "overheated"}}


def parts(condition: Condition, roll: Roll) -> list[Check]:
    """Check paper, roll, cover, cutter and mechanism by what the printer said of itself."""
    low = Check("roll", "degraded", roll.told(), ADVICE["roll"])
    checks = [paper(condition), low if roll.low else Check("roll", "passed", roll.told())]
    for part, causes in CAUSES.items():
        found = sorted(condition.faults & causes)
        checks.append(Check(part, "failed", ", ".join(found), ADVICE[part]) if found else Check(part, "passed"))
    return checks


def fonts() -> Check:
    """Check that papers can be drawn."""
    from hardware.printer.typeface import check_fonts  # noqa: PLC0415 - a kiosk's start does not wait for it

    try:
        return Check("fonts", "passed", check_fonts())
    except DeviceFault as fault:
        return Check("fonts", "failed", str(fault), ADVICE["fonts"])


def paper(condition: Condition) -> Check:
    """Check that there is paper."""
    if "paper_out" in condition.faults:
        return Check("paper", "failed", "paper_out", ADVICE["paper"])
    if condition.paper_low:
        return Check("paper", "degraded", "paper_low", ADVICE["paper"])
    return Check("paper", "passed")
