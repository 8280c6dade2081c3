"""The crew: faults become events, and every order is answered exactly once."""

import queue
import threading
import time
import weakref

import pytest

from kiosk.domain.faults import DeviceSilent
from kiosk.domain.health import Failed, Ready
from kiosk.journey.events import CardTaken, DeviceFailed, HealthChanged, OrderOverdue
from kiosk.runtime import crew
from kiosk.runtime.crew import Job, Ticket, Worker

WAIT_S = 3


class Bench:
    """A worker, what it posts, and a health that can be set."""

    def __init__(self, every_s=60):
        self.posted = queue.Queue()
        self.health = Ready()
        self.worker = Worker("card", lambda: self.health, self.posted.put, every_s)

    def order(self, work, number=1, limit_s=WAIT_S):
        self.worker.add(Job(work, Ticket(number, self.posted.put)), limit_s)

    def next(self):
        return self.posted.get(timeout=WAIT_S)


@pytest.fixture
def bench():
    made = Bench()
    made.worker.start()
    assert made.next() == HealthChanged("card", Ready())
    yield made
    made.worker.stop()


def test_work_answers_its_order(bench):
    """What the work returns is the answer."""
    bench.order(lambda: CardTaken(1))
    assert bench.next() == CardTaken(1)


def test_a_fault_is_an_answer(bench):
    """A driver's fault answers the order with its reason and evidence, and the device's health is asked at once."""

    def silent():
        bench.health = Failed("silent")
        raise DeviceSilent("no answer in 5 s")

    bench.order(silent)
    assert bench.next() == DeviceFailed(1, "card", "silent", "no answer in 5 s")
    assert bench.next() == HealthChanged("card", Failed("silent"))


def test_a_device_that_works_again_is_known_at_once(bench, monkeypatch):
    """After work on a device that seemed to have failed its health is asked at once, not at the next regular time."""
    monkeypatch.setattr(crew, "LOOK_AGAIN_S", 60)

    def fails():
        bench.health = Failed("busy")
        raise DeviceSilent("busy")

    def works():
        bench.health = Ready()
        return CardTaken(2)

    bench.order(fails)
    bench.order(works, number=2)
    told = [bench.next() for _ in range(4)]
    assert told[1:] == [HealthChanged("card", Failed("busy")), CardTaken(2), HealthChanged("card", Ready())]


def test_a_defect_does_not_end_the_worker(bench):
    """An error nobody foresaw answers the order too, and the next order is worked on."""
    bench.order(lambda: {}["missing"])
    assert bench.next().reason == "failed"
    bench.order(lambda: CardTaken(2), 2)
    assert bench.next() == CardTaken(2)


def test_a_hanging_device_is_overdue_and_its_late_answer_does_not_count(bench):
    """An order that is not answered in time is overdue; what its work returns later is dropped."""
    go_on = threading.Event()
    bench.order(lambda: (go_on.wait(WAIT_S), CardTaken(1))[1], limit_s=0.05)
    assert bench.next() == OrderOverdue(1)
    go_on.set()
    bench.order(lambda: CardTaken(2), 2)
    assert bench.next() == CardTaken(2)


def test_a_failed_device_is_looked_at_again_soon(monkeypatch):
    """A device that was still booting when it was first asked is known to work long before the next regular look."""
    monkeypatch.setattr(crew, "LOOK_AGAIN_S", 0.05)
    bench = Bench(every_s=60)
    bench.health = Failed("silent")
    bench.worker.start()
    assert bench.next() == HealthChanged("card", Failed("silent"))
    bench.health = Ready()
    assert bench.next() == HealthChanged("card", Ready())
    bench.worker.stop()


def test_health_is_told_only_when_it_changes():
    """A device is looked after while idle, and only a change is an event."""
    bench = Bench(every_s=0.02)
    bench.worker.start()
    assert bench.next() == HealthChanged("card", Ready())
    bench.health = Failed("absent")
    assert bench.next() == HealthChanged("card", Failed("absent"))
    bench.health = Ready()
    assert bench.next() == HealthChanged("card", Ready())
    bench.worker.stop()


def test_calls_to_a_device_come_from_one_thread(bench):
    """All work of a device is done in the same thread, one after another."""
    threads = set()

    def work():
        threads.add(threading.get_ident())
        return CardTaken(1)

    for number in range(5):
        bench.order(work, number)
        bench.next()
    assert len(threads) == 1


def test_an_overdue_order_is_not_carried_out_later(bench):
    """Work that was overdue before it began is not done in front of the next citizen."""
    go_on, done = threading.Event(), []
    bench.order(lambda: (go_on.wait(WAIT_S), CardTaken(1))[1], 1, limit_s=WAIT_S)
    bench.order(lambda: (done.append("paper"), CardTaken(2))[1], 2, limit_s=0.05)
    assert bench.next() == OrderOverdue(2)
    go_on.set()
    assert bench.next() == CardTaken(1)
    bench.order(lambda: CardTaken(3), 3)
    assert bench.next() == CardTaken(3)
    assert done == []


def test_an_answer_that_came_too_late_is_told_to_whoever_must_know(bench):
    """A late answer no longer counts for the journey, and its order's ``late`` hears it."""
    late, go_on = queue.Queue(), threading.Event()
    ticket = Ticket(1, bench.posted.put)
    bench.worker.add(Job(lambda: (go_on.wait(WAIT_S), CardTaken(1))[1], ticket, late.put), 0.05)
    assert bench.next() == OrderOverdue(1)
    go_on.set()
    assert late.get(timeout=WAIT_S) == CardTaken(1)


class Strange(Exception):
    """An error no list of errors names."""


def test_any_error_is_answered_and_tells_nothing_personal(bench):
    """Whatever is raised, the order is answered, the worker lives, and the answer quotes no value."""

    def work():
        raise Strange("AYGÜN MƏMMƏDOVA 7ABC1D2")

    bench.order(work)
    answer = bench.next()
    assert (type(answer), answer.reason) == (DeviceFailed, "failed")
    assert "7ABC1D2" not in answer.evidence
    assert answer.evidence.startswith("Strange at test_crew.py:")
    bench.order(lambda: CardTaken(2), 2)
    assert bench.next() == CardTaken(2)


def test_what_was_in_hand_is_let_go(bench):
    """A worker that waits for the next order keeps nothing of the last one: it was somebody's."""

    class Person:
        pass

    person = Person()
    gone = weakref.ref(person)
    bench.order(lambda person=person: CardTaken(1 if person else 0))
    assert bench.next() == CardTaken(1)
    del person
    for _ in range(200):
        if gone() is None:
            break
        time.sleep(0.01)
    assert gone() is None


def test_work_that_is_too_old_to_begin_is_dropped(bench):
    """An order that is overdue before the worker comes to it is not carried out, and what it had in hand is told to go."""
    release, dropped = threading.Event(), threading.Event()
    bench.order(lambda: CardTaken(1) if release.wait(WAIT_S) else None)
    bench.worker.add(Job(lambda: CardTaken(2), Ticket(2, bench.posted.put), dropped=dropped.set), 0.05)
    assert bench.next() == OrderOverdue(2)
    release.set()
    assert bench.next() == CardTaken(1)
    assert dropped.wait(WAIT_S)
