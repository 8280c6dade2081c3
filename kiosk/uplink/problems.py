"""Errors on the wire (RFC 9457), and the names of all that either side knows, with their status."""

from __future__ import annotations

from msgspec import UNSET, Struct, UnsetType


class Problem(Struct, frozen=True):
    """An error (RFC 9457). ``type`` ends in one of PROBLEMS."""

    type: str
    title: str
    status: int
    detail: str | UnsetType = UNSET
    instance: str | UnsetType = UNSET


PROBLEM_BASE = "urn:kiosk:problem:"
PROBLEMS = {
    "malformed": 400,
    "unauthorised": 401,
    "not-found": 404,
    "method-not-allowed": 405,
    "unknown-account": 404,  # no such customer number, or no such fine for that plate
    "unknown-service": 404,
    "nothing-due": 409,
    "key-reused": 422,  # the same Idempotency-Key with another body
    "key-missing": 400,
    "quote-unknown": 422,
    "amount-mismatch": 422,
    "not-a-resident": 409,
    "not-a-guardian": 409,  # nothing says that the citizen may act for the subject
    "proof-insufficient": 403,
    "too-many-tries": 403,
    "internal": 500,
}
