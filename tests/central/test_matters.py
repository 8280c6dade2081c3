"""How payments stand: by the code on a paper or by the card, and what staff decided."""

from __future__ import annotations

import httpx
import pytest
import sqlalchemy as sa

from central import schema
from central.__main__ import main
from central.payments.verdicts import settle
from central.store import Store, StoreError
from tests.central.server import RunningCentral, with_store

AYGUN = {
    "document_number": "AA0000001", "personal_number": "7ABC1D2", "surname": "MAMMADOVA", "given_names": "AYGUN",
    "birth_date": "1990-01-01", "sex": "F", "expiry_date": "2030-01-01", "nationality": "AZE", "issuing_state": "AZE",
}  # fmt: skip


def claim(http: httpx.Client, reference: str, citizen: dict | None = None) -> None:
    """File a claim of 24 manat."""
    body = {
        "reference": reference, "kiosk": "K1", "kind": "unresolved", "service": "electricity",
        "amount": {"minor": 2400, "currency": "AZN"}, "evidence": "silent", "made_at_ms": 4_000_000_000_000,
        "answers": {"customer_number": "104558210"}, "citizen": citizen,
    }  # fmt: skip
    answer = http.post("/v1/claims", json=body, headers={"Idempotency-Key": f'"{reference}"'})
    assert answer.status_code == 201, answer.text


def matters(http: httpx.Client, **question: object) -> list[dict]:
    """Ask how things stand."""
    answer = http.post("/v1/matters", json=question)
    assert answer.status_code == 200, answer.text
    return answer.json()["matters"]


def test_an_open_claim_is_being_checked_however_its_code_is_written(http: httpx.Client) -> None:
    """A code is found with and without its dashes, in small letters and in capitals."""
    claim(http, "AGALI-1-M01-000001")
    for code in ("AGALI-1-M01-000001", "agali1m01000001", "AGALI1 M01 000001"):
        assert [each["standing"] for each in matters(http, code=code)] == ["being_checked"]


def test_a_verdict_is_given_once(http: httpx.Client, central: RunningCentral) -> None:
    """Staff settle a claim once; the verdict and the receipt it was booked under are told, and a second one is refused."""
    claim(http, "AGALI-1-M02-000002")
    with_store(central.database, lambda store: settle(store, "AGALI1M02000002", "booked", "R-77"))
    (told,) = matters(http, code="AGALI-1-M02-000002")
    assert (told["standing"], told["receipt_number"]) == ("paid", "R-77")
    with pytest.raises(StoreError, match="settled already"):
        with_store(central.database, lambda store: settle(store, "AGALI1M02000002", "returned"))


def test_a_claim_is_not_booked_without_a_receipt(central: RunningCentral) -> None:
    """Booked means that the service was given under a number; without one the verdict is refused."""
    with pytest.raises(StoreError, match="receipt number"):
        with_store(central.database, lambda store: settle(store, "X", "booked"))


def test_a_card_tells_its_holders_matters_alone(http: httpx.Client) -> None:
    """Only matters of the card's holder are told, and none of them names anybody."""
    claim(http, "AGALI-1-M03-000003", AYGUN)
    other = AYGUN | {"document_number": "AA9999999", "personal_number": "9ZZZ9Z9"}
    mine, others = matters(http, citizen=AYGUN), matters(http, citizen=other)
    assert "AGALI-1-M03-000003" in [each["reference"] for each in mine]
    assert others == []
    assert matters(http, citizen=AYGUN | {"issuing_state": "UTO"}) == []  # the same numbers, of another state
    assert "MAMMADOVA" not in str(mine)


def test_an_unknown_code_is_a_problem(http: httpx.Client) -> None:
    """A code that nothing has is told apart from no payments at all."""
    answer = http.post("/v1/matters", json={"code": "NOBODY-9"})
    assert (answer.status_code, answer.json()["type"].rpartition(":")[2]) == (404, "unknown-account")
    assert http.post("/v1/matters", json={}).status_code == 400


def test_settling_on_the_command_line(http: httpx.Client, central: RunningCentral, capsys) -> None:
    """``kiosk-central settle`` says what it did, or in one sentence why not."""
    claim(http, "AGALI-1-M04-000004")
    assert main(["settle", "--database", central.database, "AGALI-1-M04-000004", "returned"]) == 0
    assert capsys.readouterr().out == "AGALI-1-M04-000004: returned\n"
    assert main(["settle", "--database", central.database, "NOTHING", "returned"]) == 1
    assert "there is no claim NOTHING" in capsys.readouterr().err


def test_an_older_database_gets_its_register(tmp_path) -> None:
    """Migrating a database of schema 1 enters what is stored there, so that its codes are found too."""
    url = f"sqlite:///{tmp_path / 'old.db'}"
    store = Store(url)
    store.migrate()
    with store.write() as tx:
        tx.execute(
            schema.claims.insert().values(
                kiosk_id="K", key="K-1", body_sha256=b"", body='{"citizen": null}', kind="unresolved", service="s",
                amount_minor=1, currency="AZN", state="open", verdict="", made_at_ms=1, received_at_ms=1,
            )
        )  # fmt: skip
        tx.execute(sa.update(schema.meta).values(value="1"))
    assert store.migrate() == schema.SCHEMA
    with store.read() as connection:
        assert connection.execute(sa.select(schema.matters.c.code)).scalars().all() == ["K1"]
        assert connection.scalar(sa.select(schema.meta.c.value)) == str(schema.SCHEMA)
    store.close()
