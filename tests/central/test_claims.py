"""Money that staff must look after."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx

from tests.central.requests import problem, reference
from tests.central.server import RunningCentral


def a_claim(ref: str) -> dict[str, Any]:
    return {
        "reference": ref,
        "kiosk": "K1",
        "kind": "unresolved",
        "service": "electricity",
        "amount": {"minor": 2400},
        "evidence": "the line was cut after the amount was sent",
        "made_at_ms": 1_790_000_000_000,
    }


def file(http: httpx.Client, body: dict[str, Any]) -> httpx.Response:
    return http.post("/v1/claims", json=body, headers={"Idempotency-Key": body["reference"]})


def test_a_claim_is_taken_in_once(http: httpx.Client, central: RunningCentral) -> None:
    """Four equal claims at once are one open claim with its amount and kind."""
    body = a_claim(reference())
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: file(http, body), range(4)))
    assert {answer.status_code for answer in answers} == {201}
    assert answers[0].json()["state"] == "open"
    found = [entry for entry in central.ledger() if entry["reference"] == body["reference"]]
    assert [(entry["entry"], entry["amount_minor"], entry["outcome"]) for entry in found] == [
        ("claim", 2400, "unresolved")
    ]


def test_a_claim_about_an_unknown_service_is_taken_in(http: httpx.Client) -> None:
    """Money in doubt is never turned away for what it was meant for."""
    assert file(http, a_claim(reference()) | {"service": "fishing"}).status_code == 201


def test_a_claims_key_is_its_own(http: httpx.Client) -> None:
    """The same key with another amount is key-reused; a negative amount is malformed."""
    body = a_claim(reference())
    assert file(http, body).status_code == 201
    assert problem(file(http, body | {"amount": {"minor": 2500}})) == "key-reused"
    assert problem(file(http, a_claim(reference()) | {"amount": {"minor": -1}})) == "malformed"


def test_a_sale_to_be_registered_by_hand_is_open_and_no_matter(http: httpx.Client, central: RunningCentral) -> None:
    """An unregistered sale waits for staff, and nobody is found under its code: the payment is another matter."""
    body = a_claim(reference()) | {"kind": "unregistered", "evidence": "K-1: cash 0, card 40; offline: code 604"}
    assert file(http, body).json()["state"] == "open"
    assert [row["outcome"] for row in central.ledger() if row["reference"] == body["reference"]] == ["unregistered"]
    assert problem(http.post("/v1/matters", json={"code": body["reference"]})) == "unknown-account"


def test_a_collection_is_a_record_and_no_matter(http: httpx.Client, central: RunningCentral) -> None:
    """A cash box taken out is recorded as settled, once, and nobody is found under its code."""
    body = a_claim(reference()) | {"kind": "collection", "service": "", "evidence": "journal 1x500 = 500; not counted"}
    assert [file(http, body).json()["state"] for _ in range(2)] == ["settled", "settled"]
    found = [entry for entry in central.ledger() if entry["reference"] == body["reference"]]
    assert [entry["outcome"] for entry in found] == ["collection"]
    assert problem(http.post("/v1/matters", json={"code": body["reference"]})) == "unknown-account"
