"""A code can be guessed, so a kiosk may ask for few unknown ones."""

from __future__ import annotations

import httpx
import sqlalchemy as sa

from central import schema
from central.payments.tries import WITHIN_MS, WRONG_AT_MOST
from tests.central.server import RunningCentral, with_store
from tests.central.test_matters import AYGUN, claim, matters


def ask(http: httpx.Client, code: str) -> int:
    return http.post("/v1/matters", json={"code": code}).status_code


def copy(http: httpx.Client, code: str, key: str) -> int:
    body = {"request": key, "reference": code, "code": code}
    return http.post("/v1/copies", json=body, headers={"Idempotency-Key": f'"{key}"'}).status_code


def test_unknown_codes_are_borne_so_often(http: httpx.Client, central: RunningCentral) -> None:
    """After twenty unknown codes within an hour a kiosk's questions by code are refused, right ones too; by card it may ask on; later all is well."""
    claim(http, "AGALI-1-T01-000001", AYGUN)
    for index in range(WRONG_AT_MOST):
        wrong = f"AGALI-1-T01-9{index:05d}"
        assert (ask(http, wrong) if index % 2 else copy(http, wrong, f"T{index}")) == 404
        assert ask(http, "AGALI-1-T01-000001") == (200 if index + 1 < WRONG_AT_MOST else 403)
    assert copy(http, "AGALI-1-T01-000001", "T-last") == 403
    assert matters(http, citizen=AYGUN)

    def an_hour_later(store):
        with store.write() as tx:
            tx.execute(sa.update(schema.wrong_codes).values(at_ms=schema.wrong_codes.c.at_ms - WITHIN_MS))

    with_store(central.database, an_hour_later)
    assert ask(http, "AGALI-1-T01-000001") == 200
