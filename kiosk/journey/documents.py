"""Documents: the centre's signed sheet on A4, and the slip with its code wherever that does not come out whole.

The sheet is ordered once. What became of it decides only whether the slip is printed too: the citizen never goes with neither.
"""

from __future__ import annotations

from msgspec.structs import replace

from kiosk.domain.receipt import Printed, Unverified
from kiosk.journey.effects import StopWaiting
from kiosk.journey.events import DeviceFailed, Entry, OrderOverdue, ReceiptEnded
from kiosk.journey.fulfilling import farewell
from kiosk.journey.handing import print_paper
from kiosk.journey.state import Farewell, Journey, Kiosk, Printing
from kiosk.journey.state_document import PrintingDocument
from kiosk.journey.turn import Turn


def printing_document(kiosk: Kiosk, state: PrintingDocument, entry: Entry) -> Turn | None:
    """Say goodbye when the sheet is out; else print the slip."""
    match entry.event:
        case ReceiptEnded(order, Printed() | Unverified() as outcome) if order == state.order:
            after, effects = farewell(kiosk, Printing(state.journey, state.order, "slip"), outcome, entry)
            last = after.state
            return (replace(after, state=replace(last, sheet=True)) if isinstance(last, Farewell) else after), effects
        case ReceiptEnded(order, outcome) if order == state.order:
            return slip_instead(kiosk, state.journey, getattr(outcome, "reason", ""), entry)
        case DeviceFailed(order, _, reason) if order == state.order:
            return slip_instead(kiosk, state.journey, reason, entry)
        case OrderOverdue(order) if order == state.order:
            after, effects = slip_instead(kiosk, state.journey, "silent", entry)
            return after, (StopWaiting("document"), *effects)  # whoever is last to look gives the job up
    return None


def slip_instead(kiosk: Kiosk, journey: Journey, reason: str, entry: Entry, copy: int = 0) -> Turn:
    """Print the slip, of which the citizen is told why it comes in the place of a sheet."""
    return print_paper(kiosk, replace(journey, unprinted=reason), "slip", entry, copy)
