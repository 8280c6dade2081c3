"""What devices tell about themselves, in a technician's language as far as the catalogue knows the words.

Drivers speak English and use closed sets of words: reasons of faults (``fault-<reason>``), names of checks
(``check-<name>``), and of advices: one for a check (``advice-<device>-<name>``), or one of several, named by a word
(``advice-<device>-<name>-<advised>``). With ``any`` for the device they are those of every device. Evidence stays as the
driver gave it.
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
    ending = f"{_id(check.name)}-{_id(check.advised)}" if check.advised else _id(check.name)
    known = (message_id for owner in (device, "any") if language.has(message_id := f"advice-{owner}-{ending}"))
    message_id = next(known, "") if check.advice else ""
    return language.text(message_id) if message_id else check.advice


def _id(word: str) -> str:
    return word.replace("_", "-").replace(" ", "-")
