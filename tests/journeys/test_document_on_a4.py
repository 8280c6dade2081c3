"""A certificate on A4: the centre's signed bytes reach the document printer and no disk; whatever fails, the slip comes."""

from __future__ import annotations

import httpx
import pytest

from hardware.document.simulator import SimulatedDocumentPrinter
from kiosk.journey import events as e
from kiosk.journey.state import Farewell
from kiosk.journey.state_document import PrintingDocument
from tests.journey.play import CERTIFICATE
from tests.world import PowerCut, assert_understood, at_the_centre


@pytest.fixture
def far():
    printer = SimulatedDocumentPrinter()
    printer.start()
    yield printer
    printer.stop()


@pytest.fixture
def at_the_last_question(card_world, far):
    """A citizen whose certificate wants but one touch, at a kiosk with a document printer."""

    def make():
        world = card_world(CERTIFICATE, document=far.url)
        world.look("document")
        world.begin()
        world.identify("123456")
        return world

    return make


def signed_by(world):
    """The document as the centre gives it to this kiosk."""
    number = world.last(e.SubmissionAccepted).receipt_number
    place = world.place
    url, headers = f"{place.url}/v1/documents/{number}.pdf", {"Authorization": f"Bearer {place.token}"}
    return httpx.get(url, headers=headers, trust_env=False, timeout=30).content


def test_the_signed_sheet_comes_out(at_the_last_question, far, centre):
    """The printer gets the centre's signed PDF byte for byte, the last screen says where it is, and no slip is printed."""
    world = at_the_last_question()
    world.pay()
    assert isinstance(world.state, Farewell)
    assert (world.state.sheet, world.state.printed) == (True, "printed")
    (work,) = far.works
    assert work.document == signed_by(world)
    assert work.name == world.state.journey.reference
    assert world.pieces() == 0
    assert "paper-came-printed-sheet" in world.said
    world.leave()
    assert [row["amount_minor"] for row in at_the_centre(world, centre, "submission")] == [0]
    assert_understood(world)


def test_no_byte_of_it_is_on_disk(at_the_last_question, far):
    """Neither the journal, nor the outbox, nor any other file of the kiosk holds a part of the document."""
    world = at_the_last_question()
    world.pay()
    piece = far.works[0].document[64:128]
    files = [path for path in world.place.folder.rglob("*") if path.is_file()]
    assert files
    assert not [path for path in files if piece in path.read_bytes() or b"%PDF-" in path.read_bytes()]


@pytest.mark.parametrize("trouble", ["paper_out", "abort", "lose_request", "busy"])
def test_a_printer_in_trouble_costs_the_sheet_alone(at_the_last_question, far, trouble):
    """With no paper, an aborted job, a torn line or a refusal, the slip with its code comes, and the screen says so."""
    world = at_the_last_question()
    far.do({"do": trouble})
    world.pay()
    assert isinstance(world.state, Farewell)
    assert (world.state.sheet, world.state.printed, bool(world.state.journey.unprinted)) == (False, "printed", True)
    url = world.last(e.SubmissionAccepted).acceptance.verification_url
    assert any(getattr(line, "data", "") == url for line in world.composed[-1].lines)
    assert world.composed[-1].copy == 0
    assert world.pieces() == 1
    assert len(far.works) <= 1
    assert_understood(world)


def test_a_centre_that_does_not_give_it(at_the_last_question, far, centre):
    """Where the document cannot be fetched after the acceptance, nothing is sent to the printer and the slip comes."""
    world = at_the_last_question()
    world.when(PrintingDocument, centre.down)
    world.pay()
    assert (world.state.sheet, world.state.printed, world.state.journey.unprinted) == (False, "printed", "unfetched")
    assert far.works == []
    assert world.pieces() == 1


def test_the_power_fails_with_the_sheet_under_way(at_the_last_question, far):
    """After a power cut the sheet is not sent again; the slip comes and says that it is a copy."""
    world = at_the_last_question()
    world.when(PrintingDocument, world.fail)
    with pytest.raises(PowerCut):
        world.pay()
    world.restart()
    assert (world.composed[-1].copy, world.state.printed, world.state.journey.unprinted) == (1, "printed", "power")
    assert far.works == []
    url = world.last(e.SubmissionAccepted).acceptance.verification_url
    assert url in world.bench.devices["printer"].ledger()[-1]["qr"]
    assert_understood(world)


def test_a_printer_that_failed_before_is_not_tried(at_the_last_question, far, card_world):
    """A document printer known to be out of paper before the acceptance changes nothing: the slip comes as ever."""
    far.do({"do": "paper_out"})
    world = at_the_last_question()
    world.pay()
    assert (world.state.sheet, world.state.journey.unprinted) == (False, "")
    assert far.works == []
    assert world.pieces() == 1
