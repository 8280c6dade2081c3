"""What the centre says of a paper is checked before it is printed anew."""

from __future__ import annotations

import msgspec
import pytest
from msgspec.structs import replace

from kiosk.domain.application import Submission
from kiosk.domain.money import Money
from kiosk.domain.payment import Authorisation, TransactionMark
from kiosk.uplink import mapping
from kiosk.uplink import messages as wire
from kiosk.uplink.copies import CopyAnswer
from kiosk.uplink.reprints import copy_of

AMOUNT = wire.Amount(2400)
BILL = wire.QuoteAnswer("q1", wire.Amount(2360), wire.Amount(40), AMOUNT, "A***** M.")
GIVEN = CopyAnswer(1, "receipt", "K-1", "electricity", 1, AMOUNT, quote=BILL, receipt_number="R-1")
SALE = Authorisation(
    Money(2400),
    TransactionMark("0002", "000002", "", "101700", "1124"),
    "483920",
    terminal_id="52001234",
    merchant_id="100000123456",
    masked_pan="****4821",
    card_name="Visa",
    application_id="A0000000031010",
    application_label="VISA CREDIT",
    verification="PIN",
)


def test_the_card_comes_back_as_it_went() -> None:
    """All that a receipt says of a card payment survives the way to the centre and back."""
    told = mapping.card_payment(SALE)
    assert copy_of(replace(GIVEN, payment=told), "K-1").payment == SALE


def test_a_payment_told_by_an_older_kiosk_is_read_and_encoded_as_before() -> None:
    """What has no chip's words is read without them, and its bytes stay those that the centre once took a fingerprint of."""
    assert mapping.card_payment(SALE) is not None
    fields = {"receipt_number": "0002", "trace_number": "2", "authorisation_code": "1", "terminal_id": "2"}
    fields |= {"masked_pan": "****1", "date": "", "time": "", "slip": []}
    old = msgspec.json.encode({"amount": {"minor": 2400, "currency": "AZN"}, **fields})
    payment = msgspec.json.decode(old, type=wire.CardPayment)
    assert msgspec.json.encode(payment) == old
    copied = copy_of(replace(GIVEN, payment=payment), "K-1").payment
    assert copied is not None
    assert (copied.masked_pan, copied.application_id) == ("****1", "")


def test_a_claim_has_its_total_alone() -> None:
    """Where the centre keeps no bill the amount is the claim's, and no fee is invented."""
    copy = copy_of(replace(GIVEN, paper="claim", quote=None, doubt="unresolved"), "K-1")
    assert (copy.quote.id, copy.quote.total) == ("", Money(2400))


@pytest.mark.parametrize(
    "wrong",
    [
        {"reference": "K-2"},
        {"number": 0},
        {"number": 10_001},
        {"answers": {"a": "x" * 301}},
        {"answers": {str(index): "" for index in range(41)}},
        {"total": wire.Amount(-1)},
        {"total": wire.Amount(1, "USD")},
        {"quote": replace(BILL, total=wire.Amount(1))},
        {"cash": wire.CashPayment([wire.Note("n", wire.Amount(100))] * 501, AMOUNT, wire.Amount(0))},
        {"paper": "slip", "verification_url": "file:///etc/passwd"},
    ],
)
def test_what_cannot_be_right_is_not_printed(wrong) -> None:
    """Another paper's answer, a number that is none, an endless text, an amount that does not add up: Malformed."""
    with pytest.raises(mapping.Malformed):
        copy_of(replace(GIVEN, **wrong), "K-1")


def test_a_submission_tells_the_chips_words() -> None:
    """What stands on the receipt of a card payment is told to the centre, so that a copy has it too."""
    request = mapping.submission_request(Submission("K-1", "electricity", {}, 1, "az", payment=SALE), "K")
    assert request.payment is not None
    assert request.payment.chip == wire.Chip("Visa", "100000123456", "A0000000031010", "VISA CREDIT", "PIN")
