"""What a start asks the journal without replaying it: whether something of the last paper may still be in the printer."""

from __future__ import annotations

from contextlib import closing

import msgspec
import pytest

from kiosk.domain.receipt import NotStarted, Partial, Printed, Unverified
from kiosk.journal import Journal
from kiosk.journal.codec import from_row
from kiosk.journal.traces import LOOKS_BACK
from kiosk.journey import events as e

WHOLE, HALF = e.ReceiptEnded(1, Printed()), e.ReceiptEnded(1, Partial("cover_open", 3))
FOUND, STARTED = e.PowerRestored("1", paper_left=True), e.PowerRestored("1")
NOTHING = e.ReceiptEnded(1, NotStarted("paper_out"))


@pytest.fixture
def left(tmp_path):
    """Return a function that says what a journal with some entries tells of the last paper."""
    with closing(Journal(tmp_path / "journal.db", "AGALI-1")) as journal:

        def told(*events):
            for event in events:
                journal.append(event, 0, 1_790_000_000_000, 1)
            return journal.paper_left()

        yield told


@pytest.mark.parametrize(
    "events",
    [
        (WHOLE,),
        (HALF, WHOLE),
        (e.ReportWanted(), WHOLE),
        (FOUND, WHOLE),
        (HALF, e.ReceiptEnded(1, Unverified("unconfirmed"))),
        (WHOLE, NOTHING),
        (WHOLE, e.DeviceFailed(1, "card", "absent")),
        (WHOLE, STARTED, e.JourneyStarted("az", 1)),
        (WHOLE, e.ReceiptEnded(1, Partial("silent"), sheet=True)),
    ],
)
def test_a_paper_that_came_out_whole_leaves_nothing(left, events):
    """After a whole paper nothing is left, whatever was before it, and nothing that has no part in a paper changes that."""
    assert not left(*events)


@pytest.mark.parametrize(
    "events",
    [
        (HALF,),
        (WHOLE, HALF),
        (HALF, NOTHING),
        (WHOLE, e.ReportWanted()),
        (WHOLE, e.ReportWanted(), NOTHING),
        (WHOLE, e.OrderOverdue(1)),
        (WHOLE, e.DeviceFailed(1, "printer", "failed")),
        (WHOLE, FOUND),
        (FOUND, NOTHING),
        (HALF, e.ReceiptEnded(1, Printed(), sheet=True)),
    ],
)
def test_a_paper_without_a_good_end_may_be_left(left, events):
    """A paper that broke off, or whose end nobody knows, may still be there, also after one that did not begin or a sheet on A4."""
    assert left(*events)


def test_a_journal_that_tells_nothing_leaves_the_doubt(left):
    """A journal that was begun anew does not know what its printer was doing: in doubt something is left."""
    assert left()


def test_a_half_paper_is_not_forgotten(left):
    """A paper that broke off may still be there however many entries without a word of it were written since."""
    assert left(HALF, *[e.TimedOut(1)] * (LOOKS_BACK + 1))


def test_a_start_hands_on_what_it_found(left):
    """A start that found nothing left ends the doubt of before; one that found something leaves it to the next."""
    assert left(HALF)
    assert left(FOUND)
    assert not left(STARTED)


def test_entries_of_an_older_program_are_read():
    """Entries written before a start told of papers, and before a sheet was told from a paper, come back with nothing left."""
    assert from_row('{"type":"PowerRestored","version":"1","clean":false}', None) == STARTED
    ended = msgspec.json.decode(msgspec.json.encode(WHOLE))
    del ended["sheet"]
    assert from_row(msgspec.json.encode(ended).decode(), None) == WHOLE
