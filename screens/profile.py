"""The panels that the kiosk is drawn for and tested on."""

from __future__ import annotations

from kiosk.domain.screen_profile import ScreenProfile

TEN_INCH = ScreenProfile()
"""10.1", 1280 x 800: the panel that the kiosk is designed on."""

SEVEN_INCH = ScreenProfile(width_px=800, height_px=480, width_mm=154.08, height_mm=85.92)
"""7", 800 x 480: the small official panel. Its pixels are not square."""

FULL_HD = ScreenProfile(width_px=1920, height_px=1080, width_mm=344.16)
"""15.6", 1920 x 1080."""

PROFILES = {"10.1": TEN_INCH, "7": SEVEN_INCH, "15.6": FULL_HD}
