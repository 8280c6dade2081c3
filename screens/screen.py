"""The base of every screen: header with steps and languages, a place for the question, a footer with the ways out.

Cancel is always at the lower left, back beside it, going on at the lower right.
"""

# mypy: disallow-subclassing-any=False
from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from kivy.uix.widget import Widget
from msgspec import Struct

from kiosk.domain.card_profile import CardProfile
from kiosk.domain.draft import Draft
from kiosk.domain.health import DeviceName, Health
from kiosk.domain.service import Service
from kiosk.domain.signals import PanelReading
from kiosk.journey import events as e
from kiosk.journey.state import Kiosk, State
from kiosk.language import Language
from screens import theme as t
from screens.area import Area
from screens.header import draw_header
from screens.icons import icon
from screens.pictures import picture
from screens.theme import Theme
from screens.widgets import PRIMARY, SECONDARY, STOP, Block, Item, Picture, Press, Pulse, Words, button

ItemT = TypeVar("ItemT", bound=Item)
Obstacle = Callable[[Service, dict[DeviceName, Health], PanelReading], str]
REACH_MM = 8.0
"""How far a finger may slide off a button and still mean it."""
NEAR_MM = 2.0
"""How far beside a button a touch still counts for it."""
AFTERGLOW_S = 0.06
"""A button that acted stays pressed so long: usually another screen comes before, and the picture of its letting go is spared."""


class Context(Struct, frozen=True):
    """What a screen may use: sizes, words, and one way out for events."""

    theme: Theme
    languages: dict[str, Language]
    send: Callable[[e.Event, int], None]
    obstacle: Obstacle
    cards: tuple[CardProfile, ...] = ()


def language_of(kiosk: Kiosk) -> str:
    """Return the language of the visit in progress, else the kiosk's."""
    state: Any = kiosk.state
    state = getattr(state, "resume", state)
    return str(getattr(getattr(state, "journey", None), "language", "") or kiosk.language)


class Screen(Widget):
    """Draws one state once. ``draft`` is what has been typed and not yet submitted; it outlives a change of language.

    Whoever takes the screen away overwrites the draft, unless the next screen has it.
    """

    changes_language = False
    headline = "kiosk-name"
    """What the header says where there are no steps."""
    headline_tone = ""
    """The tone of the strip that it is said on, where it must not be overlooked."""
    uses_health = False
    """Whether it must be drawn again when a device or the panel changes."""

    def __init__(self, kiosk: Kiosk, context: Context, draft: Draft | None = None) -> None:
        super().__init__(size=(context.theme.width_px, context.theme.height_px), size_hint=(None, None))
        self.kiosk, self.context, self.theme = kiosk, context, context.theme
        self.state: Any = kiosk.state
        self.shown = kiosk.shown
        self.code = language_of(kiosk)
        self.language = context.languages.get(self.code) or next(iter(context.languages.values()))
        self.draft = Draft() if draft is None else draft
        self.body: list[Item] = []
        self.footer: list[Item] = []
        self.header: list[Item] = []
        self._held: Press | None = None
        self.area = Area(0, 0, self.theme.width_px, self.theme.height_px)
        self.margin = self.theme.u(8)
        self.gap = self.theme.u(4)
        self.draw()

    def redraw(self) -> None:
        """Draw all of it anew, with the draft as it is now."""
        self.release()
        self.clear_widgets()
        for items in (self.body, self.footer, self.header):
            items.clear()
        self.draw()

    # --- for subclasses ---------------------------------------------------------------------------------------------
    def draw(self) -> None:
        """Place everything. Called once."""
        raise NotImplementedError

    def draft_key(self) -> Hashable:
        """Say which question the draft answers; None: there is none."""
        return None

    def frame(self) -> Area:
        """Draw ground, header and footer's place; return the room for the question."""
        self.ground(t.PAPER)
        content = draw_header(self, self.area)
        self.foot, content = content.cut_bottom(self.theme.touch(15) + 2 * self.theme.u(3))
        return content.inset(self.margin, self.theme.u(5) if not self.theme.compact else self.theme.u(2))

    def ground(self, colour: t.Colour) -> None:
        """Fill the whole screen. PAPER is there already: the window is cleared with it, and a layer less is drawn sooner."""
        if colour != t.PAPER:
            self.add_widget(Block(self.area, colour))

    def put(self, item: ItemT, where: list[Item] | None = None) -> ItemT:
        """Put an item on the screen and into the tree."""
        self.add_widget(item)
        (self.body if where is None else where).append(item)
        return item

    def drop(self, item: Item) -> None:
        """Take an item off the screen and out of the tree."""
        self.remove_widget(item)
        self.body.remove(item)

    def under(self, area: Area, colour: t.Colour = t.SURFACE, edge: t.Colour = t.LINE) -> Area:
        """Draw a card as a ground; return it."""
        self.add_widget(Block(area.whole(), colour, self.theme.u(3.6), edge, max(1.0, self.theme.u(0.25))))
        return area

    def text(self, message_id: str, **args: str | int) -> str:
        """Return a message."""
        return self.language.text(message_id, **args)

    def words(
        self, area: Area, message_id: str, style: t.Style = "body", args: dict[str, str | int] | None = None, **how: Any
    ) -> Words:
        """Put a message on the screen, with its spoken form."""
        args = args or {}
        how.setdefault("say", self.language.say(message_id, **args))
        return self.plain(area, message_id, self.language.text(message_id, **args), style, **how)

    def plain(self, area: Area, item_id: str, text: str, style: t.Style = "body", **how: Any) -> Words:
        """Put a text on the screen that is no message: a name, an amount, a service's title."""
        return self.put(Words(area, item_id, text, self.theme.font(style), **how))

    def title(self, area: Area, message_id: str, args: dict[str, str | int] | None = None, lines: int = 2) -> Area:
        """Put the question at the top of an area; return what is left below."""
        room = min(self.theme.font("title") * 1.22 * lines, area.height * 0.42)
        head = area.cut_top(room)[0]
        words = self.words(head, message_id, "title", args, bold=True, colour=t.PRIMARY, valign="top", lines=lines)
        return area.cut_top(words.text_height, self.theme.u(4))[1]

    def illustration(self, area: Area, name: str) -> None:
        """Put a picture on a card, as large as it goes."""
        card = self.under(area)
        room = card.inset(min(self.theme.u(4), area.height * 0.07))
        px = int(min(room.width, room.height * 1.2))
        self.put(Picture(room, f"picture-{name}", picture(name, px), self.text(f"picture-{name}")))

    def banner(self, area: Area, item_id: str, text: str, tone: str = "warn") -> None:
        """Put a notice on a coloured strip."""
        ground, colour, mark = {
            "warn": (t.WARN_TINT, t.WARN, "warning"),
            "stop": (t.STOP_TINT, t.STOP, "warning"),
            "good": (t.GOOD_TINT, t.GOOD, "check"),
            "info": (t.TINT, t.PRIMARY, "info"),
        }[tone]
        strip = Block(area.whole(), ground, self.theme.u(3), colour, max(1.5, self.theme.u(0.35)))
        self.add_widget(strip)
        inner = area.inset(self.theme.u(4), self.theme.u(1.5))
        size = int(min(self.theme.u(8), inner.height))
        if area.width > self.theme.u(80):  # a narrow strip needs its width for the words
            left, inner = inner.cut_left(size, self.theme.u(4))
            strip.picture(icon(mark, size), left, colour)
        self.plain(inner, item_id, text, "body", colour=t.INK, ground=ground, bold=tone != "info")

    def pulse(self, area: Area) -> None:
        """Put the proof of life on the screen."""
        self.put(Pulse(area, self.text("working"), self.theme))

    # --- the ways out -----------------------------------------------------------------------------------------------
    def footer_button(
        self, area: Area, message_id: str, send: Callable[[], e.Event | None], icon_name: str, **how: Any
    ) -> Press:
        """Put a button into the footer; what ``send`` returns is sent."""

        def tap() -> None:
            event = send()
            if event is not None:
                self.send(event)

        item_id = how.pop("item_id", message_id)
        label = how.pop("label", None) or self.text(message_id)
        say = how.pop("say", None) or self.language.say(message_id) if self.language.has(message_id) else label
        return self.put(button(area, item_id, label, tap, icon_name, theme=self.theme, say=say, **how), self.footer)

    def exits(self, *, cancel: bool = True, back: bool | Callable[[], e.Event | None] = False) -> None:
        """Put cancel and back where they always are. ``back``: what it sends, if it is more than the previous screen."""
        bar = self._bar()
        first, rest = bar.cut_left(self.theme.touch(46), self.gap)
        if cancel:
            self.footer_button(first, "cancel", e.CancelPressed, "cancel", look=STOP)
        if back:
            send = back if callable(back) else e.WentBack
            self.footer_button(rest.cut_left(self.theme.touch(42))[0], "back", send, "back", look=SECONDARY)

    def onward(
        self,
        message_id: str,
        send: Callable[[], e.Event | None],
        icon_name: str = "next",
        width_mm: float = 70,
        **how: Any,
    ) -> Press:
        """Put the way on at the lower right."""
        area = self._bar().cut_right(self.theme.touch(width_mm))[0]
        return self.footer_button(area, message_id, send, icon_name, look=PRIMARY, **how)

    def _bar(self) -> Area:
        return self.foot.inset(self.margin, self.theme.u(3))

    def send(self, event: e.Event) -> None:
        """Send an event for the screen as it is painted."""
        self.context.send(event, self.shown)

    # --- touch ------------------------------------------------------------------------------------------------------
    @property
    def items(self) -> list[Item]:
        """Everything in the tree, in the order in which it is read and reached."""
        return [*self.body, *self.footer, *self.header]

    @property
    def presses(self) -> list[Press]:
        """Everything that can be pressed now."""
        return [item for item in self.items if isinstance(item, Press) and item.enabled]

    def presses_of(self, prefix: str) -> list[Press]:
        """Return all buttons, enabled or not, whose id begins so."""
        return [item for item in self.items if isinstance(item, Press) and item.item_id.startswith(prefix)]

    def find(self, item_id: str) -> Item | None:
        """Return the item of that id."""
        return next((item for item in self.items if item.item_id == item_id), None)

    def on_touch_down(self, touch: Any) -> bool:
        """Show the press at once."""
        if self._held is None and (press := self._nearest(touch.x, touch.y)):
            self._held = press
            touch.grab(self)
            press.set_pressed(True)
            if press.key:
                press.on_tap()
        return True

    def on_touch_up(self, touch: Any) -> bool:
        """Let go, and act if the finger has not slid far away."""
        if touch.grab_current is not self:
            return True
        touch.ungrab(self)
        press, self._held = self._held, None
        if press is not None:
            near = _distance(press.area, touch.x, touch.y) <= self.theme.mm(REACH_MM)
            acts = press.enabled and not press.key and near
            press.set_pressed(False, AFTERGLOW_S if acts else 0.0)
            if acts:
                press.on_tap()
        return True

    def _nearest(self, x: float, y: float) -> Press | None:
        near = min(self.presses, key=lambda press: _distance(press.area, x, y), default=None)
        return near if near and _distance(near.area, x, y) <= self.theme.mm(NEAR_MM) else None

    def release(self) -> None:
        """End what ticks, and let go of what a finger still holds: another screen follows."""
        self._held = None
        for item in self.body:
            if isinstance(item, Pulse):
                item.stop()


def _distance(area: Area, x: float, y: float) -> float:
    across = max(area.x - x, 0, x - area.right)
    along = max(area.y - y, 0, y - area.top)
    return float((across**2 + along**2) ** 0.5)


__all__ = ["Context", "Screen", "State", "language_of"]
