"""GET /v1/signing-keys: what everybody checks seals with."""

from __future__ import annotations

import sqlalchemy as sa
from litestar import get
from litestar.datastructures import State

from central.describe import problems
from central.schema import revocations
from central.signing.keys import Keyring
from central.store import Store
from kiosk.uplink.messages import SigningKeys


@get("/v1/signing-keys", operation_id="signing_keys", responses=problems(), sync_to_thread=True)
def get_signing_keys(state: State) -> SigningKeys:
    """Return the public keys of seals, withdrawn ones too, and the numbers of documents that were taken back."""
    return published(state.store, state.keyring)


def published(store: Store, keyring: Keyring) -> SigningKeys:
    """Return what is published."""
    with store.read() as connection:
        revoked = connection.scalars(sa.select(revocations.c.number).order_by(revocations.c.number)).all()
    return SigningKeys([key.public for key in keyring.all()], list(revoked))
