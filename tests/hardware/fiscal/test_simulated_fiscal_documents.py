"""What the simulated fiscal register makes of sales, returns and shifts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.hardware.fiscal.till import Till, item, money_back, sale, till_at


@pytest.fixture
def till(tmp_path: Path) -> Iterator[Till]:
    with till_at(tmp_path) as till:
        yield till


def test_login_gives_a_token(till: Till) -> None:
    """A login is answered by an access token, with code 1."""
    answer = till.login()
    assert (answer["code"], answer["message"], len(answer["access_token"])) == (1, "login success", 24)


def test_wrong_password(till: Till) -> None:
    """A wrong password gets no token, and the old one stays good."""
    good = till.token
    assert "access_token" not in till.login("124")
    till.token = good
    assert till.ask(14)["code"] == 0


def test_nothing_without_token(till: Till) -> None:
    """Whatever comes with a wrong token gets code 401 and is not done."""
    till.token = "nonsense"
    assert till.sell()["code"] == 401
    assert till.register.ledger() == []


def test_info(till: Till) -> None:
    """Get info tells the last document's number and the address behind the QR code."""
    till.sell()
    data = till.ask(41)["data"]
    assert data["last_doc_number"] == 1
    assert data["qr_code_url"] == "https://monitoring.e-kassa.gov.az/#/index?doc="


def test_sale(till: Till) -> None:
    """A sale is numbered, has an identifier in Base58, and stands in the ledger in qəpik."""
    answer = till.sell("R-7")
    assert (answer["code"], answer["document_number"], answer["shift_document_number"]) == (0, 1, 1)
    assert len(answer["long_id"]) in {43, 44}
    assert not set(answer["long_id"]) & set("0OIl+/")
    assert answer["short_id"] == answer["long_id"][:12]
    row = till.register.ledger()[0]
    assert (row["kind"], row["sum_minor"], row["cash_minor"], row["int_ref"]) == ("sale", 500, 500, "R-7")


def test_identifiers_are_unique(till: Till) -> None:
    """No two documents have the same identifier."""
    assert len({till.sell()["long_id"] for _ in range(5)}) == 5


def test_numbers_go_on_over_shifts(till: Till) -> None:
    """Document numbers go on for ever, those of the shift begin at 1 again."""
    till.sell()
    till.ask(13)
    till.ask(15)
    answer = till.sell()
    assert answer["document_number"] > 2
    assert answer["shift_document_number"] == 1


def test_mixed_payment(till: Till) -> None:
    """A sale can be paid partly in cash and partly without, at several rates and without one."""
    items = [item(price=3.3), item(price=1.1, quantity=2, vat=None), item(price=0.1, quantity=3, vat=8)]
    assert till.sell(items=items, cashSum=5.0, cashlessSum=0.8)["code"] == 0


def test_sums_are_exact_decimals(till: Till) -> None:
    """0.1 and 0.2 manat make 0.3: the register reckons in decimals."""
    items = [item(price=0.1), item(price=0.2)]
    assert till.sell(items=items, cashSum=0.1, cashlessSum=0.2)["code"] == 0


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"currency": "USD"}, 606),
        ({"cashier": "x" * 65}, 608),
        ({"cashSum": 4.0}, 607),
        ({"sum": -5.0, "cashSum": -5.0}, 607),
        ({"sum": 5.001, "cashSum": 5.001}, 607),
        ({"sum": 6.0, "cashSum": 6.0}, 611),
        ({"items": []}, 610),
        ({"items": [item(itemCodeType=9)]}, 612),
        ({"items": [item(itemCode="x" * 33)]}, 609),
        ({"items": [item(itemSum=4.0)], "sum": 4.0, "cashSum": 4.0}, 614),
        ({"vatAmounts": [{"vatSum": 5.0, "vatPercent": 8}]}, 616),
        ({"vatAmounts": [{"vatSum": 4.0, "vatPercent": 18}]}, 613),
        ({"vatAmounts": [{"vatSum": 0.76, "vatPercent": 18}]}, 613),
        ({"doc_type": "prepay"}, 501),
    ],
)
def test_rules_of_a_sale(till: Till, changes: dict[str, Any], code: int) -> None:
    """A document that breaks a rule gets that rule's code and no number."""
    assert till.sell(**changes)["code"] == code
    assert till.register.ledger() == []


def test_too_many_items(till: Till) -> None:
    """More than 201 lines are refused."""
    assert till.sell(items=[item(price=0.01)] * 202)["code"] == 620


def test_previous_number_guards_a_repetition(till: Till) -> None:
    """With prev_doc_number the same request makes one document, however often it is sent."""
    request = sale(prev=0)
    assert till.send(request, 1)["code"] == 0
    assert till.send(request, 1)["code"] == 505
    assert len(till.register.ledger()) == 1


def test_history_tells_the_reference(till: Till) -> None:
    """The history of a period has each document with the caller's reference and the token's answer."""
    sold = till.sell("R-42")
    found = till.ask(17, date_start="2000-01-01 00:00:00", date_end="2099-01-01 00:00:00")["transactions"]
    assert [(row["int_ref"], row["summary_money"], row["transaction_id"]) for row in found] == [
        ("R-42", 5.0, sold["short_id"])
    ]
    data = json.loads(found[0]["token_response"])["data"]
    assert (data["document_id"], data["document_number"]) == (sold["long_id"], 1)


def test_history_of_another_time(till: Till) -> None:
    """Documents outside the period are not told."""
    till.sell()
    assert till.ask(17, date_start="2000-01-01 00:00:00", date_end="2001-01-01 00:00:00")["transactions"] == []


def test_money_back(till: Till) -> None:
    """Money goes back in parts up to what was paid, also in a later shift; more is refused."""
    sold = till.sell(items=[item(), item("Surət", 2.0)])
    assert till.send(money_back(sold), 100)["code"] == 0
    till.ask(13)
    till.ask(15)
    assert till.send(money_back(sold, items=[item("Surət", 2.0)]), 100)["code"] == 0
    assert till.send(money_back(sold, items=[item(price=0.01)]), 100)["code"] == 1312
    kinds = [(row["kind"], row["sum_minor"]) for row in till.register.ledger()]
    assert kinds == [("sale", 700), ("money_back", 500), ("z_report", 0), ("money_back", 200)]


def test_money_back_of_nothing(till: Till) -> None:
    """A return for a document that the register does not know is refused."""
    assert till.send(money_back({"long_id": "x" * 44, "document_number": 1, "short_id": "x" * 12}), 100)["code"] == 216


def test_rollback(till: Till) -> None:
    """A sale of this shift is cancelled whole, once."""
    sold = till.sell()
    assert till.ask(10, fiscalId=sold["long_id"])["document_number"] == 2
    assert till.ask(10, fiscalId=sold["long_id"])["code"] == 1312
    assert till.send(money_back(sold), 100)["code"] == 1312


def test_rollback_in_a_later_shift(till: Till) -> None:
    """A sale of an earlier shift cannot be cancelled."""
    sold = till.sell()
    till.ask(13)
    till.ask(15)
    assert till.ask(10, fiscalId=sold["long_id"])["code"] == 503


def test_no_sale_without_shift(tmp_path: Path) -> None:
    """Without a shift documents are refused; with one they are made."""
    with till_at(tmp_path, shift=False) as till:
        assert till.sell()["code"] == 503
        assert till.ask(14)["shiftStatus"] is False
        assert till.ask(15)["code"] == 0
        assert till.ask(14)["shiftStatus"] is True
        assert till.sell()["code"] == 0


def test_shift_is_opened_and_closed_once(till: Till) -> None:
    """An open shift cannot be opened, a closed one not closed."""
    assert till.ask(15)["code"] == 1250
    assert till.ask(13)["code"] == 0
    assert till.ask(13)["code"] == 1250


def test_shift_of_more_than_a_day(till: Till) -> None:
    """After 24 hours documents are refused until the shift was closed and another opened."""
    till.sell()
    till.bench(do="later", hours=24.1)
    assert till.sell()["code"] == 504
    assert till.ask(13)["code"] == 0
    assert till.ask(15)["code"] == 0
    assert till.sell()["code"] == 0


def test_report_of_a_shift(till: Till) -> None:
    """The Z report sums up the shift; the X report does so without ending it."""
    sold = till.sell(cashSum=2.0, cashlessSum=3.0)
    till.sell()
    till.send(money_back(sold), 100)
    assert till.ask(12)["data"]["document_id"] == ""
    data = till.ask(13)["data"]
    row = data["currencies"][0]
    assert (row["saleCount"], row["saleSum"], row["saleCashSum"], row["saleCashlessSum"]) == (2, 10.0, 7.0, 3.0)
    assert (row["moneyBackCount"], row["moneyBackSum"]) == (1, 5.0)
    assert row["saleVatAmounts"] == [{"vatSum": 10.0, "vatPercent": 18.0}]
    assert (data["firstDocNumber"], data["lastDocNumber"], data["reportNumber"]) == (1, 3, 1)
    assert data["document_id"] == till.register.ledger()[-1]["long_id"]


def test_cash_is_moved(till: Till) -> None:
    """Cash put into the drawer and taken out is written down."""
    for check_type, kind in ((7, "deposit"), (8, "withdraw")):
        assert till.ask(check_type, tokenData={"parameters": {"data": {"cashSum": 10.0}}})["code"] == 0
        assert till.register.ledger()[-1]["kind"] == kind


def test_correction(till: Till) -> None:
    """Sales made while the register was out of order are entered as a sum."""
    request = sale(doc_type="correction", items=None, firstOperationAtUtc="2026-01-07T08:00:00Z")
    del request["parameters"]["data"]["items"]
    assert till.send(request, 19)["code"] == 0
