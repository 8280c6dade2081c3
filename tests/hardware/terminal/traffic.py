"""Recorded traffic as it stands on a line, and the same with what lines and hostile devices do to it."""

from __future__ import annotations

import random

from tests.hardware.terminal import frames
from tests.hardware.terminal.peer import ACK, frame

APDUS = (
    frames.VALINA_APPROVED, frames.DECLINED, frames.ABORTED_STATUS, frames.ABORT, frames.ABORT_WITH_TEXT, frames.REGISTERED,
    frames.CARD_INSIDE, frames.PLEASE_WAIT, frames.INSERT_CARD, frames.PRINT_BLOCK,
)  # fmt: skip
FRAMES = (*map(bytes.fromhex, frames.SERIAL.values()), *map(frame, APDUS))
"""Each good by the CRC of somebody else than the decoder."""

EVERY_BYTES = 200
"""One damage in so many."""


def recorded(count: int) -> bytes:
    """Return so many bytes of frames, each acknowledged."""
    once = b"".join(each + ACK for each in FRAMES)
    return (once * (count // len(once) + 1))[:count]


def damaged(line: bytes, seed: int = 0x5A56) -> bytes:
    """Return a line of the same length on which bytes are lost, turned, doubled, swapped for noise and for starts of frames."""
    dice = random.Random(seed)
    made, at = bytearray(), 0
    while len(made) < len(line):
        step = dice.randint(1, 2 * EVERY_BYTES)
        made += line[at : at + step]
        at = (at + step + dice.choice((0, 1, 7))) % len(line)
        made += dice.choice((b"", b"\x10", b"\x10\x02", b"\x10\x03", b"\x15", dice.randbytes(dice.randint(1, 40))))
        if dice.random() < 0.3 and made:
            made[-1] ^= 1 << dice.randrange(8)
    return bytes(made[: len(line)])
