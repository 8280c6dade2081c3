"""Cancelling from another thread: the terminal is asked to abort, and the payment's own answer decides."""

from __future__ import annotations

import threading

import pytest

from kiosk.domain.money import Money
from kiosk.domain.payment import Approved, Cancelled
from kiosk.domain.signals import Progress
from tests.hardware.nexo.driver.peer import PATIENCE_S, Action, Peer, answer, http, raw, status_line
from tests.hardware.nexo.driver.scripts import NOT_FOUND, after, fails, header, pays

SALE = Money(240)


def marking(event: threading.Event, action: Action) -> Action:
    """Do it, and tell by the event that it was asked for."""

    def act(request, connection) -> None:
        event.set()
        action(request, connection)

    return act


ABORT_ANSWERS = {
    "none": raw(b""),
    "an empty body": raw(http(b"")),
    "HTTP 500": status_line(500),
    "an event": raw(http(b'{"SaleToPOIRequest":{"EventNotification":{"EventToNotify":"Reject"}}}')),
    "an answer": answer(lambda request: {"MessageHeader": header(request), "AbortResponse": {}}),
}


@pytest.mark.parametrize("answered", ABORT_ANSWERS)
@pytest.mark.parametrize(("end", "outcome"), [(fails("Aborted"), Cancelled), (pays(), Approved)])
def test_the_payments_answer_decides(nexo, peer: Peer, answered, end, outcome):
    """However the abort is answered, the payment ends as the terminal reports it: aborted, or approved after all."""
    aborted = threading.Event()
    peer.on("Payment", after(aborted, end))
    peer.always("Abort", marking(aborted, ABORT_ANSWERS[answered]))
    assert isinstance(nexo.pay(SALE, "A-1", lambda _: nexo.cancel()), outcome)
    abort = peer.of("Abort")[0]
    assert abort["AbortRequest"] == {
        "AbortReason": "MerchantAbort",
        "MessageReference": {
            "MessageCategory": "Payment", "SaleID": "KIOSK-1",
            "ServiceID": peer.of("Payment")[0]["MessageHeader"]["ServiceID"],
        },
    }  # fmt: skip


def test_cancel_comes_from_any_thread(nexo, peer: Peer):
    """A cancel from another thread, while the payment waits for a card, ends it."""
    aborted = threading.Event()
    peer.on("Payment", after(aborted, fails("Aborted")))
    peer.always("Abort", marking(aborted, raw(b"")))
    presser = threading.Thread(target=lambda: (peer.wait_for("Payment"), nexo.cancel()))
    presser.start()
    assert nexo.pay(SALE, "A-1", lambda _: None) == Cancelled()
    presser.join(PATIENCE_S)
    assert not presser.is_alive()


def test_an_abort_that_was_not_heeded_is_repeated(nexo, peer: Peer):
    """An abort that the terminal lost is sent anew, each with a ServiceID of its own, while the payment goes on."""
    third = threading.Event()
    peer.on("Payment", after(third, fails("Aborted")))
    peer.on("Abort", raw(b""), raw(b""), marking(third, raw(b"")))
    peer.always("Abort", raw(b""))
    assert nexo.pay(SALE, "A-1", lambda _: nexo.cancel()) == Cancelled()
    used = [each["MessageHeader"]["ServiceID"] for each in peer.heard]
    assert len(set(used)) == len(used) >= 4


def test_a_cancel_that_came_first_sends_nothing(nexo, peer: Peer):
    """A cancel between the question before the payment and the payment means that it does not begin."""
    peer.on("TransactionStatus", NOT_FOUND)
    nexo.last_transaction()
    nexo.cancel()
    heard: list[Progress] = []
    assert nexo.pay(SALE, "A-1", heard.append) == Cancelled()
    assert not peer.of("Payment")
    assert not heard


def test_a_cancel_does_not_outlive_its_payment(nexo, peer: Peer):
    """A cancel that came too late for one payment does not cancel the next."""
    peer.always("TransactionStatus", NOT_FOUND)
    peer.on("Payment", pays(), pays())
    for reference in ("A-1", "A-2"):
        nexo.last_transaction()
        assert isinstance(nexo.pay(SALE, reference, lambda _: None), Approved)
        nexo.cancel()
    assert not peer.of("Abort")
