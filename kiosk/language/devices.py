"""What devices tell about themselves, in a technician's language as far as the catalogue knows the words.

Drivers speak English and use closed sets of words: reasons of faults (``fault-<reason>``), names of checks
(``check-<name>``), and for most checks one advice (``advice-<device>-<name>``). Evidence stays as the driver gave it.
"""

from __future__ import annotations

from kiosk.domain.health import Check, DeviceName
from kiosk.language.catalogue import Language


def check_name(language: Language, name: str) -> str:
    """Return what a check is called; the driver's own name where the catalogue has none."""
    message_id = f"check-{_id(name)}"
    return language.text(message_id) if language.has(message_id) else name.replace("_", " ")


def detail(language: Language, text: str) -> str:
    """Return a driver's line; reasons in it, alone or before the evidence (``silent: no answer``), are put into words."""
    head, colon, evidence = text.partition(": ")
    reasons = [f"fault-{_id(reason)}" for reason in head.split(", ")]
    if not all(language.has(reason) for reason in reasons):
        return text
    return ", ".join(language.text(reason) for reason in reasons) + colon + evidence


def advice(language: Language, device: DeviceName, check: Check) -> str:
    """Return what to do about a check; the driver's own advice where the catalogue has none."""
    message_id = f"advice-{device}-{_id(check.name)}"
    return language.text(message_id) if check.advice and language.has(message_id) else check.advice


def _id(word: str) -> str:
    return word.replace("_", "-").replace(" ", "-")
