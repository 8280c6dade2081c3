"""After a crash or a lost line: the terminal is asked by the payment's own ServiceID, and asked only."""

from __future__ import annotations

import socket

import pytest

from hardware.nexo.driver import NexoTerminal
from hardware.nexo.identity import service_id_of
from hardware.nexo.verdict import transaction_of
from kiosk.domain.money import Money
from kiosk.domain.payment import Approved, Cancelled, Declined, TransactionMark, Unresolved
from tests.hardware.nexo.driver.peer import Action, Message, Peer, raw, settings_for, silent, status_line
from tests.hardware.nexo.driver.scripts import (
    IN_PROGRESS,
    NOT_FOUND,
    TRANSACTION,
    payment,
    pays,
    response,
    reversal,
    tells,
    told,
)

SALE = Money(240)
BEFORE = TransactionMark(turnover_number="ATTEMPT001")
AFTER_ANOTHER = TransactionMark("T-0", "LAST000000", "ATTEMPT001", "07:00:00Z", "2026-11-28")
OURS = service_id_of("A-1", "ATTEMPT001")


def ask(nexo: NexoTerminal, before: TransactionMark = BEFORE):
    return nexo.outcome_of("A-1", SALE, before)


def asked_about(peer: Peer) -> list[tuple[str, str]]:
    """Category and ServiceID of each question."""
    references = [each["TransactionStatusRequest"]["MessageReference"] for each in peer.of("TransactionStatus")]
    return [(each["MessageCategory"], each["ServiceID"]) for each in references]


def test_an_approval_is_found(nexo, peer: Peer):
    """An approved payment is found by its ServiceID, after it was made sure that it was not given back meanwhile."""
    peer.on("TransactionStatus", told("Payment", payment()), NOT_FOUND)
    outcome = ask(nexo)
    assert isinstance(outcome, Approved)
    assert outcome.authorisation.mark.trace_number == OURS
    sale = outcome.authorisation
    gone = service_id_of("Reversal", sale.mark.receipt_number, sale.mark.date, sale.mark.time)
    assert asked_about(peer) == [("Payment", OURS), ("Reversal", gone)]
    assert not peer.of("Payment")


def test_a_new_process_finds_what_the_old_one_began(peer: Peer):
    """What a driver was asked to pay before a crash is found by another with reference and mark alone."""
    peer.on("TransactionStatus", NOT_FOUND)
    peer.on("Payment", raw(b""))
    old = NexoTerminal(settings_for(peer))
    mark = old.last_transaction()
    assert isinstance(old.pay(SALE, "A-1", lambda _: None), Unresolved)
    old.close()
    [paid] = peer.of("Payment")

    peer.on("TransactionStatus", told("Payment", payment()), NOT_FOUND)
    new = NexoTerminal(settings_for(peer))
    assert isinstance(ask(new, mark), Approved)
    new.close()
    assert ("Payment", paid["MessageHeader"]["ServiceID"]) == asked_about_last(peer)[0]


def asked_about_last(peer: Peer) -> list[tuple[str, str]]:
    references = [each["TransactionStatusRequest"].get("MessageReference") for each in peer.of("TransactionStatus")]
    return [(each["MessageCategory"], each["ServiceID"]) for each in references if each]


@pytest.mark.parametrize(("condition", "outcome"), [
    ("Refusal", Declined("Refusal")), ("Aborted", Cancelled()), ("Cancel", Cancelled()),
])  # fmt: skip
def test_a_payment_that_failed_is_found(nexo, peer: Peer, condition, outcome):
    """The answer that was not heard is judged as it would have been."""
    peer.on("TransactionStatus", told("Payment", payment(response("Failure", condition))))
    assert ask(nexo) == outcome


@pytest.mark.parametrize("odd", [
    told("Payment", payment(amount=2.41)), told("Payment", payment(currency="EUR")), told("Payment", None),
    told("Payment", payment(response("Partial"))), told("Payment", payment(), ServiceID="0000000000"),
    told("Payment", payment(), MessageCategory="Reversal"), told("Reversal", reversal()),
    tells("", "Success"), tells("Refusal"), tells(""), tells("", "Partial"),
])  # fmt: skip
def test_what_is_not_about_this_payment_is_unresolved(nexo, peer: Peer, odd):
    """Another amount, the answer to another message, or none where one was announced: nobody knows."""
    peer.on("TransactionStatus", odd)
    peer.always("TransactionStatus", NOT_FOUND)
    assert isinstance(ask(nexo), Unresolved)


@pytest.mark.parametrize("odd", [NOT_FOUND, told("Payment", payment())])
def test_what_was_said_of_another_message_does_not_count(hasty, peer: Peer, odd):
    """A status that names another message than the one asked about is no answer, whatever it says."""
    peer.always("TransactionStatus", about_another(odd))
    assert isinstance(ask(hasty), Unresolved)


def about_another(action: Action) -> Action:
    """Answer as if another message had been asked about, in all but the header."""

    def act(request: Message, connection: socket.socket) -> None:
        reference = {**request["TransactionStatusRequest"]["MessageReference"], "ServiceID": "ANOTHER001"}
        action({**request, "TransactionStatusRequest": {"MessageReference": reference}}, connection)

    return act


def test_not_found_alone_proves_nothing(nexo, peer: Peer):
    """A terminal that does not know the payment, asked twice, and has none before that shows its memory, leaves it unresolved."""
    peer.on("TransactionStatus", NOT_FOUND, NOT_FOUND)
    assert isinstance(ask(nexo), Unresolved)
    assert asked_about(peer) == [("Payment", OURS)] * 2


def test_a_payment_that_was_on_its_way_is_found(nexo, peer: Peer):
    """A payment that the terminal learns of between two questions is not taken for none."""
    peer.on("TransactionStatus", NOT_FOUND, IN_PROGRESS, NOT_FOUND, told("Payment", payment()), NOT_FOUND)
    peer.always("Abort", raw(b""))
    assert isinstance(ask(nexo), Approved)


def test_not_found_said_once_is_doubt(hasty, peer: Peer):
    """A terminal that says NotFound and falls silent leaves the payment unresolved."""
    peer.on("TransactionStatus", NOT_FOUND)
    peer.always("TransactionStatus", silent(peer))
    assert isinstance(ask(hasty), Unresolved)


def test_a_memory_that_reaches_back_is_believed(nexo, peer: Peer):
    """A terminal that does not know this payment and still knows the one before it was not asked to pay."""
    peer.on("TransactionStatus", NOT_FOUND, NOT_FOUND, told("Payment", payment()))
    assert ask(nexo, AFTER_ANOTHER) == Cancelled()
    assert asked_about(peer)[2] == ("Payment", "LAST000000")


def test_a_memory_that_was_lost_is_doubt(nexo, peer: Peer):
    """A terminal that no longer knows the payment before, either, may have forgotten ours: unresolved."""
    peer.always("TransactionStatus", NOT_FOUND)
    outcome = ask(nexo, AFTER_ANOTHER)
    assert isinstance(outcome, Unresolved)
    assert "forgotten" in outcome.evidence


def test_the_last_approval_here_stands_in_for_the_terminals_last(nexo, peer: Peer):
    """Where the terminal tells nothing without a ServiceID, the payment approved before is what it must still know."""
    peer.on("TransactionStatus", tells("MessageFormat"), NOT_FOUND, tells("MessageFormat"), NOT_FOUND)
    peer.on("Payment", pays(), raw(b""))
    nexo.last_transaction()
    nexo.pay(SALE, "A-0", lambda _: None)
    mark = nexo.last_transaction()
    assert mark.trace_number == peer.of("Payment")[0]["MessageHeader"]["ServiceID"]
    nexo.pay(SALE, "A-1", lambda _: None)
    peer.always("TransactionStatus", NOT_FOUND)
    assert isinstance(nexo.outcome_of("A-1", SALE, mark), Unresolved)


def test_a_payment_still_under_way_is_asked_to_end(nexo, peer: Peer):
    """While the payment goes on the terminal is asked to abort it, and its end decides."""
    peer.on("TransactionStatus", IN_PROGRESS, tells("Busy"), told("Payment", payment(response("Failure", "Aborted"))))
    peer.always("Abort", raw(b""))
    assert ask(nexo) == Cancelled()
    assert {each["AbortRequest"]["MessageReference"]["ServiceID"] for each in peer.of("Abort")} == {OURS}


def test_a_payment_that_never_ends_is_doubt(hasty, peer: Peer):
    """A payment that is still in progress when the time is up stays unresolved."""
    peer.always("TransactionStatus", IN_PROGRESS)
    peer.always("Abort", raw(b""))
    outcome = ask(hasty)
    assert isinstance(outcome, Unresolved)
    assert "not ended" in outcome.evidence


@pytest.mark.parametrize("fault", [raw(b""), status_line(500), raw(b"nonsense\r\n\r\n")])
def test_a_terminal_that_falters_is_asked_again(nexo, peer: Peer, fault):
    """Questions that fail are repeated: they can charge nobody."""
    peer.on("TransactionStatus", fault, fault, told("Payment", payment()), fault, NOT_FOUND)
    assert isinstance(ask(nexo), Approved)


def test_a_terminal_that_stays_away_is_doubt(hasty, peer: Peer):
    """Without the terminal nobody knows."""
    peer.stop_listening()
    outcome = ask(hasty)
    assert isinstance(outcome, Unresolved)
    assert "could not be asked" in outcome.evidence


def test_cancelling_does_not_shorten_a_recovery(nexo, peer: Peer):
    """A cancel while the terminal is asked changes nothing about the answer."""
    nexo.cancel()
    peer.on("TransactionStatus", raw(b""), told("Payment", payment()), NOT_FOUND)
    assert isinstance(ask(nexo), Approved)


GIVEN_BACK = {"ReversedAmount": 2.40}


@pytest.mark.parametrize(("second", "outcome"), [
    (told("Reversal", reversal(**GIVEN_BACK)), Cancelled),
    (told("Reversal", reversal()), Unresolved),
    (told("Reversal", reversal(ReversedAmount=1.00)), Unresolved),
    (told("Reversal", reversal(response("Failure", "Refusal"))), Approved),
    (tells("MessageFormat"), Approved),
])  # fmt: skip
def test_a_sale_given_back_before_the_crash_is_not_approved(nexo, peer: Peer, second, outcome):
    """A sale whose reversal the terminal tells of is given back; one whose reversal failed, or cannot be asked for, stands."""
    peer.on("TransactionStatus", told("Payment", payment()), second)
    assert isinstance(ask(nexo), outcome)


def test_a_reversal_nobody_tells_of_is_doubt(hasty, peer: Peer):
    """An approval whose reversal is still going on stays unresolved: the money may be back or not."""
    peer.on("TransactionStatus", told("Payment", payment()))
    peer.always("TransactionStatus", IN_PROGRESS)
    assert isinstance(ask(hasty), Unresolved)


@pytest.mark.parametrize("stamp", ["2026-11-28T07:45:44.000+04:00", "2026-11-28", "", TRANSACTION["TimeStamp"]])
def test_a_time_stamp_is_kept_to_the_letter(nexo, peer: Peer, stamp):
    """The time stamp is a part of the transaction's name and comes back from its mark as it was told."""
    name = {"TransactionID": "T-9", "TimeStamp": stamp}
    peer.on("Payment", pays(payment(POIData={"POITransactionID": name})))
    outcome = nexo.pay(SALE, "A-1", lambda _: None)
    assert isinstance(outcome, Approved)
    kept = transaction_of(outcome.authorisation.mark)
    assert (kept.transaction_id, kept.time_stamp) == ("T-9", stamp)
