"""The client, on a real server and a real wire."""

from __future__ import annotations

import json
import socket
import ssl
import time
from pathlib import Path
from typing import Any

import pytest

from kiosk.domain.application import QuoteLine
from kiosk.domain.faults import CentralRefused, CentralUnreachable, ConfigError
from kiosk.domain.health import Failed, Ready
from kiosk.domain.money import Money
from kiosk.domain.secret import Secret
from kiosk.uplink.client import HttpCentral, UplinkSettings, read_token
from kiosk.uplink.verdicts import CentralBusy
from tests.central.server import RunningCentral
from tests.uplink.kiosk import AYGUN, a_certificate, a_claim, a_paid, a_quote

BILL: dict[str, Any] = {
    "id": "Q1",
    "amount": {"minor": 2360, "currency": "AZN"},
    "fee": {"minor": 40, "currency": "AZN"},
    "total": {"minor": 2400, "currency": "AZN"},
    "payer": "A***** M.",
    "lines": [{"label": {"az": "Dövr", "ru": "Период", "en": "Period"}, "value": "06.2026"}],
}


def impatient(central: RunningCentral, token: str = "") -> HttpCentral:
    """A client that gives up after 0.4 s."""
    secret = Secret(token or central.token)
    return HttpCentral(UplinkSettings(url=central.url, kiosk_id="K1", token=secret, answer_timeout_s=0.4))


def test_a_quote_becomes_the_domains_money_and_lines(client: HttpCentral) -> None:
    """Amount, fee and total arrive to the qəpik, with a label in every language."""
    quote = client.quote("electricity", {"customer_number": "104558210"}, AYGUN, "ru")
    assert (quote.amount, quote.fee, quote.total, quote.payer) == (Money(2360), Money(40), Money(2400), "A***** M.")
    assert all(set(line.label) == {"az", "ru", "en"} for line in quote.lines)
    assert (
        QuoteLine({"az": "Sayğac, kVt·saat", "ru": "Счётчик, кВт·ч", "en": "Meter, kWh"}, "4812 – 5080 (268)", None)
        in quote.lines
    )


def test_a_submission_repeated_is_the_same_acceptance(client: HttpCentral, central: RunningCentral) -> None:
    """Delivering a submission again gives the first receipt number; the centre has it once."""
    quote = a_quote(client)
    submission = a_paid(quote.total, quote.id)
    first, second = client.submit(submission), client.submit(submission)
    assert first == second
    assert [entry["amount_minor"] for entry in central.ledger() if entry["reference"] == submission.reference] == [4000]


def test_a_certificate_comes_with_its_slip(client: HttpCentral) -> None:
    """The document's lines and the address of its QR arrive."""
    acceptance = client.submit(a_certificate())
    assert any("Zəngilan" in line for line in acceptance.document)
    assert acceptance.verification_url.startswith("https://central.example/v1/verify/")


def test_a_claim_is_delivered(client: HttpCentral, central: RunningCentral) -> None:
    """A claim reaches the centre, once, however often it is sent."""
    claim = a_claim()
    client.claim(claim)
    client.claim(claim)
    assert [each["outcome"] for each in central.ledger() if each["reference"] == claim.reference] == ["unresolved"]


@pytest.mark.parametrize(
    ("service", "answers", "problem"),
    [
        ("electricity", {"customer_number": "999999999"}, "unknown-account"),
        ("electricity", {"customer_number": "104558228"}, "nothing-due"),
        ("fishing", {}, "unknown-service"),
    ],
)
def test_a_problem_is_a_refusal_with_its_type(
    client: HttpCentral, service: str, answers: dict[str, str], problem: str
) -> None:
    """What the centre says no to is CentralRefused with the problem's name."""
    with pytest.raises(CentralRefused) as refused:
        client.quote(service, answers, None, "az")
    assert refused.value.type == problem


@pytest.mark.parametrize(
    "change",
    [
        {"total": {"minor": 2401, "currency": "AZN"}},
        {"amount": {"minor": -2360, "currency": "AZN"}, "total": {"minor": -2320, "currency": "AZN"}},
        {"fee": {"minor": -40, "currency": "AZN"}, "total": {"minor": 2320, "currency": "AZN"}},
        {"fee": {"minor": 40, "currency": "USD"}},
        {"amount": {"minor": 2360.0, "currency": "AZN"}},
        {"amount": {"minor": "2360", "currency": "AZN"}},
        {"amount": {"minor": 10**30}},
        {"amount": {"minor": 0}, "fee": {"minor": 0}, "total": {"minor": 0}},
        {"id": ""},
        {"id": 7},
        {"payer": "x" * 5000},
        {"lines": [{"label": {"az": "Dövr", "en": "Period"}}]},
        {"lines": [{"label": {"az": "Dövr", "ru": " ", "en": "Period"}}]},
        {"lines": [{"label": {"az": "a", "ru": "b", "en": "c"}, "amount": {"minor": -(10**14)}}]},
        {"lines": BILL["lines"] * 100},
    ],
    ids=lambda change: json.dumps(change)[:40],
)
def test_a_malformed_bill_is_refused_whole(
    central: RunningCentral, client: HttpCentral, change: dict[str, Any]
) -> None:
    """A sum that does not add up, a negative or foreign amount, a label missing: malformed, never a half-read quote."""
    central.malformed(json.dumps(BILL).encode())
    assert client.quote("electricity", {}, None, "az").total == Money(2400)
    central.malformed(json.dumps(BILL | change).encode())
    with pytest.raises(CentralRefused) as refused:
        client.quote("electricity", {}, None, "az")
    assert refused.value.type == "malformed"


@pytest.mark.parametrize("body", [b"", b"<html>Welcome to the hotel</html>", b"[" * 100_000, b"\xff\xfe", b"null"])
def test_rubbish_to_a_quote_is_malformed(central: RunningCentral, client: HttpCentral, body: bytes) -> None:
    """An answer that is no quote at all is malformed."""
    central.malformed(body)
    with pytest.raises(CentralRefused) as refused:
        client.quote("electricity", {}, None, "az")
    assert refused.value.type == "malformed"


def test_rubbish_to_a_submission_leaves_its_fate_open(central: RunningCentral, client: HttpCentral) -> None:
    """A success that cannot be read, or that is about another reference, is no refusal: the submission may be in."""
    for body in (b"<html>", b'{"reference":"other","receipt_number":"1"}', b'{"reference":"","receipt_number":""}'):
        central.wire.answer("/v1/submissions", body, 201)
        with pytest.raises(CentralUnreachable):
            client.submit(a_certificate())


@pytest.mark.parametrize(
    ("status", "headers"),
    [
        (302, {"Location": "http://portal.example/"}),
        (403, {"Content-Type": "text/html"}),
        (404, {"Content-Type": "application/problem+json"}),
        (407, {}),
    ],
)
def test_a_stranger_on_the_line_is_not_the_centre(
    central: RunningCentral, client: HttpCentral, status: int, headers: dict[str, str]
) -> None:
    """A captive portal's redirect, a proxy's page, a problem of others: unreachable, not refused."""
    central.wire.answer("/v1/submissions", b'{"type":"about:blank","title":"No","status":404}', status, headers)
    with pytest.raises(CentralUnreachable) as fault:
        client.submit(a_certificate())
    assert not isinstance(fault.value, CentralBusy)


@pytest.mark.parametrize(("status", "retry_after"), [(503, "120"), (429, "7"), (500, ""), (408, ""), (502, "soon")])
def test_a_centre_in_trouble_is_busy(
    central: RunningCentral, client: HttpCentral, status: int, retry_after: str
) -> None:
    """408, 429 and 5xx are CentralBusy with what Retry-After asks for, if it can be understood."""
    central.wire.answer("/v1/quotes", b"", status, {"Retry-After": retry_after})
    with pytest.raises(CentralBusy) as fault:
        client.quote("electricity", {}, None, "az")
    assert fault.value.retry_after_s == (float(retry_after) if retry_after.isdigit() else None)


def test_no_centre_is_unreachable_and_comes_back(central: RunningCentral, client: HttpCentral) -> None:
    """With the wire cut every call is CentralUnreachable; with the wire mended the same client works."""
    assert isinstance(client.health(), Ready)
    central.down()
    for call in (lambda: a_quote(client), lambda: client.claim(a_claim()), lambda: client.submit(a_certificate())):
        with pytest.raises(CentralUnreachable):
            call()
    health = client.health()
    assert isinstance(health, Failed)
    assert health.reason == "absent"
    central.up()
    assert isinstance(client.health(), Ready)


def test_a_silent_centre_is_given_up_in_time(central: RunningCentral) -> None:
    """A centre that takes the call and never answers costs no more than the time-out."""
    client = impatient(central)
    central.hang()
    started = time.monotonic()
    with pytest.raises(CentralUnreachable):
        client.quote("electricity", {}, None, "az")
    assert 0.3 < time.monotonic() - started < 2
    health = client.health()
    assert isinstance(health, Failed)
    assert health.reason == "silent"
    client.close()


def test_an_answer_that_drips_is_given_up_in_time(central: RunningCentral) -> None:
    """The deadline is for the whole call: bytes that keep coming do not prolong it."""
    client = impatient(central)
    central.drip()
    started = time.monotonic()
    with pytest.raises(CentralUnreachable):
        a_quote(client)
    assert time.monotonic() - started < 2
    client.close()


def test_a_peer_that_never_finishes_its_handshake_is_given_up_in_time() -> None:
    """TLS with a peer that accepts and says nothing ends within the time-out."""
    with socket.create_server(("127.0.0.1", 0)) as mute:
        url = f"https://127.0.0.1:{mute.getsockname()[1]}"
        client = HttpCentral(UplinkSettings(url=url, kiosk_id="K1", token=Secret("t"), answer_timeout_s=0.4))
        started = time.monotonic()
        with pytest.raises(CentralUnreachable):
            client.quote("electricity", {}, None, "az")
        assert time.monotonic() - started < 2
        client.close()


def test_an_endless_answer_is_cut_off(central: RunningCentral, client: HttpCentral) -> None:
    """More than a megabyte is not read."""
    central.malformed(b" " * (1 << 20) + b"{}")
    with pytest.raises(CentralUnreachable, match="bytes"):
        client.quote("electricity", {}, None, "az")


def test_an_unknown_kiosk_is_told_so(central: RunningCentral) -> None:
    """With a wrong token a quote is refused as unauthorised, and the health says refused."""
    client = impatient(central, "wrong")
    with pytest.raises(CentralRefused) as refused:
        client.quote("electricity", {}, None, "az")
    assert refused.value.type == "unauthorised"
    health = client.health()
    assert isinstance(health, Failed)
    assert health.reason == "refused"
    client.close()


def test_the_catalogue_travels_once(central: RunningCentral, client: HttpCentral) -> None:
    """The second catalogue is the first one, from a 304."""
    first = client.catalogue()
    assert client.catalogue() is first
    assert central.wire.calls == ["GET /v1/catalogue"] * 2


@pytest.mark.parametrize("url", ["", "central.example", "ftp://central.example", "http://central.example", "https://"])
def test_personal_data_never_travels_in_clear(url: str) -> None:
    """Only https, or http on this very machine, is taken for an address."""
    with pytest.raises(ConfigError):
        HttpCentral(UplinkSettings(url=url, kiosk_id="K1", token=Secret("t")))


def test_a_ca_file_that_is_none_is_a_mistake_in_the_configuration(tmp_path: Path) -> None:
    """A missing or unreadable CA file is ConfigError, at once."""
    for name, content in (("missing", None), ("torn", "-----BEGIN CERTIFICATE-----\nAAAA")):
        if content:
            (tmp_path / name).write_text(content)
        with pytest.raises(ConfigError):
            HttpCentral(
                UplinkSettings(url="https://x.example", kiosk_id="K1", token=Secret("t"), ca_file=str(tmp_path / name))
            )


def test_the_token_is_read_from_its_file_and_never_shown(tmp_path: Path) -> None:
    """A token comes from a file of its own; an empty one is a mistake; settings do not print it."""
    path = tmp_path / "token"
    path.write_text("kiosk_CANARY\n")
    settings = UplinkSettings(url="https://x.example", kiosk_id="K1", token=read_token(path))
    assert settings.token.reveal() == "kiosk_CANARY"
    assert "CANARY" not in repr(settings)
    path.write_text(" \n")
    for each in (path, tmp_path / "none"):
        with pytest.raises(ConfigError):
            read_token(each)


def test_one_tls_context_serves_all_calls(monkeypatch: pytest.MonkeyPatch, central: RunningCentral) -> None:
    """Making a context costs 20 ms on a desk and more on a Pi: it is made once, for the client's life."""
    made = []
    real = ssl.create_default_context

    def counted(**arguments: Any) -> ssl.SSLContext:
        made.append(1)
        return real(**arguments)

    monkeypatch.setattr(ssl, "create_default_context", counted)
    client = impatient(central)
    for _ in range(3):
        client.health()
    client.close()
    assert len(made) == 1
