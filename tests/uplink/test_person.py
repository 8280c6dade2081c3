"""Who stands at the kiosk, as the centre is told: the proof of the card, and never a picture."""

from __future__ import annotations

import msgspec
import pytest
from msgspec.structs import replace

from kiosk.domain.proof import Check, Proof
from kiosk.uplink import mapping
from tests.uplink.kiosk import AYGUN, a_certificate

PICTURE = b"\xff\xd8\xff" + b"portrait" * 40
GENUINE = Proof(Check("held", "sha1 of the data groups"), Check("not_offered"), Check("held"))


def sent(citizen: object) -> dict[str, object]:
    """What the wire carries of a submission's citizen."""
    request = mapping.submission_request(replace(a_certificate(), citizen=citizen), "K1")
    found: dict[str, dict[str, object]] = msgspec.json.decode(msgspec.json.encode(request))
    return found["citizen"]


def test_the_outcomes_and_the_level_go_along_and_no_detail() -> None:
    """What each proof came to and what follows from it; why one failed, or how weak a hash was, stays in the journal."""
    proof = sent(replace(AYGUN, proof=GENUINE))["proof"]
    assert proof == {"passive": "held", "active": "not_offered", "chip": "held", "level": "genuine"}


def test_a_kiosk_that_proves_nothing_says_nothing() -> None:
    """Without trust anchors the request is, byte for byte, what it was before there were proofs."""
    assert "proof" not in sent(AYGUN)
    assert sent(AYGUN)["document_number"] == "AA0000001"


@pytest.mark.parametrize("proof", [Proof(), GENUINE])
def test_a_picture_never_leaves(proof: Proof) -> None:
    """Of a citizen with a portrait exactly as much is sent as of one without."""
    assert sent(replace(AYGUN, proof=proof, portrait=PICTURE)) == sent(replace(AYGUN, proof=proof))
