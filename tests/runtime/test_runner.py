"""The runner: event, journal, step, screen, effects, in this order and no other."""

import time

import pytest

from kiosk.domain.faults import JournalFault, VersionFault
from kiosk.journal import Journal
from kiosk.journey import events as e
from kiosk.journey.patience import ASKS_AFTER_S
from kiosk.journey.state import Choosing, Kiosk, Welcome
from kiosk.runtime.clock import SystemClock
from kiosk.runtime.inbox import Inbox, Stir, Touch
from kiosk.runtime.runner import Runner
from tests.journey.play import ELECTRICITY, SERVICES


class Stand:
    """A runner on a real journal, and what it did in which order."""

    def __init__(self, tmp_path, version="1"):
        self.done = []
        self.journal = Journal(tmp_path / "journal.db", "AGALI-1")
        kiosk = Kiosk("AGALI-1", tuple(SERVICES.values()))
        try:
            self.runner = Runner(
                kiosk, self.journal, Inbox(), lambda effect: self.done.append(type(effect).__name__),
                lambda kiosk: self.done.append(f"show {type(kiosk.state).__name__}"), SystemClock(), version,
            )  # fmt: skip
        except VersionFault:
            self.journal.close()
            raise

    def close(self):
        self.journal.close()


@pytest.fixture
def stand(tmp_path):
    made = Stand(tmp_path)
    yield made
    made.close()


def test_an_event_is_on_disk_before_anything_follows(stand, monkeypatch):
    """Nothing is shown and nothing ordered before the event is in the journal."""
    append = stand.journal.append
    monkeypatch.setattr(stand.journal, "append", lambda *a: (stand.done.append("journal"), append(*a))[1])
    stand.runner.accept(e.JourneyStarted("az"))
    stand.runner.accept(e.ServiceChosen(ELECTRICITY))
    assert stand.done == ["journal", "show Choosing", "journal", "show PresentingCard", "WaitForCard", "Light"]


def test_what_cannot_be_journalled_does_not_happen(stand, monkeypatch):
    """A journal that cannot be written ends the loop; nothing was shown or ordered."""

    def full(*_):
        raise JournalFault("disk full")

    monkeypatch.setattr(stand.journal, "append", full)
    with pytest.raises(JournalFault):
        stand.runner.accept(e.JourneyStarted("az"))
    assert stand.done == []
    assert isinstance(stand.runner.kiosk.state, Welcome)


def test_a_touch_meant_for_an_earlier_screen_is_dropped(stand):
    """A touch carries the number of the screen it was meant for; after a change it is not even journalled."""
    stand.runner.accept(e.PowerRestored("1"))
    before = stand.runner.kiosk.shown
    stand.runner.accept(Touch(e.JourneyStarted("az"), before))
    assert isinstance(stand.runner.kiosk.state, Choosing)
    stand.runner.accept(Touch(e.CancelPressed(), before))
    assert isinstance(stand.runner.kiosk.state, Choosing)


def test_a_visit_begins_only_at_rest(stand):
    """A second start of a visit changes nothing and gets no number."""
    stand.runner.accept(e.JourneyStarted("az"))
    stand.runner.accept(e.JourneyStarted("ru"))
    assert (stand.runner.kiosk.journey, stand.runner.kiosk.language) == (1, "az")
    assert stand.journal.unfinished()[0] == 0


def test_a_stir_starts_patience_anew(stand):
    """A key of the pad is no event, and keeps the time-out away."""
    stand.runner.accept(e.JourneyStarted("az"))
    stand.runner._deadline = time.monotonic() + 1
    stand.runner.accept(Stir())
    assert stand.runner._deadline > time.monotonic() + ASKS_AFTER_S[Choosing] - 5


def test_a_time_out_always_waits_anew(stand):
    """However a state takes its time-out, the next one is a whole patience away: the loop never spins."""
    stand.runner.accept(e.JourneyStarted("az"))
    stand.runner._deadline = time.monotonic() - 1
    stand.runner.accept(None)
    assert stand.runner._deadline > time.monotonic() + 5


def test_the_kiosk_starts_where_it_was(tmp_path):
    """After a cut the runner is in the state the journal leads to, before anything else happens."""
    first = Stand(tmp_path)
    first.runner.accept(e.JourneyStarted("ru"))
    first.runner.accept(e.ServiceChosen(ELECTRICITY))
    first.close()
    again = Stand(tmp_path)
    assert again.runner.kiosk == first.runner.kiosk
    assert again.done == []
    again.close()


def test_a_journey_is_not_replayed_by_another_version(tmp_path):
    """Law 8: a visit begun by one version is refused by another; once it has ended, the other may start."""
    first = Stand(tmp_path, "1")
    first.runner.accept(e.JourneyStarted("az"))
    first.close()
    with pytest.raises(VersionFault, match="begun by version 1"):
        Stand(tmp_path, "2")
    journal = Journal(tmp_path / "journal.db", "AGALI-1")
    journal.forget(1)
    journal.close()
    Stand(tmp_path, "2").close()
