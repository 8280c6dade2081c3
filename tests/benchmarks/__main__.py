"""``python -m tests.benchmarks`` (``./run bench``): every measurement, one after another, as a table and as build/bench.json."""

from __future__ import annotations

import argparse
import compileall
import json
import os
import platform
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import msgspec

from tests.benchmarks.measure import BUILD, Row

PARTS = ("journal", "paper", "card", "proof", "terminal", "money", "kiosk")
ONLY_IF_NAMED = ("line", "kills", "fuzz")
"""Sweeps that take minutes."""
GATES = ("fuzz",)
"""Always strict: a limit that is not kept there is a defect, not a slow machine."""
SOURCES = ("kiosk", "hardware", "screens", "central")
KEPT = {True: "yes", False: "NO", None: ""}
TITLES = ("name", "value", "unit", "limit", "kept", "")


def main(arguments: list[str] | None = None) -> int:
    """Measure and tell. Exit status 0, or 1 when a limit is not kept: with --strict, and always for the fuzzing."""
    parser = argparse.ArgumentParser(prog="./run bench", description="Measure the kiosk on this machine.")
    known = (*PARTS, *ONLY_IF_NAMED)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"only these: {', '.join(known)}")
    parser.add_argument("--strict", action="store_true", help="exit with 1 when a limit is not kept")
    options = parser.parse_args(arguments)
    unknown = [part for part in options.parts if part not in known]
    if unknown:
        parser.error(f"{unknown[0]}: expected some of {', '.join(known)}")
    for source in SOURCES:  # as the installer does: a start is measured, not a compiler
        compileall.compile_dir(source, quiet=1)
    rows = []
    for part in options.parts or PARTS:
        sys.stderr.write(f"bench: {part}\n")
        rows += import_module(f"tests.benchmarks.{part}").measure()
    sys.stdout.write(table(rows))
    BUILD.mkdir(exist_ok=True)
    path = BUILD / "bench.json"
    path.write_text(json.dumps({"rows": list(map(told, rows)), "machine": machine()}, indent=2) + "\n", "utf-8")
    missed = sum(row.kept is False for row in rows)
    sys.stdout.write(
        f"{missed} limits are not kept; details in {path}\n" if missed else f"all limits are kept; details in {path}\n"
    )
    return 1 if missed and (options.strict or set(options.parts) & set(GATES)) else 0


def table(rows: list[Row]) -> str:
    """Return the rows as aligned lines."""
    cells = [TITLES, *((row.name, number(row.value), row.unit, limit(row), KEPT[row.kept], row.note) for row in rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(TITLES))]
    right = (False, True, False, True, False, False)
    lines = (
        "  ".join(
            text.rjust(width) if rightwards else text.ljust(width)
            for text, width, rightwards in zip(line, widths, right, strict=True)
        )
        for line in cells
    )
    return "".join(line.rstrip() + "\n" for line in lines)


def number(value: float) -> str:
    """Return a number with three meaningful digits."""
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"


def limit(row: Row) -> str:
    """Return a row's limit with its direction."""
    return "" if row.limit is None else f"{'>=' if row.at_least else '<='} {row.limit:g}"


def told(row: Row) -> dict[str, Any]:
    """Return a row for the file."""
    return {**msgspec.structs.asdict(row), "kept": row.kept}


def machine() -> dict[str, Any]:
    """Say what was measured on, so that numbers of different machines are not compared."""
    info = Path("/proc/cpuinfo").read_text("utf-8", errors="replace")
    model = next(
        (line.partition(":")[2].strip() for line in info.splitlines() if line.startswith(("model name", "Model"))), ""
    )
    return {
        "processor": model or platform.machine(),
        "cores": os.cpu_count(),
        "kernel": platform.release(),
        "python": platform.python_version(),
        "load_before": round(LOAD_BEFORE[0], 2),
    }


LOAD_BEFORE = os.getloadavg()

if __name__ == "__main__":
    sys.exit(main())
