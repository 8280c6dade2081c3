"""Not timed: every kind of fault at many bytes of a longer paper, on both kinds of printer. ``./run bench line`` takes some minutes."""

from __future__ import annotations

import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from hardware.line import KINDS, Fault
from hardware.printer import encode as encoding
from hardware.printer.profiles import ProfileName
from kiosk.domain.receipt import Printed
from tests.benchmarks.measure import Row
from tests.hardware.printer.bad_line import FIRST, Seen, a_world, lengths

AT_ONCE = 16
PRINTERS: tuple[tuple[str, ProfileName, int], ...] = (("epson", "generic-80", 2048), ("clone", "clone-80", 100))
"""Model, profile, bytes of a window: the paper in one window, cut included; each line of it in one of its own."""
TELLING = ("delay", "cut")


def measure() -> list[Row]:
    """Return how often Printed was said of a paper that is not whole, and how many papers were stranded behind a fault."""
    rows = []
    for model, profile, window in PRINTERS:
        seen = swept(model, profile, window)
        said = [(fault, one) for fault, one in seen if one is not None and isinstance(one.outcome, Printed)]
        untrue = [fault for fault, one in said if fault.kind in TELLING and not one.whole]
        spoilt = [fault for fault, one in said if fault.kind not in TELLING and one.lines < len(FIRST.lines)]
        stuck = sum(one is None for _, one in seen)
        name = f"faults on the line, {model}"
        rows += [
            Row(f"{name}: papers", len(seen), ""),
            Row(f"{name}: Printed and not whole, no byte damaged", len(untrue), "", 0),
            Row(f"{name}: Printed with dots spoilt unseen", len(spoilt), "", note="no check sums in ESC/POS"),
            Row(
                f"{name}: no paper afterwards", stuck, "", 0 if model == "epson" else None, note="until it is restarted"
            ),
        ]
    return rows


def swept(model: str, profile: ProfileName, window: int) -> list[tuple[Fault, Seen | None]]:
    """Print with every fault; None: the printer did not come back by itself. AssertionError: dots on another's paper."""
    before, encoding.windows.__defaults__ = encoding.windows.__defaults__, (window,)
    try:
        with tempfile.TemporaryDirectory(prefix="kb-") as name:
            folder = Path(name)
            passed = lengths(folder / "recorded", model, profile)
            faults = [Fault(kind, way, at, 0.1) for kind in KINDS for way in passed for at in range(passed[way])]  # type: ignore[arg-type]
            shares = [(folder / str(number), faults[number::AT_ONCE]) for number in range(AT_ONCE)]
            with ThreadPoolExecutor(AT_ONCE) as pool:
                return [
                    row for share in pool.map(lambda share: judged(*share, model, profile), shares) for row in share
                ]
    finally:
        encoding.windows.__defaults__ = before


def judged(folder: Path, faults: list[Fault], model: str, profile: ProfileName) -> list[tuple[Fault, Seen | None]]:
    """Judge one after another; a printer that is stuck is switched off and on."""
    with a_world(folder, model, profile) as world:
        return [(fault, world.judge_patiently(fault)) for fault in faults]
