"""What the bench decides: how the card holder and the bank act, and what is wrong with the device or its line.

The bench's thread writes, the device's thread reads and counts down. Every fault is off until asked for.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from hardware.sim_card_holder import CardHolder

HOST_DECLINES = 0x05


@dataclass
class Faults:
    """What is wrong now. Counters go down to 0 by themselves.

    silent            the line is dead both ways: what comes is lost, what goes is lost
    busy              the terminal works, and says "please wait" to everything (status 9C)
    out_of_order      the terminal is out of order (status DF)
    refuse_repeat     the last transaction is not told of: 06 20 ends with 06 1E 83, as on some real terminals
    refuse_batch      the acquirer does not take the day's sales: 06 50 fails with A0, the batch stays open
    late_s            each frame leaves that much later than it should
    noise_bytes       stray bytes before each frame
    lose_own_acks     so many of our ACKs get lost
    lose_their_acks   so many of the register's ACKs get lost
    half, corrupt, double   so many frames leave cut in half, with one bit turned, or twice
    muted             message (control field) → how many of them get lost, with all their repeats
    """

    silent: bool = False
    busy: bool = False
    out_of_order: bool = False
    refuse_repeat: bool = False
    refuse_batch: bool = False
    late_s: float = 0.0
    noise_bytes: int = 0
    lose_own_acks: int = 0
    lose_their_acks: int = 0
    half: int = 0
    corrupt: int = 0
    double: int = 0
    muted: dict[bytes, int] = field(default_factory=dict)
    silent_after_mute: bool = False
    dice: random.Random = field(default_factory=lambda: random.Random(0x5A56))  # noqa: S311 - repeatable noise, no secret

    def take(self, counter: str) -> bool:
        """Count a fault down; say whether it strikes now."""
        left: int = getattr(self, counter)
        if left > 0:
            setattr(self, counter, left - 1)
        return left > 0

    def take_mute(self, control: bytes) -> bool:
        """Say whether this message gets lost, with its repeats."""
        left = self.muted.get(control, 0)
        if left <= 0:
            return False
        self.muted[control] = left - 1
        self.silent = self.silent or self.silent_after_mute
        return True

    def spoil(self, frame: bytes) -> bytes:
        """Give what really leaves when this frame should."""
        if self.take("half"):
            frame = frame[: len(frame) // 2]
        elif self.take("corrupt"):
            frame = frame[:-1] + bytes([frame[-1] ^ 0x01])
        elif self.take("double"):
            frame += frame
        return self.noise(self.noise_bytes) + frame

    def noise(self, count: int) -> bytes:
        """Give stray bytes; none of them is DLE, ACK or NAK, for those would be more than noise."""
        strays = [byte for byte in range(256) if byte not in {0x06, 0x10, 0x15}]
        return bytes(self.dice.choices(strays, k=count))


@dataclass
class Controls(CardHolder):
    """How the next payments go, besides the card holder.

    decline_code    result code of a refusal (01 to 63: the bank's, PA00P015 chapter 10)
    """

    decline_code: int = HOST_DECLINES
    faults: Faults = field(default_factory=Faults)

    def reset(self) -> None:
        """End every plan and every fault."""
        for name, value in vars(Controls()).items():
            setattr(self, name, value)
