"""Hostile cards and files: whatever they hold, only a refusal or a ProtocolError comes of it, and nothing holds that nobody signed."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hardware.card.refusal import Refused
from kiosk.domain.faults import ProtocolError
from tests.hardware.card.mutations import KINDS, PARSERS, Change, changed, nested

CHANGES = st.lists(st.tuples(st.integers(0, KINDS - 1), st.integers(0, 4095), st.integers(0, 2**32 - 1)), max_size=4)


@pytest.mark.parametrize("what", PARSERS)
def test_the_seeds_are_whole(what: str):
    """What the changes begin with is read without a fault: else they would end at the first byte."""
    read, seeds = PARSERS[what]
    for seed in seeds:
        read(seed)


@pytest.mark.parametrize("what", PARSERS)
@settings(max_examples=1200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 63), changes=CHANGES)
def test_only_refusals_come_of_changed_bytes(what: str, seed: int, changes: list[Change]):
    """A bit, a cut, a repetition, a length that lies: thousands of each, and no other exception, no forged content."""
    read, seeds = PARSERS[what]
    with suppress(Refused, ProtocolError):
        read(changed(seeds[seed % len(seeds)], changes))


@pytest.mark.parametrize("what", PARSERS)
@settings(max_examples=300, deadline=None)
@given(data=st.binary(max_size=300))
def test_only_refusals_come_of_noise(what: str, data: bytes):
    """Bytes that never were a file are refused likewise."""
    with suppress(Refused, ProtocolError):
        PARSERS[what][0](data)


@pytest.mark.parametrize("what", PARSERS)
@pytest.mark.parametrize("levels", [100, 3000])
def test_sequences_within_sequences_are_refused(what: str, levels: int):
    """Nesting deeper than any stack ends in a refusal too."""
    read, seeds = PARSERS[what]
    for tag in (b"", b"\x77", b"\x6e", b"\x6f"):
        deep = nested(seeds[0], levels)
        with suppress(Refused, ProtocolError):
            read(tag + b"\x82" + len(deep).to_bytes(3, "big")[-2:] + deep if tag else deep)
