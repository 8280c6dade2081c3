"""The panel as it is: how many pixels on how many millimetres. Every size on a screen follows from it."""

from __future__ import annotations

from msgspec import Struct


class ScreenProfile(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """``[screen]``: one kind of panel. ``width_mm`` and ``height_mm`` are its active area, as the data sheet gives it.

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
