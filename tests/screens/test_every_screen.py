"""Every state in every language on every panel: nothing clipped, nothing too small, nothing on top of another."""

import pytest
from kivy.base import EventLoop

from kiosk.domain.draft import Draft
from kiosk.journey import state as s
from kiosk.journey.patience import ASKS_AFTER_S
from kiosk.journey.readiness import obstacle
from screens import theme as t
from screens.profile import PROFILES, TEN_INCH
from screens.router import Router
from screens.samples_drafts import DRAFTS
from screens.screen import Context
from screens.tree import tree_of
from screens.widgets import Press, Words
from screens.window import read_pixels
from tests.screens.conftest import LANGUAGES

TILES = ("service-", "still-there-")
SERVICE_KEY_MM = 7.8
"""The technician's per-device test on a small panel: the one control that citizens never see."""


@pytest.fixture(scope="module", params=[(panel, code) for panel in PROFILES for code in LANGUAGES], ids="in-".join)
def screens(request, kiosks, languages):
    """Every sample's screen on one panel in one language, built and not painted."""
    from screens.window import open_window

    open_window(TEN_INCH)
    panel, code = request.param
    context = Context(t.Theme(PROFILES[panel]), languages, lambda _event, _shown: None, obstacle)
    built = {name: Router().build(kiosk, context, Draft(DRAFTS.get(name, ""))) for name, kiosk in kiosks[code].items()}
    yield built
    for screen in built.values():
        screen.release()


def millimetres(screen, item):
    return min(item.area.width, item.area.height) / screen.theme.px_per_mm + 0.5 / screen.theme.px_per_mm


def test_every_screen_keeps_its_promises(screens):
    """On every screen all text fits, all targets are large enough, nothing overlaps or leaves the glass, all has a name."""
    complaints = [f"{name}: {said}" for name, screen in screens.items() for said in complaints_of(screen)]
    assert complaints[:12] == []


def complaints_of(screen):
    items = [item for item in screen.items if item.role]
    yield from (f"{item.item_id} is clipped" for item in items if not item.fits)
    yield from (f"{item.item_id} has nothing to say" for item in items if not (item.label and item.spoken()))
    yield from (f"{item.item_id} leaves the glass" for item in items if outside(screen, item.area))
    ids = [item.item_id for item in items]
    yield from (f"{item_id!r} is not unique" for item_id in set(ids) if not item_id or ids.count(item_id) > 1)
    yield from (
        f"{one.item_id} lies on {two.item_id}" for i, one in enumerate(items) for two in items[:i] if overlap(one, two)
    )
    for item in items:
        if isinstance(item, Words) and item.colours not in t.TEXT_PAIRS:
            yield f"{item.item_id} has an unknown pair of colours {item.colours}"
        if isinstance(item, Press) and millimetres(screen, item) < least_mm(screen, item):
            yield f"{item.item_id} is {millimetres(screen, item):.1f} mm small"


def least_mm(screen, press):
    tile = press.item_id.startswith(TILES) or (
        isinstance(screen.state, s.Welcome) and press.item_id.startswith("language-")
    )
    if press.item_id.startswith("test-") and press.item_id != "test-all" and screen.theme.compact:
        return SERVICE_KEY_MM
    return t.TILE_MM if tile else t.KEY_MM


def outside(screen, area):
    return area.x < 0 or area.y < 0 or area.right > screen.area.right + 0.5 or area.top > screen.area.top + 0.5


def overlap(one, two):
    a, b = one.area, two.area
    return min(a.right, b.right) - max(a.x, b.x) > 1 and min(a.top, b.top) - max(a.y, b.y) > 1


def test_no_message_is_missing(screens, languages):
    """Every word that a screen shows or speaks is in its language's catalogue."""
    assert {code: language.missing for code, language in languages.items() if language.missing} == {}


def test_the_ways_out_are_always_in_the_same_place(screens):
    """Cancel and back stand at one place each, on whatever screen they are."""
    for item_id in ("cancel", "back"):
        places = {screen.find(item_id).area for screen in screens.values() if screen.find(item_id)}
        assert len(places) == 1


def test_whoever_is_waited_for_can_leave(screens):
    """Every screen that waits for a citizen's choice offers to cancel, and to change the language."""
    for name, screen in screens.items():
        if type(screen.state) in ASKS_AFTER_S:
            ids = {press.item_id for press in screen.presses}
            assert "cancel" in ids, name
            assert {f"language-{code}" for code in LANGUAGES} <= ids, name


def test_neighbouring_targets_keep_their_distance(screens):
    """Between two targets lie more than 1.2 mm on any panel: a finger that slips a little presses nothing else."""
    for name, screen in screens.items():
        presses = [item for item in screen.items if isinstance(item, Press)]
        for index, one in enumerate(presses):
            for two in presses[:index]:
                across = max(one.area.x, two.area.x) - min(one.area.right, two.area.right)
                along = max(one.area.y, two.area.y) - min(one.area.top, two.area.top)
                distance_mm = max(across, along) / screen.theme.px_per_mm
                assert distance_mm > 1.2, (name, one.item_id, two.item_id)


def test_steps_only_go_forward(screens):
    """In the order of a visit the step shown never falls back."""
    order = (
        "choosing",
        "presenting-card",
        "entering-key",
        "reading-card",
        "answering",
        "quoting",
        "confirming",
        "printing",
        "farewell",
    )
    labels = [screens[name].find("steps").label for name in order]
    numbers = [int("".join(filter(str.isdigit, label.split(":")[0]))[0]) for label in labels]
    assert numbers == sorted(numbers)
    assert numbers[0] == 1
    assert numbers[-1] == 5


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_screen_paints_something_of_its_own(citizen, kiosks, language):
    """Each sample is painted through the real app, and what is on the glass is neither blank nor the screen before."""
    before = b""
    for name, kiosk in kiosks[language].items():
        screen = citizen.see(kiosk)
        if name in DRAFTS:
            screen.draft = Draft(DRAFTS[name])
            screen.redraw()
            citizen.app.loop.settle()
        assert type(screen.state) is type(kiosk.state), name
        pixels, size = read_pixels()
        assert size == (1280, 800)
        assert len(set(pixels[:: 3 * 997])) > 3, f"{name} is blank"
        assert pixels != before or name.endswith(("unheard_of", "checking")), f"{name} looks like the one before"
        before = pixels


def test_every_state_has_a_screen():
    """No state of the journey is without a screen."""
    states = set(s.State.__subclasses__())
    assert Router().covers() == states


def test_every_state_has_a_sample(kiosks):
    """The gallery and these tests leave no state out."""
    states = set(s.State.__subclasses__())
    assert {type(kiosk.state) for kiosk in kiosks["az"].values()} == states


def test_the_tree_speaks_of_what_is_on_the_glass(citizen, kiosks):
    """Bounds in the tree are pixels from the top left, inside the window, and enabled means what it says."""
    screen = citizen.see(kiosks["ru"]["choosing-trouble"])
    tree = tree_of(screen)
    assert (tree.state, tree.language, tree.shown) == ("Choosing", "ru", 91)
    tiles = {node.id: node for node in tree.items if node.id.startswith("service-")}
    assert [node.enabled for name, node in tiles.items() if "payment" not in name] == [False, False, True, True]
    assert "Не работает оплата картой" in tiles["service-electricity"].say
    header = next(node for node in tree.items if node.id == "language-ru")
    assert header.bounds[1] < 100 < EventLoop.window.height - header.bounds[1]
