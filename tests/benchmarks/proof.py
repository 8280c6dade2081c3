"""Proving a card: how long the kiosk's own part takes, and what hostile bytes cost in time and memory."""

from __future__ import annotations

import random
import time
import tracemalloc
from contextlib import suppress

from hardware.card.passive import authenticate, parse_security_object
from hardware.card.refusal import Refused
from kiosk.domain.faults import ProtocolError
from tests.benchmarks.measure import Row, median, timed_ms
from tests.hardware.card.mutations import ANCHORS, KINDS, PARSERS, STATE, STATES, changed
from tests.hardware.card.pki import NOW
from tests.hardware.card.test_passive import FILES

REPEATS = 50
INPUTS = 20_000
"""Hostile inputs for each parser."""

SLOWEST_MS, MEMORY_MB = 500.0, 64.0


def measure() -> list[Row]:
    """Return the times of whole proofs, then the worst of many hostile inputs."""
    rows = []
    for name, state in (("P-256", STATE), ("RSA-2048", STATES[0])):
        sod = state.sod(FILES)
        took = timed_ms(lambda sod=sod: authenticate(parse_security_object(sod), FILES, ANCHORS, NOW, "AZE"), REPEATS)
        rows.append(Row(f"proof: passive authentication, {name}", median(took), "ms", 50.0))
    rows += [_hostile(what) for what in PARSERS]
    tracemalloc.start()
    for what in PARSERS:
        _hostile(what, INPUTS // 20)
    rows.append(Row("proof: hostile inputs, peak memory", tracemalloc.get_traced_memory()[1] / 1e6, "MB", MEMORY_MB))
    tracemalloc.stop()
    return rows


def _hostile(what: str, inputs: int = INPUTS) -> Row:
    read, seeds = PARSERS[what]
    dice = random.Random(what)
    slowest_ms = 0.0
    for _ in range(inputs):
        changes = [
            (dice.randrange(KINDS), dice.randrange(4096), dice.getrandbits(32)) for _ in range(dice.randrange(5))
        ]
        data = changed(dice.choice(seeds), changes)
        began = time.perf_counter()
        with suppress(Refused, ProtocolError):
            read(data)
        slowest_ms = max(slowest_ms, (time.perf_counter() - began) * 1000)
    return Row(f"proof: {inputs} hostile inputs as {what}, slowest", slowest_ms, "ms", SLOWEST_MS)
