"""The power fails with half a paper in the printer: whatever it was, it never joins the next person's paper."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from PIL import Image

from kiosk.domain.secret import Secret
from kiosk.journey import events as e
from kiosk.journey.state import Servicing
from kiosk.journey.state_matters import ShowingMatters
from kiosk.runtime import desk
from tests.hardware.printer.wire import differing_dots
from tests.journey.play import SERVICES
from tests.world import PowerCut, wired

WIRE = "before the printer's wire moves"
HALF_ROWS = 150


@pytest.fixture
def world(world, monkeypatch):
    """A kiosk that lets technicians in; the power can fail on its wires."""
    monkeypatch.setattr(desk, "pin_matches", lambda pin, _hash: pin.reveal() == "2468")
    wired(monkeypatch)
    return world


@pytest.fixture
def visited(world):
    """The same, after a visit."""
    world.visit()
    return world


def amid(world, action):
    """Do something as soon as half a paper hangs in the printer."""

    def look():
        if world.bench_do("printer", do="state")["uncut_rows"] > HALF_ROWS:
            action()
        else:
            world.when(WIRE, look)

    world.when(WIRE, look)


def show_matters(world):
    """Ask, at the same kiosk, what became of the visit's payment."""
    world.runner.kiosk = replace(world.runner.kiosk, services=tuple(SERVICES.values()))
    code = world.composed[-1].reference.replace("-", "")
    world.do(e.JourneyStarted("az"), e.ServiceChosen(SERVICES["payment-status"]), e.AnswerGiven("code", code))
    assert isinstance(world.state, ShowingMatters)


def receipt(world):
    """Pay, as far as the receipt."""
    world.begin()
    world.answer()
    world.pay()


def statement(world):
    """Ask for a statement on paper."""
    show_matters(world)
    world.do(e.PaperWanted())


def reprint(world):
    """Ask for the receipt once more."""
    show_matters(world)
    world.do(e.CopyWanted(world.composed[-1].reference))


def let_in(world):
    """Open the door to a technician."""
    world.bench_do("panel", do="open")
    world.news()
    world.do(e.PinEntered(Secret("2468")))
    assert isinstance(world.state, Servicing)


def report(world):
    """Print the readiness report."""
    let_in(world)
    world.do(e.ReportWanted())


def slip(world):
    """Take the cash box out, of a kiosk that has one."""
    let_in(world)
    world.do(e.CollectionWanted(), e.CashCollected())


def cut_off(world, print_it):
    """Print something with the power failing half-way; return how many pieces lay in the tray before."""
    pieces = world.pieces()
    amid(world, world.fail)
    with pytest.raises(PowerCut):
        print_it(world)
    assert world.pieces() == pieces
    return pieces


def assert_last_stands_alone(world, pieces):
    """Assert that so many pieces lie in the tray, and that the last is the last paper and nothing else, dot for dot."""
    printer = world.bench.devices["printer"]
    cut = [row for row in printer.ledger() if row["cut"]]
    assert len(cut) == pieces
    last = Image.open(printer.folder / cut[-1]["paper"]).convert("1")
    assert differing_dots(last, world.devices.printer.picture(world.composed[-1])) == 0


@pytest.mark.parametrize("print_it", [statement, reprint, report])
def test_what_is_not_repeated(visited, print_it):
    """A paper that nobody waits for any more is cut off before the next citizen's, which is whole and alone."""
    pieces = cut_off(visited, print_it)
    visited.restart()
    if print_it is report:
        visited.bench_do("panel", do="close")
        visited.news()
    statement(visited)
    assert_last_stands_alone(visited, pieces + 2)


def test_a_receipt(world):
    """The half of a receipt is cut off before its copy, which is whole and alone."""
    pieces = cut_off(world, receipt)
    world.restart()
    assert_last_stands_alone(world, pieces + 2)


def test_the_slip_of_a_collection(make_world, monkeypatch):
    """The half of a technician's slip is cut off before its copy, which is whole and alone."""
    world = make_world(notes=())
    world.boot()
    world.pump()
    monkeypatch.setattr(desk, "pin_matches", lambda pin, _hash: pin.reveal() == "2468")
    wired(monkeypatch)
    pieces = cut_off(world, slip)
    world.restart()
    assert_last_stands_alone(world, pieces + 2)


def test_the_printer_is_away_at_the_start(visited):
    """However often the kiosk starts without its printer, the half is cut off once it is there, while nobody waits."""
    pieces = cut_off(visited, reprint)
    visited.bench_do("printer", do="unplug")
    for _ in range(2):
        visited.restart()
        visited.look("printer")
    visited.bench_do("printer", do="plug")
    visited.look("printer")
    assert visited.pieces() == pieces + 1
    statement(visited)
    assert_last_stands_alone(visited, pieces + 2)


def test_the_copy_does_not_begin(world):
    """A receipt's half outlives the copy that could not begin, and the start after that, and is cut off all the same."""
    pieces = cut_off(world, receipt)
    world.bench_do("printer", do="cover_open")
    world.restart()
    assert world.state.printed == "not_started"
    world.leave()
    world.restart()
    world.bench_do("printer", do="cover_close")
    world.look("printer")
    statement(world)
    assert_last_stands_alone(world, pieces + 2)


def test_switched_off_for_a_repair(world):
    """A paper that broke off before the kiosk was switched off is cut off after it, as if it had not been."""
    pieces = world.pieces()
    amid(world, lambda: world.bench_do("printer", do="cover_open"))
    receipt(world)
    assert world.state.printed == "partial"
    world.leave()
    world.bench_do("printer", do="cover_close")
    world.restart()
    statement(world)
    assert_last_stands_alone(world, pieces + 2)


def test_a_start_alone_wastes_no_paper(visited):
    """After a paper that came out whole a start cuts nothing off."""
    pieces = visited.pieces()
    visited.restart()
    visited.look("printer")
    statement(visited)
    assert_last_stands_alone(visited, pieces + 1)
