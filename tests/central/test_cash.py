"""Paid in notes: what the order gets, where the surplus goes, and what does not add up."""

from __future__ import annotations

from typing import Any

import httpx

from tests.central.requests import payment, problem, quote, reference, submit
from tests.central.server import RunningCentral

HOUSE = {"customer_number": "104570009"}


def in_notes(http: httpx.Client, surplus_minor: int, to: str) -> tuple[dict[str, Any], int]:
    """Return a submission that pays a bill in one note of the amount due and one of the surplus, and the amount due."""
    bill = quote(http, "electricity", **HOUSE).json()
    body, due = payment(reference(), bill, "electricity", **HOUSE), bill["total"]["minor"]
    del body["payment"]
    values = [due, surplus_minor] if surplus_minor else [due]
    notes = [{"uid": f"{body['reference']}-N{k + 1}", "value": {"minor": value}} for k, value in enumerate(values)]
    amounts = {"total": {"minor": due + surplus_minor}, "surplus": {"minor": surplus_minor}}
    return body | {"cash": {"notes": notes, **amounts, "surplus_to": to}}, due


WRONG: tuple[dict[str, Any], ...] = (
    {"surplus_to": ""},
    {"total": {"minor": 1}},
    {"surplus": {"minor": 0}},
    {"surplus": {"minor": 499}},
    {"notes": []},
)


def test_a_surplus_for_a_claim_is_owed_under_its_code(http: httpx.Client, central: RunningCentral) -> None:
    """Notes that contradict themselves or the bill are refused; right ones are booked, and the surplus is owed under its code."""
    body, due = in_notes(http, 500, "claim")
    for change in WRONG:
        response = submit(http, body | {"cash": body["cash"] | change})
        assert (response.status_code, problem(response)) == (422, "amount-mismatch")
    first = submit(http, body)
    assert (first.status_code, submit(http, body).content) == (201, first.content)
    found = {
        entry["reference"]: entry for entry in central.ledger() if entry["reference"].startswith(body["reference"])
    }
    assert (found[body["reference"]]["amount_minor"], found[body["reference"]]["outcome"]) == (due + 500, "accepted")
    owed = found[f"{body['reference']}-S"]
    assert (owed["entry"], owed["outcome"], owed["amount_minor"]) == ("claim", "surplus", 500)
    assert problem(quote(http, "electricity", **HOUSE)) == "nothing-due"
