"""The citizen's picture beside the name, where the kiosk reads it."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from screens.portrait import portrait
from screens.samples_face import face


def test_the_picture_fills_its_place(citizen):
    """Whatever its shape, it is as large as the rectangle that it is drawn in."""
    assert citizen is not None
    for size in ((90, 120), (60, 120)):
        texture = portrait(face(), *size, 6)
        assert texture is not None
        assert texture.size == size


@pytest.mark.parametrize("damage", [b"", b"\xff\xd8\xff", face()[:500], b"GIF89a" + bytes(50)])
def test_what_is_no_picture_is_none(damage: bytes):
    """A picture that a destroyed key or a damaged journal left behind is no reason for a broken screen."""
    assert portrait(damage, 90, 120, 6) is None


@pytest.mark.parametrize("picture", [face(), b"damaged", b""])
def test_the_name_is_there_with_and_without_a_picture(citizen, kiosks, picture: bytes):
    """The confirming screen says whose bill it is in any case, in words."""
    kiosk = kiosks["en"]["confirming-portrait"]
    journey = kiosk.state.journey
    seen = replace(journey, citizen=replace(journey.citizen, portrait=picture))
    screen = citizen.see(replace(kiosk, state=replace(kiosk.state, journey=seen)))
    assert journey.citizen.full_name in screen.find("citizen").say
    assert screen.find("service").fits
