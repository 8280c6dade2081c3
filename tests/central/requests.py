"""Requests as a kiosk makes them, as plain JSON: the tests speak the wire, not our types."""

from __future__ import annotations

import itertools
from typing import Any

import httpx

AYGUN = {
    "document_number": "AA0000001",
    "personal_number": "7ABC1D2",
    "surname": "MAMMADOVA",
    "given_names": "AYGUN",
    "birth_date": "1990-01-01",
    "issuing_state": "AZE",
}
_count = itertools.count(1)


def reference() -> str:
    """Return a reference that no other test uses."""
    return f"K1-{next(_count):06d}"


def quote(http: httpx.Client, service: str, **answers: str) -> httpx.Response:
    """Ask what is due."""
    return http.post("/v1/quotes", json={"service": service, "answers": answers})


def certificate(ref: str, language: str = "az", citizen: dict[str, str] | None = None) -> dict[str, Any]:
    """Return a submission for a certificate of residence."""
    return {
        "reference": ref,
        "kiosk": "K1",
        "service": "residence-certificate",
        "answers": {},
        "made_at_ms": 1_790_000_000_000,
        "language": language,
        "citizen": AYGUN if citizen is None else citizen,
    }


def payment(ref: str, quoted: dict[str, Any], service: str, **answers: str) -> dict[str, Any]:
    """Return a submission that pays a quote."""
    return {
        "reference": ref,
        "kiosk": "K1",
        "service": service,
        "answers": answers,
        "made_at_ms": 1_790_000_000_000,
        "quote": quoted["id"],
        "payment": {
            "amount": quoted["total"],
            "receipt_number": "0007",
            "trace_number": "000123",
            "authorisation_code": "A1B2C3",
            "terminal_id": "00000001",
            "masked_pan": "1234",
        },
    }


def submit(http: httpx.Client, body: dict[str, Any], key: str | None = None) -> httpx.Response:
    """Deliver a submission."""
    return http.post("/v1/submissions", json=body, headers={"Idempotency-Key": key or f'"{body["reference"]}"'})


def problem(response: httpx.Response) -> str:
    """Return the problem's name; the answer must be a problem by RFC 9457 in every respect."""
    assert response.headers["content-type"] == "application/problem+json"
    body = response.json()
    assert body["status"] == response.status_code
    assert body["title"]
    assert body["instance"] == f"urn:kiosk:call:{response.headers['x-correlation-id']}"
    assert body["type"].startswith("urn:kiosk:problem:")
    return str(body["type"].removeprefix("urn:kiosk:problem:"))
