"""The loop sleeps when there is nothing to do and wakes at once when there is."""

import threading
import time

import pytest
from kivy.base import EventLoop
from kivy.clock import Clock

from screens.loop import LONGEST_WAIT_S, Loop
from screens.waiter import EventWaiter


def test_the_private_names_of_kivy_are_still_there(citizen):
    """What the loop leans on exists in the pinned Kivy."""
    assert Clock._max_fps == 0
    event = Clock.schedule_once(lambda _dt: None, 5)
    assert event._last_dt <= Clock.time()
    assert event.timeout == 5
    event.cancel()
    assert callable(EventLoop.idle)


def test_rest_costs_next_to_nothing(citizen, kiosks, monkeypatch):
    """On the welcome screen the loop turns about once a second and draws nothing."""
    citizen.see(kiosks["az"]["welcome"])
    citizen.rest()
    turns, turn = [], citizen.app.loop.turn
    monkeypatch.setattr(citizen.app.loop, "turn", lambda wait_s: (turns.append(wait_s), turn(wait_s)))
    frames = citizen.app.frames
    threading.Timer(1.5, citizen.app.stop).start()
    citizen.app.run()
    assert citizen.app.frames == frames
    assert len(turns) <= 5


def test_a_post_from_another_thread_wakes_the_loop(citizen, kiosks):
    """What another thread posts runs at once, not at the next look around."""
    citizen.see(kiosks["az"]["welcome"])
    done = threading.Event()
    posted = []

    def post():
        posted.append(time.monotonic())
        citizen.app.loop.post(lambda: (posted.append(time.monotonic()), citizen.app.stop(), done.set()))

    threading.Timer(0.1, post).start()
    citizen.app.run()
    assert done.is_set()
    assert posted[1] - posted[0] < LONGEST_WAIT_S / 4


def test_posts_run_in_their_order(citizen):
    """Calls posted one after the other run one after the other."""
    seen = []
    for number in range(20):
        citizen.app.loop.post(lambda number=number: seen.append(number))
    citizen.app.loop.settle()
    assert seen == list(range(20))


def test_one_bad_call_does_not_swallow_the_next(citizen):
    """A posted call that raises is counted, and those behind it still run."""
    seen = []

    def bad():
        raise ValueError("bad call")

    citizen.app.loop.post(bad)
    citizen.app.loop.post(lambda: seen.append("next"))
    citizen.app.loop.settle()
    assert seen == ["next"]
    assert [str(error) for error in citizen.errors] == ["bad call"]
    citizen.errors.clear()


def test_a_timer_is_waited_for_exactly(citizen, kiosks):
    """The loop sleeps until the next timer, no longer."""
    citizen.see(kiosks["az"]["welcome"])
    rang = []
    Clock.schedule_once(lambda _dt: rang.append(time.monotonic()), 0.15)
    start = time.monotonic()
    while not rang and time.monotonic() - start < 2:
        citizen.app.loop.turn(1.0)
    assert 0.14 <= rang[0] - start < 0.4


def test_a_wake_before_the_wait_is_not_lost():
    """A wake-up that comes just before the wait ends that wait."""
    waiter = EventWaiter()
    waiter.wake()
    start = time.monotonic()
    waiter.wait(2)
    assert time.monotonic() - start < 0.5


def test_an_input_device_ends_the_wait(tmp_path):
    """With KMSDRM a touch on an input device ends the wait, also on one that was plugged in later."""
    import os

    waiter = EventWaiter(tmp_path)
    waiter.wait(0)
    os.mkfifo(tmp_path / "event3")
    waiter.wait(0)
    writer = os.open(tmp_path / "event3", os.O_WRONLY | os.O_NONBLOCK)
    os.write(writer, b"x" * 24)
    start = time.monotonic()
    waiter.wait(2)
    assert time.monotonic() - start < 0.5
    os.close(writer)
    waiter.wait(0)  # unplugged: let go of
    waiter.wait(0)


@pytest.mark.parametrize("waits_s", [0.05, 0.2])
def test_a_wait_is_bounded(waits_s):
    """A wait without any event ends in its time."""
    start = time.monotonic()
    EventWaiter().wait(waits_s)
    assert waits_s * 0.9 <= time.monotonic() - start < waits_s + 0.3


def test_a_loop_of_its_own_can_be_stopped_from_another_thread(citizen):
    """Stopping ends the run soon, from any thread."""
    loop = Loop(EventWaiter())
    threading.Timer(0.05, loop.stop).start()
    start = time.monotonic()
    loop.run()
    assert time.monotonic() - start < LONGEST_WAIT_S / 2
