"""The card terminal's line: how fast frames are found in recorded traffic, whole, damaged and in random pieces."""

from __future__ import annotations

import random
import time
from collections.abc import Iterable, Iterator

from hardware.terminal.apdu import decode_apdu
from hardware.terminal.bmp import parse_fields
from hardware.terminal.frame import Frame, FrameDecoder
from tests.benchmarks.measure import Row
from tests.hardware.terminal.traffic import damaged, recorded

BYTES = 10_000_000
READ_BYTES = 4096
"""What the link reads at once."""


def measure() -> list[Row]:
    """Return megabytes (10^6 bytes) of line per second of processor."""
    line = recorded(BYTES)
    apdus = [token.apdu for token in FrameDecoder().feed(line) if isinstance(token, Frame)]
    return [
        Row("terminal: frame decoder, recorded traffic", rate(pieces(line)), "MB/s", 5, at_least=True),
        Row("terminal: frame decoder, 10 MB of it damaged", rate(ragged(damaged(line))), "MB/s", note="pieces of any size"),
        Row("terminal: fields of the same APDUs", fields_rate(apdus), "MB/s"),
    ]  # fmt: skip


def rate(read: Iterable[bytes]) -> float:
    """Decode all of it."""
    decoder, count, began = FrameDecoder(), 0, time.process_time()
    for piece in read:
        decoder.feed(piece)
        count += len(piece)
    return count / (time.process_time() - began) / 1e6


def fields_rate(apdus: list[bytes]) -> float:
    """Read the fields of all of them."""
    began = time.process_time()
    for apdu in apdus:
        parse_fields(decode_apdu(apdu).data)
    return sum(map(len, apdus)) / (time.process_time() - began) / 1e6


def pieces(line: bytes) -> Iterator[bytes]:
    """Yield what single reads of a busy line give."""
    return (line[start : start + READ_BYTES] for start in range(0, len(line), READ_BYTES))


def ragged(line: bytes) -> Iterator[bytes]:
    """Yield pieces of one byte to a whole read."""
    dice, start = random.Random(4), 0
    while start < len(line):
        size = dice.randint(1, READ_BYTES)
        yield line[start : start + size]
        start += size
