"""Servicing: the technician behind the open door."""

from __future__ import annotations

from msgspec.structs import replace

from kiosk.domain.health import SelfTest
from kiosk.journey.effects import CheckPin, PrintReport, TestDevices
from kiosk.journey.events import (
    CancelPressed,
    CollectionWanted,
    DeviceFailed,
    Entry,
    OrderOverdue,
    PinEntered,
    ReceiptEnded,
    ReportWanted,
    ServicingEnded,
    TechnicianAccepted,
    TechnicianRefused,
    TestsFinished,
    TestWanted,
    TimedOut,
    WayInChosen,
)
from kiosk.journey.fulfilling import printed_word
from kiosk.journey.state import AskingPin, Kiosk, Servicing
from kiosk.journey.state_cash import CollectingCash
from kiosk.journey.state_technician import AskingCard, asking_pin_after
from kiosk.journey.technician import may
from kiosk.journey.turn import Turn, ask_anew, go, rest


def asking_pin(kiosk: Kiosk, state: AskingPin, entry: Entry) -> Turn | None:
    """Let only a technician in; a closed door ends it."""
    if not kiosk.panel.door_open:
        return rest(kiosk), ()
    match entry.event:
        case PinEntered(pin) if not state.order and not state.locked:
            return go(kiosk, replace(state, order=entry.seq), CheckPin(entry.seq, pin))
        case WayInChosen("card") if not state.order and kiosk.way_in != "pin":
            return go(kiosk, AskingCard(pin=state))
        case TechnicianAccepted(order) if order == state.order:
            return go(kiosk, Servicing())
        case TechnicianRefused(order) | DeviceFailed(order) | OrderOverdue(order) if order == state.order:
            wrong = kiosk.wrong_pins + 1
            return go(replace(kiosk, wrong_pins=wrong), asking_pin_after(wrong))
    return None


def servicing(kiosk: Kiosk, state: Servicing, entry: Entry) -> Turn | None:
    """Test devices, print the report, take the cash box out, leave."""
    if not kiosk.panel.door_open:
        return rest(kiosk), ()
    match entry.event:
        case TestWanted(devices) if devices and not state.busy and may(kiosk, "technician"):
            return go(
                kiosk,
                replace(state, order=entry.seq, busy="testing", notice=""),
                TestDevices(entry.seq, tuple(dict.fromkeys(devices))),
            )
        case TestsFinished(order, tests) if order == state.order:
            return go(kiosk, Servicing(merged(state.tests, tests)))
        case ReportWanted() if not state.busy and may(kiosk, "technician"):
            report = PrintReport(entry.seq, state.tests, kiosk.language, kiosk.technician)
            return go(kiosk, replace(state, order=entry.seq, busy="printing", notice=""), report)
        case ReceiptEnded(order, outcome) if order == state.order:
            return go(kiosk, Servicing(state.tests, notice=f"report_{printed_word(outcome)}"))
        case DeviceFailed(order) | OrderOverdue(order) if order == state.order:
            return go(kiosk, Servicing(state.tests, notice="failed"))
        case CollectionWanted() if not state.busy and "cash" in kiosk.devices and may(kiosk, "cash-collector"):
            return go(kiosk, CollectingCash())
        case ServicingEnded() | CancelPressed() | TimedOut():
            return ask_anew(kiosk), ()
    return None


def merged(known: tuple[SelfTest, ...], new: tuple[SelfTest, ...]) -> tuple[SelfTest, ...]:
    """Keep the newest self-test of each device."""
    renewed = {test.device for test in new}
    return tuple(test for test in known if test.device not in renewed) + new
