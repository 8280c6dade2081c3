"""The app: shows from any thread, never ends by an exception, and proves that it paints."""

import threading

import pytest
from msgspec.structs import replace

from kiosk.domain.health import Failed
from kiosk.journey import events as e
from kiosk.journey import state as s
from screens.profile import TEN_INCH
from screens.router import Router
from screens.screen import Screen
from screens.sorry import SorryScreen
from tests.screens.conftest import Citizen


def test_a_kiosk_is_shown_from_any_thread(citizen, kiosks):
    """Showing from the runner's thread paints the screen on the main thread."""
    thread = threading.Thread(target=citizen.app.show, args=(kiosks["az"]["choosing"],))
    thread.start()
    thread.join(2)
    citizen.app.loop.settle()
    assert citizen.app.tree().state == "Choosing"
    assert citizen.app.is_painted


def test_what_was_shown_before_the_window_opened_is_painted_first(languages, kiosks):
    """The runner may show before the window is there; the newest counts."""
    from screens.app import KioskApp

    frames = []
    app = KioskApp(languages, TEN_INCH, lambda _event, _shown: None, on_first_frame=lambda: frames.append(1))
    app.show(kiosks["az"]["welcome"])
    app.show(kiosks["az"]["choosing"])
    app.open()
    app.loop.settle()
    assert app.tree().state == "Choosing"
    assert frames == [1]
    app.close()


def test_what_is_not_different_is_not_drawn_again(citizen, kiosks):
    """Showing the same again, or a device's change that the screen does not show, paints nothing."""
    kiosk = kiosks["az"]["answering"]
    screen = citizen.see(kiosk)
    frames = citizen.app.frames
    assert citizen.see(kiosk) is screen
    assert citizen.see(replace(kiosk, devices={"printer": Failed("silent")})) is screen
    assert citizen.app.frames == frames


def test_a_tile_greys_when_its_device_fails(citizen, kiosks):
    """A device that fails while the tiles are shown is seen on them at once."""
    kiosk = kiosks["az"]["choosing"]
    assert citizen.see(kiosk).find("service-electricity").enabled
    devices = {**kiosk.devices, "terminal": Failed("silent")}
    assert not citizen.see(replace(kiosk, devices=devices)).find("service-electricity").enabled


def test_the_terminals_progress_does_not_make_a_touch_wait(citizen, kiosks):
    """A redraw of the same screen is not a new screen: a touch on it counts at once."""
    citizen.see(kiosks["az"]["taking-payment-insert_card"])
    painted = citizen.app._painted_s
    shown = kiosks["az"]["taking-payment-insert_card"].shown
    citizen.see(replace(kiosks["az"]["taking-payment-enter_pin"], shown=shown))
    assert citizen.app.screen.find("terminal-enter-pin")
    assert citizen.app._painted_s == painted


def test_an_exception_in_a_handler_is_survived(citizen, kiosks):
    """A touch whose handler raises ends in a sorry screen that can be left, and the next state is shown as ever."""
    screen = citizen.see(kiosks["az"]["confirming"])

    def broken():
        raise RuntimeError("broken handler")

    screen.find("pay").on_tap = broken
    citizen.app.loop.post(screen.find("pay").on_tap)
    citizen.app.loop.settle()
    assert isinstance(citizen.app.screen, SorryScreen)
    assert citizen.app.failures == 1
    assert [str(error) for error in citizen.errors] == ["broken handler"]
    citizen.tap("cancel")
    assert citizen.sent == [(e.CancelPressed(), screen.shown)]
    assert not isinstance(citizen.app.screen, SorryScreen)
    assert citizen.see(kiosks["az"]["welcome"]).find("language-az")
    citizen.errors.clear()


def test_a_screen_that_cannot_be_drawn_is_survived(citizen, kiosks):
    """A screen whose drawing raises ends in the sorry screen, not in the end of the program."""

    class Broken(Screen):
        def draw(self):
            raise ZeroDivisionError("cannot be drawn")

    citizen.app._router = Router({s.Quoting: Broken})
    citizen.see(kiosks["az"]["confirming"])
    citizen.see(kiosks["az"]["quoting"])
    assert isinstance(citizen.app.screen, SorryScreen)
    assert citizen.app.failures == 1
    assert citizen.see(kiosks["az"]["confirming"]).find("pay")
    citizen.errors.clear()


def test_the_program_can_still_be_ended(citizen):
    """What is no fault, like a signal's KeyboardInterrupt, is not swallowed."""

    def interrupt():
        raise KeyboardInterrupt

    citizen.app.loop.post(interrupt)
    with pytest.raises(KeyboardInterrupt):
        citizen.app.loop.turn()


def test_the_watchdog_gets_a_proof_that_a_frame_was_painted(citizen, kiosks):
    """The proof comes after a frame of its own, and only once."""
    citizen.see(kiosks["az"]["welcome"])
    frames, proofs = citizen.app.frames, []
    citizen.app.prove_alive(lambda: proofs.append(citizen.app.frames))
    citizen.app.loop.settle()
    assert proofs == [frames + 1]
    citizen.app.loop.settle()
    assert len(proofs) == 1


def test_the_keypad_walks_over_everything_and_presses(citizen, kiosks):
    """Next visits each target once and comes round; ok presses it; the focus is in the tree."""
    screen = citizen.see(kiosks["az"]["confirming"])
    visited = []
    for _ in screen.presses:
        citizen.app.key("next")
        visited.append(citizen.app.focus)
    assert sorted(visited) == sorted(press.item_id for press in screen.presses)
    assert visited[0] == "cancel" or visited[0] in {press.item_id for press in screen.presses}
    citizen.app.key("next")
    assert citizen.app.focus == visited[0]
    while citizen.app.focus != "pay":
        citizen.app.key("next")
    assert [node.id for node in citizen.app.tree().items if node.focus] == ["pay"]
    citizen.app.key("ok")
    assert citizen.sent == [(e.PaymentConfirmed(), screen.shown)]


@pytest.mark.parametrize(
    ("sample", "event"),
    [("confirming", e.WentBack()), ("choosing", e.CancelPressed()), ("still-there", e.CancelPressed())],
)
def test_the_keypads_back_goes_back_or_ends(citizen, kiosks, sample, event):
    """Back goes one screen back, and where there is none it cancels."""
    citizen.see(kiosks["az"][sample])
    citizen.app.key("back")
    assert citizen.sent[-1][0] == event


def test_no_key_of_kivys_own_does_anything(citizen, kiosks):
    """Escape does not end the program, F1 opens nothing, letters type nothing."""
    from kivy.base import EventLoop

    citizen.see(kiosks["az"]["welcome"])
    window = EventLoop.window
    for key in (282, 292, 113, 97):
        window.dispatch("on_key_down", key, 0, None, [])
        assert window.dispatch("on_keyboard", key, 0, None, [])
    citizen.app.loop.settle()
    assert citizen.app.tree().state == "Welcome"
    assert citizen.sent == []


def test_every_touch_and_key_keeps_the_time_out_away(citizen, kiosks):
    """Even a touch beside every button says that somebody is there."""
    citizen.see(kiosks["az"]["answering"])
    citizen.tap("question")
    assert len(citizen.stirred) == 1
    citizen.app.key("next")
    assert len(citizen.stirred) == 2
    assert citizen.sent == []


def test_what_ticks_stops_with_its_screen(citizen, kiosks):
    """The sign of life of a waiting screen does not tick on behind the next one."""
    from kivy.clock import Clock

    citizen.see(kiosks["az"]["welcome"])
    still = len(Clock.get_events())
    citizen.see(kiosks["az"]["quoting"])
    assert len(Clock.get_events()) == still + 1
    citizen.see(kiosks["az"]["confirming"])
    assert len(Clock.get_events()) == still


def test_an_exception_names_the_language_of_the_visit(languages, kiosks):
    """The sorry screen speaks the citizen's language."""
    citizen = Citizen(languages)
    try:
        citizen.see(kiosks["ru"]["confirming"])
        citizen.app.failed(ValueError("x"))
        citizen.app.loop.settle()
        assert citizen.app.screen.find("sorry-title").label == languages["ru"].text("sorry-title")
    finally:
        citizen.app.close()
