"""Not timed but bounded: millions of spoiled inputs through every parser. ``FUZZ=5000000 ./run bench fuzz`` for the whole.

Two processes take chunks of seeded changes, so a chunk comes back the same by its number. An input that raises something
else than the parser's own errors, takes too long, or makes the memory grow, ends the command with 1; the worst ones are
kept in build/fuzz. Pictures go through the decoder in its own process, which costs a start each: one input in five thousand.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import resource
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor

from msgspec import Struct

from hardware.card.portrait import LIMIT_S
from hardware.card.refusal import Refused
from kiosk.domain.faults import ProtocolError
from tests.benchmarks.measure import BUILD, Row
from tests.hardware.card.mutations import KINDS, changed
from tests.hardware.card.parsers import PARSERS, PICTURES

INPUTS = 1_000_000
CHUNK = 2_000
PICTURE, A_PICTURE_IN, PICTURE_CHUNK = "picture, in its own process", 5_000, 20
PROCESSES = 2
WARM_UP = 300
CHANGES_MAX = 4
SLOWEST_MS, HANGING_S, GROWTH_MB, CHILD_MB = 500.0, 10.0, 48.0, 400.0
ADDRESS_SPACE = 3 << 30
"""Bytes: beyond it an input that asks for memory without bounds fails, instead of the machine."""

KEPT = BUILD / "fuzz"


class Chunk(Struct, frozen=True):
    """So many inputs for one parser, made by one seed."""

    name: str
    number: int
    inputs: int


class Found(Struct):
    """What came of a chunk. Processor time where nothing else is said, since the machine may be busy; ``escaped``: errors that are nobody's."""

    name: str
    inputs: int = 0
    accepted: int = 0
    cpu_s: float = 0.0
    slowest_ms: float = 0.0
    escaped: list[str] = []
    grown_mb: float = 0.0
    child_mb: float = 0.0


class Hanging(BaseException):
    """An input has not come to its end."""


def measure() -> list[Row]:
    """Return a row for each parser and one for the memory. AssertionError where an error escaped."""
    inputs = int(os.environ.get("FUZZ", INPUTS))
    began = time.perf_counter()
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(PROCESSES, context, prepare) as pool:
        found = list(pool.map(run, chunks(inputs)))
    took_s = time.perf_counter() - began
    escaped = [f"{each.name}: {error}" for each in found for error in each.escaped]
    if escaped:
        raise AssertionError("\n".join((f"{len(escaped)} errors escaped; their inputs are in {KEPT}", *escaped[:20])))
    done = sum(each.inputs for each in found)
    return [
        *(row(name, [each for each in found if each.name == name]) for name in (*PARSERS, PICTURE)),
        Row("fuzz: inputs", done, "", note=f"{done / took_s:.0f} a second, {took_s:.0f} s"),
        Row("fuzz: memory of a picture's process at most", max(each.child_mb for each in found), "MB", CHILD_MB),
        Row("fuzz: memory grown, the worse process", max(each.grown_mb for each in found), "MB", GROWTH_MB),
    ]


def row(name: str, found: list[Found]) -> Row:
    """Return what one parser bore."""
    inputs, cpu_s = sum(each.inputs for each in found), sum(each.cpu_s for each in found)
    taken = sum(each.accepted for each in found)
    note = f"of {inputs} inputs; {inputs / cpu_s:.0f} a second; {taken} taken for good"
    return Row(f"fuzz: {name}, slowest input", max(each.slowest_ms for each in found), "ms", limit_of(name), note=note)


def chunks(inputs: int) -> Iterator[Chunk]:
    """Divide the inputs among the parsers by their shares."""
    shares = sum(parser.share for parser in PARSERS.values())
    for name, parser in PARSERS.items():
        yield from divided(name, -(-inputs * parser.share // shares), CHUNK)
    yield from divided(PICTURE, -(-inputs // A_PICTURE_IN), PICTURE_CHUNK)


def divided(name: str, inputs: int, size: int) -> Iterator[Chunk]:
    """Divide inputs into chunks."""
    for number, first in enumerate(range(0, inputs, size)):
        yield Chunk(name, number, min(size, inputs - first))


def prepare() -> None:
    """Make a process ready: everything imported and used once, its memory noted."""
    os.nice(5)
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
    signal.signal(signal.SIGPROF, on_hanging)
    for name in PARSERS:
        run(Chunk(name, -1, WARM_UP))
    global warm_kb  # noqa: PLW0603 - one number of one process, which nothing else could carry to the chunks
    warm_kb = peak_kb()


warm_kb = 0


def peak_kb() -> int:
    """Return the largest resident memory of this process so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def run(chunk: Chunk) -> Found:
    """Go through a chunk."""
    parser, clock = (PICTURES, time.perf_counter) if chunk.name == PICTURE else (PARSERS[chunk.name], time.thread_time)
    dice, limit_ms = random.Random(f"{chunk.name} {chunk.number}"), limit_of(chunk.name)
    found = Found(chunk.name, chunk.inputs)
    for _ in range(chunk.inputs):
        data = spoiled(dice, parser.seeds)
        began = clock()
        error = outcome(parser.read, data)
        took_s = clock() - began
        found.cpu_s += took_s
        found.slowest_ms = max(found.slowest_ms, took_s * 1000)
        found.accepted += error is None
        if isinstance(error, str):
            found.escaped.append(error)
            keep(f"{chunk.name} {chunk.number} {len(found.escaped)}", data)
        if took_s * 1000 > limit_ms:
            keep(f"{chunk.name} {chunk.number} slow", data)
    found.grown_mb = (peak_kb() - warm_kb) / 1024
    found.child_mb = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return found


def limit_of(name: str) -> float:
    """Return how long an input may take: processor time, but for pictures by the clock, the start of their process included."""
    return (LIMIT_S + 1) * 1000 if name == PICTURE else SLOWEST_MS


def spoiled(dice: random.Random, seeds: object) -> bytes:
    """Return a seed after up to four changes."""
    changes = [
        (dice.randrange(KINDS), dice.randrange(1 << 14), dice.getrandbits(32))
        for _ in range(dice.randint(0, CHANGES_MAX))
    ]
    return changed(dice.choice(seeds), changes)  # type: ignore[call-overload]


def outcome(read: Callable[[bytes], object], data: bytes) -> str | bool | None:
    """Return None where the input was taken, True where it was refused as it must be, else what escaped."""
    signal.setitimer(signal.ITIMER_PROF, HANGING_S)
    try:
        read(data)
    except (Refused, ProtocolError):
        return True
    except (Exception, Hanging) as error:  # noqa: BLE001 - this is what is looked for
        return f"{type(error).__name__}: {error}"[:300]
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    return None


def on_hanging(*_: object) -> None:
    """Break off."""
    raise Hanging(f"not at its end after {HANGING_S} s")


def keep(name: str, data: bytes) -> None:
    """Keep an input that is worth a test."""
    KEPT.mkdir(parents=True, exist_ok=True)
    (KEPT / f"{name.replace(' ', '-').replace('/', '-')}.bin").write_bytes(data)
