"""What a fiscal register made of a payment: kept once, on the copy of its receipt, and nothing for staff to do."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from central import schema
from central.store import Store
from tests.central.requests import problem, reference
from tests.central.server import RunningCentral
from tests.central.test_claims import a_claim, file
from tests.central.test_copies import copy, pay
from tests.central.test_matters import AYGUN

FISCAL = {
    "fiscal_id": "BX2RFjuzMF1v" + "7" * 32, "short_id": "BX2RFjuzMF1v", "number": 27, "shift_number": 3,
    "amount": {"minor": 40, "currency": "AZN"}, "register": "2001G57500300007", "registration": "2000000001",
    "url": "https://monitoring.e-kassa.gov.az/#/index?doc=BX2RFjuzMF1v", "vat_percent": 18,
}  # fmt: skip


def tell(http: httpx.Client, ref: str, **changed: Any) -> httpx.Response:
    """Tell of a registered sale."""
    body = {"reference": ref, "kiosk": "K1", "fiscal": FISCAL | changed}
    return http.post("/v1/registrations", json=body, headers={"Idempotency-Key": f'"{ref}"'})


def unregistered(ref: str) -> dict[str, Any]:
    """Return the claim about a sale that staff must register by hand."""
    return a_claim(f"{ref}-F") | {"kind": "unregistered"}


@pytest.mark.parametrize("early", [True, False])
def test_what_was_registered_stands_on_the_copy(http: httpx.Client, central: RunningCentral, *, early: bool) -> None:
    """Told before the payment or after it, the registered sale is on the copy, and nothing of it on another's."""
    central.lay_down_demo()
    mine, other = reference(), reference()
    if early:
        assert tell(http, mine).status_code == 201
    pay(http, mine, AYGUN)
    if not early:
        assert tell(http, mine).status_code == 201
    found = copy(http, f"{mine}-P", mine, citizen=AYGUN)
    assert (found["fiscal"], found["fiscal_due"]) == (FISCAL, "")
    central.lay_down_demo()
    pay(http, other, AYGUN)
    assert copy(http, f"{other}-P", other, citizen=AYGUN)["fiscal"] is None


def test_it_is_kept_once(http: httpx.Client) -> None:
    """Told again it is the same; another document for the same receipt is key-reused, and the first stays."""
    ref = reference()
    assert [tell(http, ref).json() for _ in range(2)] == [{"reference": ref}] * 2
    assert problem(tell(http, ref, number=28)) == "key-reused"
    assert tell(http, ref).status_code == 201


@pytest.mark.parametrize(
    "wrong",
    [
        {"url": "monitoring.e-kassa.gov.az/x"},
        {"register": "1\n2"},
        {"short_id": ""},
        {"amount": {"minor": 40, "currency": "USD"}},
        {"vat_percent": 101},
    ],
)
def test_what_no_copy_could_say_is_not_kept(http: httpx.Client, wrong: dict[str, Any]) -> None:
    """A registration that no kiosk could print is malformed, and nothing of it is in the way of a right one."""
    ref = reference()
    assert problem(tell(http, ref, **wrong)) == "malformed"
    assert tell(http, ref).status_code == 201


@pytest.mark.parametrize("first", ["claim", "registration"])
def test_a_sale_registered_after_all_is_not_left_to_staff(http: httpx.Client, first: str) -> None:
    """Whichever the centre hears first, the claim is settled by the document, so that nobody registers the sale twice."""
    ref = reference()
    if first == "claim":
        assert file(http, unregistered(ref)).json()["state"] == "open"
    assert tell(http, ref).status_code == 201
    answer = file(http, unregistered(ref)).json()
    assert (answer["state"], answer["verdict"]) == ("settled", "registered BX2RFjuzMF1v")


def test_a_copy_says_what_follows_until_staff_have_settled_it(http: httpx.Client, central: RunningCentral) -> None:
    """A sale that waits for staff follows on the copy; once they have settled it nothing is said any more."""
    central.lay_down_demo()
    ref = reference()
    pay(http, ref, AYGUN)
    file(http, unregistered(ref))
    assert copy(http, f"{ref}-P1", ref, citizen=AYGUN)["fiscal_due"] == "follows"
    store = Store(central.database)
    with store.write() as tx:
        tx.execute(sa.update(schema.claims).where(schema.claims.c.key == f"{ref}-F").values(state="settled"))
    store.close()
    assert copy(http, f"{ref}-P2", ref, citizen=AYGUN)["fiscal_due"] == ""


def test_an_older_database_gets_its_place(tmp_path: Any) -> None:
    """Migrating a database of schema 3 adds the place for registered sales."""
    store = Store(f"sqlite:///{tmp_path / 'old.db'}")
    store.migrate()
    with store.write() as tx:
        tx.exec_driver_sql("DROP TABLE registrations")
        tx.execute(sa.update(schema.meta).values(value="3"))
    assert store.migrate() == schema.SCHEMA
    with store.read() as connection:
        assert connection.execute(sa.select(schema.registrations)).all() == []
    store.close()
