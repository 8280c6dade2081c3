"""What the OpenAPI description says beside types: who may call, and every problem that an endpoint may answer."""

from __future__ import annotations

from typing import Any

from litestar.openapi.datastructures import ResponseSpec

from central.problems import MEDIA_TYPE
from kiosk.uplink.problems import PROBLEM_BASE, PROBLEMS, Problem

KIOSK_ONLY: Any = [{"kiosk": []}]
"""The security requirement of an endpoint for kiosks."""


def problems(*names: str) -> dict[int, ResponseSpec]:
    """Return the responses of these problems and of a defect, by status."""
    by_status: dict[int, list[str]] = {}
    for name in (*names, "internal"):
        by_status.setdefault(PROBLEMS[name], []).append(PROBLEM_BASE + name)
    return {
        status: ResponseSpec(Problem, media_type=MEDIA_TYPE, description=", ".join(types), generate_examples=False)
        for status, types in by_status.items()
    }
