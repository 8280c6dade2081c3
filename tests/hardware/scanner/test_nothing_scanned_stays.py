"""What a scanner saw of a card becomes the key of the card and nothing else: names and lines stay nowhere in memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from hardware.card.sim_persons import PERSONS
from hardware.scanner.simulator import SimulatedScanner
from tests.memory import forms, masked

ROOT = Path(__file__).parents[3]
LIMIT_S = 120
CARD = msgspec.structs.replace(
    PERSONS["aygun"], name="canary", surname="QUXWOMBATOVA", given_names="ZYXJKLMNE", document_number="QZ7391846"
)
ZONE, INFORMATION = CARD.mrz(), CARD.mrz_information()
TEXTS = {"information": INFORMATION, "number": "QZ7391846", "surname": "QUXWOMBATOVA", "second line": ZONE[30:60]}


@pytest.mark.parametrize("way", ["serial", "wedge"])
def test_a_scan_leaves_its_key_alone_and_that_is_overwritten(way: str, tmp_path: Path):
    """While the key is held its own octets are found, and nothing else of the zone; once it is overwritten, nothing at all."""
    canaries = {name: octets.hex() for known, text in TEXTS.items() for name, octets in forms(text, known).items()}
    port = str(tmp_path / "scanner") if way == "serial" else ""
    scanner = SimulatedScanner(tmp_path / "scanner")
    scanner.start()
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.hardware.scanner.canary_scanner", port],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "KIVY_NO_ARGS": "1", "KIVY_NO_FILELOG": "1"},
    )
    try:
        assert child.stdin is not None
        assert child.stdout is not None
        order = {"canaries": canaries, "zone": "" if port else masked(ZONE.encode()).hex()}
        child.stdin.write(json.dumps(order) + "\n")
        child.stdin.flush()
        if port:
            assert child.stdout.readline() == "listening\n"
            scanner.do({"do": "type", "text": "".join(ZONE[at : at + 30] + "\r" for at in (0, 30, 60))})
        told = json.loads(child.communicate(timeout=LIMIT_S)[0])
    finally:
        child.kill()
        child.wait(LIMIT_S)
        scanner.stop()
    assert told["held"] == ["information in ascii", "number in ascii"]
    assert told["left"] == []
