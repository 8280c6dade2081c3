"""A touch becomes the right event, for the screen it was meant for, or nothing at all."""

import pytest
from msgspec.structs import replace

from kiosk.domain.health import DEVICES
from kiosk.journey import events as e
from screens import app as app_module
from tests.screens.conftest import Citizen

TOUCHES = [
    ("welcome", "language-az", e.JourneyStarted("az")),
    ("welcome", "language-ru", e.JourneyStarted("ru")),
    ("choosing", "cancel", e.CancelPressed()),
    ("choosing", "language-en", e.LanguageChosen("en")),
    ("presenting-card", "back", e.WentBack()),
    ("presenting-card", "cancel", e.CancelPressed()),
    ("entering-key", "language-ru", e.LanguageChosen("ru")),
    ("reading-card", "cancel", e.CancelPressed()),
    ("answering", "back", e.WentBack()),
    ("answering-unknown_account", "onward", e.AnswerGiven("customer_number", "104558211")),
    ("quoting", "cancel", e.CancelPressed()),
    ("confirming", "pay", e.PaymentConfirmed()),
    ("confirming", "back", e.WentBack()),
    ("confirming-declined", "pay-again", e.PaymentConfirmed()),
    ("confirming-free", "apply", e.PaymentConfirmed()),
    ("preparing-payment", "cancel", e.CancelPressed()),
    ("taking-payment-insert_card", "cancel", e.CancelPressed()),
    ("farewell", "finish", e.Acknowledged()),
    ("apology-no_central", "understood", e.Acknowledged()),
    ("still-there", "still-there-yes", e.MoreTimeWanted()),
    ("still-there", "still-there-no", e.CancelPressed()),
    ("servicing", "servicing-end", e.ServicingEnded()),
    ("servicing", "print-report", e.ReportWanted()),
    ("servicing", "test-all", e.TestWanted(DEVICES)),
    ("servicing", "test-printer", e.TestWanted(("printer",))),
]


@pytest.mark.parametrize(("sample", "item_id", "event"), TOUCHES)
def test_a_touch_sends_its_event_with_the_number_of_its_screen(citizen, kiosks, sample, item_id, event):
    """Touching a button sends its event, once, with the number of the painted screen."""
    screen = citizen.see(kiosks["az"][sample])
    citizen.tap(item_id)
    assert citizen.sent == [(event, screen.shown)]
    assert citizen.stirred


def test_every_enabled_button_does_something(citizen, kiosks):
    """No button of any kind of screen is without effect: it sends, types, or changes what is shown."""
    one_of_each = {type(kiosk.state): kiosk for kiosk in reversed(kiosks["az"].values())}
    for kiosk in one_of_each.values():
        names = [press.item_id for press in citizen.see(kiosk).presses]
        for item_id in [name for name in names if not name.startswith("key-") or name == "key-1"]:
            screen = citizen.see(replace(kiosk, shown=kiosk.shown + 1000 + len(citizen.sent)))
            before, draft, drawn = len(citizen.sent), screen.draft.text(), citizen.app.frames
            screen.find(item_id).on_tap()
            citizen.app.loop.settle()
            assert len(citizen.sent) > before or (screen.draft.text() != draft and citizen.app.frames > drawn), item_id


def test_a_tile_sends_its_whole_service(citizen, kiosks, services):
    """Touching a tile chooses that service."""
    screen = citizen.see(kiosks["en"]["choosing"])
    page = services[:6]
    for service in page:
        citizen.tap(f"service-{service.id}")
    assert citizen.sent == [(e.ServiceChosen(service), screen.shown) for service in page]


def test_a_service_that_cannot_be_given_sends_nothing(citizen, kiosks):
    """A greyed tile is not pressed."""
    citizen.see(kiosks["az"]["choosing-trouble"])
    citizen.tap("service-electricity")
    assert citizen.sent == []


def test_more_services_are_a_page_away(citizen, kiosks):
    """With more services than fit, pages are turned, and there is nothing to scroll."""
    screen = citizen.see(kiosks["az"]["choosing-many"])
    assert len(screen.presses_of("service-")) == 6
    assert not screen.find("earlier").enabled
    citizen.tap("more")
    assert len(citizen.app.screen.presses_of("service-")) == len(kiosks["az"]["choosing-many"].services) - 6
    assert not citizen.app.screen.find("more").enabled
    citizen.tap("earlier")
    assert len(citizen.app.screen.presses_of("service-")) == 6


def test_a_touch_too_soon_after_a_new_screen_is_dropped(languages, kiosks, monkeypatch):
    """A bounced or doubled tap never presses what has just appeared under the finger."""
    now = [100.0]
    monkeypatch.setattr(app_module.time, "monotonic", lambda: now[0])
    citizen = Citizen(languages)
    try:
        citizen.app.show(kiosks["az"]["choosing"])
        for _ in range(4):
            citizen.app.loop.turn()
        now[0] += 0.2
        touch(citizen, "cancel")
        assert citizen.sent == []
        now[0] += 0.2
        touch(citizen, "cancel")
        assert len(citizen.sent) == 1
    finally:
        citizen.app.close()


def touch(citizen, item_id):
    """Touch without waiting for time, which stands still."""
    citizen.app.loop.settle = lambda _limit_s=0: citizen.app.loop.turn()
    citizen.tap(item_id)


def test_a_finger_that_rests_while_the_screen_changes_presses_nothing(citizen, kiosks):
    """A touch that began on one screen has no effect once another is shown."""
    citizen.see(kiosks["az"]["confirming"])
    citizen.down("pay")
    citizen.see(kiosks["az"]["preparing-payment"])
    citizen.up()
    assert citizen.sent == []


def test_a_trembling_finger_still_presses(citizen, kiosks):
    """A finger that slides a few millimetres off a button still means it; one far away does not."""
    screen = citizen.see(kiosks["az"]["apology-no_central"])
    half = screen.find("understood").area.width / 2
    citizen.tap("understood", half + screen.theme.mm(5))
    assert len(citizen.sent) == 1
    citizen.tap("understood", -half - screen.theme.mm(15))
    assert len(citizen.sent) == 1


def test_a_press_is_shown_at_once(citizen, kiosks):
    """The button looks pressed in the frame after the touch, before the finger leaves."""
    screen = citizen.see(kiosks["az"]["confirming"])
    frames = citizen.app.frames
    citizen.down("pay")
    assert screen.find("pay").pressed
    assert citizen.app.frames == frames + 1
    citizen.up()
    assert not screen.find("pay").pressed


def test_a_second_finger_changes_nothing(citizen, kiosks):
    """While one finger presses, another one on the glass is nobody."""
    screen = citizen.see(kiosks["az"]["confirming"])
    citizen.down("pay")
    first = citizen.touch, citizen.place
    citizen.tap("cancel")
    citizen.touch, citizen.place = first
    citizen.up()
    assert citizen.sent == [(e.PaymentConfirmed(), screen.shown)]


def test_only_the_left_button_of_a_mouse_is_a_finger(citizen, kiosks):
    """In the demo window the right button and the wheel press nothing."""
    citizen.see(kiosks["az"]["confirming"])
    citizen.down("pay")
    citizen.up()
    citizen.sent.clear()

    class Right(type(citizen.touch)):
        def depack(self, args):
            super().depack(args)
            self.profile = ["pos", "button"]
            self.button = "right"

    citizen.touch = Right("test", 2, citizen._relative(citizen.place))
    citizen._dispatch("begin")
    citizen._dispatch("end")
    assert citizen.sent == []
