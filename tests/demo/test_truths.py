from hardware.demo import truths
from hardware.demo.truths import fill_amounts, of_terminal


def attempts(entries):
    return truths.attempts(entries, "DEMO-1-7XK")


def entry(kind, journey=1, **fields):
    return {"journey": journey, "letters": "W4XKP", "event": {"type": kind, **fields}}


def approved(receipt="0007", minor=2400):
    mark = {"receipt_number": receipt, "trace_number": "000007"}
    return entry("PaymentApproved", order=5, authorisation={"amount": {"minor": minor}, "mark": mark})


PAID = [
    entry("JourneyStarted"),
    entry("PaymentPrepared"),
    approved(),
    entry("PaymentSettled"),
    entry("SubmissionAccepted", receipt_number="MH5P"),
    entry("ReceiptEnded", outcome={"type": "printed"}),
]


def test_a_paid_journey_is_one_attempt():
    """The journal of a paid bill folds to its reference, amount, the terminal's receipt and the paper."""
    (attempt,) = attempts(PAID)
    assert attempt["reference"] == "DEMO-1-7XK-000001-W4XKP"
    assert (attempt["amount_minor"], attempt["outcome"]) == (2400, "approved")
    assert (attempt["terminal_receipt"], attempt["receipt"], attempt["paper"]) == ("0007", "MH5P", "printed")


def test_a_second_try_has_a_reference_of_its_own():
    """After a refusal the next attempt of the same journey is numbered -2, as the kiosk numbers it."""
    tries = [entry("PaymentPrepared"), entry("PaymentDeclined"), *PAID[1:]]
    assert [(row["reference"], row["outcome"]) for row in attempts(tries)] == [
        ("DEMO-1-7XK-000001-W4XKP", "declined"),
        ("DEMO-1-7XK-000001-W4XKP-2", "approved"),
    ]


def test_a_free_service_is_an_attempt_without_money():
    """A free service counts once the centre has accepted it, with an amount of 0."""
    (attempt,) = attempts([entry("PaymentConfirmed"), entry("SubmissionAccepted", receipt_number="A1")])
    assert (attempt["reference"], attempt["amount_minor"], attempt["outcome"]) == (
        "DEMO-1-7XK-000001-W4XKP",
        0,
        "accepted",
    )


def test_money_that_went_back_is_reversed():
    """A cancellation after the centre's refusal is the money going back, not a payment that never was."""
    (attempt,) = attempts([*PAID[:4], entry("SubmissionRefused", problem="x"), entry("PaymentCancelled")])
    assert attempt["outcome"] == "reversed"


def test_a_claim_makes_an_unknown_payment_unresolved_and_a_paid_one_undelivered():
    """What was filed as a claim is told as doubt about the money, or about the delivery."""
    (unknown,) = attempts([entry("PaymentPrepared"), entry("PaymentUnresolved"), entry("ClaimFiled")])
    (paid,) = attempts([*PAID[:4], entry("SubmissionRefused", problem="x"), entry("ClaimFiled")])
    assert (unknown["outcome"], paid["outcome"]) == ("unresolved", "undelivered")


def test_what_happens_between_journeys_belongs_to_none():
    """A technician's report is printed outside of every journey and changes no attempt."""
    report = entry("ReceiptEnded", journey=0, outcome={"type": "not_started"})
    assert attempts([*PAID, report]) == attempts(PAID)


def sale(outcome, receipt="0007", amount_minor=2400):
    return {"reference": None, "amount_minor": amount_minor, "outcome": outcome, "receipt_number": receipt}


def test_a_sale_is_known_by_its_receipt_number():
    """The terminal's sale gets the reference of the attempt whose approval bears its receipt number."""
    (told,) = of_terminal([sale("stored")], attempts(PAID))
    assert told["reference"] == "DEMO-1-7XK-000001-W4XKP"


def test_a_sale_the_journal_never_saw_has_no_reference():
    """A stored sale with a receipt number the journal does not know stays without a reference, and so disagrees."""
    (told,) = of_terminal([sale("stored", "0008")], attempts(PAID))
    assert told["reference"] is None


def test_failed_sales_belong_to_the_attempts_that_failed_so():
    """A declined and a cancelled sale get the references of the declined and the cancelled attempt."""
    journal = attempts(
        [entry("PaymentPrepared"), entry("PaymentDeclined"), entry("PaymentPrepared"), entry("PaymentCancelled")]
    )
    told = of_terminal([sale("declined", "0001"), sale("cancelled", None)], journal)
    assert [row["reference"] for row in told] == ["DEMO-1-7XK-000001-W4XKP", "DEMO-1-7XK-000001-W4XKP-2"]
    fill_amounts(journal, told)
    assert [row["amount_minor"] for row in journal] == [2400, 2400]
