"""Paperless: the printer is known not to work, and that is said before anybody's time or money is spent.

Nobody is trapped by it: the centre has the payment, the last screen shows its code as a QR to photograph, and any kiosk
prints the paper later.
"""

from __future__ import annotations

from msgspec.structs import replace

from kiosk.journey.choosing import begin
from kiosk.journey.events import CancelPressed, Entry, PaperlessAccepted, WentBack
from kiosk.journey.state import Choosing, Confirming, Kiosk
from kiosk.journey.state_paper import AgreeingNoPaper
from kiosk.journey.turn import Turn, end, go


def agreeing_no_paper(kiosk: Kiosk, state: AgreeingNoPaper, entry: Entry) -> Turn | None:
    """Take the citizen's yes, once for the whole visit, or the way out."""
    match entry.event:
        case PaperlessAccepted():
            agreed = replace(state.journey, paperless=True)
            return go(kiosk, Confirming(agreed)) if state.confirmed else begin(kiosk, agreed, entry)
        case WentBack():
            return go(kiosk, Choosing(state.journey))
        case CancelPressed():
            return end(kiosk)
    return None
