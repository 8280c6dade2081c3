"""Data groups that the state signed and the card does not show: what is missing, what is not for us, what is only damaged."""

from __future__ import annotations

import pytest

from hardware.card.apdu import Command, Response
from kiosk.domain.faults import ProtocolError
from kiosk.domain.proof import Check
from tests.hardware.card import pki
from tests.hardware.card.proving_chip import ProvingChip
from tests.hardware.card.test_passive import DG1, STATE
from tests.hardware.card.test_proving import HELD, files_of, proof_of, refusal_of

DG11 = pki.tlv(0x6B, b"\x5f\x0e" + pki.tlv(0x04, "Məmmədova<<Aygün".encode())[1:])


@pytest.mark.parametrize("shown", [None, b"", b"\x6b"], ids=["missing", "empty", "cut off"])
def test_a_copy_that_hides_the_details_is_refused(shown: bytes | None):
    """A signed EF.DG11 that the card does not show, or not whole, was taken away: the zone's names do not take its place."""
    files = {**files_of({1: DG1}, STATE.sod({1: DG1, 11: DG11})), **({} if shown is None else {11: shown})}
    assert "EF.DG11 was signed and is missing" in refusal_of(ProvingChip(files))
    assert proof_of(ProvingChip(files_of({1: DG1}))).passive == HELD


def refusing(status: int) -> ProvingChip:
    """Return a genuine card that answers with a status where EF.DG11 is to be read."""
    chip = ProvingChip(files_of({1: DG1, 11: DG11}))
    carried_out = chip.carry_out
    kept = (Command(0x00B08B00, le=4), Command(0x00A4020C, b"\x01\x0b"))
    chip.carry_out = lambda told: Response(b"", status) if told in kept else carried_out(told)  # type: ignore[method-assign]
    return chip


def test_details_that_are_not_for_us_are_told():
    """A card may keep EF.DG11 for those with more rights (6982): it is genuine, and the proof says what was not seen."""
    assert proof_of(refusing(0x6982)).passive == Check("held", "EF.DG11 is not for us to read")


def test_details_that_cannot_be_read_leave_nothing_known():
    """Another status is a trouble of the card, and no verdict: neither genuine nor a copy."""
    with pytest.raises(ProtocolError, match="6F00"):
        proof_of(refusing(0x6F00))
