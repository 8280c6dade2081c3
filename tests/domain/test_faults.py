"""Faults carry their evidence, and no more of it than anybody reads."""

from __future__ import annotations

import pytest

from kiosk.domain.faults import EVIDENCE_LENGTH_MAX, DeviceFault, DeviceSilent, ProtocolError


@pytest.mark.parametrize("fault", [DeviceFault, DeviceSilent, ProtocolError])
def test_long_evidence_is_cut(fault: type[DeviceFault]):
    """Whatever a device sends, what is kept of it has its beginning, tells how long it was, and is never long itself."""
    told = str(fault("beginning " + "x" * 600_000))
    assert told.startswith("beginning xxx")
    assert told.endswith("(600010 characters)")
    assert len(told) == EVIDENCE_LENGTH_MAX


def test_other_evidence_stays_whole():
    """Up to the limit nothing is changed."""
    for evidence in ("", "no answer", "x" * EVIDENCE_LENGTH_MAX):
        assert str(DeviceFault(evidence)) == evidence
