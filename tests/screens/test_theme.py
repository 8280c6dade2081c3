"""The tokens: contrast, type and sizes by millimetre."""

import pytest

from kiosk.domain.screen_profile import ScreenProfile
from screens import theme as t
from screens.profile import FULL_HD, PROFILES, SEVEN_INCH, TEN_INCH
from screens.theme import Theme, contrast


def test_contrast_is_that_of_wcag():
    """The formula gives the values that WCAG 2.2 states."""
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#767676", "#FFFFFF") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("pair", t.TEXT_PAIRS, ids="/".join)
def test_text_is_legible_without_glasses(pair):
    """Every text has a contrast of 7:1 on every ground it may stand on."""
    assert contrast(*pair) >= 7


@pytest.mark.parametrize("pair", t.EDGE_PAIRS, ids="/".join)
def test_what_can_be_touched_has_a_visible_border(pair):
    """Borders and focus have a contrast of 3:1."""
    assert contrast(*pair) >= 3


def test_a_millimetre_is_a_millimetre():
    """Sizes follow the panel's data sheet; of two unlike axes the denser counts."""
    assert Theme(TEN_INCH).mm(10) == pytest.approx(1280 / 216.96 * 10)
    assert SEVEN_INCH.px_per_mm == pytest.approx(480 / 85.92)
    assert FULL_HD.px_per_mm == pytest.approx(1920 / 344.16)


@pytest.mark.parametrize("profile", PROFILES.values(), ids=PROFILES)
def test_nothing_to_touch_shrinks_below_a_finger(profile):
    """However small the panel, what is touched keeps its smallest size."""
    theme = Theme(profile)
    assert theme.touch(3) >= theme.mm(t.KEY_MM)
    assert theme.touch(3, t.TILE_MM) >= theme.mm(t.TILE_MM)


def test_capitals_are_large_enough_on_the_designed_panel():
    """Body text has capitals of at least 3.5 mm and titles of 5.6 mm (VVSG 2.0, sizes M and L)."""
    assert t.TYPE_MM["body"] * 0.711 >= 3.5
    assert t.TYPE_MM["title"] * 0.711 >= 5.6
    assert min(t.TYPE_MM.values()) * 0.711 >= 3.3


def test_a_turned_panel_swaps_its_sides():
    """A panel mounted on its side is as wide as it was high."""
    theme = Theme(ScreenProfile(width_px=800, height_px=1280, width_mm=135.6, rotation=90))
    assert (theme.width_px, theme.height_px) == (1280, 800)
