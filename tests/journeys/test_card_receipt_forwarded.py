"""The card terminal's own receipt goes to the centre with the payment, and holds no card number."""

from __future__ import annotations

import json
import re

import sqlalchemy as sa

from central.schema import submissions
from tests.central.server import with_store
from tests.world import assert_paid


def payment_at_the_centre(world, centre):
    """Return what the centre keeps of the card payment of this kiosk's one submission."""

    def read(store):
        with store.read() as connection:
            mine = submissions.c.kiosk_id == world.kiosk_id
            return connection.execute(sa.select(submissions.c.body).where(mine)).scalar_one()

    return json.loads(with_store(centre.database, read))["payment"]


def test_the_terminals_receipt_reaches_the_centre(world, centre):
    """Staff who look into a payment see the lines that the terminal wrote for the card holder, four digits of the card at most."""
    world.visit()
    assert_paid(world, centre, 2400)
    slip = payment_at_the_centre(world, centre)["slip"]
    assert any("24" in line for line in slip), slip
    assert not any(re.search(r"(\d[ -]?){12,}", line) for line in slip), slip
