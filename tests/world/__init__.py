"""The world of whole journeys: a kiosk with real drivers on real wires, its bench, its citizen, and everybody's ledgers."""

from tests.world.centre import refuse_submissions
from tests.world.kiosk import WAITS_FOR_CARD, Place, World
from tests.world.ledgers import (
    assert_claimed,
    assert_ledgers_agree,
    assert_no_money,
    assert_paid,
    assert_understood,
    at_the_centre,
    told_the_centre,
)
from tests.world.parts import IMPATIENT, QUICK, without_card
from tests.world.power import PowerCut, wired

__all__ = [
    "IMPATIENT",
    "QUICK",
    "WAITS_FOR_CARD",
    "Place",
    "PowerCut",
    "World",
    "assert_claimed",
    "assert_ledgers_agree",
    "assert_no_money",
    "assert_paid",
    "assert_understood",
    "at_the_centre",
    "refuse_submissions",
    "told_the_centre",
    "wired",
    "without_card",
]  # fmt: skip
