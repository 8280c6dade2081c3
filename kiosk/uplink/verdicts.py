"""What an answer means, by its status and its problem: a verdict on the request, or no verdict yet.

* 2xx, 304: an answer to be read.
* 4xx with one of our problem types: CentralRefused.
* 408, 425, 429, 5xx: CentralBusy, try later, not before Retry-After.
* 413, 422 in nobody's name: CentralUnreadable, somebody on the way has something against this one request.
* Anything else (a redirect, the page of a proxy or of a captive portal): CentralUnreachable, the centre has not spoken.
"""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import NamedTuple

import msgspec

from kiosk.domain.faults import CentralRefused, CentralUnreachable
from kiosk.uplink.problems import PROBLEM_BASE, PROBLEMS, Problem

LATER = (408, 425, 429)
ABOUT_ONE = (413, 422)
"""Content too large, content that cannot be worked with (RFC 9110, 15.5.14 and 15.5.21)."""
PROBLEM_TYPE = "application/problem+json"

FINAL = frozenset(
    {
        "malformed",
        "key-missing",
        "key-reused",
        "unknown-service",
        "unknown-account",
        "nothing-due",
        "quote-unknown",
        "amount-mismatch",
        "not-a-resident",
        "not-a-guardian",
        "proof-insufficient",
    }
)
"""Verdicts on the request itself: the same bytes will never be accepted, so asking again is pointless.

The others (unauthorised, not-found, method-not-allowed) are about the line or the set-up, which people put right while the
request waits: a token is renewed, an address corrected.
"""


class Answer(NamedTuple):
    """A whole HTTP answer. Header names are in lower case."""

    status: int
    headers: dict[str, str]
    content: bytes


class CentralBusy(CentralUnreachable):
    """Something answered, and not with a verdict. ``retry_after_s`` is what it asked for, if anything."""

    def __init__(self, status: int, retry_after_s: float | None = None) -> None:
        super().__init__(f"the central system answered {status}")
        self.status = status
        self.retry_after_s = retry_after_s


class CentralUnreadable(CentralUnreachable):
    """An answer to one request that says nothing to us. Nothing is known of its fate, and nothing is wrong with the line."""


def judged(answer: Answer) -> Answer:
    """Return an answer that is to be read; raise CentralRefused or CentralUnreachable for any other."""
    status = answer.status
    if 200 <= status < 300 or status == 304:
        return answer
    if status >= 500 or status in LATER:
        raise CentralBusy(status, seconds_of(answer.headers.get("retry-after", "")))
    problem = problem_of(answer)
    if problem is None and status in ABOUT_ONE:
        raise CentralUnreadable(f"something that is not the central system answered {status}")
    if status < 400 or problem is None:
        raise CentralUnreachable(f"something that is not the central system answered {status}")
    raise CentralRefused(problem.type.removeprefix(PROBLEM_BASE), problem.title[:200], status)


def problem_of(answer: Answer) -> Problem | None:
    """Return the problem that an answer states, if it is one of the centre's."""
    if answer.headers.get("content-type", "").partition(";")[0].strip().lower() != PROBLEM_TYPE:
        return None
    try:
        problem = msgspec.json.decode(answer.content, type=Problem)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    known = problem.type.startswith(PROBLEM_BASE) and problem.type.removeprefix(PROBLEM_BASE) in PROBLEMS
    return problem if known else None


def seconds_of(retry_after: str, now: datetime | None = None) -> float | None:
    """Return a Retry-After header in seconds (RFC 9110, 10.2.3: seconds or a date); None if there is none to understand."""
    text = retry_after.strip()
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        at = parsedate_to_datetime(text)
    except ValueError:
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return max(0.0, (at - (now or datetime.now(UTC))).total_seconds())
