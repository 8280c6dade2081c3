"""What is due."""

from __future__ import annotations

import httpx
import pytest

from tests.central.requests import payment, problem, quote, reference, submit

LANGUAGES = {"az", "ru", "en"}


def test_a_bill_adds_up_and_every_line_speaks_three_languages(http: httpx.Client) -> None:
    """A quote's total is amount and fee, its payer is masked, and each label stands in every language."""
    bill = quote(http, "electricity", customer_number="104558210").json()
    assert (bill["amount"]["minor"], bill["fee"]["minor"], bill["total"]["minor"]) == (2360, 40, 2400)
    assert bill["payer"] == "A***** M."
    assert len(bill["lines"]) >= 3
    assert all(set(line["label"]) == LANGUAGES and all(line["label"].values()) for line in bill["lines"])


@pytest.mark.parametrize(
    ("ticket", "plate", "total_minor"),
    [("20260017", "10AB123", 3200), ("20260004", "10AB123", 4000), ("20260031", "77ZN077", 8000)],
)
def test_a_fine_is_a_fifth_cheaper_for_ten_days(http: httpx.Client, ticket: str, plate: str, total_minor: int) -> None:
    """The discount holds up to and with the tenth day after the fine was issued, and not a day longer."""
    assert quote(http, "traffic-fine", plate=plate, ticket=ticket).json()["total"]["minor"] == total_minor


def test_a_plate_is_found_however_it_is_written(http: httpx.Client) -> None:
    """Spaces and hyphens in a number do not matter."""
    assert quote(http, "traffic-fine", plate="10-AB-123", ticket="2026 0017").status_code == 200


@pytest.mark.parametrize(
    ("service", "answers", "status", "name"),
    [
        ("electricity", {"customer_number": "999999999"}, 404, "unknown-account"),
        ("electricity", {"customer_number": "104558228"}, 409, "nothing-due"),
        ("electricity", {}, 400, "malformed"),
        ("traffic-fine", {"plate": "77ZN077", "ticket": "20260017"}, 404, "unknown-account"),
        ("residence-certificate", {}, 409, "nothing-due"),
        ("fishing", {}, 404, "unknown-service"),
    ],
)
def test_what_cannot_be_quoted_is_a_problem_with_a_name(
    http: httpx.Client, service: str, answers: dict[str, str], status: int, name: str
) -> None:
    """Each reason for no quote has its own problem type and status."""
    response = quote(http, service, **answers)
    assert (response.status_code, problem(response)) == (status, name)


def test_a_persons_name_is_masked_and_an_organisations_is_not(http: httpx.Client) -> None:
    """However long a person's name, the mask tells no more than initials; an organisation is no secret."""
    assert quote(http, "electricity", customer_number="104560112").json()["payer"] == "L***** Ş-Ə."
    assert "Ağalı" in quote(http, "electricity", customer_number="104570009").json()["payer"]


def test_a_paid_bill_is_no_longer_due(http: httpx.Client) -> None:
    """After a submission the same account has nothing due."""
    answers = {"customer_number": "104560047"}
    bill = quote(http, "electricity", **answers).json()
    assert submit(http, payment(reference(), bill, "electricity", **answers)).status_code == 201
    assert problem(quote(http, "electricity", **answers)) == "nothing-due"
