"""Parts of a printer's self-test, and what to do about each."""

from __future__ import annotations

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


def check_fonts_installed() -> Check:
    """Say whether the fonts of papers are there and complete."""
    from hardware.printer.typeface import check_fonts  # noqa: PLC0415 - a kiosk's start does not wait for it

    try:
        return Check("fonts", "passed", check_fonts())
    except DeviceFault as fault:
        return Check("fonts", "failed", str(fault), ADVICE["fonts"])


def check_paper(condition: Condition) -> Check:
    """Say how the paper is."""
    if "paper_out" in condition.faults:
        return Check("paper", "failed", "paper_out", ADVICE["paper"])
    if condition.paper_low:
        return Check("paper", "degraded", "paper_low", ADVICE["paper"])
    return Check("paper", "passed")
