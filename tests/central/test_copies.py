"""A paper once more: who may have which, what stands on it, and how its copies are counted."""

from __future__ import annotations

import httpx
import pytest
import sqlalchemy as sa

from central import schema
from central.payments.verdicts import settle
from central.store import Store
from tests.central.server import RunningCentral, with_store
from tests.central.test_matters import AYGUN, claim, matters

NUMBER = "104558210"


def pay(http: httpx.Client, reference: str, citizen: dict | None = None) -> dict:
    """Pay the demonstration's bill by card; return the centre's answer."""
    question = {"service": "electricity", "answers": {"customer_number": NUMBER}}
    quote = http.post("/v1/quotes", json=question).json()
    body = {
        "reference": reference, "kiosk": "K1", "service": "electricity", "answers": question["answers"],
        "made_at_ms": 4_000_000_000_000, "citizen": citizen, "quote": quote["id"],
        "payment": {
            "amount": quote["total"], "receipt_number": "0002", "trace_number": "000002", "authorisation_code": "483920",
            "terminal_id": "52500038", "masked_pan": "****4821", "slip": ["AYGUN MAMMADOVA"],
            "chip": {"application_id": "A0000000031010", "verification": "PIN"},
        },
    }  # fmt: skip
    answer = http.post("/v1/submissions", json=body, headers={"Idempotency-Key": f'"{reference}"'})
    assert answer.status_code == 201, answer.text
    return answer.json() | {"lines": quote["lines"], "payer": quote["payer"]}


def certify(http: httpx.Client, reference: str, **changed: object) -> dict:
    """Have a certificate of residence made."""
    body = {
        "reference": reference, "kiosk": "K1", "service": "residence-certificate", "answers": {},
        "made_at_ms": 4_000_000_000_000, "citizen": AYGUN, **changed,
    }  # fmt: skip
    answer = http.post("/v1/submissions", json=body, headers={"Idempotency-Key": f'"{reference}"'})
    assert answer.status_code == 201, answer.text
    return answer.json()


def ask(http: httpx.Client, key: str, reference: str, **right: object) -> httpx.Response:
    """Ask for a copy."""
    body = {"request": key, "reference": reference, **right}
    return http.post("/v1/copies", json=body, headers={"Idempotency-Key": f'"{key}"'})


def copy(http: httpx.Client, key: str, reference: str, **right: object) -> dict:
    """Ask for a copy and get it."""
    answer = ask(http, key, reference, **right)
    assert answer.status_code == 201, answer.text
    return answer.json()


def test_a_card_brings_its_holders_receipt_whole(fresh: httpx.Client) -> None:
    """The holder gets the number, the bill and the chip's words as they stood; the terminal's own slip is nobody's business."""
    paid = pay(fresh, "AGALI-1-C01-000001", AYGUN)
    found = copy(fresh, "K1-P1-0-0", "AGALI-1-C01-000001", citizen=AYGUN)
    assert (found["number"], found["paper"], found["receipt_number"]) == (1, "receipt", paid["receipt_number"])
    assert found["answers"] == {"customer_number": NUMBER}
    assert (found["quote"]["lines"], found["quote"]["payer"]) == (paid["lines"], paid["payer"])
    assert found["payment"]["chip"]["application_id"] == "A0000000031010"
    assert found["payment"]["slip"] == []


def test_a_code_brings_nobodys_name_address_or_whole_number(fresh: httpx.Client) -> None:
    """What a guessed code could bring tells of no person: the number's end, and lines with amounts alone."""
    pay(fresh, "AGALI-1-C02-000002", AYGUN)
    found = copy(fresh, "K1-P2-0-0", "AGALI-1-C02-000002", code="agali1c02000002")
    assert found["answers"] == {"customer_number": "******210"}
    assert found["quote"]["payer"] == ""
    assert all(not line["value"] for line in found["quote"]["lines"])
    assert NUMBER not in str(found)
    assert "MAMMADOVA" not in str(found)


def test_another_card_brings_nothing(fresh: httpx.Client) -> None:
    """Another holder's card, another code, no right and two rights at once are all refused."""
    pay(fresh, "AGALI-1-C03-000003", AYGUN)
    other = AYGUN | {"document_number": "AA9999999", "personal_number": "9ZZZ9Z9"}
    refused = [
        ask(fresh, "K1-P3-0-0", "AGALI-1-C03-000003", citizen=other),
        ask(fresh, "K1-P3-0-0", "AGALI-1-C03-000003", citizen=AYGUN | {"issuing_state": "UTO"}),
        ask(fresh, "K1-P3-0-0", "AGALI-1-C03-000003", code="AGALI1C03000009"),
        ask(fresh, "K1-P3-0-0", "AGALI1C03000003", code="AGALI1C03000003"),
        ask(fresh, "K1-P3-0-0", "AGALI-1-C03-000003"),
        ask(fresh, "K1-P3-0-0", "AGALI-1-C03-000003", citizen=AYGUN, code="AGALI1C03000003"),
    ]
    assert [each.status_code for each in refused] == [404, 404, 404, 404, 400, 400]
    assert copy(fresh, "K1-P3-0-0", "AGALI-1-C03-000003", citizen=AYGUN)["number"] == 1


def test_a_question_repeated_counts_once(fresh: httpx.Client) -> None:
    """The same key is the same copy; the next key is the next; the same key for another paper is refused."""
    pay(fresh, "AGALI-1-C04-000004", AYGUN)
    numbers = [copy(fresh, key, "AGALI-1-C04-000004", citizen=AYGUN)["number"] for key in ("A", "A", "B", "A", "C")]
    assert numbers == [1, 1, 2, 1, 3]
    claim(fresh, "AGALI-1-C05-000005", AYGUN)
    assert ask(fresh, "A", "AGALI-1-C05-000005", citizen=AYGUN).status_code == 422


def test_a_certificate_is_its_holders_alone(fresh: httpx.Client) -> None:
    """The card brings the certificate with its lines and its code to verify; the code on it brings none."""
    made = certify(fresh, "AGALI-1-C06-000006")
    (told,) = [each for each in matters(fresh, citizen=AYGUN) if each["reference"] == "AGALI-1-C06-000006"]
    assert (told["standing"], told["paper"], told["amount"]["minor"]) == ("paid", "slip", 0)
    found = copy(fresh, "K1-P6-0-0", "AGALI-1-C06-000006", citizen=AYGUN)
    assert (found["document"], found["verification_url"]) == (made["document"], made["verification_url"])
    assert [each["paper"] for each in matters(fresh, code="AGALI1C06000006")] == [""]
    assert ask(fresh, "K1-P6-0-1", "AGALI-1-C06-000006", code="AGALI1C06000006").status_code == 404


def test_a_guardian_whose_right_has_ended_gets_no_copy(fresh: httpx.Client, central: RunningCentral) -> None:
    """A certificate about another person is copied while the register lets its asker ask, and not by memory of the first time."""
    child = AYGUN | {
        "document_number": "AA0000004", "personal_number": "4NRY7K3", "given_names": "NURAY", "birth_date": "2016-04-09",
    }  # fmt: skip
    certify(fresh, "AGALI-1-C09-000009", service="child-certificate", subject=child)
    assert copy(fresh, "K1-P9-0-0", "AGALI-1-C09-000009", citizen=AYGUN)["about_another"] is True

    def end(store: Store) -> None:
        with store.write() as tx:
            tx.execute(sa.delete(schema.authorities))

    with_store(central.database, end)
    assert ask(fresh, "K1-P9-0-1", "AGALI-1-C09-000009", citizen=AYGUN).status_code == 404


def test_a_claims_slip_until_it_is_settled(fresh: httpx.Client, central: RunningCentral) -> None:
    """An open claim's slip can be had again; booked, its receipt; given back, nothing but how it stands."""
    for number, verdict in ((7, "booked"), (8, "returned")):
        reference = f"AGALI-1-C07-00000{number}"
        claim(fresh, reference, AYGUN)
        found = copy(fresh, f"K1-P{number}", reference, citizen=AYGUN)
        assert (found["paper"], found["doubt"], found["total"]["minor"]) == ("claim", "unresolved", 2400)
        with_store(central.database, lambda store, r=reference, v=verdict: settle(store, r, v, "R-1" * (v == "booked")))
    booked = copy(fresh, "K1-P7b", "AGALI-1-C07-000007", citizen=AYGUN)
    assert (booked["paper"], booked["receipt_number"], booked["number"]) == ("receipt", "R-1", 2)
    assert ask(fresh, "K1-P8b", "AGALI-1-C07-000008", citizen=AYGUN).status_code == 404


def test_an_older_database_keeps_bills_from_now_on(tmp_path) -> None:
    """Migrating a database of schema 2 adds the place for a quote's words, and what is there stays."""
    url = f"sqlite:///{tmp_path / 'old.db'}"
    store = Store(url)
    store.migrate()
    with store.write() as tx:
        tx.exec_driver_sql("ALTER TABLE quotes DROP COLUMN body")
        tx.execute(sa.update(schema.meta).values(value="2"))
        tx.exec_driver_sql("INSERT INTO quotes VALUES ('q', 'K', 's', 'x', 1, 0, 'AZN', 1)")
    assert store.migrate() == schema.SCHEMA
    with store.read() as connection:
        assert connection.execute(sa.select(schema.quotes.c.id, schema.quotes.c.body)).all() == [("q", "")]
    store.close()


@pytest.fixture
def fresh(http: httpx.Client, central: RunningCentral) -> httpx.Client:
    """The centre with its debts as on the first day."""
    central.lay_down_demo()
    return http
