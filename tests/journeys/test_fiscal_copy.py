"""The copy of a receipt says of the registered sale what the first print said, at whichever kiosk, however late it was known."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from functools import partial

from msgspec.structs import replace
from sqlalchemy import select

from central.schema import claims
from kiosk.domain.receipt import Qr
from kiosk.journey import events as e
from kiosk.journey.state import Farewell, Printing
from kiosk.journey.state_fiscal import RegisteringSale
from kiosk.journey.state_matters import ShowingMatters
from tests.central.server import with_store
from tests.journey.play import SERVICES
from tests.world import at_the_centre

BY_CODE = SERVICES["payment-status"]
SERVICES_HERE = tuple(SERVICES.values())
OTHER_RATE = tuple(replace(service, vat_percent=8) for service in SERVICES_HERE)


def paid(world):
    """Pay a bill, and let the centre be told; return the code on the paper."""
    world.visit()
    world.deliver()
    return next(state.journey.reference for state in world.shown if isinstance(state, Farewell))


def copied(make_world, code, services=SERVICES_HERE):
    """Return the copy that another kiosk of the same centre prints, which has no register of its own."""
    other = make_world()
    other.boot()
    other.pump()
    other.runner.kiosk = replace(other.runner.kiosk, services=services)
    other.do(e.JourneyStarted("az"), e.ServiceChosen(BY_CODE), e.AnswerGiven("code", code.replace("-", "")))
    assert isinstance(other.state, ShowingMatters)
    other.do(e.CopyWanted(code))
    assert other.state.notice == "copy_printed"
    return other.composed[-1]


def block(world, paper):
    """Return the lines of a receipt from the heading of the registered sale to its end."""
    heading = world.says("paper-fiscal")
    texts = [getattr(line, "text", "") for line in paper.lines]
    return paper.lines[texts.index(heading) :] if heading in texts else ()


def answer_late(world):
    """Let the register do its work and be heard too late, then go away; so that the journey learns nothing of it."""

    def overdue():
        world.inbox.post(e.OrderOverdue(world.state.order))
        world.hear()

    world.when(RegisteringSale, partial(world.when, "before the fiscal works", overdue))
    world.when(
        RegisteringSale,
        partial(world.when, "after the fiscal worked", partial(world.bench_do, "fiscal", do="power_off")),
    )


def test_a_copy_at_another_kiosk_carries_the_same_block(make_world):
    """A copy printed at another kiosk, where another rate is in force by now, has the first print's lines, and its mark among them."""
    world = make_world(fiscal=True)
    world.boot()
    code = paid(world)
    first = block(world, world.composed[-1])
    assert any(isinstance(line, Qr) for line in first)
    assert world.says("paper-fiscal-vat", percent="18") in [getattr(line, "label", "") for line in first]
    again = block(world, copied(make_world, code, OTHER_RATE))
    marks = [line for line in again if line not in first]
    assert [line.text for line in marks] == [world.says("paper-copy", number="1")]
    assert tuple(line for line in again if line not in marks) == first
    assert again.index(marks[0]) < next(place for place, line in enumerate(again) if isinstance(line, Qr))


def test_a_receipt_without_a_registered_sale_has_no_block(make_world):
    """Where nothing was registered, neither the receipt nor its copy says anything of it."""
    world = make_world()
    world.boot()
    code = paid(world)
    copy = copied(make_world, code)
    assert (block(world, world.composed[-1]), block(world, copy)) == ((), ())
    assert world.says("paper-fiscal-follows") not in [getattr(line, "text", "") for line in copy.lines]


def test_a_sale_that_staff_must_register_follows_on_the_copy_too(make_world):
    """While the sale waits for staff, the copy says what the receipt said: that the fiscal receipt follows."""
    world = make_world(fiscal=True)
    world.boot()
    world.when(RegisteringSale, partial(world.bench_do, "fiscal", do="power_off"))
    code = paid(world)
    for paper in (world.composed[-1], copied(make_world, code)):
        assert world.says("paper-fiscal-follows") in [getattr(line, "text", "") for line in paper.lines]


def test_an_answer_too_late_for_the_receipt_reaches_the_copy(make_world, centre):
    """A register that answers when the receipt no longer waits: the copy has the block, and staff have nothing to register."""
    world = make_world(fiscal=True)
    world.boot()
    answer_late(world)
    code = paid(world)
    assert "FilingUnregistered" in world.screens()
    assert world.says("paper-fiscal-follows") in [getattr(line, "text", "") for line in world.composed[-1].lines]
    (document,) = world.bench.devices["fiscal"].ledger()
    lines = block(world, copied(make_world, code))
    assert document["long_id"][:12] in [getattr(line, "value", "") for line in lines]
    (claim,) = at_the_centre(world, centre, "claim")
    assert claim["reference"] == f"{code}-F"
    with_store(centre.database, lambda store: assert_settled(store, claim["reference"]))


def test_what_cannot_be_kept_for_the_centre_holds_back_no_receipt(make_world):
    """With the outbox unwritable while the register answers, the receipt has its block all the same; a copy may lack it."""
    world = make_world(fiscal=True)
    world.boot()
    with closing(sqlite3.connect(world.place.folder / "outbox.db", isolation_level=None)) as other:
        world.outbox._holes._db.execute("PRAGMA busy_timeout=50")
        world.when("before the fiscal works", partial(other.execute, "BEGIN IMMEDIATE"))
        world.when(Printing, partial(other.execute, "ROLLBACK"))
        code = paid(world)
    assert block(world, world.composed[-1])
    assert block(world, copied(make_world, code)) == ()


def assert_settled(store, reference):
    """The claim was settled by what the register had made."""
    with store.read() as connection:
        state, verdict = connection.execute(
            select(claims.c.state, claims.c.verdict).where(claims.c.key == reference)
        ).one()
    assert (state, verdict.partition(" ")[0]) == ("settled", "registered")
