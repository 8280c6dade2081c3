"""Carried out once, answered as often as asked."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from central.applications import submissions
from tests.central.requests import AYGUN, certificate, payment, problem, quote, reference, submit
from tests.central.server import RunningCentral

FINE = {"plate": "10AB123", "ticket": "20260017"}
HOUSE = {"customer_number": "104570009"}


def entries(central: RunningCentral, ref: str) -> list[dict[str, Any]]:
    return [entry for entry in central.ledger() if entry["reference"] == ref]


def test_doubles_at_the_same_moment_are_carried_out_once(http: httpx.Client, central: RunningCentral) -> None:
    """Eight equal submissions at once give eight equal answers and one entry in the ledger."""
    bill = quote(http, "traffic-fine", **FINE).json()
    body = payment(reference(), bill, "traffic-fine", **FINE)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: submit(http, body), range(8)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert [entry["amount_minor"] for entry in entries(central, body["reference"])] == [3200]


def test_a_key_may_come_bare_or_quoted(http: httpx.Client) -> None:
    """``K1-1`` and ``"K1-1"`` are the same Idempotency-Key."""
    body = certificate(reference())
    assert submit(http, body, body["reference"]).content == submit(http, body, f'"{body["reference"]}"').content


def test_a_key_with_another_body_is_refused(http: httpx.Client, central: RunningCentral) -> None:
    """The same key with one field changed is key-reused, and nothing is carried out."""
    body = certificate(reference())
    assert submit(http, body).status_code == 201
    response = submit(http, body | {"language": "en"})
    assert (response.status_code, problem(response)) == (422, "key-reused")
    assert len(entries(central, body["reference"])) == 1


def test_the_order_of_names_does_not_make_another_body(http: httpx.Client) -> None:
    """The same request with its JSON in another order, and unknown fields added, is a repeat."""
    body = certificate(reference())
    first = submit(http, body)
    again = submit(http, {"new_field": 1, **dict(reversed(body.items()))})
    assert again.content == first.content


@pytest.mark.parametrize(
    ("key", "name"), [("", "key-missing"), ("other", "malformed"), ('"unbalanced', "malformed"), ("ə" * 3, "malformed")]
)
def test_a_submission_needs_its_own_key(http: httpx.Client, key: str, name: str) -> None:
    """No key, another reference's key, or one that is no structured-field string: a problem."""
    response = http.post("/v1/submissions", json=certificate(reference()), headers=[(b"Idempotency-Key", key.encode())])
    assert (response.status_code, problem(response)) == (400, name)


def test_no_key_at_all_is_a_problem_of_its_own(http: httpx.Client) -> None:
    """Without the header the answer is key-missing."""
    assert problem(http.post("/v1/submissions", json=certificate(reference()))) == "key-missing"


@pytest.mark.parametrize("wrong", [{"minor": 31289}, {"minor": 31291}, {"minor": 31290, "currency": "USD"}, None])
def test_a_payment_must_be_what_was_quoted(
    http: httpx.Client, central: RunningCentral, wrong: dict[str, Any] | None
) -> None:
    """A qəpik more or less, another currency, or no payment at all is amount-mismatch, and nothing is kept."""
    bill = quote(http, "electricity", **HOUSE).json()
    body = payment(reference(), bill, "electricity", **HOUSE)
    body["payment"] = None if wrong is None else body["payment"] | {"amount": wrong}
    response = submit(http, body)
    assert (response.status_code, problem(response)) == (422, "amount-mismatch")
    assert not entries(central, body["reference"])


def test_a_refused_submission_may_be_put_right_under_the_same_key(http: httpx.Client) -> None:
    """A refusal is not kept: the key is free for the corrected request."""
    bill = quote(http, "electricity", **HOUSE).json()
    body = payment(reference(), bill, "electricity", **HOUSE)
    assert problem(submit(http, body | {"quote": "nonsense"})) == "quote-unknown"
    assert submit(http, body).status_code == 201


def test_a_quote_is_for_its_own_service_and_answers(http: httpx.Client) -> None:
    """A quote for one account does not pay another."""
    bill = quote(http, "electricity", customer_number="104560112").json()
    response = submit(http, payment(reference(), bill, "electricity", customer_number="104558210"))
    assert (response.status_code, problem(response)) == (422, "quote-unknown")


def test_money_for_a_bill_that_is_paid_already_is_booked_and_marked(
    http: httpx.Client, central: RunningCentral
) -> None:
    """Two kiosks may pay one bill at once: the second payment is not refused, its outcome is overpaid."""
    answers = {"customer_number": "104558210"}
    first, second = (quote(http, "electricity", **answers).json() for _ in range(2))
    late = payment(reference(), second, "electricity", **answers)
    assert submit(http, payment(reference(), first, "electricity", **answers)).status_code == 201
    assert submit(http, late).status_code == 201
    assert [entry["outcome"] for entry in entries(central, late["reference"])] == ["overpaid"]


def test_another_kiosks_name_is_not_spoken_for(http: httpx.Client) -> None:
    """A token is good for its own kiosk only."""
    response = submit(http, certificate(reference()) | {"kiosk": "K2"})
    assert (response.status_code, problem(response)) == (401, "unauthorised")


@pytest.mark.parametrize(
    ("language", "words"), [("az", "Zəngilan rayonu, Ağalı"), ("ru", "село Агалы"), ("en", "Aghali village")]
)
def test_a_certificate_is_written_in_the_asked_language(http: httpx.Client, language: str, words: str) -> None:
    """Name, FIN and address stand on the slip, the text around them in the citizen's language."""
    document = "\n".join(submit(http, certificate(reference(), language)).json()["document"])
    assert all(part in document for part in (words, "7ABC1D2", "Məmmədova Aygün", "01.01.1990"))


def test_anyone_can_verify_a_certificate_and_learns_no_name(http: httpx.Client, central: RunningCentral) -> None:
    """The QR leads, without a login, to a masked holder; a code that was not given out leads nowhere."""
    url = submit(http, certificate(reference())).json()["verification_url"]
    assert url.startswith("https://central.example/v1/verify/")
    path = url.removeprefix("https://central.example").partition("#")[0]
    found = httpx.get(central.url + path, trust_env=False).json()
    assert (found["valid"], found["holder"], found["service"]) == (True, "A***** M.", "residence-certificate")
    assert problem(httpx.get(central.url + path[:-1] + "!", trust_env=False)) == "not-found"


def test_a_phone_that_scans_the_paper_sees_a_page(http: httpx.Client, central: RunningCentral) -> None:
    """A browser gets a page in three languages that says genuine, whose and when; for another code it says beware."""
    path = submit(http, certificate(reference())).json()["verification_url"].removeprefix("https://central.example")
    browser = {"Accept": "text/html,application/xhtml+xml;q=0.9"}
    page = httpx.get(central.url + path, headers=browser, trust_env=False)
    assert page.headers["content-type"].startswith("text/html")
    assert all(
        words in page.text for words in ("A***** M.", "İmza yoxlanılmayıb", "Подпись не проверена", "not checked")
    )
    other = httpx.get(f"{central.url}/v1/verify/{'0' * 26}", headers=browser, trust_env=False)
    assert (other.status_code, "Do not trust the paper" in other.text) == (404, True)


def test_the_unique_key_stops_a_double_that_the_look_up_missed(
    http: httpx.Client, central: RunningCentral, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As with two servers on one database: the second insert fails whole, and the first answer is given."""
    body = certificate(reference())
    first = submit(http, body)
    missed: list[str] = []
    look_up = submissions.answered_before

    def late(tx: Any, data: Any) -> Any:
        if not missed:
            missed.append(data.reference)
            return None
        return look_up(tx, data)

    monkeypatch.setattr(submissions, "answered_before", late)
    assert submit(http, body).content == first.content
    assert missed == [body["reference"]]
    assert len(entries(central, body["reference"])) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"personal_number": "0000000"},
        {"birth_date": "1990-01-02"},
        {"issuing_state": "UTO"},
        {"issuing_state": "UTO", "personal_number": ""},
        {"issuing_state": ""},
    ],
)
def test_who_is_not_in_the_register_gets_no_certificate(http: httpx.Client, change: dict[str, str]) -> None:
    """An unknown FIN, one with another date of birth, or the same numbers on a card of another state is not-a-resident."""
    response = submit(http, certificate(reference(), citizen=AYGUN | change))
    assert (response.status_code, problem(response)) == (409, "not-a-resident")


def test_a_receipt_can_be_looked_up_and_tells_nothing_of_a_person(http: httpx.Client) -> None:
    """A receipt number leads back to its reference; another one leads nowhere."""
    body = certificate(reference())
    number = submit(http, body).json()["receipt_number"]
    found = http.get(f"/v1/receipts/{number}").json()
    assert (found["reference"], found["service"], found["amount"]) == (body["reference"], body["service"], None)
    assert "AYGUN" not in str(found)
    assert problem(http.get("/v1/receipts/0000-0000-0000")) == "not-found"
