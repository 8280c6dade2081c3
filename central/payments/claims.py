"""POST /v1/claims: money in doubt, or taken without giving; and the record of a cash box taken out. A claim that can be read is never refused for what it says."""

from __future__ import annotations

from typing import Literal

import msgspec
import sqlalchemy as sa
from litestar import post
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import JSONBody

from central.applications.submissions import Key
from central.auth import known_kiosk, own_kiosk
from central.days import now_ms
from central.describe import KIOSK_ONLY, problems
from central.edge import fingerprint, is_repeat, key_of
from central.once import in_turn, once
from central.payments.register import enter
from central.payments.registrations import UNREGISTERED, registered, verdict_of
from central.problems import Refusal
from central.schema import claims
from central.store import Connection
from kiosk.uplink.messages import ClaimAnswer, ClaimRequest


@post(
    "/v1/claims",
    status_code=201,
    guards=[known_kiosk],
    security=KIOSK_ONLY,
    operation_id="claim",
    responses=problems("malformed", "key-missing", "unauthorised", "key-reused"),
    sync_to_thread=True,
)
def post_claim(
    data: JSONBody[ClaimRequest], state: State, kiosk_id: NamedDependency[str], idempotency_key: Key
) -> ClaimAnswer:
    """Take a claim in, or say how the same claim stands."""
    key_of(idempotency_key, data.reference)
    own_kiosk(data.kiosk, kiosk_id)
    return once(state.store, lambda tx: known_before(tx, data) or take_in(tx, data))


def known_before(tx: Connection, data: ClaimRequest) -> ClaimAnswer | None:
    """Return how this very claim stands now. Refusal("key-reused") if the key stands for another one."""
    mine = (claims.c.kiosk_id == data.kiosk, claims.c.key == data.reference)
    row = tx.execute(sa.select(claims).where(*mine)).one_or_none()
    if row is None:
        return None
    if not is_repeat(row.body_sha256, data):
        raise Refusal("key-reused")
    return ClaimAnswer(row.key, row.state, row.verdict)


def take_in(tx: Connection, data: ClaimRequest) -> ClaimAnswer:
    """Record a claim as open. A collection asks for nothing; nobody comes back for it, or for a sale that staff must register by hand.

    A sale whose document is known already is not to be registered again.
    """
    made = None
    if data.kind == "unregistered":
        of = (data.kiosk, data.reference.removesuffix(UNREGISTERED))
        in_turn(tx, *of)
        made = registered(tx, *of)
    state: Literal["open", "settled"] = "settled" if made or data.kind == "collection" else "open"
    verdict = verdict_of(made) if made else ""
    tx.execute(
        claims.insert().values(
            kiosk_id=data.kiosk,
            key=data.reference,
            body_sha256=fingerprint(data),
            body=msgspec.json.encode(data).decode(),
            kind=data.kind,
            service=data.service,
            amount_minor=data.amount.minor,
            currency=data.amount.currency,
            state=state,
            verdict=verdict,
            made_at_ms=data.made_at_ms,
            received_at_ms=now_ms(),
        )
    )
    if state == "open" and data.kind != "unregistered":
        enter(tx, data.kiosk, data.reference, data.citizen, data.made_at_ms)
    return ClaimAnswer(data.reference, state, verdict)
