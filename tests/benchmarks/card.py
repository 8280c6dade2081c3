"""The ID card through pyscard, pcscd and the virtual reader: what the driver adds to carrying the same APDUs.

whole   the driver, from the digits to a proven citizen, less the time in which the simulated chip thinks
floor   the same commands and responses played back through the same pcscd by a loop without any cryptography, in turns
        with the whole, so that a busy machine is as busy for both, and less the same pauses for thought
PACE    its arithmetic on the terminal's side, in each reading by itself: what runs between its commands
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from hardware.card import pace
from hardware.card.apdu import Command, Response, Transmit
from hardware.card.dialogue import offered_pace
from hardware.card.driver import CardSettings, open_driver
from hardware.card.portrait import Decoder
from hardware.card.sim_chip import Chip
from hardware.card.sim_persons import PERSONS
from hardware.card.sim_photo import face_group
from hardware.card.sim_profile import CardProfile
from hardware.card.virtual_reader import VirtualReader
from kiosk.domain.citizen import Citizen
from kiosk.domain.secret import Secret
from kiosk.lean import settle
from tests.benchmarks.measure import Row, median, timed_ms
from tests.benchmarks.playback import Playback, Recorded, lying_in, replay
from tests.hardware.card.trust import imported

READS = 25
"""Each. Where others use the machine too the least values tell more than the medians, so both are told."""
RATIO = 1.5
PHOTO_BYTES = 12_000
READING_S = 0.5
CAN = "123456"
LENGTHS: dict[str, dict[str, Any]] = {"short": {}, "extended": {"extended": True, "max_read": 8192}}
PLAIN = {"active": "none", "chip_curve": ""}
"""No proof of the chip: its cost is a protocol of its own."""


def measure() -> list[Row]:
    """Return four lines of the table, each in four rows, and PACE by itself."""
    with tempfile.TemporaryDirectory(prefix="kb-") as name, VirtualReader(Path(name) / "r") as reader:
        os.environ["PCSCLITE_CSOCK_NAME"] = str(reader.socket_path)
        trust = imported(Path(name))
        pace_runs = [pace_ms() for _ in range(READS)]
        rows = [
            Row(
                "card: PACE arithmetic of the terminal, brainpoolP256r1, chip in memory",
                median(pace_runs),
                "ms",
                note=f"least {min(pace_runs):.1f}, processor time",
            ),
            Row(
                "card: a picture decoded, its process started before",
                median([picture_ms() for _ in range(READS)]),
                "ms",
            ),
        ]
        for with_face in (False, True):
            for length, fields in LENGTHS.items():
                groups = (1, 2) if with_face else (1,)
                profile = replace(PERSONS["aygun"], data_groups=groups, photo_bytes=PHOTO_BYTES, **PLAIN, **fields)
                settings = CardSettings(reader=reader.reader_name, trust=trust, portrait=with_face)
                what = f"card: PACE, DG1, SOD, PA{', DG2 of 12 kB' if with_face else ''}, {length}"
                rows += rows_of(what, reader, profile, settings)
    return rows


def rows_of(what: str, reader: VirtualReader, profile: CardProfile, settings: CardSettings) -> list[Row]:
    """Return whole, floor, and what the driver adds, for one kind of card. The picture is read and proven, not decoded."""
    chip = Recorded(Chip(profile))
    driver = open_driver(settings)
    driver._decoder = lambda: nullcontext((lambda _: b"") if settings.portrait else None)  # type: ignore[method-assign]
    try:
        with lying_in(reader, 0, chip):
            read(driver)  # the first one asks the card for its buffers, and imports
            host_ms(driver, chip)
            pairs = chip.pairs
            with lying_in(reader, 1, playback := Playback(chip.atr, pairs)) as other:
                settle()
                both = [(*host_ms(driver, chip), floor_ms(other, playback, chip)) for _ in range(READS)]
    finally:
        driver.close()
    whole, arithmetic, floor = zip(*both, strict=True)
    added = [each - own for each, own in zip(whole, arithmetic, strict=True)]
    ratio, at_rest = (how(added) / how(floor) for how in (median, min))
    carried = sum(len(command) + len(answer) for command, answer in pairs)
    note = f"{len(pairs)} APDUs, {carried} bytes; the chip's time is not in it"
    return [
        Row(f"{what}: whole", median(whole), "ms", note=f"least {min(whole):.1f}; {note}"),
        Row(f"{what}: PACE arithmetic in it", median(arithmetic), "ms", note=f"least {min(arithmetic):.1f}"),
        Row(f"{what}: floor", median(floor), "ms", note=f"least {min(floor):.1f}"),
        Row(f"{what}: (whole - PACE) / floor", ratio, "", RATIO, note=f"{at_rest:.2f} of the least ones"),
    ]


def host_ms(driver: Any, chip: Recorded) -> tuple[float, float]:
    """Return how long one reading took without the chip's share, and the arithmetic of PACE in that."""
    chip.forget()
    with arithmetic_of_pace() as spent_ms:
        began = time.perf_counter()
        read(driver)
        return (time.perf_counter() - began) * 1000 - sum(chip.thoughts_ms), sum(spent_ms)


def floor_ms(slot: str, playback: Playback, chip: Recorded) -> float:
    """Return how long the same APDUs take without cryptography, less the pauses, which are the chip's of a moment ago."""
    playback.thoughts_ms, playback.thought_ms = chip.thoughts_ms, 0.0
    commands = [list(command) for command, _ in chip.pairs]
    return timed_ms(lambda: replay(slot, commands), 1)[0] - playback.thought_ms


@contextmanager
def arithmetic_of_pace() -> Iterator[list[float]]:
    """Give a list to which every run of PACE adds how long it took without its commands."""
    spent_ms: list[float] = []
    run = pace.run

    def timed(transmit: Transmit, *others: Any, **named: Any) -> pace.Opened:
        def timed_transmit(command: Command) -> Response:
            began = time.perf_counter()
            try:
                return transmit(command)
            finally:
                spent_ms.append((began - time.perf_counter()) * 1000)

        began = time.perf_counter()
        try:
            return run(timed_transmit, *others, **named)
        finally:
            spent_ms.append((time.perf_counter() - began) * 1000)

    pace.run = timed
    try:
        yield spent_ms
    finally:
        pace.run = run


def read(driver: Any) -> None:
    """Read the citizen, who must be proven."""
    found = driver.read_citizen(Secret(CAN))
    if not isinstance(found, Citizen) or found.proof.level != "authentic":
        raise TypeError(found)


def pace_ms() -> float:
    """Return how long the terminal calculates in one run of PACE, in processor time."""
    chip, thought_s = Chip(PERSONS["aygun"]), 0.0

    def transmit(command: Command) -> Response:
        nonlocal thought_s
        began = time.thread_time()
        answer = chip.process(command.to_bytes())
        thought_s += time.thread_time() - began
        return Response.from_bytes(answer)

    info = offered_pace(transmit)
    thought_s = 0.0
    began = time.thread_time()
    pace.run(transmit, info, Secret(CAN))
    return (time.thread_time() - began - thought_s) * 1000


def picture_ms() -> float:
    """Return how long a picture takes in a decoder that had the time of a reading to get ready."""
    with Decoder() as decoder:
        content = face_group("AA0000001", "F", "jpeg2000", PHOTO_BYTES)
        time.sleep(READING_S)
        began = time.perf_counter()
        decoder.portrait_of(content)
        return (time.perf_counter() - began) * 1000
