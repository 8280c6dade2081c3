"""A payment in notes on the wire."""

import msgspec

from kiosk.domain.application import Claim, Submission
from kiosk.domain.cash import CashPayment, Note
from kiosk.domain.money import Money
from kiosk.uplink import messages as wire
from kiosk.uplink.letters import claim_for, holds_money
from kiosk.uplink.mapping import claim_request, submission_request

CASH = CashPayment((Note("K-N1", Money(2000)), Note("K-N2", Money(1000))), Money(3000), Money(600), "account")
PAID = Submission("K", "electricity", {}, 1, "az", cash=CASH)


def test_notes_and_surplus_are_on_the_wire():
    """A submission carries each note with its uid, the total, the surplus and where it goes."""
    sent = submission_request(PAID, "K1").cash
    assert sent is not None
    assert [(note.uid, note.value.minor) for note in sent.notes] == [("K-N1", 2000), ("K-N2", 1000)]
    assert (sent.total.minor, sent.surplus.minor, sent.surplus_to) == (3000, 600, "account")


def test_a_claim_tells_of_the_note_in_doubt():
    """A claim carries the notes that are in the box and the one of which nobody can tell."""
    claim = Claim(
        "K", "unresolved", "electricity", Money(4000), "jam", 1, "az", cash=CASH, doubtful=Note("K-N3", Money(1000))
    )
    sent = claim_request(claim, "K1")
    assert sent.doubtful == wire.Note("K-N3", wire.Amount(1000))


def test_a_reader_that_knows_no_cash_reads_on():
    """The field is optional: a submission without it is as it was."""
    body = msgspec.json.encode(submission_request(Submission("K", "electricity", {}, 1, "az"), "K1"))
    assert msgspec.json.decode(body, type=wire.SubmissionRequest).cash is None


def test_a_refused_submission_in_cash_is_money():
    """What was paid in notes and is refused later becomes a claim for all of them."""
    assert holds_money(PAID)
    assert claim_for(PAID, "quote-unknown").amount == Money(3000)
