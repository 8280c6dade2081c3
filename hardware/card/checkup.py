"""What a technician is told about the card reader: service, reader, card, each with what to do if it is not well."""

from __future__ import annotations

from collections.abc import Callable

from hardware.card.connection import Connection
from hardware.card.dialogue import offered_pace
from hardware.card.pcsc import Service, Slot
from hardware.card.readers import quirk_of
from hardware.card.refusal import Refused
from kiosk.domain.faults import DeviceFault
from kiosk.domain.health import Check, SelfTest

SERVICE, READER, CARD = "smart card service", "card reader", "card"

_SERVICE_ADVICE = (
    "Run 'systemctl status pcscd.socket pcscd.service' and start them. If the service refuses access, install the "
    "kiosk's polkit rule for org.debian.pcsc-lite.access_pcsc and access_card."
)
_READER_ADVICE = (
    "Check the reader's USB cable and its light; 'lsusb' must list it. If it has another name than the configuration "
    "expects, correct 'reader' in the table [card] of kiosk.toml."
)
_FROZEN_ADVICE = "Take the card out, unplug the reader for five seconds, then run 'systemctl restart pcscd'."
_CARD_ADVICE = "Insert the card chip first and the right way up, clean its contacts, and try another identity card."
_TRY_ADVICE = "Insert an identity card and run this test again to test the reading, too."


def check_up(service: Service, connect: Callable[[str], Connection]) -> SelfTest:
    """Test everything that can be tested now. Never raises."""
    try:
        slots = service.slots()
    except DeviceFault as fault:
        return SelfTest("card", _without_reader(fault))
    names = ", ".join(map(_told, slots))
    checks = [Check(SERVICE, "passed", "answers"), Check(READER, "passed", names)]
    cards = [_check_card(slot, connect) for slot in slots if slot.present]
    return SelfTest("card", (*checks, *(cards or [Check(CARD, "passed", "none inserted", _TRY_ADVICE, "try")])))


def _told(slot: Slot) -> str:
    quirk = quirk_of(slot.reader)
    return f"{slot.reader} ({quirk.because})" if quirk else slot.reader


def _without_reader(fault: DeviceFault) -> tuple[Check, ...]:
    evidence = str(fault)
    if fault.reason == "absent":
        return Check(SERVICE, "passed", "answers"), Check(READER, "failed", evidence, _READER_ADVICE)
    stopped = fault.reason == "no_service"
    advice = (_SERVICE_ADVICE, "stopped") if stopped else (_FROZEN_ADVICE, "frozen")
    return (Check(SERVICE, "failed", evidence, *advice),)


def _check_card(slot: Slot, connect: Callable[[str], Connection]) -> Check:
    """Power the card and ask what it offers; nothing that needs a person."""
    connection = None
    try:
        connection = connect(slot.reader)
        connection.open()
        return Check(CARD, "passed", f"in {slot.reader}, offers {connection.use(offered_pace)}")
    except Refused as refused:
        return Check(CARD, "degraded", f"in {slot.reader}: {refused}", _CARD_ADVICE, "refused")
    except DeviceFault as fault:
        advice = (_CARD_ADVICE, "refused") if fault.reason == "garbled" else (_FROZEN_ADVICE, "frozen")
        return Check(CARD, "failed", f"in {slot.reader}: {fault}", *advice)
    finally:
        if connection is not None:
            connection.close()
