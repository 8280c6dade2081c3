"""Handing out: the one way to a visit's last paper."""

from __future__ import annotations

from kiosk.journey.effects import PrintDocument, PrintPaper
from kiosk.journey.events import Entry
from kiosk.journey.readiness import sheets_come
from kiosk.journey.state import Journey, Kiosk, Paper, Printing
from kiosk.journey.state_document import PrintingDocument
from kiosk.journey.turn import Turn, go


def on_a4(kiosk: Kiosk, journey: Journey) -> bool:
    """Say whether the centre has a document for this visit, and a printer for it is known to be well."""
    return bool(journey.receipt_number) and sheets_come(journey.service, kiosk.devices)


def hand_out(kiosk: Kiosk, journey: Journey, entry: Entry) -> Turn:
    """Print the paper that the service ends with."""
    if on_a4(kiosk, journey):
        order = PrintDocument(entry.seq, journey.reference, journey.receipt_number)
        return go(kiosk, PrintingDocument(journey, entry.seq), order)
    paper: Paper = journey.service.paper if journey.service else "receipt"
    return print_paper(kiosk, journey, paper, entry)


def print_paper(kiosk: Kiosk, journey: Journey, paper: Paper, entry: Entry, copy: int = 0) -> Turn:
    """Order one paper. A repeated one says on it that it is a copy."""
    order = PrintPaper(entry.seq, paper, journey, copy)
    return go(kiosk, Printing(journey, entry.seq, paper, copy), order)
