"""Giving a sale back: what the terminal must say before the money counts as returned."""

from __future__ import annotations

import pytest

from hardware.nexo.driver import NexoTerminal
from kiosk.domain.faults import DeviceFault
from kiosk.domain.money import Money
from kiosk.domain.payment import Approved, Authorisation, Cancelled, Declined, TransactionMark, Unresolved
from tests.hardware.nexo.driver.peer import Peer, raw, settings_for, silent, status_line
from tests.hardware.nexo.driver.scripts import (
    IN_PROGRESS,
    NOT_FOUND,
    TRANSACTION,
    payment,
    pays,
    response,
    reversal,
    reverses,
    tells,
    told,
)

SALE = Money(240)
SOLD = Authorisation(
    SALE, TransactionMark(TRANSACTION["TransactionID"], "PAYMENT001", time="07:45:44.000Z", date="2026-11-28")
)
STATED = {"ReversedAmount": 2.40}


def test_a_sale_is_given_back_by_its_transaction_number(nexo, peer: Peer):
    """The reversal names the sale as the terminal named it, and the whole amount."""
    peer.on("Payment", pays())
    peer.on("Reversal", reverses(reversal(**STATED)))
    approved = nexo.pay(SALE, "A-1", lambda _: None)
    assert isinstance(approved, Approved)
    assert nexo.reverse(approved.authorisation) == Cancelled()
    assert peer.of("Reversal")[0]["ReversalRequest"] == {
        "OriginalPOITransaction": {"POITransactionID": TRANSACTION},
        "ReversalReason": "MerchantCancel",
        "ReversedAmount": 2.4,
    }


@pytest.mark.parametrize("condition", ["NotAllowed", "Refusal", "UnreachableHost", "Busy", "Cancel"])
def test_a_refused_reversal_leaves_the_sale(nexo, peer: Peer, condition):
    """A terminal that will not give the sale back is Declined with its condition."""
    peer.on("Reversal", reverses(reversal(response("Failure", condition, "message=BATCH%20SETTLED"))))
    assert nexo.reverse(SOLD) == Declined(condition, "BATCH SETTLED")


@pytest.mark.parametrize("odd", [
    reversal(), reversal(ReversedAmount=1.00), reversal(ReversedAmount="NaN"), reversal(response("Partial"), **STATED),
    reversal(response("Failure")), reversal(response("Failure", "NotFound")), reversal(response("Failure", "InProgress")),
    reversal(response("Failure", "DuplicateTransaction")), reversal(response("Success", "InProgress"), **STATED),
    reversal(**STATED, OriginalPOITransaction={"POITransactionID": {"TransactionID": "T-7"}}),
])  # fmt: skip
def test_a_reversal_that_is_not_plainly_done_is_unresolved(nexo, peer: Peer, odd):
    """A wish that was only received, a part of the amount, another sale, or a contradiction: the money is not back yet."""
    peer.on("Reversal", reverses(odd))
    assert isinstance(nexo.reverse(SOLD), Unresolved)


def test_an_acquirer_may_be_known_to_give_back_at_once(peer: Peer):
    """Where the settings say that Success is final it counts without a stated amount, but never against one."""
    nexo = NexoTerminal(settings_for(peer, reversals_are_final=True))
    peer.on("Reversal", reverses(reversal()), reverses(reversal(ReversedAmount=1.00)))
    assert nexo.reverse(SOLD) == Cancelled()
    assert isinstance(nexo.reverse(SOLD), Unresolved)
    nexo.close()


@pytest.mark.parametrize(("asked", "outcome"), [
    ([told("Reversal", reversal(**STATED))], Cancelled()),
    ([IN_PROGRESS, raw(b""), told("Reversal", reversal(**STATED))], Cancelled()),
    ([told("Reversal", reversal(response("Failure", "Refusal")))], Declined("Refusal")),
])  # fmt: skip
@pytest.mark.parametrize("broken", [raw(b""), status_line(500), reverses(reversal(**STATED), ServiceID="0000000000")])
def test_a_reversal_whose_answer_was_lost_is_asked_for(nexo, peer: Peer, broken, asked, outcome):
    """Once a reversal has left it is not sent again: the terminal is asked what became of it."""
    peer.on("Reversal", broken)
    peer.on("TransactionStatus", *asked)
    assert nexo.reverse(SOLD) == outcome
    [sent] = peer.of("Reversal")
    reference = peer.of("TransactionStatus")[0]["TransactionStatusRequest"]["MessageReference"]
    assert (reference["MessageCategory"], reference["ServiceID"]) == ("Reversal", sent["MessageHeader"]["ServiceID"])
    assert not peer.of("Abort")


@pytest.mark.parametrize("asked", [NOT_FOUND, tells("NotAllowed"), told("Reversal", None), told("Payment", payment())])
def test_a_reversal_that_cannot_be_found_is_unresolved(nexo, peer: Peer, asked):
    """A reversal without an answer, of which the terminal does not tell, is in doubt."""
    peer.on("Reversal", raw(b""))
    peer.always("TransactionStatus", asked)
    assert isinstance(nexo.reverse(SOLD), Unresolved)


def test_a_silent_reversal_is_unresolved_in_time(hasty, peer: Peer):
    """A terminal that falls silent while giving back leaves it in doubt when the time is up."""
    peer.on("Reversal", silent(peer))
    peer.always("TransactionStatus", silent(peer))
    assert isinstance(hasty.reverse(SOLD), Unresolved)


def test_nothing_asked_is_a_fault(nexo, peer: Peer):
    """Without a connection nothing was asked: a fault, and the sale stands."""
    peer.stop_listening()
    with pytest.raises(DeviceFault):
        nexo.reverse(SOLD)


def test_a_sale_without_a_number_cannot_be_given_back(nexo, peer: Peer):
    """A sale that the terminal gave no number is declined without asking."""
    assert isinstance(nexo.reverse(Authorisation(SALE, TransactionMark())), Declined)
    assert not peer.heard
