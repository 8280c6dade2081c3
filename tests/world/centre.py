"""The centre as it should not be."""

from __future__ import annotations

import json

from kiosk.uplink.problems import PROBLEM_BASE, PROBLEMS
from tests.central.server import RunningCentral


def refuse_submissions(centre: RunningCentral, problem: str = "amount-mismatch") -> None:
    """Let every submission be refused with this problem, until the line is put in order (``up``)."""
    status = PROBLEMS[problem]
    body = json.dumps({"type": PROBLEM_BASE + problem, "title": "No", "status": status}).encode()
    centre.wire.answer("/v1/submissions", body, status, {"Content-Type": "application/problem+json"})
