"""Readiness: whether a service can be given now, said before anybody's time or money is spent."""

from __future__ import annotations

from collections.abc import Mapping

from kiosk.domain.citizen import Citizen
from kiosk.domain.health import Degraded, DeviceName, Failed, Health, Ready
from kiosk.domain.service import Service
from kiosk.domain.signals import PanelReading

NEEDS: tuple[tuple[str, DeviceName], ...] = (
    ("no_central", "central"),
    ("no_printer", "printer"),
    ("no_card_reader", "card"),
    ("no_terminal", "terminal"),
    ("no_fiscal", "fiscal"),
)


def methods(devices: Mapping[DeviceName, Health]) -> tuple[str, ...]:
    """Return the ways in which can be paid now. Notes cannot be given back, so cash needs the centre too (law 9)."""
    card = () if isinstance(devices.get("terminal"), Failed) else ("card",)
    cash = isinstance(devices.get("cash"), Ready | Degraded) and not isinstance(devices.get("central"), Failed)
    return (*card, "cash") if cash else card


def paperless(service: Service | None, devices: Mapping[DeviceName, Health]) -> bool:
    """Say whether a service can be had, but its paper cannot: the citizen is told before anything else, and asked."""
    wanted = service is not None and service.without_paper == "offered" and service.paper != "statement"
    return wanted and isinstance(devices.get("printer"), Failed) and not sheets_come(service, devices)


def sheets_come(service: Service | None, devices: Mapping[DeviceName, Health]) -> bool:
    """Say whether a service's document comes on A4 here, by a printer that is known to be well."""
    return service is not None and service.document == "a4" and isinstance(devices.get("document"), Ready | Degraded)


def proven_enough(service: Service | None, citizen: Citizen | None) -> bool:
    """Say whether as much is proven of the citizen's card as the service asks for."""
    if service is None or service.level == "none":
        return True
    return citizen is not None and citizen.proof.suffices(service.level)


def obstacle(service: Service, devices: Mapping[DeviceName, Health], panel: PanelReading) -> str:
    """Say in one word why a service cannot be given now, before anybody's time or money is spent; "" if it can (law 9).

    A device nobody has asked yet is no obstacle; one known to have failed is.
    """
    if panel.door_open:
        return "door_open"
    if not panel.mains and service.amount == "quoted":
        return "no_mains"
    needed: set[DeviceName] = {"central"}
    if service.without_paper == "refused":
        needed.add("printer")
    if service.needs_card:
        needed.add("card")
    if service.amount == "quoted" and not methods(devices):
        needed.add("terminal")
    if service.fiscal != "none":  # a kiosk without a register has never heard of one
        needed.add("fiscal")
    return next((word for word, name in NEEDS if name in needed and isinstance(devices.get(name), Failed)), "")
