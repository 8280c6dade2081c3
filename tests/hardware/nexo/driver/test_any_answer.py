"""Whatever comes back: no exception but a DeviceFault, and no approval but of the amount that was asked for."""

from __future__ import annotations

import copy
import itertools
import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hardware.nexo.answers import decode
from hardware.nexo.driver import NexoTerminal
from hardware.nexo.settings import NexoTimings
from kiosk.domain.faults import DeviceFault
from kiosk.domain.money import Money
from kiosk.domain.payment import Approved, BatchTotals, Cancelled, Declined, TransactionMark, Unresolved
from tests.hardware.nexo.driver.peer import Action, Message, Peer, http, settings_for
from tests.hardware.nexo.driver.scripts import NOT_FOUND, header, payment, response, reversal

SALE = Money(240)
QUICK = NexoTimings(
    recovery_limit_s=0.3, enquiry_limit_s=5, retry_first_s=0.01, retry_longest_s=0.02, not_found_pause_s=0.01
)
NUMBERS = itertools.count()
OUTCOMES = (Approved, Declined, Cancelled, Unresolved)

ODD = st.sampled_from([
    None, True, False, 0, -1, 1, 2.4, 2.40000001, 2.41, 24, 240, 1e308, "2.40", "2.41", "NaN", "sNaN", "-Infinity", "1e999999999",
    "0e999999999", "2.4" + "0" * 400 + "1", "", "AZN", "EUR", "azn", "Success", "Failure", "Partial", "Refusal", "Aborted",
    "InProgress", "NotFound", "Payment", "Reversal", "T", "x" * 300, "\x00", "ı\ud83d\ude00", [], {}, [[]], [{}], {"": 0},
])  # fmt: skip


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in inner:
        yield from places(each, (*path, key))


@st.composite
def spoiling(draw: st.DrawFn) -> Callable[[Message], bytes]:
    """A function that spoils a message at a few places, and perhaps the bytes it is written in."""
    changes = draw(st.lists(st.tuples(st.integers(0, 1 << 16), st.booleans(), ODD), max_size=3))
    cuts = draw(st.lists(st.tuples(st.integers(0, 1 << 16), st.integers(0, 4), st.binary(max_size=4)), max_size=2))

    def spoil(message: Message) -> bytes:
        spoilt = copy.deepcopy(message)
        for number, removes, odd in changes:
            found = [path for path in places(spoilt) if path]
            if not found:
                break
            *way, last = found[number % len(found)]
            holder: Any = spoilt
            for step in way:
                holder = holder[step]
            if removes:
                del holder[last]
            else:
                holder[last] = copy.deepcopy(odd)
        body = json.dumps(spoilt).encode()
        for number, length, other in cuts:
            at = number % (len(body) + 1)
            body = body[:at] + other + body[at + length :]
        return body

    return spoil


def spoilt_answer(spoil: Callable[[Message], bytes], name: str, body: Message, sent: list[bytes]) -> Action:
    def act(request: Message, connection: Any) -> None:
        sent.append(spoil({"SaleToPOIResponse": {"MessageHeader": header(request), name: body}}))
        connection.sendall(http(sent[-1]))

    return act


@pytest.fixture(scope="module")
def pair() -> Iterator[tuple[Peer, NexoTerminal]]:
    peer = Peer()
    nexo = NexoTerminal(settings_for(peer, QUICK))
    yield peer, nexo
    nexo.close()
    peer.close()


def tells_of_the_sale(told: Any) -> bool:
    """Whether a PaymentResponse, read by another parser, says that exactly this sale was made."""
    amounts = told["PaymentResult"]["AmountsResp"]
    stated = Decimal(amounts["AuthorizedAmount"])
    return told["Response"]["Result"] == "Success" and (amounts["Currency"], stated) == ("AZN", Decimal("2.40"))


def read(body: bytes) -> Any:
    return json.loads(body, parse_float=Decimal, parse_int=Decimal)["SaleToPOIResponse"]


@settings(max_examples=150, deadline=None)
@given(spoil=spoiling(), failed=st.booleans())
def test_any_answer_to_a_payment(pair, spoil, failed):
    """However an answer to a payment is spoilt, it is an outcome, and Approved only if it still says 2.40 AZN."""
    peer, nexo = pair
    body = payment(response("Failure", "Refusal")) if failed else payment()
    sent: list[bytes] = []
    peer.on("Payment", spoilt_answer(spoil, "PaymentResponse", body, sent))
    outcome = nexo.pay(SALE, f"A-{next(NUMBERS)}", lambda _: None)
    assert isinstance(outcome, OUTCOMES)
    if isinstance(outcome, Approved):
        assert outcome.authorisation.amount == SALE
        assert tells_of_the_sale(read(sent[0])["PaymentResponse"])


@settings(max_examples=60, deadline=None)
@given(spoil=spoiling(), failed=st.booleans())
def test_any_answer_to_a_question(pair, spoil, failed):
    """However the answer about a payment in doubt is spoilt, it is an outcome, and Approved only of this payment and amount."""
    peer, nexo = pair
    body = payment(response("Failure", "Refusal")) if failed else payment()
    sent: list[bytes] = []

    def act(request: Message, connection: Any) -> None:
        asked = request["TransactionStatusRequest"]["MessageReference"]
        if asked["MessageCategory"] == "Reversal":
            return NOT_FOUND(request, connection)
        repeated = {
            "MessageHeader": {**header(request), "MessageCategory": "Payment", "ServiceID": asked["ServiceID"]},
            "RepeatedResponseMessageBody": {"PaymentResponse": body},
        }
        told = {"Response": response(), "MessageReference": asked, "RepeatedMessageResponse": repeated}
        return spoilt_answer(spoil, "TransactionStatusResponse", told, sent)(request, connection)

    peer.always("TransactionStatus", act)
    outcome = nexo.outcome_of(f"B-{next(NUMBERS)}", SALE, TransactionMark())
    assert isinstance(outcome, OUTCOMES)
    if isinstance(outcome, Approved):
        told = read(sent[-1])["TransactionStatusResponse"]["RepeatedMessageResponse"]["RepeatedResponseMessageBody"]
        assert tells_of_the_sale(told["PaymentResponse"])


@settings(max_examples=70, deadline=None)
@given(spoil=spoiling())
def test_any_answer_to_a_batch_or_a_diagnosis(pair, spoil):
    """However totals or a diagnosis are spoilt, the driver returns an outcome or raises a DeviceFault before anything was asked."""
    peer, nexo = pair
    totals = [{"TransactionType": "Debit", "TransactionCount": 1, "TransactionAmount": 2.4}]
    group = {"CardBrand": "visa", "PaymentCurrency": "AZN", "PaymentTotals": totals}
    body = {"Response": response(), "TransactionTotals": [group]}
    peer.on("Reconciliation", spoilt_answer(spoil, "ReconciliationResponse", body, []))
    assert isinstance(nexo.close_batch(), BatchTotals | Declined | Unresolved)
    status = {"GlobalStatus": "OK", "PrinterStatus": "OK", "CardReaderOKFlag": True}
    peer.on("Diagnosis", spoilt_answer(spoil, "DiagnosisResponse", {"Response": response(), "POIStatus": status}, []))
    nexo.health()


@settings(max_examples=70, deadline=None)
@given(spoil=spoiling())
def test_any_answer_to_a_reversal(pair, spoil):
    """However the answer to a reversal is spoilt, the money counts as back only if exactly it was stated."""
    peer, nexo = pair
    sent: list[bytes] = []
    peer.on("Payment", spoilt_answer(lambda message: json.dumps(message).encode(), "PaymentResponse", payment(), []))
    sale = nexo.pay(SALE, f"C-{next(NUMBERS)}", lambda _: None)
    assert isinstance(sale, Approved)
    peer.on("Reversal", spoilt_answer(spoil, "ReversalResponse", reversal(ReversedAmount=2.40), sent))
    peer.always("TransactionStatus", NOT_FOUND)
    outcome = nexo.reverse(sale.authorisation)
    assert isinstance(outcome, Cancelled | Declined | Unresolved)
    if outcome == Cancelled():
        assert Decimal(read(sent[0])["ReversalResponse"]["ReversedAmount"]) == Decimal("2.40")


@settings(max_examples=400)
@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_bytes(data):
    """Any bytes are an answer or a DeviceFault."""
    try:
        decode(data)
    except DeviceFault:
        return
    assert b"SaleToPOIResponse" in data
