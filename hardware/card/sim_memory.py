"""What a simulated card keeps without power, and what the bench is told about one session with it."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class CardMemory:
    """Counters of wrong secrets: CANs in a row, passwords of any kind in a row, PINs in a row."""

    wrong_can: int = 0
    wrong_passwords: int = 0
    wrong_pin: int = 0


@dataclass
class Session:
    """What the chip saw since it was powered: for the ledger."""

    card: str
    apdus: int = 0
    read: list[str] = field(default_factory=list)
    wrong_can: int = 0
    wrong_mrz: int = 0


@dataclass
class TechnicianSession:
    """The same of a technician's card: objects read, wrong PINs, signatures made."""

    card: str
    apdus: int = 0
    read: list[str] = field(default_factory=list)
    wrong_pin: int = 0
    signed: int = 0
