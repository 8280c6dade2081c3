"""A payment with a fiscal register on the wire: one document for each payment, on the receipt, whoever loses power."""

from __future__ import annotations

import functools
from concurrent.futures import ThreadPoolExecutor

import pytest
from msgspec.structs import replace

from kiosk.domain.receipt import Qr
from kiosk.journey.state import Apology, Printing, Submitting
from kiosk.journey.state_fiscal import RegisteringSale
from kiosk.journey.turn import at_rest
from kiosk.uplink import client
from tests.journey.play import ELECTRICITY
from tests.world import PowerCut, assert_understood, at_the_centre, told_the_centre, wired, without_card

FEE_MINOR, TOTAL_MINOR = 40, 2400
WORLDS_AT_ONCE = 8
RESTARTS_AT_MOST = 8
ALL = without_card(replace(ELECTRICITY, fiscal="total", vat_percent=None))


@pytest.fixture
def fiscal_world(make_world):
    """Return a function that makes a world with a register, switched on."""

    def make(*options, boot=True, **named):
        world = make_world(*options, fiscal=True, **named)
        if boot:
            world.boot()
            world.pump()
        return world

    return make


def documents(world):
    """Return the register's own list of documents."""
    return world.bench.devices["fiscal"].ledger()


def assert_registered(world, centre, *, most=1):
    """Terminal, centre, register and paper tell one story: each payment has one document, or the centre is asked to make it."""
    world.deliver()
    told, made = told_the_centre(world, centre), documents(world)
    paid = [row for row in told if row["entry"] == "submission"]
    asked = [row for row in told if row["outcome"] == "unregistered"]
    assert world.journal.verify().broken_at is None
    assert world.outbox.pending().count == 0
    assert len(made) <= most
    assert len({row["int_ref"] for row in made}) == len(made), "a payment was registered twice"
    assert {row["int_ref"] for row in made} <= {row["reference"] for row in paid}
    unmade = {row["reference"] for row in paid} - {row["int_ref"] for row in made}
    assert unmade <= {row["reference"].removesuffix("-F") for row in asked}, "a payment without document or claim"
    return len(made)


def test_a_card_payment_is_registered(fiscal_world, centre):
    """The fee of a bill paid by card is one document, and the receipt has its identifier, its numbers, the tax and its code."""
    world = fiscal_world()
    world.visit()
    assert assert_registered(world, centre) == 1
    (document,) = documents(world)
    paper = world.last_paper()
    assert document["long_id"][:12] in paper
    assert world.says("paper-fiscal") in paper
    assert f"{world.says('paper-fiscal-vat', percent='18')}: 0,06" in paper
    (code,) = [line for line in world.composed[-1].lines if isinstance(line, Qr)]
    assert code.data.endswith(document["long_id"])
    assert world.pieces() == 1
    assert_understood(world)


def test_a_cash_payment_is_registered_as_cash(fiscal_world, centre):
    """Where the whole payment is the sale, notes that pay it exactly are registered as cash."""
    world = fiscal_world(ALL, notes=(20, 1, 1, 1, 1))
    world.visit()
    assert assert_registered(world, centre) == 1
    totals = world.devices.fiscal.close_day()
    assert (totals.count, totals.cash.minor, totals.cashless.minor) == (1, TOTAL_MINOR, 0)


def test_a_payment_that_is_kept_is_registered(fiscal_world, centre):
    """With the centre away after the payment the sale is registered and the receipt carries it: the law does not wait for our line."""
    world = fiscal_world()
    world.when(Submitting, centre.wire.down)
    world.visit()
    assert documents(world)[0]["long_id"][:12] in world.last_paper()
    centre.up()
    assert assert_registered(world, centre) == 1


def test_a_lost_answer_is_found(fiscal_world, centre):
    """When the register's answer is lost the document is found by its reference, and stands on the receipt."""
    world = fiscal_world()
    world.bench_do("fiscal", do="lose_answer", operation="sale")
    world.visit()
    assert "CheckingSale" in world.screens()
    assert assert_registered(world, centre) == 1
    assert documents(world)[0]["long_id"][:12] in world.last_paper()


def test_a_register_that_dies_meanwhile(fiscal_world, centre):
    """A register that goes after the money was taken keeps nobody's receipt back: it says what follows, and staff are asked."""
    world = fiscal_world()
    world.when(Submitting, lambda: world.bench_do("fiscal", do="power_off"))
    world.visit()
    assert world.pieces() == 1
    assert world.says("paper-fiscal-follows") in world.last_paper()
    world.deliver()
    (claim,) = at_the_centre(world, centre, "claim")
    (paid,) = at_the_centre(world, centre, "submission")
    assert (claim["reference"], claim["outcome"]) == (f"{paid['reference']}-F", "unregistered")
    assert claim["amount_minor"] == FEE_MINOR
    assert assert_registered(world, centre) == 0
    assert_understood(world)


def test_a_register_that_is_away(fiscal_world, centre):
    """With the register away nothing that needs it is begun, no money is taken, and it is offered again when it is back."""
    world = fiscal_world()
    world.bench_do("fiscal", do="power_off")
    world.look("fiscal")
    world.begin()
    assert world.sales() == []
    assert told_the_centre(world, centre) == []
    assert not isinstance(world.state, Printing)
    world.leave()
    world.bench_do("fiscal", do="power_on")
    world.look("fiscal")
    world.visit()
    assert assert_registered(world, centre) == 1


def test_a_register_that_goes_while_the_bill_is_read(fiscal_world):
    """A register that fails before the citizen agrees stops the payment, with words in every language."""
    world = fiscal_world()
    world.begin()
    world.answer()
    world.bench_do("fiscal", do="power_off")
    world.look("fiscal")
    world.pay()
    assert isinstance(world.state, Apology)
    assert world.state.reason == "no_fiscal"
    assert world.sales() == []
    assert_understood(world)


def test_the_power_fails_while_registering(fiscal_world, centre):
    """A power cut while the register is told leads to the same document, after asking, and to a receipt with it."""
    world = fiscal_world()
    world.when(RegisteringSale, world.fail)
    with pytest.raises(PowerCut):
        world.visit()
    world.restart()
    assert "CheckingSale" in world.screens()
    assert assert_registered(world, centre) == 1
    assert documents(world)[0]["long_id"][:12] in world.last_paper()


FROM, TO = "before SubmissionAccepted is on disk", "before ReceiptEnded is on disk"


def live_through(world, instant, *, all_power):
    """Make one visit with the power failing so many instants after FROM; return how often it failed."""
    if instant is not None:
        world.when(FROM, lambda: setattr(world, "cut_at", len(world.instants) + instant))
    for attempt in range(RESTARTS_AT_MOST):
        try:
            world.boot()
            world.pump()
            world.visit() if not attempt and at_rest(world.runner.kiosk) else world.leave()
        except PowerCut:
            world.dead = True
            world.shut()
            world.cut_at = None
            if all_power:
                for device in ("terminal", "printer", "fiscal"):
                    world.bench_do(device, do="power_cycle")
            continue
        return attempt
    raise AssertionError("no end")


@pytest.mark.timeout(300)
@pytest.mark.parametrize("all_power", [False, True], ids=["kiosk", "everything"])
def test_the_power_fails_at_every_instant(fiscal_world, centre, monkeypatch, all_power):
    """At whichever instant from the centre's answer to the paper the power fails: one payment, one document, one story."""
    wired(monkeypatch)
    monkeypatch.setattr(client, "tls_context", functools.cache(client.tls_context))

    def life(instant):
        world = fiscal_world(boot=False)
        try:
            failed = live_through(world, instant, all_power=all_power)
            made = assert_registered(world, centre)
        except AssertionError as error:
            raise AssertionError(f"instant {instant}, screens {world.screens()}: {error}") from error
        world.shut()
        world.bench.stop()
        return failed, made

    undisturbed = fiscal_world(boot=False)
    live_through(undisturbed, None, all_power=False)
    count = undisturbed.instants.index(TO) - undisturbed.instants.index(FROM)
    undisturbed.shut()
    with ThreadPoolExecutor(WORLDS_AT_ONCE) as pool:
        lives = list(pool.map(life, range(1, count + 1)))
    assert len(lives) > 12
    assert all(failed for failed, _ in lives)
    assert sum(made for _, made in lives) == len(lives)
