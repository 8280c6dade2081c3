"""What goes wrong with the simulated fiscal register when the bench says so."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from hardware.bench.bench import Bench
from hardware.card.virtual_reader import VirtualReader
from tests.hardware.fiscal.till import SOON_S, WAIT_S, Till, sale, till_at


@pytest.fixture
def till(tmp_path: Path) -> Iterator[Till]:
    with till_at(tmp_path) as till:
        yield till


def test_offline_documents_are_kept(till: Till) -> None:
    """Without the tax service documents are made and counted; they go when it is back."""
    till.bench(do="offline")
    assert till.sell()["code"] == 0
    assert till.ask(12)["data"]["docCountToSend"] == 1
    assert till.register.ledger()[0]["sent"] is False
    till.bench(do="offline", on=False)
    assert till.ask(12)["data"]["docCountToSend"] == 0
    assert till.register.ledger()[0]["sent"] is True


def test_offline_time_stands_still(till: Till) -> None:
    """Get info tells when the tax service was last met."""
    before = till.ask(41)["data"]["last_online_time"]
    till.bench(do="offline")
    till.bench(do="later", hours=2)
    assert till.ask(41)["data"]["last_online_time"] == before
    till.bench(do="offline", on=False)
    assert till.ask(41)["data"]["last_online_time"] > before


def test_offline_for_too_long(till: Till) -> None:
    """After five days without the tax service nothing is sold; the shift can be closed, and all is well when it is back."""
    till.bench(do="offline")
    till.sell()
    till.bench(do="later", hours=5 * 24 + 1)
    assert till.ask(13)["code"] == 0
    assert till.ask(15)["code"] == 0
    assert till.sell()["code"] == 604
    till.bench(do="offline", on=False)
    assert till.sell()["code"] == 0


def test_token_expires(till: Till) -> None:
    """When the access token has ended nothing is done until somebody logs in again."""
    till.bench(do="token_expired")
    assert till.sell()["code"] == 401
    till.login()
    assert till.sell()["document_number"] == 1


def test_internal_error_before(till: Till) -> None:
    """An error inside can come before the document is made."""
    till.bench(do="internal_error")
    assert till.sell()["code"] == 65500
    assert till.register.ledger() == []
    assert till.sell()["code"] == 0


def test_internal_error_after(till: Till) -> None:
    """An error inside can come when the document is made."""
    till.bench(do="internal_error", done=True)
    assert till.sell()["code"] == 65500
    assert len(till.register.ledger()) == 1


def test_printing_fails(till: Till) -> None:
    """A document that cannot be printed is made all the same; the next waits until it is printed."""
    till.bench(do="printing")
    assert till.sell()["code"] == 1412
    assert len(till.register.ledger()) == 1
    assert till.ask(16)["code"] == 1210
    till.bench(do="printing", on=False)
    assert till.sell()["code"] == 1200
    assert till.ask(16)["code"] == 0
    assert till.sell()["document_number"] == 2


def test_queue(till: Till) -> None:
    """While another document is worked on, the next is refused."""
    till.bench(do="queue")
    answer = till.sell()
    assert (answer["code"], "QUEUE" in answer["message"]) == (1412, True)
    till.bench(do="queue", on=False)
    assert till.sell()["code"] == 0


def test_many_at_once(till: Till) -> None:
    """Requests that come together make one document each or get code 1412; numbers have no gap."""
    with ThreadPoolExecutor(4) as hands:
        answers = list(hands.map(lambda number: till.sell(f"R-{number}"), range(12)))
    assert {answer["code"] for answer in answers} <= {0, 1412}
    made = sorted(answer["document_number"] for answer in answers if answer["code"] == 0)
    assert made == list(range(1, len(made) + 1))
    assert len(till.register.ledger()) == len(made)


def test_answer_is_lost(till: Till) -> None:
    """The answer to a sale can be lost after the document was made; the number guard and the reference find it."""
    till.bench(do="lose_answer", operation="sale")
    with pytest.raises(httpx.TransportError):
        till.send(sale(prev=0), 1, "R-9")
    assert till.send(sale(prev=0), 1, "R-9")["code"] == 505
    found = till.ask(17, date_start="2000-01-01 00:00:00", date_end="2099-01-01 00:00:00")["transactions"]
    assert [row["int_ref"] for row in found] == ["R-9"]


def test_other_answers_are_not_lost(till: Till) -> None:
    """A fault for one operation leaves the others alone."""
    till.bench(do="lose_answer", operation="sale")
    assert till.ask(14)["code"] == 0


@pytest.mark.parametrize("how", ["half", "garbage", "noise"])
def test_answer_is_spoilt(till: Till, how: str) -> None:
    """An answer can come as half of itself, as garbage, or not as HTTP; the document is made."""
    till.bench(do=how)
    with pytest.raises((httpx.TransportError, json.JSONDecodeError, UnicodeDecodeError)):
        till.sell()
    assert len(till.register.ledger()) == 1


def test_http_error(till: Till) -> None:
    """An HTTP error before the register has heard of it makes no document, one after it does."""
    for done, documents, status in ((False, 0, 503), (True, 1, 503)):
        till.bench(do="http_error", status=status, done=done)
        body = {"requestData": {"access_token": till.token, "tokenData": sale(), "checkData": {"check_type": 1}}}
        assert till.client.post(till.register.url, json=body).status_code == status
        assert len(till.register.ledger()) == documents


def test_silence(till: Till) -> None:
    """A silent register takes a request, does nothing and never answers."""
    till.bench(do="silent")
    with pytest.raises(httpx.TimeoutException):
        till.sell(timeout_s=SOON_S)
    till.bench(do="normal")
    assert till.register.ledger() == []
    assert till.bench(do="state")["unheard"] == 1


def test_late_answer(till: Till) -> None:
    """A slow register answers after its time, and has made the document."""
    till.bench(do="late", ms=2000)
    with pytest.raises(httpx.TimeoutException):
        till.sell(timeout_s=SOON_S)
    assert len(till.register.ledger()) == 1


@pytest.mark.parametrize(("at", "documents"), [("before", 0), ("made", 1)])
def test_power_is_cut_in_a_sale(till: Till, at: str, documents: int) -> None:
    """The power can go before a document is written or just after; the token keeps what was written and forgets who was logged in."""
    till.bench(do="power_cut", at=at)
    with pytest.raises(httpx.TransportError):
        till.sell()
    assert len(till.register.ledger()) == documents
    till.back()
    assert till.ask(14)["code"] == 401
    till.login()
    assert till.ask(41)["data"]["last_doc_number"] == documents


def test_power_off(till: Till) -> None:
    """Without power nobody can connect; the address is the same when it is back, and so are shift and documents."""
    till.sell()
    url = till.register.url
    till.bench(do="power_off")
    with pytest.raises(httpx.TransportError):
        till.ask(14)
    till.bench(do="power_on")
    till.login()
    assert till.register.url == url
    assert till.ask(14)["shiftStatus"] is True
    assert till.sell()["document_number"] == 2


def test_register_remembers(tmp_path: Path) -> None:
    """Documents and shift survive the register's end."""
    with till_at(tmp_path) as till:
        first = till.sell()
    with till_at(tmp_path, shift=False) as till:
        assert till.register.ledger()[0]["long_id"] == first["long_id"]
        assert till.sell()["shift_document_number"] == 2


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"{", 1302),
        (b"[]", 1301),
        (b'{"requestData": {}}', 1301),
        (b'{"requestData": {"checkData": {"check_type": 99}}}', 1300),
        (b'{"requestData": {"checkData": {"check_type": "1"}}}', 1300),
    ],
)
def test_nonsense(till: Till, body: bytes, code: int) -> None:
    """What is no request gets a code, and the register goes on."""
    headers = {"Content-Type": "application/json"}
    assert till.client.post(till.register.url, content=body, headers=headers).json()["code"] == code
    assert till.sell()["code"] == 0


def test_document_without_shape(till: Till) -> None:
    """tokenData that is no document gets code 304."""
    assert (
        till.send({"parameters": {"doc_type": "sale"}, "operationId": "createDocument", "version": 1}, 1)["code"] == 304
    )


def test_other_paths(till: Till) -> None:
    """There is nothing but /v2."""
    assert till.client.post(till.register.url.replace("/v2", "/v1"), json={}).status_code == 404


def test_unknown_bench_command(till: Till) -> None:
    """A command that the bench does not know is refused with a list of those that it knows."""
    answer = till.register.do({"do": "dance"})
    assert (answer["ok"], "lose_answer" in answer["error"]) == (False, True)
    assert not till.register.do({"do": "lose_answer", "operation": "dance"})["ok"]


def test_bench_has_it(tmp_path: Path) -> None:
    """With its option the bench has the register as a device, and its documents in the common ledger."""
    bench = Bench(tmp_path, quick=True, reader=VirtualReader(tmp_path / "reader"), fiscal_port=0)
    bench.start_without_reader()
    try:
        assert str(bench.fiscal_url).endswith("/v2")
        assert bench.do({"device": "fiscal", "do": "state"})["last_document"] == 0
        assert bench.do({"do": "ledger"})["ledger"]["fiscal"] == []
        answer = httpx.post(str(bench.fiscal_url), json={}, timeout=WAIT_S, trust_env=False)
        assert answer.json()["code"] == 1301
    finally:
        bench.stop()
