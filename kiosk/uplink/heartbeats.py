"""The wire contract of a kiosk's regular word about itself: how its devices are and how its paper stands. Nothing of a person.

    POST /v1/kiosks/health             KioskHealth → HealthAnswer

Only the newest counts: it is never queued, and what the centre did not hear is told again soon.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct


class DeviceHealth(Struct, frozen=True):
    """How one device is; ``reason`` is a word such as paper_out."""

    state: Literal["ready", "degraded", "failed", "unknown"]
    reason: str = ""


class RollState(Struct, frozen=True):
    """The printer's roll since it was changed. ``left_mm`` None: nobody knows how long the roll was."""

    printed_mm: int
    cuts: int
    near_end: bool
    left_mm: int | None = None


class KioskHealth(Struct, frozen=True):
    """A kiosk's word about itself."""

    kiosk: str
    version: str
    devices: dict[str, DeviceHealth]
    roll: RollState | None = None
