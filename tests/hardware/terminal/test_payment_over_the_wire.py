"""The driver against the simulated terminal: whatever happens on the wire, the two sides agree about the money.

A sale is ``stored`` in the terminal's own ledger if it stands. For every fault the driver's last word is compared with it.
"""

from __future__ import annotations

import threading

import pytest
from msgspec.structs import replace

from kiosk.domain.faults import DeviceAbsent, DeviceFault, ProtocolError
from kiosk.domain.health import Failed, Ready
from kiosk.domain.payment import Approved, Cancelled, Declined, Unresolved
from tests.hardware.terminal.bench import OURS, SALE


def test_approved_and_settled(bench, before):
    """A sale stands in the terminal once it is settled, and not before; recovery says the same."""
    approved = bench.pay()
    assert isinstance(approved, Approved)
    assert bench.outcomes() == ["authorised"]
    settled = bench.driver.settle("A-1")
    assert isinstance(settled, Approved)
    assert replace(settled.authorisation, slip=()) == approved.authorisation
    assert bench.taken() == SALE.minor
    after = bench.driver.outcome_of("A-1", SALE, before)
    assert isinstance(after, Approved)
    assert after.authorisation.mark == approved.authorisation.mark
    assert {"insert_card", "enter_pin", "contacting_bank", "remove_card"} <= {told.code for told in bench.heard}


def test_two_sales_in_a_row(bench, before):
    """Each sale has its mark, and the first one's is the second one's "before"."""
    for number in range(2):
        mark = bench.driver.last_transaction()
        assert isinstance(bench.pay(f"A-{number}"), Approved)
        sold = bench.driver.settle(f"A-{number}")
        assert isinstance(sold, Approved)
        assert sold.authorisation.mark != mark
        assert bench.driver.last_transaction() == sold.authorisation.mark
    assert bench.taken() == 2 * SALE.minor


def test_receipt_numbers_wrap(bench):
    """A sale whose receipt number starts again at 1 is still a new one."""
    bench.do("next_receipt", number=9999)
    for _ in range(2):
        before = bench.driver.last_transaction()
        assert isinstance(bench.pay(), Approved)
        assert isinstance(bench.driver.settle("A-1"), Approved)
    assert bench.driver.last_transaction().receipt_number == "0001"
    assert isinstance(bench.driver.outcome_of("A-1", SALE, before), Approved)


def test_declined(bench, before):
    """A refusal of the bank takes nothing; recovery says the same."""
    bench.do("decline", code="33")
    outcome = bench.pay()
    assert isinstance(outcome, Declined)
    assert outcome.code == "33"
    assert bench.taken() == 0
    assert not isinstance(bench.driver.outcome_of("A-1", SALE, before), Approved | Unresolved)


def test_cancelled_by_the_citizen(bench, before):
    """The stop key on the terminal ends the payment, and nothing was taken."""
    bench.do("cancel")
    assert bench.pay() == Cancelled()
    assert bench.taken() == 0
    assert isinstance(bench.pay(), Cancelled)


def test_cancelled_by_the_kiosk(bench, before):
    """The kiosk's cancel ends the wait for the card, and the terminal is free for the next payment."""
    bench.do("hold")
    presser = threading.Thread(target=lambda: bench.sim.wait_until("card") and bench.driver.cancel())
    presser.start()
    assert bench.pay() == Cancelled()
    presser.join(5)
    assert bench.taken() == 0
    bench.do("approve")
    bench.driver.last_transaction()
    assert isinstance(bench.pay(), Approved)


def test_nobody_comes(bench, before):
    """A citizen who walks away ends the payment by the terminal's own time."""
    bench.do("hold")
    assert bench.pay() == Cancelled()
    assert bench.taken() == 0


def test_silent_from_the_start(bench, before):
    """A terminal that falls silent leaves the payment unresolved; when it speaks again, it is found not taken."""
    bench.do("silent")
    assert isinstance(bench.pay(), Unresolved)
    bench.do("normal")
    assert bench.driver.outcome_of("A-1", SALE, before) == Cancelled()
    assert bench.taken() == 0


def test_silent_for_good(bench):
    """Without any answer it stays unresolved."""
    bench.use(replace(OURS, recovery_limit_s=1.5))
    before = bench.driver.last_transaction()
    bench.do("silent")
    assert isinstance(bench.pay(), Unresolved)
    assert isinstance(bench.driver.outcome_of("A-1", SALE, before), Unresolved)


def test_line_lost_before_approval(bench, before):
    """A cable pulled while the citizen pays: unresolved, and after plugging in found not taken."""
    bench.do("hold")
    puller = threading.Thread(target=lambda: bench.sim.wait_until("card") and bench.do("unplug"))
    puller.start()
    assert isinstance(bench.pay(), Unresolved)
    puller.join(5)
    with pytest.raises(DeviceAbsent):
        bench.driver.last_transaction()
    bench.do("plug")
    assert bench.driver.outcome_of("A-1", SALE, before) == Cancelled()
    assert bench.taken() == 0


def test_line_lost_after_approval(bench, before):
    """A cable pulled between approval and settlement: the terminal reverses, and recovery says so."""
    assert isinstance(bench.pay(), Approved)
    bench.do("unplug")
    assert isinstance(bench.driver.settle("A-1"), Unresolved)
    bench.do("plug")
    assert bench.driver.outcome_of("A-1", SALE, before) == Cancelled()
    assert bench.outcomes() == ["auto_reversed"]


def test_approval_never_settled(bench, before):
    """A kiosk that lost power before it journalled: the terminal reverses by itself, and recovery waits for that."""
    assert isinstance(bench.pay(), Approved)
    bench.use(OURS)
    assert bench.driver.outcome_of("A-1", SALE, before) == Cancelled()
    assert bench.outcomes() == ["auto_reversed"]


def test_settled_too_late(bench, before):
    """A kiosk that takes longer to journal than the terminal waits is told that the sale was reversed."""
    assert isinstance(bench.pay(), Approved)
    assert bench.sim.wait_until("reversing")
    assert not isinstance(bench.driver.settle("A-1"), Approved)
    assert bench.driver.outcome_of("A-1", SALE, before) == Cancelled()
    assert bench.taken() == 0


def test_settled_and_the_end_lost(bench, before):
    """When 06 0F is lost the sale stands: unresolved at first, approved by recovery, taken once."""
    assert isinstance(bench.pay(), Approved)
    bench.do("mute_after", message="06 0F", times=3)
    assert isinstance(bench.driver.settle("A-1"), Unresolved)
    bench.do("normal")
    assert isinstance(bench.driver.outcome_of("A-1", SALE, before), Approved)
    assert bench.taken() == SALE.minor


def test_settled_and_the_kiosk_dies(bench, before):
    """A kiosk that lost power right after its acknowledgement finds the sale standing."""
    assert isinstance(bench.pay(), Approved)
    assert isinstance(bench.driver.settle("A-1"), Approved)
    bench.use(OURS)
    assert isinstance(bench.driver.outcome_of("A-1", SALE, before), Approved)
    assert bench.taken() == SALE.minor


def test_approval_lost_on_the_way(bench, before):
    """When 04 0F never arrives, nobody acknowledges it: the terminal reverses and says so."""
    bench.do("mute_after", message="04 0F", times=1)
    assert bench.pay() == Cancelled()
    assert bench.driver.outcome_of("A-1", SALE, before) == Cancelled()
    assert bench.taken() == 0


@pytest.mark.parametrize("phase", ["card", "held"])
def test_power_cycle_of_the_terminal(bench, before, phase):
    """A terminal that loses power before the settlement has taken nothing, and is registered anew by itself."""
    if phase == "card":
        bench.do("hold")
        cutter = threading.Thread(target=lambda: bench.sim.wait_until("card") and bench.do("power_cycle"))
        cutter.start()
        assert isinstance(bench.pay(), Unresolved)
        cutter.join(5)
    else:
        assert isinstance(bench.pay(), Approved)
        bench.do("power_cycle")
        assert isinstance(bench.driver.settle("A-1"), Unresolved)
    assert bench.sim.wait_until("idle")
    assert bench.driver.outcome_of("A-1", SALE, before) == Cancelled()
    assert bench.taken() == 0
    bench.do("approve")
    bench.driver.last_transaction()
    assert isinstance(bench.pay(), Approved)
    assert isinstance(bench.driver.settle("A-1"), Approved)


@pytest.mark.parametrize("bench", ["serial"], indirect=True)
@pytest.mark.parametrize(
    "fault",
    [
        {"do": "noise", "bytes": 3}, {"do": "noise", "bytes": 40}, {"do": "corrupt", "n": 2}, {"do": "half", "n": 2},
        {"do": "double", "n": 9}, {"do": "lose_acks", "n": 2, "side": "terminal"},
        {"do": "lose_acks", "n": 2, "side": "register"}, {"do": "late", "ms": 30}, {"do": "garbage", "bytes": 200},
    ],
    ids=lambda fault: f"{fault['do']}-{fault.get('side', fault.get('bytes', ''))}",
)  # fmt: skip
def test_a_bad_line_changes_nothing(bench, before, fault):
    """Noise, damage, doubles, lost ACKs and delays that the link may repair are repaired: one sale, settled."""
    assert bench.sim.do(fault)["ok"]
    assert isinstance(bench.pay(), Approved)
    assert isinstance(bench.driver.settle("A-1"), Approved)
    assert bench.outcomes() == ["stored"]


@pytest.mark.parametrize("odd", [{"amount_minor": 241}, {"currency": "EUR"}])
def test_another_amount_is_refused(bench, before, odd):
    """A terminal that charges something else than asked is told to give it back."""
    bench.do("wrong_amount", **odd)
    assert isinstance(bench.pay(), Unresolved)
    assert bench.taken() == 0


def test_reversed_by_receipt(bench, before):
    """A sale that cannot be delivered is given back, and giving it back twice changes nothing."""
    assert isinstance(bench.pay(), Approved)
    sold = bench.driver.settle("A-1")
    assert isinstance(sold, Approved)
    assert bench.driver.reverse(sold.authorisation) == Cancelled()
    assert bench.taken() == 0
    assert bench.driver.reverse(sold.authorisation) == Cancelled()
    assert bench.outcomes() == ["reversed"]


@pytest.mark.parametrize(("lost", "kept"), [("06 0F", 0), ("04 0F", SALE.minor)])
def test_reversal_in_doubt(bench, before, lost, kept):
    """A reversal whose end is lost is looked up and found done; one whose result is lost is not sent again."""
    assert isinstance(bench.pay(), Approved)
    sold = bench.driver.settle("A-1")
    assert isinstance(sold, Approved)
    bench.do("mute_after", message=lost, times=1, then="silent")
    waker = threading.Timer(0.7, lambda: bench.do("normal"))
    waker.start()
    outcome = bench.driver.reverse(sold.authorisation)
    waker.join(5)
    assert bench.taken() == kept
    assert outcome == Cancelled() if not kept else isinstance(outcome, Unresolved | Declined)


def test_a_terminal_that_cannot_be_asked_takes_no_payment(bench):
    """Without repeat receipt no payment in doubt could be cleared up: the first question is a fault."""
    bench.do("refuse_repeat")
    with pytest.raises(ProtocolError):
        bench.driver.last_transaction()
    assert bench.driver.self_test().outcome == "failed"


def test_busy_and_out_of_order(bench):
    """A terminal at work or out of order says so, and comes back by itself."""
    assert isinstance(bench.driver.health(), Ready)
    bench.do("busy")
    busy = bench.driver.health()
    assert isinstance(busy, Failed)
    assert busy.reason == "busy"
    with pytest.raises(DeviceFault):
        bench.driver.last_transaction()
    bench.do("normal")
    bench.do("out_of_order")
    broken = bench.driver.health()
    assert isinstance(broken, Failed)
    assert broken.reason == "out_of_order"
    bench.do("normal")
    assert isinstance(bench.driver.health(), Ready)
    assert bench.driver.self_test().outcome == "passed"
