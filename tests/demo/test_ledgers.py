import pytest

from hardware.demo.ledgers import Ledgers

REFERENCE = "DEMO-1-000001"


def row(outcome, reference=REFERENCE, amount_minor=2400, **more):
    return {"reference": reference, "amount_minor": amount_minor, "outcome": outcome, **more}


def ledgers(**changes):
    """A bill of 24.00 paid, delivered and printed, with changes."""
    parties = {
        "terminal": (row("stored"),),
        "printer": (row("printed"),),
        "journal": (row("approved", paper="printed"),),
        "central": (row("accepted"),),
    }
    return Ledgers(**{**parties, **changes})


def test_one_bill_that_all_four_tell_alike_agrees():
    """A payment that terminal, printer, journal and centre tell alike is agreement."""
    assert ledgers().agree()
    assert ledgers().to_json()["agree"] is True


def test_a_register_is_one_more_party():
    """With a register each payment has one document, or the centre is asked for it; without one the ledger file says nothing of it."""
    registered, asked = row("registered", amount_minor=40), row("unregistered", f"{REFERENCE}-F", 40)
    assert "fiscal" not in ledgers().to_json()
    assert ledgers(fiscal=(registered,)).to_json()["fiscal"] == [registered]
    assert ledgers(fiscal=(registered,)).agree()
    assert ledgers(fiscal=(), central=(row("accepted"), asked)).agree()
    for wrong in ((), (registered, registered), (registered, row("registered", "DEMO-1-000002", 40))):
        assert not ledgers(fiscal=wrong).agree()


def test_nothing_at_all_agrees():
    """Where nobody knows of anything there is no quarrel."""
    assert Ledgers().agree()


DISAGREEMENTS = {
    "the terminal took money the journal knows nothing of": {"journal": (), "central": (), "printer": ()},
    "the journal believes in money the terminal did not take": {"terminal": ()},
    "the terminal took it twice": {"terminal": (row("stored"), row("stored"))},
    "the terminal took another amount": {"terminal": (row("stored", amount_minor=2399),)},
    "the terminal took another payment": {"terminal": (row("stored", "DEMO-1-000002"),)},
    "the terminal's sale has no reference": {"terminal": (row("stored", None),)},
    "the terminal has reversed what the journal counts": {"terminal": (row("auto_reversed"),)},
    "the terminal still holds a sale open": {"terminal": (row("stored"), row("authorised", None, 100))},
    "the centre never got it": {"central": ()},
    "the centre got it twice": {"central": (row("accepted"), row("accepted"))},
    "the centre got another amount": {"central": (row("accepted", amount_minor=4200),)},
    "the centre got another reference": {"central": (row("accepted", "DEMO-1-000009"),)},
    "the centre has a claim nobody made": {"central": (row("accepted"), row("unresolved"))},
    "no paper came out": {"printer": ()},
    "only a part of the paper came out": {"printer": (row("partial"),)},
    "the paper says another amount": {"printer": (row("printed", amount_minor=24),)},
    "the paper says another reference": {"printer": (row("printed", "DEMO-1-000007"),)},
    "two originals came out": {"printer": (row("printed"), row("printed"))},
    "a paper came out that the journal does not count": {"journal": (row("approved", paper="partial"),)},
    "a free service reached nobody": {
        "terminal": (), "printer": (), "central": (), "journal": (row("accepted", amount_minor=0, paper=""),)
    },
    "a payment in doubt has no claim": {
        "terminal": (), "printer": (), "central": (), "journal": (row("unresolved", paper=""),)
    },
}  # fmt: skip


@pytest.mark.parametrize("changes", DISAGREEMENTS.values(), ids=DISAGREEMENTS)
def test_every_kind_of_disagreement_is_seen(changes):
    """A difference in count, amount or reference between any two parties is disagreement, and is told in words."""
    told = ledgers(**changes)
    assert not told.agree()
    assert told.to_json()["agree"] is False
    assert all(told.quarrels())


def test_a_copy_after_a_power_cut_is_no_second_payment():
    """An original and its marked copy are papers of one payment."""
    assert ledgers(printer=(row("printed"), row("copy"))).agree()


def test_money_in_doubt_agrees_where_the_centre_has_the_claim():
    """A payment in doubt that was taken after all agrees when the staff have been told of it."""
    doubt = {"journal": (row("unresolved", paper="printed"),), "central": (row("unresolved"),)}
    assert ledgers(**doubt).agree()
    assert ledgers(**doubt, terminal=()).agree()


def test_what_failed_before_money_is_no_quarrel():
    """Declined and cancelled attempts took nothing, wherever they are told of."""
    tries = {"terminal": (row("declined"), row("cancelled")), "journal": (row("declined", paper=""),)}
    assert Ledgers(**tries).agree()
