"""Which proofs are enough: signed data are authentic, with a chip that has its key they are genuine, a failed proof is nothing."""

from __future__ import annotations

from itertools import product

import pytest

from kiosk.domain.proof import Check, Proof

OUTCOMES = ("held", "failed", "not_offered", "not_checked")
CASES = [tuple(map(Check, outcomes)) for outcomes in product(OUTCOMES, repeat=3)]


@pytest.mark.parametrize("checks", CASES, ids=lambda checks: "-".join(check.outcome for check in checks))
def test_each_combination(checks: tuple[Check, Check, Check]):
    """Nothing is proven by a card with a failed proof, nor by a chip whose data nobody signed."""
    proof = Proof(*checks)
    outcomes = [check.outcome for check in checks]
    authentic = outcomes[0] == "held" and "failed" not in outcomes
    assert proof.failed == ("failed" in outcomes)
    assert proof.suffices("none")
    assert proof.suffices("authentic") == authentic
    assert proof.suffices("genuine") == (authentic and "held" in outcomes[1:])


def test_a_proof_says_all_it_knows():
    """The evidence in the journal names each proof, with its reason."""
    proof = Proof(Check("held", "sha1"), Check("failed", "it is a copy"))
    assert str(proof) == "passive held (sha1), active failed (it is a copy), chip not_checked"
