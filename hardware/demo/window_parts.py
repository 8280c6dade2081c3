"""What the bench window is made of: panels, buttons, and the paper coming out. A workshop's look, unlike the kiosk's own."""

# mypy: disallow-subclassing-any=False
from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

from kivy.core.image import Image as CoreImage
from kivy.graphics import Color, Rectangle, RoundedRectangle
from kivy.graphics.texture import Texture
from kivy.metrics import dp
from kivy.uix.behaviors import ButtonBehavior
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.label import Label
from kivy.uix.widget import Widget
from kivy.utils import get_color_from_hex as rgb

GROUND, PANEL, BUTTON, HELD = "#1E2429", "#2A3238", "#3B464E", "#4B5962"
INK, SOFT, ACCENT, GOOD, BAD, ON_ACCENT = "#EEF1F3", "#A9B5BD", "#F2B84B", "#63C08A", "#EE7F73", "#20180A"
RADIUS = dp(7)
TITLE, BODY, SMALL = "16sp", "15sp", "13.5sp"
ROW = dp(42)
GAP = dp(7)
OFF = 0.4
MOUTH = dp(14)
PAPER_DOTS = 640
"""Paper of 80 mm is wider than what the head can print."""
FEED_PX_S = 900.0
"""How fast paper seems to come out."""


def painted(widget: Widget, colour: str, radius: float = RADIUS) -> Color:
    """Give a widget a ground that follows it; return the colour, to be changed later."""
    with widget.canvas.before:
        tone = Color(*rgb(colour))
        shape = RoundedRectangle(radius=[radius])

    def follow(*_: Any) -> None:
        shape.pos, shape.size = widget.pos, widget.size

    widget.bind(pos=follow, size=follow)
    return tone


class Words(Label):
    """A line of text that wraps inside its place."""

    def __init__(self, text: str = "", *, colour: str = INK, align: str = "left", **how: Any) -> None:
        how.setdefault("font_size", BODY)
        super().__init__(text=text, color=rgb(colour), halign=align, valign="middle", **how)
        self.bind(size=lambda _self, size: setattr(self, "text_size", size))


class BenchKey(ButtonBehavior, Words):
    """A button. ``lit`` marks what holds now; a disabled one is pale."""

    def __init__(self, text: str, on_tap: Callable[[], None], **how: Any) -> None:
        super().__init__(text=text, align="center", size_hint_y=None, height=ROW, **how)
        self._tone = painted(self, BUTTON)
        self._lit = False
        self._on_tap = on_tap
        self.bind(state=lambda *_: self._show(), disabled=lambda *_: self._show())

    def on_release(self) -> None:
        """Act."""
        self._on_tap()

    @property
    def lit(self) -> bool:
        """Whether it is marked."""
        return self._lit

    @lit.setter
    def lit(self, lit: bool) -> None:
        if lit != self._lit:
            self._lit = lit
            self._show()

    def _show(self) -> None:
        self._tone.rgba = rgb(HELD if self.state == "down" else ACCENT if self._lit else BUTTON)
        ink = ON_ACCENT if self._lit else INK
        self.color = self.disabled_color = rgb(ink)
        self.opacity = OFF if self.disabled else 1.0


class Panel(BoxLayout):
    """A titled group of buttons with a line that says how the device is."""

    def __init__(self, title: str) -> None:
        super().__init__(orientation="vertical", size_hint_y=None, padding=dp(10), spacing=GAP)
        painted(self, PANEL)
        self.bind(minimum_height=self.setter("height"))
        head = BoxLayout(size_hint_y=None, height=dp(24), spacing=GAP)
        head.add_widget(Words(title, bold=True, font_size=TITLE, size_hint_x=0.52, shorten=True))
        self.status = Words("", colour=SOFT, align="right", font_size=SMALL, shorten=True)
        head.add_widget(self.status)
        self.add_widget(head)

    def say(self, text: str, colour: str = SOFT) -> None:
        """Say how the device is."""
        self.status.text, self.status.color = text, rgb(colour)

    def row(self, *switches: Widget) -> None:
        """Put buttons beside each other."""
        line = BoxLayout(size_hint_y=None, height=ROW, spacing=GAP)
        for switch in switches:
            line.add_widget(switch)
        self.add_widget(line)

    def note(self, text: str, lines: int = 1) -> None:
        """Put small words below."""
        self.add_widget(Words(text, colour=SOFT, font_size=SMALL, size_hint_y=None, height=dp(20) * lines))


class Lamp(BoxLayout):
    """A guide lamp with its name."""

    def __init__(self, name: str) -> None:
        super().__init__(spacing=dp(6))
        self._dot = Widget(size_hint_x=None, width=dp(14))
        with self._dot.canvas:
            self._tone = Color(*rgb(BUTTON))
            self._shape = RoundedRectangle(radius=[dp(7)])
        self._dot.bind(pos=self._follow, size=self._follow)
        self.add_widget(self._dot)
        self.add_widget(Words(name, colour=SOFT, font_size=SMALL))

    def light(self, on: bool) -> None:
        """Show it lit or dark."""
        self._tone.rgba = rgb(ACCENT if on else BUTTON)

    def _follow(self, *_: Any) -> None:
        side = dp(14)
        self._shape.pos = (self._dot.x, self._dot.center_y - side / 2)
        self._shape.size = (side, side)


class PaperSlot(Widget):
    """The printer's mouth, and the paper that rises from it as it is printed, first line first."""

    def __init__(self) -> None:
        super().__init__()
        painted(self, PANEL)
        self._texture: Texture | None = None
        self._out_px = 0.0
        self.bind(pos=self._draw, size=self._draw)

    def show(self, data: bytes | None) -> None:
        """Show a paper's PNG; None is an empty mouth."""
        before = self._texture.height if self._texture else 0
        self._texture = paper_texture(data) if data else None
        if self._texture is None or self._texture.height < before:
            self._out_px = 0.0
        self._draw()

    def feed(self, seconds: float) -> None:
        """Let the paper come out further."""
        if self._texture is not None and self._out_px < self._texture.height:
            self._out_px = min(self._texture.height, self._out_px + FEED_PX_S * seconds)
            self._draw()

    def _draw(self, *_: Any) -> None:
        self.canvas.clear()
        if self.width <= 4 * GAP or self.height <= 4 * GAP:
            return
        mouth = (self.x + GAP, self.y + GAP, self.width - 2 * GAP, MOUTH)
        with self.canvas:
            Color(*rgb(BUTTON))
            RoundedRectangle(pos=mouth[:2], size=mouth[2:], radius=[MOUTH / 2])
            Color(*rgb(GROUND))
            slit = (self.x + 2 * GAP, self.y + GAP + MOUTH * 0.6, self.width - 4 * GAP, MOUTH * 0.4)
            Rectangle(pos=slit[:2], size=slit[2:])
            if self._texture is not None and self._out_px >= 1:
                self._rise(self._texture, self.y + GAP + MOUTH * 0.6)

    def _rise(self, texture: Texture, bottom: float) -> None:
        """Draw as much of the paper as has come out; a long one is drawn smaller, so that all of it is seen."""
        scale = min((self.width - 5 * GAP) / PAPER_DOTS, (self.top - GAP - bottom) / texture.height)
        high = max(1, int(self._out_px))
        part = texture.get_region(0, texture.height - high, texture.width, high)
        wide = texture.width * scale
        Color(1, 1, 1, 1)
        Rectangle(pos=(self.center_x - PAPER_DOTS * scale / 2, bottom), size=(PAPER_DOTS * scale, high * scale))
        Rectangle(texture=part, pos=(self.center_x - wide / 2, bottom), size=(wide, high * scale))


def paper_texture(data: bytes) -> Texture:
    """Return a PNG's texture, smooth when it is drawn smaller."""
    texture = CoreImage(io.BytesIO(data), ext="png", mipmap=True).texture
    texture.min_filter = "linear_mipmap_linear"
    return texture
