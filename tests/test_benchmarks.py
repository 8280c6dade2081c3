"""What measures and what fuzzes is seldom run: that it can start at all is tested here."""

from __future__ import annotations

import subprocess
import sys
from contextlib import suppress

import pytest

from hardware.card.refusal import Refused
from kiosk.domain.faults import ProtocolError
from tests.benchmarks.__main__ import ONLY_IF_NAMED, PARTS
from tests.hardware.card.parsers import HOLDERS, PARSERS, read_holder

IMPORTING = "import importlib, sys\nfor name in sys.argv[1:]: assert importlib.import_module(name).measure"


def test_every_benchmark_can_be_started():
    """Each part of ``./run bench`` is imported without a fault and has what is called of it, in a process of their own."""
    names = [f"tests.benchmarks.{part}" for part in (*PARTS, *ONLY_IF_NAMED)]
    done = subprocess.run([sys.executable, "-c", IMPORTING, *names], capture_output=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr.decode()[-2000:]


@pytest.mark.parametrize("name", PARSERS)
def test_what_is_fuzzed_can_be_called(name: str):
    """Every example that fuzzing spoils is read or refused by its parser as it is: nothing else comes of it."""
    for seed in PARSERS[name].seeds:
        with suppress(Refused, ProtocolError):
            PARSERS[name].read(seed)


@pytest.mark.parametrize("holder", HOLDERS, ids=["zone", "details"])
def test_fuzzing_reaches_the_proof(holder: bytes):
    """A card that nothing has spoiled is read and proven to its end: what is spoiled then meets all that reads it."""
    read_holder(holder)
