"""How a picture's rows are best divided into raster bands and feeds: with the fewest bytes on the wire. Pure.

A band has one width for all its rows, so it pays to end it where lines become narrower, and to feed what is blank.
"""

from __future__ import annotations

from typing import NamedTuple

BAND_ROWS = 24
BAND_BYTES = 1800
"""A band with its header, and what stands around it, fits into a window: of a head as wide as A4 it has 8 rows."""
INVERSE = bytes(range(255, -1, -1))
"""White is 1 in a picture; ink is 1 on the wire."""
LONGEST_FEED = 255
HEADER_BYTES, FEED_BYTES = 8, 3
COMMAND_BYTES = 4
"""What one more command costs besides its bytes: some printers stop the paper between two pictures."""


class Band(NamedTuple):
    """Rows ``start`` to ``end`` (exclusive), of ``width`` bytes; 0: blank."""

    start: int
    end: int
    width: int


def band_rows(stride: int) -> int:
    """Return how many rows of so many bytes a band has at most."""
    return max(1, min(BAND_ROWS, BAND_BYTES // max(1, stride)))


def divide(used: list[int], stride: int, *, feeds: bool, trims: bool) -> list[Band]:
    """Divide rows, of each of which the first ``used`` bytes have ink, into bands and blank runs.

    ``feeds``: blank rows can be fed; ``trims``: a band may be narrower than ``stride`` bytes. The cheapest division of all
    those whose bands end after 24 rows (fewer where they are wide) or where the width changes.
    """
    count, most = len(used), band_rows(stride)
    costs, last = [0, *[1 << 30] * count], [Band(0, 0, 0)] * (count + 1)
    for start in range(count):
        base = costs[start]
        if base == 1 << 30:
            continue
        if not used[start]:
            end = next((row for row in range(start, count) if used[row]), count)
            cost = base + _blank_cost(end - start, stride, feeds=feeds, trims=trims)
            if cost < costs[end]:
                costs[end], last[end] = cost, Band(start, end, 0)
            continue
        width, limit = 0, min(start + most, count)
        for row in range(start, limit):
            width = max(width, used[row]) if trims else stride
            end = row + 1
            if end < limit and used[end] == used[row]:
                continue
            cost = base + HEADER_BYTES + COMMAND_BYTES + width * (end - start)
            if cost < costs[end]:
                costs[end], last[end] = cost, Band(start, end, width)
    return _back(last)


def _back(last: list[Band]) -> list[Band]:
    found, end = [], len(last) - 1
    while end:
        found.append(last[end])
        end = last[end].start
    return found[::-1]


def _blank_cost(rows: int, stride: int, *, feeds: bool, trims: bool) -> int:
    if feeds:
        return -(-rows // LONGEST_FEED) * (FEED_BYTES + COMMAND_BYTES)
    header = HEADER_BYTES + COMMAND_BYTES
    return rows + -(-rows // LONGEST_FEED) * header if trims else rows * stride + -(-rows // band_rows(stride)) * header
