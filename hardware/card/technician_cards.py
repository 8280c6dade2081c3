"""Which of the cards in the readers is the technician's: a citizen's card may have been left in one of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from hardware.card.apdu import Transmit
from hardware.card.connection import Connection
from hardware.card.pcsc import Slot
from hardware.card.refusal import Refused
from kiosk.domain.faults import ProtocolError
from kiosk.domain.technician import Technician, TechnicianRefusal

Outcome = Technician | TechnicianRefusal


def first_technician(
    slots: Iterable[Slot], connect: Callable[[str], Connection], ask: Callable[[Transmit], Outcome]
) -> Outcome:
    """Ask the cards one after the other until one is a technician's; only that one is given the PIN. DeviceFault."""
    outcome = TechnicianRefusal("no_card")
    for slot in slots:
        if not slot.present:
            continue
        found = asked(connect(slot.reader), ask)
        if isinstance(found, Technician) or found.reason != "not_a_technician_card":
            return found
        outcome = found
    return outcome


def asked(connection: Connection, ask: Callable[[Transmit], Outcome]) -> Outcome:
    """Ask one card. One that does not even answer to power is some other card, put in the wrong way perhaps."""
    try:
        try:
            connection.open()
        except Refused as refused:
            gone = refused.refusal.reason == "removed"
            return TechnicianRefusal("removed" if gone else "not_a_technician_card", evidence=refused.refusal.evidence)
        return connection.use(ask)
    except Refused as refused:
        gone = refused.refusal.reason == "removed"
        return TechnicianRefusal("removed" if gone else "unreadable", evidence=refused.refusal.evidence)
    except ProtocolError as error:
        return TechnicianRefusal("unreadable", evidence=str(error))
    finally:
        connection.close()
