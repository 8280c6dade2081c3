"""The centre's signed document from the centre to the printer. It stays in memory: no journal, log or file ever holds a byte of it."""

from __future__ import annotations

from kiosk.domain.faults import CentralRefused, CentralUnreachable
from kiosk.domain.receipt import NotStarted
from kiosk.journey.effects import PrintDocument
from kiosk.journey.events import AnyEvent, DeviceFailed, ReceiptEnded
from kiosk.log import logger
from kiosk.ports import CentralApi, DocumentPrinter


def print_document(effect: PrintDocument, centre: CentralApi, printer: DocumentPrinter | None) -> AnyEvent:
    """Fetch a document and print it once. A centre that does not give it is an outcome: the slip is printed then."""
    if printer is None:
        return DeviceFailed(effect.order, "document", "absent")
    try:
        pdf = centre.document(effect.receipt_number)
    except (CentralRefused, CentralUnreachable) as fault:
        logger().warning("document_not_fetched", device="document", error=type(fault).__name__)
        return ReceiptEnded(effect.order, NotStarted("unfetched"), sheet=True)
    return ReceiptEnded(effect.order, printer.print_document(pdf, effect.reference), sheet=True)
