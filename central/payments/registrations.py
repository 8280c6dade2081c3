"""POST /v1/registrations: what a fiscal register made of a payment. It may come before the payment, and long after it.

A sale that staff were asked to register by hand, and that is registered after all, needs no hand any more: its claim is
settled. Otherwise it would be registered twice.
"""

from __future__ import annotations

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
from central.problems import Refusal
from central.schema import claims, registrations
from central.store import Connection
from kiosk.uplink.mapping import Malformed
from kiosk.uplink.registrations import Fiscal, RegistrationAnswer, RegistrationRequest
from kiosk.uplink.reprints import document_of

UNREGISTERED = "-F"
"""What the key of a claim about an unregistered sale ends in: the receipt's reference, -F."""


@post(
    "/v1/registrations",
    status_code=201,
    guards=[known_kiosk],
    security=KIOSK_ONLY,
    operation_id="register",
    responses=problems("malformed", "key-missing", "unauthorised", "key-reused"),
    sync_to_thread=True,
)
def post_registration(
    data: JSONBody[RegistrationRequest], state: State, kiosk_id: NamedDependency[str], idempotency_key: Key
) -> RegistrationAnswer:
    """Keep what is registered, once. Refusal("malformed"): no kiosk could print it; ("key-reused"): another one is known for this receipt."""
    key_of(idempotency_key, data.reference)
    own_kiosk(data.kiosk, kiosk_id)
    try:
        document_of(data.fiscal)
    except Malformed as error:
        raise Refusal("malformed", str(error)) from None
    return once(state.store, lambda tx: keep(tx, data))


def keep(tx: Connection, data: RegistrationRequest) -> RegistrationAnswer:
    """Record it, and settle the claim that asks for it."""
    in_turn(tx, data.kiosk, data.reference)
    mine = (registrations.c.kiosk_id == data.kiosk, registrations.c.key == data.reference)
    before = tx.execute(sa.select(registrations.c.body_sha256).where(*mine)).one_or_none()
    if before is not None:
        if not is_repeat(before.body_sha256, data):
            raise Refusal("key-reused")
        return RegistrationAnswer(data.reference)
    body = msgspec.json.encode(data.fiscal).decode()
    row = {"kiosk_id": data.kiosk, "key": data.reference, "body_sha256": fingerprint(data), "body": body}
    tx.execute(registrations.insert().values(**row, received_at_ms=now_ms()))
    asked = (claims.c.kiosk_id == data.kiosk, claims.c.key == data.reference + UNREGISTERED)
    open_one = (*asked, claims.c.kind == "unregistered", claims.c.state == "open")
    tx.execute(sa.update(claims).where(*open_one).values(state="settled", verdict=verdict_of(data.fiscal)))
    return RegistrationAnswer(data.reference)


def registered(connection: Connection, kiosk_id: str, key: str) -> Fiscal | None:
    """Return what was registered of a payment, None if nothing is known."""
    mine = (registrations.c.kiosk_id == kiosk_id, registrations.c.key == key)
    body = connection.scalar(sa.select(registrations.c.body).where(*mine))
    return None if body is None else msgspec.json.decode(body, type=Fiscal)


def follows(connection: Connection, kiosk_id: str, key: str) -> bool:
    """Say whether staff have still to register a payment's sale by hand."""
    asked = (claims.c.kiosk_id == kiosk_id, claims.c.key == key + UNREGISTERED, claims.c.kind == "unregistered")
    return connection.execute(sa.select(claims.c.key).where(*asked, claims.c.state == "open")).first() is not None


def verdict_of(fiscal: Fiscal) -> str:
    """Return what settles a claim about an unregistered sale."""
    return f"registered {fiscal.short_id}"
