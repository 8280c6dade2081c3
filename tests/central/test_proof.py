"""A service may ask for an ID card that is proven to be genuine; the centre refuses what proves less."""

from __future__ import annotations

import json
from typing import Any

import httpx
import msgspec
import pytest
import sqlalchemy as sa
from msgspec.structs import replace

from central import proofs
from central.catalogue import catalogue
from central.edge import fingerprint, is_repeat
from central.schema import submissions
from central.store import Store
from kiosk.domain.proof import LEVELS
from kiosk.uplink.messages import Catalogue, SubmissionRequest
from tests.central.requests import AYGUN, certificate, payment, problem, quote, reference, submit
from tests.central.server import RunningCentral

HELD, NONE = "held", "not_offered"
PROOFS: dict[str, dict[str, str] | None] = {
    "untold": None,
    "none": {"passive": "failed", "active": HELD, "chip": HELD, "level": "none"},
    "authentic": {"passive": HELD, "active": NONE, "chip": NONE, "level": "authentic"},
    "genuine": {"passive": HELD, "active": "not_checked", "chip": HELD, "level": "genuine"},
}
REACHES = {"untold": "none", "none": "none", "authentic": "authentic", "genuine": "genuine"}
HOUSE = {"customer_number": "104558210"}


@pytest.fixture
def asking(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Let every service ask for a level, as services.toml would."""
    known = catalogue()

    def ask(level: Any) -> None:
        services = [replace(entry, level=level) for entry in known.services]
        monkeypatch.setattr(proofs, "catalogue", lambda: Catalogue(known.version, services))

    return ask


def shown(name: str) -> dict[str, Any]:
    proof = PROOFS[name]
    return AYGUN if proof is None else {**AYGUN, "proof": proof}


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("name", PROOFS)
def test_a_free_service_is_given_to_who_proves_enough(http: httpx.Client, asking: Any, level: str, name: str) -> None:
    """Less than the service asks for is proof-insufficient and carries nothing out; as much or more is carried out."""
    asking(level)
    response = submit(http, certificate(reference(), citizen=shown(name)))
    if LEVELS.index(REACHES[name]) >= LEVELS.index(level):  # type: ignore[arg-type]
        assert response.status_code == 201
    else:
        assert (response.status_code, problem(response)) == (403, "proof-insufficient")


def test_a_bill_is_refused_before_anything_is_paid(http: httpx.Client, asking: Any) -> None:
    """The quote asks for the proof, so that nobody pays for what is refused afterwards; without a card nothing is proven."""
    asking("authentic")
    request = {"service": "electricity", "answers": HOUSE}
    for citizen in ({}, {"citizen": shown("untold")}, {"citizen": shown("none")}):
        assert problem(http.post("/v1/quotes", json=request | citizen)) == "proof-insufficient"
    assert http.post("/v1/quotes", json=request | {"citizen": shown("genuine")}).status_code == 200


def test_money_that_is_in_is_booked_whatever_is_proven(http: httpx.Client, asking: Any) -> None:
    """A bill that was quoted before the service began to ask for proofs is settled: money is never refused."""
    bill = quote(http, "electricity", **HOUSE).json()
    asking("genuine")
    assert submit(http, payment(reference(), bill, "electricity", **HOUSE)).status_code == 201


def test_a_level_that_does_not_follow_is_malformed(http: httpx.Client) -> None:
    """Nobody is genuine whose data are not proven, whoever says so."""
    proof = {"passive": "not_checked", "active": HELD, "chip": HELD, "level": "genuine"}
    response = submit(http, certificate(reference(), citizen={**AYGUN, "proof": proof}))  # type: ignore[dict-item]
    assert (response.status_code, problem(response)) == (400, "malformed")
    odd = {"passive": "perhaps", "level": "none"}
    assert problem(submit(http, certificate(reference(), citizen={**AYGUN, "proof": odd}))) == "malformed"  # type: ignore[dict-item]


def test_a_repeat_is_the_same_request_whatever_is_proven_by_then(http: httpx.Client, asking: Any) -> None:
    """A request that was answered gets the same answer again from a kiosk that tells its proofs since, and to a stricter service."""
    body = certificate(reference(), citizen=shown("untold"))
    first = submit(http, body)
    asking("genuine")
    assert submit(http, body).content == first.content
    assert submit(http, body | {"citizen": shown("authentic")}).content == first.content


def test_so_it_is_whatever_is_proven_of_the_second_card() -> None:
    """What the card of the person asked about proves is no more a part of what is asked; who that is, is."""

    def asked(subject: dict[str, Any]) -> bytes:
        body = certificate("AGALI-1-000001", citizen=shown("genuine")) | {"subject": subject}
        return fingerprint(msgspec.convert(body, SubmissionRequest))

    assert asked(shown("untold")) == asked(shown("authentic")) == asked(shown("genuine"))
    assert asked({**shown("genuine"), "personal_number": "4NRY7K3"}) != asked(shown("genuine"))


OLDER = bytes.fromhex("0ad35c060887256d5e69d71485093a466c6da25625092c3413b3d75ccc633727")
"""What an older program kept of the request below: it left out what the citizen's card had proven, not what the second had."""


def test_a_repeat_after_an_upgrade_is_the_same_request() -> None:
    """A request whose answer was lost before the centre was upgraded is no other one after it; another person is."""

    def asked(**changed: str) -> SubmissionRequest:
        people = {"citizen": shown("untold"), "subject": shown("genuine") | changed}
        return msgspec.convert(certificate("AGALI-1-000001") | people, SubmissionRequest)

    assert is_repeat(OLDER, asked())
    assert is_repeat(fingerprint(asked()), asked())
    assert not is_repeat(OLDER, asked(personal_number="4NRY7K3"))


def test_what_was_proven_is_kept_with_the_request(http: httpx.Client, central: RunningCentral) -> None:
    """Whoever looks into a submission later sees what the card had proven."""
    body = certificate(reference(), citizen=shown("genuine"))
    assert submit(http, body).status_code == 201
    assert kept_proof(central, body["reference"]) == PROOFS["genuine"]


def kept_proof(central: RunningCentral, key: str) -> Any:
    store = Store(central.database)
    with store.read() as connection:
        body = connection.execute(sa.select(submissions.c.body).where(submissions.c.key == key)).scalar_one()
    store.close()
    return json.loads(body)["citizen"]["proof"]


def test_the_catalogue_says_what_must_be_proven(http: httpx.Client) -> None:
    """A kiosk can learn what a service asks for; today's services ask for nothing."""
    services = http.get("/v1/catalogue").json()["services"]
    assert {entry["level"] for entry in services} == {"none"}
