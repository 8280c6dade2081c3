"""A scanner that types like a keyboard opens the card: real keys of a real window, the real kiosk, a real card."""

from kiosk.journey import events as e
from kiosk.journey.state import Answering, Choosing
from tests.journey.play import ELECTRICITY
from tests.screens.conftest import Citizen
from tests.screens.test_keys import LINES, scan
from tests.world import assert_paid, assert_understood
from tests.world.words import languages


def test_a_typed_scan_opens_the_card(card_world, centre, monkeypatch):
    """A scan on the list of services does nothing; one where the key is asked for opens the card, and the bill is paid."""
    from screens import app as app_module

    monkeypatch.setattr(app_module, "BOUNCE_S", 0.0)
    world = card_world(ELECTRICITY)
    citizen = Citizen(languages())
    try:
        world.do(e.JourneyStarted("az"))
        citizen.see(world.runner.kiosk)
        scan(LINES)
        assert (type(world.state), citizen.sent) == (Choosing, [])
        world.do(e.ServiceChosen(ELECTRICITY))
        citizen.see(world.runner.kiosk)
        scan(LINES)
        ((event, shown),) = citizen.sent
        assert shown == world.runner.kiosk.shown
        world.do(event)
    finally:
        citizen.app.close()
    assert isinstance(world.state, Answering)
    assert not event.key, "the key was not overwritten after use"
    world.answer()
    world.pay()
    assert_paid(world, centre, 2400)
    assert_understood(world)
