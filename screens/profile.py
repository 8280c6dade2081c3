"""The panel as it is: how many pixels on how many millimetres. Every size on a screen follows from it."""

from __future__ import annotations

from msgspec import Struct


class Profile(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One kind of panel. ``width_mm`` and ``height_mm`` are its active area, as the data sheet gives it.

    ``height_mm`` 0: its pixels are square. ``rotation`` (0, 90, 180, 270) turns the picture on a panel mounted on its
    side or head. Without ``fullscreen`` it is a plain window on a desktop.
    """

    width_px: int = 1280
    height_px: int = 800
    width_mm: float = 216.96
    height_mm: float = 0.0
    fullscreen: bool = True
    rotation: int = 0

    @property
    def px_per_mm(self) -> float:
        """Pixels in a millimetre; of two unlike axes the denser, so that no target comes out smaller than asked."""
        across = self.width_px / self.width_mm
        return max(across, self.height_px / self.height_mm) if self.height_mm else across


TEN_INCH = Profile()
"""10.1", 1280 x 800: the panel that the kiosk is designed on."""

SEVEN_INCH = Profile(width_px=800, height_px=480, width_mm=154.08, height_mm=85.92)
"""7", 800 x 480: the small official panel. Its pixels are not square."""

FULL_HD = Profile(width_px=1920, height_px=1080, width_mm=344.16)
"""15.6", 1920 x 1080."""

PROFILES = {"10.1": TEN_INCH, "7": SEVEN_INCH, "15.6": FULL_HD}
