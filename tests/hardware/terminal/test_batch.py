"""The end of day: what the terminal settled with its acquirer, or why it did not."""

from __future__ import annotations

import pytest

from hardware.terminal.apdu import Apdu
from hardware.terminal.messages import parse_status_information
from kiosk.domain.faults import DeviceAbsent, DeviceFault
from kiosk.domain.money import Money
from kiosk.domain.payment import Approved, BatchTotals, Capabilities, Declined, Unresolved
from tests.hardware.terminal.bench import SALE
from tests.hardware.terminal.scripts import YES, apdu

CLOSE = "06 50 03 00 00 00"
NOTHING = " 00" * 7


def sold(bench, reference: str = "A-1") -> Approved:
    bench.driver.last_transaction()
    assert isinstance(bench.pay(reference), Approved)
    settled = bench.driver.settle(reference)
    assert isinstance(settled, Approved)
    return settled


def close(zvt, peer, terminal, *script: str):
    """Close the batch of a terminal that accepts and then says these things."""

    def play() -> None:
        terminal.register()
        peer.hear(CLOSE)
        for number, said in enumerate(script):
            (peer.say if number == 0 else peer.tell)(said)

    with peer.playing(play):
        return zvt.close_batch()


def test_what_it_can_do(bench):
    """The terminal promises the two steps, the look-up, the abort and the reversal, without being asked over the wire."""
    assert bench.driver.capabilities() == Capabilities(True, True, True, True)
    assert not bench.sim.state()["registered"]


def test_the_days_sales(bench):
    """The batch holds what stands in the terminal's ledger; the next one is empty, and what was closed cannot be reversed."""
    sales = [sold(bench, f"A-{number}") for number in range(3)]
    bench.driver.reverse(sales[0].authorisation)
    total = Money(2 * SALE.minor)
    assert bench.driver.close_batch() == BatchTotals(2, total, (("Visa", 2, total),))
    assert bench.driver.close_batch() == BatchTotals(0, Money(0))
    assert isinstance(bench.driver.reverse(sales[1].authorisation), Declined)
    assert bench.taken() == total.minor


def test_the_acquirer_is_away(bench):
    """A batch that the acquirer did not take is declined with its code, and can be closed later with the same sales."""
    sold(bench)
    bench.do("refuse_batch")
    assert bench.driver.close_batch() == Declined("A0")
    bench.do("normal")
    assert bench.driver.close_batch() == BatchTotals(1, SALE, (("Visa", 1, SALE),))


def test_refused(bench):
    """A terminal out of order does not begin."""
    bench.do("out_of_order")
    assert bench.driver.close_batch() == Declined("83", "the terminal did not begin")


@pytest.mark.parametrize("lost", ["04 0F", "06 0F"])
def test_the_end_is_lost(bench, lost):
    """An end of day of which the end is lost is unresolved, and the sales of the day stand as they did."""
    sold(bench)
    bench.do("mute_after", message=lost, times=1, then="silent")
    assert isinstance(bench.driver.close_batch(), Unresolved)
    assert bench.taken() == SALE.minor


def test_nothing_was_asked(bench):
    """With no terminal there, or an approval waiting to be settled, nothing is asked of the terminal."""
    bench.driver.last_transaction()
    assert isinstance(bench.pay(), Approved)
    with pytest.raises(DeviceFault):
        bench.driver.close_batch()
    assert isinstance(bench.driver.settle("A-1"), Approved)
    bench.do("unplug")
    bench.driver.health()
    with pytest.raises(DeviceAbsent):
        bench.driver.close_batch()


def test_each_card_has_its_place():
    """BMP 60 counts and sums each kind of card at its place; kinds that nobody used are left out."""
    groups = "".join(f"{count:02X} 00 00 00 00 {count:02d} 00 " for count in (1, 0, 3, 0, 5, 6, 255 % 100))
    told = parse_status_information(Apdu(0x040F, bytes.fromhex(f"27 00 60 F0 F5 F3 00 01 00 99 {groups}")))
    assert told.totals == (
        ("girocard", 1, 100), ("Mastercard", 3, 300), ("Visa", 5, 500), ("Diners Club", 6, 600), ("other", 55, 5500),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("script", "outcome"),
    [
        ([YES, apdu("04 0F", "27 00 04 00 00 00 00 07 20 49 09 44"), "06 0F 00"], BatchTotals(0, Money(720))),
        ([YES, "06 1E 01 A0"], Declined("A0")),
        (["84 1E 01 F0"], Declined("F0", "the terminal did not begin")),
        ([YES, apdu("04 0F", "27 77"), "06 1E 01 77"], Declined("77")),
    ],
    ids=["sum only", "aborted", "refused", "failed"],
)
def test_what_terminals_say(zvt, peer, terminal, script, outcome):
    """Each way in which an end of day ends is told as it is."""
    assert close(zvt, peer, terminal, *script) == outcome


@pytest.mark.parametrize(
    "script",
    [
        [YES, "06 0F 02 27 E0"],
        [YES, apdu("04 0F", "27 00 04 00 00 00 00 07 20"), "06 1E 01 6C"],
        [YES, apdu("04 0F", "27 00 04 00 00 00 00 07 20 49 09 78"), "06 0F 00"],
        [YES, apdu("04 0F", "27 00"), "06 0F 00"],
    ],
    ids=["no totals", "told and aborted", "another currency", "no sum"],
)
def test_what_nobody_can_tell(zvt, peer, terminal, script):
    """An end of day that contradicts itself is unresolved."""
    assert isinstance(close(zvt, peer, terminal, *script), Unresolved)
