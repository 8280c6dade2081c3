"""The edge: who may call, what can be read, and how every error looks."""

from __future__ import annotations

import json
import time
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from central.problems import TITLES
from kiosk.uplink.problems import PROBLEMS
from tests.central.requests import certificate, problem, quote, reference
from tests.central.server import RunningCentral

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize(
    ("method", "path", "status", "name"),
    [
        ("GET", "/nowhere", 404, "not-found"),
        ("GET", "/v1/nowhere", 404, "not-found"),
        ("GET", "/v1/receipts/%00", 404, "not-found"),
        ("PUT", "/v1/quotes", 405, "method-not-allowed"),
        ("POST", "/v1/quotes", 400, "malformed"),
    ],
)
def test_every_error_is_a_problem(http: httpx.Client, method: str, path: str, status: int, name: str) -> None:
    """Also what the framework refuses by itself is application/problem+json with our types."""
    response = http.request(method, path)
    assert (response.status_code, problem(response)) == (status, name)


def test_a_defect_is_a_problem_too_and_tells_nothing(tmp_path: Any) -> None:
    """When the database is gone the answer is internal, without a word about why."""
    with RunningCentral(tmp_path) as central:
        for file in tmp_path.glob("central.db*"):
            file.write_bytes(b"no database any more " * 400)
        response = httpx.get(
            f"{central.url}/v1/catalogue", headers={"Authorization": f"Bearer {central.token}"}, trust_env=False
        )
    assert (response.status_code, problem(response)) == (500, "internal")
    assert "database" not in response.text


@pytest.mark.parametrize("authorization", ["", "Bearer", "Bearer wrong", "Basic a2lvc2s6", "Bearer \xff\xfe"])
@pytest.mark.parametrize("path", ["/v1/catalogue", "/v1/receipts/0000-0000-0000"])
def test_only_kiosks_are_let_in(central: RunningCentral, path: str, authorization: str) -> None:
    """Without a valid token there is nothing but unauthorised."""
    headers = [(b"Authorization", authorization.encode("latin-1"))] if authorization else []
    response = httpx.get(central.url + path, headers=headers, trust_env=False)
    assert (response.status_code, problem(response)) == (401, "unauthorised")
    assert response.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"[" * 60_000,
        b'{"service":"electricity","answers":' + b'{"a":' * 9000,
        b'{"service":"electricity","answers":{},"unknown":' + b"[" * 60_000,
        b'{"service":"electricity","answers":{"customer_number":104558210}}',
        b'{"service":"electricity","answers":{"customer_number":"1\\u0000"}}',
        b'{"service":"electricity","answers":{"customer_number":"1\\ud800"}}',
        b'{"service":"electricity","answers":{"customer_number":"\xff"}}',
        b'{"service":"electricity","answers":{"customer_number":"' + b"1" * 300 + b'"}}',
        b'{"service":"electricity","answers":{},"language":"de"}',
        b'{"service":"electricity","answers":{}}' + b" " * 70_000,
    ],
)
def test_what_cannot_be_read_is_malformed(http: httpx.Client, body: bytes) -> None:
    """Torn, deep, mistyped, NUL, surrogate, over-long: 400 malformed, never a 500."""
    response = http.post("/v1/quotes", content=body, headers={"Content-Type": "application/json"})
    assert (response.status_code, problem(response)) == (400, "malformed")


@pytest.mark.parametrize("number", [2**63, 2**64, -1, 10**30, 1.5, "1"])
def test_a_number_that_no_database_holds_is_malformed(http: httpx.Client, number: object) -> None:
    """Numbers beyond 2^53, below zero, broken or in quotes never reach the store."""
    body = certificate(reference()) | {"made_at_ms": number}
    response = http.post("/v1/submissions", json=body, headers={"Idempotency-Key": body["reference"]})
    assert (response.status_code, problem(response)) == (400, "malformed")


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(value=ANYTHING, field=st.sampled_from(sorted(certificate("x"))))
def test_no_body_makes_the_centre_fail(http: httpx.Client, value: object, field: str) -> None:
    """Whatever JSON stands in whatever field, the answer is the certificate or a problem below 500."""
    body = certificate(reference())
    body[field] = value
    content = json.dumps(body).encode()
    response = http.post("/v1/submissions", content=content, headers={"Idempotency-Key": "K1-fuzz"})
    assert response.status_code == 201 or (response.status_code < 500 and problem(response))


def test_the_catalogue_travels_once(http: httpx.Client) -> None:
    """With the ETag of the catalogue the next answer is an empty 304, also among other tags; with another it is whole."""
    first = http.get("/v1/catalogue")
    tag = first.headers["etag"]
    assert {entry["id"] for entry in first.json()["services"]} == {
        "electricity",
        "traffic-fine",
        "residence-certificate",
        "child-certificate",
        "entrusted-certificate",
    }
    for header in (tag, f'"x", W/{tag}', "*"):
        again = http.get("/v1/catalogue", headers={"If-None-Match": header})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert http.get("/v1/catalogue", headers={"If-None-Match": '"x"'}).status_code == 200


def test_a_calls_id_comes_back(http: httpx.Client) -> None:
    """The caller's X-Correlation-ID is answered; one that is no id is replaced."""
    assert http.get("/v1/health", headers={"X-Correlation-ID": "abc-1"}).headers["x-correlation-id"] == "abc-1"
    assert http.get("/v1/health", headers={"X-Correlation-ID": "a b"}).headers["x-correlation-id"] != "a b"


def test_every_problem_has_a_title() -> None:
    """The contract's list of problems and the centre's titles are the same set."""
    assert set(TITLES) == set(PROBLEMS)


def test_the_description_names_every_endpoint_and_its_problems(http: httpx.Client) -> None:
    """OpenAPI 3.1 is served, with the security scheme, the key and problem+json answers."""
    description = http.get("/openapi.json").json()
    assert description["openapi"].startswith("3.1")
    paths = {path.replace("{receipt_number}", "{}").replace("{code}", "{}") for path in description["paths"]}
    assert paths == {
        "/v1/catalogue", "/v1/quotes", "/v1/submissions", "/v1/claims", "/v1/matters", "/v1/copies", "/v1/registrations", "/v1/kiosks/health", "/v1/receipts/{}", "/v1/health", "/v1/verify/{}",
        "/v1/technicians/revocations",
        "/v1/signing-keys", "/v1/documents/{file}",
    }  # fmt: skip
    post = description["paths"]["/v1/submissions"]["post"]
    assert "application/problem+json" in post["responses"]["422"]["content"]
    assert [each["name"] for each in post["parameters"] if each["required"]] == ["Idempotency-Key"]
    assert post["security"] == [{"kiosk": []}]


def test_nothing_of_a_person_is_logged(http: httpx.Client, caplog: pytest.LogCaptureFixture) -> None:
    """The log of a call has its route and status, and no number or code that stood in the request."""
    with caplog.at_level("INFO", logger="central"):
        quote(http, "electricity", customer_number="104558210")
        http.get("/v1/verify/SECRETCODE")
        text, end = "", time.monotonic() + 5
        while "/v1/verify/{code}" not in text and time.monotonic() < end:
            time.sleep(0.01)  # a call is logged after its answer has gone
            text = " ".join(str(vars(record)) for record in caplog.records if record.name.startswith("central"))
    assert "/v1/quotes" in text
    assert "/v1/verify/{code}" in text
    assert "104558210" not in text
    assert "SECRETCODE" not in text
