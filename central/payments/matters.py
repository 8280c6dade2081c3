"""POST /v1/matters: somebody comes back and asks what became of a payment. The answer names nobody."""

from __future__ import annotations

from typing import Literal

import msgspec
import sqlalchemy as sa
from litestar import post
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import JSONBody

from central.auth import known_kiosk
from central.days import now_ms
from central.describe import KIOSK_ONLY, problems
from central.payments.register import holder_of, plain
from central.payments.tries import counted
from central.payments.verdicts import VERDICTS
from central.problems import Refusal
from central.schema import claims, matters, submissions
from central.store import Connection, Store
from kiosk.uplink.messages import Amount, Matter, MattersAnswer, MattersRequest, SubmissionAnswer

AT_MOST = 10
SURPLUS = "S"
"""What the code of a surplus ends in: the receipt's reference, -S."""

BY_CARD_MS = 90 * 86_400_000
"""How far back a card shows its holder's payments. A code on a paper never grows old."""

Standing = Literal["paid", "being_checked", "not_paid", "returned", "owed"]
Paper = Literal["", "receipt", "slip", "claim"]


@post(
    "/v1/matters",
    status_code=200,
    guards=[known_kiosk],
    security=KIOSK_ONLY,
    operation_id="matters",
    responses=problems("malformed", "unauthorised", "unknown-account", "too-many-tries"),
    sync_to_thread=True,
)
def post_matters(data: JSONBody[MattersRequest], state: State, kiosk_id: NamedDependency[str]) -> MattersAnswer:
    """Say how the matter of a code stands, or the last ones of a card's holder. Refusal("unknown-account"): no such code."""
    store: Store = state.store
    code, holder = plain(data.code), holder_of(data.citizen)
    if not code and not holder:
        raise Refusal("malformed", "neither a code nor a citizen")
    with counted(store, kiosk_id, code):
        return standing_now(store, code, holder)


def standing_now(store: Store, code: str, holder: str) -> MattersAnswer:
    """Say how the matter of a code stands, or the last ones of a holder."""
    wanted = (
        matters.c.code.in_((code, code + SURPLUS))
        if code
        else sa.and_(matters.c.holder == holder, matters.c.made_at_ms > now_ms() - BY_CARD_MS)
    )
    with store.read() as connection:
        rows = connection.execute(sa.select(matters).where(wanted).order_by(matters.c.made_at_ms.desc())).all()
        found = [
            matter
            for row in rows[: 2 * AT_MOST]
            if (matter := how_it_stands(connection, row, by_card=not code)) is not None
        ]
    if code and (
        not found or len({row.kiosk_id for row in rows}) > 1
    ):  # two kiosks' codes may look alike without dashes
        raise Refusal("unknown-account")
    return MattersAnswer(found[:AT_MOST])


def how_it_stands(connection: Connection, row: sa.Row[tuple[object, ...]], *, by_card: bool) -> Matter | None:
    """Return how one matter stands: what staff said of a claim goes before the submission. None where neither money nor a slip was."""
    claim = connection.execute(
        sa.select(claims).where(claims.c.kiosk_id == row.kiosk_id, claims.c.key == row.key)
    ).one_or_none()
    if claim is not None:
        verdict, _, receipt_number = claim.verdict.partition(" ")
        paper = paper_of_claim(claim.kind, claim.state, verdict)
        return matter(claim, standing_of(claim.kind, claim.state, verdict), receipt_number, paper)
    done = connection.execute(
        sa.select(submissions).where(submissions.c.kiosk_id == row.kiosk_id, submissions.c.key == row.key)
    ).one_or_none()
    if done is None:
        return None
    answer = msgspec.json.decode(done.answer, type=SubmissionAnswer)
    if not done.amount_minor and not answer.document:
        return None
    paper = paper_of_submission(answer, done.amount_minor, by_card=by_card)
    return matter(done, "paid", done.receipt_number, paper)


def paper_of_claim(kind: str, state: str, verdict: str) -> Paper:
    """Return which paper of a claim can be given once more: its slip while it is open, a receipt once it was booked."""
    if kind == "surplus":
        return ""  # the receipt tells of it
    if state == "open":
        return "claim"
    return "receipt" if verdict == "booked" else ""


def paper_of_submission(answer: SubmissionAnswer, amount_minor: int, *, by_card: bool) -> Paper:
    """Return which paper of a submission can be given once more. A slip is all about a person: its holder's card alone gets it."""
    if answer.document:
        return "slip" if by_card else ""
    return "receipt" if amount_minor else ""


def standing_of(kind: str, state: str, verdict: str) -> Standing:
    """Return how a claim stands."""
    if kind == "surplus":
        return "owed" if state == "open" else "returned"
    return "being_checked" if state == "open" else VERDICTS.get(verdict, "being_checked")


def matter(row: sa.Row[tuple[object, ...]], standing: Standing, receipt_number: str, paper: Paper) -> Matter:
    """Return a matter as it is told."""
    return Matter(
        reference=row.key,
        service=row.service,
        made_at_ms=row.made_at_ms,
        amount=Amount(row.amount_minor, row.currency),
        standing=standing,
        receipt_number=receipt_number,
        paper=paper,
    )
