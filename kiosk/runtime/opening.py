"""Opening a card: the scanner's zone and the reader's reading, to events. It only translates, as performers.py does."""

from __future__ import annotations

from kiosk.domain.access_key import Misread, MrzKey
from kiosk.domain.citizen import Citizen
from kiosk.domain.faults import DeviceAbsent
from kiosk.domain.secret import Secret
from kiosk.journey import events as did
from kiosk.journey import events_key as saw
from kiosk.journey.events import AnyEvent
from kiosk.ports import CardReader, MrzScanner

SCAN_WAIT_S = 60.0
PUT_BACK_S = 25.0
"""How long a card is waited for whose number was read off it, or which was held to the scanner, before it is read."""


def read_card(order: int, reader: CardReader, key: Secret) -> AnyEvent:
    """Read the card and overwrite the key, right or wrong. Who typed or scanned a zone may have taken the card out for that."""
    try:
        if isinstance(key, MrzKey):
            reader.wait_for_card(PUT_BACK_S)
        result = reader.read_citizen(key)
    finally:
        key.wipe()
    return did.CitizenRead(order, result) if isinstance(result, Citizen) else did.CardRefused(order, result)


def scan_zone(order: int, scanner: MrzScanner | None) -> AnyEvent:
    """Wait for a zone. DeviceFault where the port raises one."""
    if scanner is None:
        raise DeviceAbsent("no scanner is configured")
    seen = scanner.next_zone(SCAN_WAIT_S)
    if isinstance(seen, MrzKey):
        return saw.ZoneScanned(order, seen)
    return saw.ZoneMisread(order, seen.evidence) if isinstance(seen, Misread) else saw.NoZoneCame(order)
