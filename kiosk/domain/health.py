"""How a device is, as the kiosk and the technician need to know it."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

DeviceName = Literal["card", "terminal", "printer", "panel", "central", "cash", "scanner", "fiscal", "document"]
"""Everything the kiosk depends on; ``central`` is the central system, tested like a device."""

DEVICES: tuple[DeviceName, ...] = ("card", "terminal", "printer", "panel", "central")
OPTIONAL: tuple[DeviceName, ...] = ("cash", "scanner", "fiscal", "document")
"""What every kiosk has, and then what some have, only where it is configured: acceptor, MRZ scanner, fiscal register, document printer."""


class Ready(Struct, frozen=True, tag="ready"):
    """It works. ``detail`` is the technician's line: model, firmware, what was measured."""

    detail: str = ""


class Degraded(Struct, frozen=True, tag="degraded"):
    """It works, with a shortcoming the technician should know (paper near its end)."""

    reason: str
    detail: str = ""


class Failed(Struct, frozen=True, tag="failed"):
    """It does not work. ``reason`` is a word of the message catalogue (``fault-<device>-<reason>``)."""

    reason: str
    detail: str = ""


class Unknown(Struct, frozen=True, tag="unknown"):
    """Nobody has asked it yet. Never shown as a fault."""


Health = Ready | Degraded | Failed | Unknown


class Check(Struct, frozen=True):
    """One thing a self-test did: what, how it ended, what it saw, and what the technician should do if it failed.

    ``advised`` is a word that tells this advice from others about the same check (``advice-<device>-<name>-<advised>``).
    """

    name: str
    outcome: Literal["passed", "degraded", "failed"]
    detail: str = ""
    advice: str = ""
    advised: str = ""


class SelfTest(Struct, frozen=True):
    """A device's self-test. Its health is that of its worst check."""

    device: DeviceName
    checks: tuple[Check, ...]

    @property
    def outcome(self) -> Literal["passed", "degraded", "failed"]:
        """The worst outcome of all checks."""
        outcomes = {check.outcome for check in self.checks}
        return "failed" if "failed" in outcomes else "degraded" if "degraded" in outcomes else "passed"
