"""Errors as the wire knows them: ``application/problem+json`` (RFC 9457), whatever went wrong."""

from __future__ import annotations

import logging
import traceback
from typing import Any

import msgspec
from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException

from kiosk.uplink.problems import PROBLEM_BASE, PROBLEMS, Problem

MEDIA_TYPE = "application/problem+json"

TITLES = {
    "malformed": "The request cannot be read",
    "unauthorised": "No valid kiosk token",
    "not-found": "Nothing is here",
    "method-not-allowed": "This method is not for this address",
    "unknown-account": "No such account, or no such fine for this plate",
    "unknown-service": "This service is not carried out here",
    "nothing-due": "Nothing is due",
    "key-reused": "This Idempotency-Key belongs to another request",
    "key-missing": "An Idempotency-Key is required",
    "quote-unknown": "No such quote for this kiosk, service and answers",
    "amount-mismatch": "The payment is not what was quoted",
    "not-a-resident": "Not in the register of residents",
    "not-a-guardian": "The citizen may not act for this person",
    "proof-insufficient": "More must be proven of the ID card for this service",
    "too-many-tries": "Too many unknown codes from this kiosk within an hour",
    "internal": "The central system failed",
}

STATUS_PROBLEMS = {401: "unauthorised", 404: "not-found", 405: "method-not-allowed"}
"""What the framework itself refuses, by its status; any other 4xx of the framework is a malformed request."""

log = logging.getLogger("central")


class Refusal(Exception):
    """End the request with a problem. ``name`` is one of PROBLEMS; ``detail`` holds nothing of a person."""

    def __init__(self, name: str, detail: str = "") -> None:
        super().__init__(f"{name}: {detail}")
        self.name = name
        self.detail = detail


def as_problem(name: str, detail: str, instance: str) -> Problem:
    """Return the wire form of a problem."""
    return Problem(
        type=PROBLEM_BASE + name,
        title=TITLES[name],
        status=PROBLEMS[name],
        detail=detail or msgspec.UNSET,
        instance=instance or msgspec.UNSET,
    )


def answer(request: Request[Any, Any, Any], name: str, detail: str = "") -> Response[Problem]:
    """Return a problem as a response."""
    correlation = str(request.scope.get("correlation", ""))
    problem = as_problem(name, detail, f"urn:kiosk:call:{correlation}" if correlation else "")
    headers = {"WWW-Authenticate": "Bearer"} if name == "unauthorised" else {}
    return Response(problem, status_code=problem.status, media_type=MEDIA_TYPE, headers=headers)


def on_refusal(request: Request[Any, Any, Any], refusal: Refusal) -> Response[Problem]:
    """Answer what the centre itself refuses."""
    return answer(request, refusal.name, refusal.detail)


def on_http_exception(request: Request[Any, Any, Any], error: HTTPException) -> Response[Problem]:
    """Answer what the framework refuses: routing, methods, validation. Its words may quote input, so they are not sent."""
    if error.status_code >= 500:
        return on_defect(request, error)
    if isinstance(error, ValidationException) and "idempotency-key" in str(error.detail).lower():
        return answer(request, "key-missing")
    response = answer(request, STATUS_PROBLEMS.get(error.status_code, "malformed"))
    allowed = (error.headers or {}).get("allow") or (error.headers or {}).get("Allow")
    if allowed:
        response.headers["Allow"] = allowed
    return response


def on_defect(request: Request[Any, Any, Any], error: Exception) -> Response[Problem]:
    """Answer a defect of ours; the log gets the type and the places, never the values."""
    places = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)]
    log.error("defect", extra={"error": type(error).__name__, "where": places[-8:]})
    return answer(request, "internal")


HANDLERS: Any = {Refusal: on_refusal, HTTPException: on_http_exception, Exception: on_defect}
"""For ``Litestar(exception_handlers=...)``, whose own type is narrower than what it accepts."""
