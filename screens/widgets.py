"""What screens are made of. Each is placed once, in pixels, and is an entry of the screen tree if it has a role."""

# mypy: disallow-subclassing-any=False
from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

from kivy.clock import Clock
from kivy.graphics import Color, Rectangle, SmoothLine, SmoothRoundedRectangle
from kivy.graphics.texture import Texture
from kivy.uix.widget import Widget
from msgspec import Struct

from screens import theme as t
from screens.area import Area
from screens.icons import icon
from screens.words import Align, set_text, text_width

Role = Literal["", "text", "button", "image", "field", "progress"]


class Item(Widget):
    """A thing on a screen. Without a role it is decoration and no entry of the tree."""

    def __init__(self, area: Area, *, item_id: str = "", role: Role = "", label: str = "", say: str = "") -> None:
        self.area = area.whole()
        super().__init__(pos=self.area.pos, size=self.area.size, size_hint=(None, None))
        self.item_id = item_id
        self.role = role
        self.label = label
        self.say = say or label
        self.enabled = True
        self.fits = True
        self.written = self.area

    def spoken(self) -> str:
        """Return what is said of it now."""
        return self.say

    def fill(self, area: Area, colour: t.Colour, radius: float = 0, alpha: float = 1.0) -> Color:
        """Draw a filled rectangle and return its colour, to be changed later."""
        with self.canvas:
            tone = Color(*t.rgba(colour, alpha))
            if radius:
                SmoothRoundedRectangle(pos=area.pos, size=area.size, radius=[radius], segments=12)
            else:
                Rectangle(pos=area.pos, size=area.size)
        return tone

    def edge(self, area: Area, colour: t.Colour, width: float, radius: float) -> None:
        """Draw a border inside the rectangle."""
        inner = area.inset(width / 2)
        with self.canvas:
            Color(*t.rgba(colour))
            SmoothLine(
                rounded_rectangle=(*inner.pos, *inner.size, max(1, radius - width / 2)), width=width / 2, close=True
            )

    def picture(self, texture: Texture, area: Area, colour: t.Colour = "#FFFFFF") -> Color:
        """Draw a texture in its own size in the middle of the rectangle."""
        place = area.middle(*texture.size).whole()
        with self.canvas:
            tone = Color(*t.rgba(colour))
            Rectangle(texture=texture, pos=place.pos, size=texture.size)
        return tone

    def write(
        self,
        text: str,
        area: Area,
        font_px: float,
        colour: t.Colour,
        *,
        bold: bool = False,
        align: Align = "left",
        valign: Literal["top", "middle", "bottom"] = "middle",
        lines: int = 0,
    ) -> Color:
        """Draw a text that fits into the rectangle; remember if it does not."""
        setting = set_text(text, font_px, int(area.width), int(area.height), bold, align, lines)
        self.fits = self.fits and setting.fits
        width, height = setting.texture.size
        free = area.height - height
        y = area.y + {"top": free, "middle": free / 2, "bottom": 0.0}[valign]
        self.written = Area(area.x, y, area.width, height)
        with self.canvas:
            tone = Color(*t.rgba(colour))
            Rectangle(texture=setting.texture, pos=(round(area.x), round(y)), size=(width, height))
        return tone


class Block(Item):
    """A card: a quiet ground under other items."""

    def __init__(
        self, area: Area, colour: t.Colour, radius: float = 0, edge: t.Colour = "", edge_px: float = 0
    ) -> None:
        super().__init__(area)
        self.fill(self.area, colour, radius)
        if edge:
            self.edge(self.area, edge, edge_px, radius)


class Words(Item):
    """A text that is read. ``ground`` is the colour behind it: the pair is one of ``theme.TEXT_PAIRS``."""

    def __init__(
        self,
        area: Area,
        item_id: str,
        text: str,
        font_px: float,
        *,
        say: str = "",
        colour: t.Colour = t.INK,
        ground: t.Colour = t.PAPER,
        **how: Any,
    ) -> None:
        super().__init__(area, item_id=item_id, role="text", label=text, say=say)
        self.colours = (colour, ground)
        self.write(text, self.area, font_px, colour, **how)
        self.area = self.written.whole()

    @property
    def text_height(self) -> float:
        """How high the text is, of all the room it was given."""
        return self.written.height


class Picture(Item):
    """An illustration with a spoken description."""

    def __init__(self, area: Area, item_id: str, texture: Texture, label: str, colour: t.Colour = "#FFFFFF") -> None:
        super().__init__(area, item_id=item_id, role="image", label=label)
        self.picture(texture, self.area, colour)


class Look(Struct, frozen=True):
    """The colours of a button: at rest, pressed, and its border."""

    fill: t.Colour
    text: t.Colour
    pressed: t.Colour
    edge: t.Colour = ""


PRIMARY = Look(t.PRIMARY, t.ON_PRIMARY, t.DEEP)
SECONDARY = Look(t.SURFACE, t.PRIMARY, t.TINT, t.EDGE)
STOP = Look(t.SURFACE, t.STOP, t.STOP_TINT, t.STOP)
KEY = Look(t.SURFACE, t.INK, t.TINT, t.EDGE)
TILE = Look(t.SURFACE, t.INK, t.TINT, t.EDGE)
ON_DARK = Look(t.PRIMARY, t.ON_PRIMARY, t.LATTICE, t.TINT)
CHOSEN = Look(t.ON_PRIMARY, t.PRIMARY, t.TINT, t.ON_PRIMARY)
OFF = Look(t.SUNKEN, t.SOFT, t.SUNKEN)


class Press(Item):
    """A button. It shows the press at once and acts when the finger leaves; ``key`` acts at the touch already."""

    def __init__(
        self,
        area: Area,
        item_id: str,
        label: str,
        on_tap: Callable[[], None],
        *,
        theme: t.Theme,
        look: Look = SECONDARY,
        say: str = "",
        enabled: bool = True,
        key: bool = False,
    ) -> None:
        super().__init__(area, item_id=item_id, role="button", label=label, say=say)
        self.theme, self.on_tap, self.key, self.look = theme, on_tap, key, look
        self.radius = min(theme.u(3.2), self.area.height / 3)
        self.content: Callable[[Press], None] = lambda _press: None
        self.pressed = False
        self.enabled = enabled

    @property
    def ink(self) -> t.Colour:
        """The colour of its words and icon, now."""
        return self.look.text if self.enabled else OFF.text

    @property
    def ground(self) -> t.Colour:
        """The colour it is filled with, now."""
        return OFF.fill if not self.enabled else self.look.pressed if self.pressed else self.look.fill

    def show(self) -> None:
        """Draw it as it is now."""
        self.canvas.clear()
        self.fill(self.area, self.ground, self.radius)
        if self.look.edge and self.enabled:
            self.edge(self.area, self.look.edge, max(1.5, self.theme.u(0.35)), self.radius)
        self.content(self)

    def set_pressed(self, pressed: bool, after_s: float = 0.0) -> None:
        """Show it held down or let go, now or a little later."""
        if pressed == self.pressed:
            return
        self.pressed = pressed
        if after_s:
            Clock.schedule_once(lambda _dt: self.show(), after_s)
        else:
            self.show()

    def set_enabled(self, enabled: bool) -> None:
        """Let it be pressed, or not."""
        if enabled != self.enabled:
            self.enabled = enabled
            self.show()


def button(area: Area, item_id: str, label: str, on_tap: Callable[[], None], icon_name: str = "", **how: Any) -> Press:
    """Return a button with its words in the middle and an icon before them (after them, for going on)."""
    size: t.Style = how.pop("size", "lead")
    press = Press(area, item_id, label, on_tap, **how)

    def content(self: Press) -> None:
        theme, font = self.theme, self.theme.font(size)
        inner = self.area.inset(min(theme.u(4), self.area.width * 0.05), theme.u(1))
        icon_px = int(font * 0.95) if icon_name else 0
        gap = font * 0.45 if icon_name and label else 0
        wide = min(text_width(label, font, True) + 2, inner.width - icon_px - gap) if label else 0
        row = inner.middle(icon_px + gap + wide, inner.height)
        cut = row.cut_right if icon_name in ("next", "right") else row.cut_left
        mark, rest = cut(icon_px, gap)
        if icon_name:
            self.picture(icon(icon_name, icon_px), mark, self.ink)
        if label:
            self.write(label, rest, font, self.ink, bold=True, align="center")

    press.content = content
    press.show()
    return press


class Pulse(Item):
    """Dots that take turns while the kiosk works: proof of life. It ticks only as long as it is on a screen."""

    PERIOD_S = 0.6
    COUNT = 4

    def __init__(self, area: Area, label: str, theme: t.Theme) -> None:
        super().__init__(area, item_id="working", role="progress", label=label)
        size = theme.u(4.2)
        cells = self.area.middle(size * (2 * self.COUNT - 1), size).columns(self.COUNT, size)
        self._dots = [self.fill(cell, t.TINT, size / 2) for cell in cells]
        self._lit = 0
        self._tick()
        self._timer = Clock.schedule_interval(lambda _dt: self._tick(), self.PERIOD_S)

    def stop(self) -> None:
        """End the ticking: the screen is going."""
        self._timer.cancel()

    def _tick(self) -> None:
        for index, dot in enumerate(self._dots):
            dot.rgba = t.rgba(t.PRIMARY if index == self._lit else "#A9C4C9")
        self._lit = (self._lit + 1) % self.COUNT
