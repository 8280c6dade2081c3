"""At rest: the welcome with its three languages, and the kind word when nothing can be done."""

from __future__ import annotations

from kivy.graphics import Color, Rectangle

from kiosk.journey import events as e
from kiosk.language import Language
from screens import theme as t
from screens.area import Area
from screens.icons import icon
from screens.pictures import lattice, picture
from screens.screen import Screen
from screens.widgets import PRIMARY, SECONDARY, Item, Look, Picture, Press


def ornament(screen: Screen, area: Area) -> None:
    """Cover an area with the lattice of stars."""
    item = Item(area)
    tile = screen.theme.u(26)
    texture = lattice(int(tile), t.DEEP, t.FAINT)
    across, along = area.width / tile, area.height / tile
    with item.canvas:
        Color(1, 1, 1, 1)
        coordinates = (0, along, across, along, across, 0, 0, 0)
        Rectangle(texture=texture, pos=item.area.pos, size=item.area.size, tex_coords=coordinates)
    screen.add_widget(item)


class WelcomeScreen(Screen):
    """Greets in three languages; each begins the visit by its own name."""

    def draw(self) -> None:
        """Place the greeting on the left and the languages on the right."""
        theme = self.theme
        self.ground(t.PAPER)
        left, right = self.area.cut_left(round(self.area.width * 0.45))
        ornament(self, left)
        self._greet(left.inset(self.margin * 1.1, theme.u(9)))
        right = right.inset(self.margin * 1.25, theme.u(7 if theme.compact else 10))
        head, right = right.cut_top(theme.u(11), theme.u(3))
        names = " · ".join(language.text("welcome-language") for language in self._languages())
        self.plain(head, "welcome-language", names, "body", colour=t.SOFT, lines=1)
        cells = right.rows(len(self._languages()), theme.u(4 if theme.compact else 6))
        for index, (language, cell) in enumerate(zip(self._languages(), cells, strict=True)):
            self._language(cell, language, PRIMARY if index == 0 else SECONDARY)

    def _languages(self) -> list[Language]:
        return [self.context.languages[code] for code in self.kiosk.languages]

    def _greet(self, area: Area) -> None:
        theme = self.theme
        first, *others = self._languages()
        icons, area = area.cut_bottom(theme.u(17), theme.u(6))
        middle = area.middle(area.width, theme.u(72))
        head, middle = middle.cut_top(theme.u(34), theme.u(5))
        greeting = first.text("welcome-greeting")
        self.plain(
            head,
            "welcome-greeting",
            greeting,
            "display",
            bold=True,
            colour=t.ON_PRIMARY,
            ground=t.DEEP,
            valign="bottom",
        )
        mark, middle = middle.cut_top(theme.u(1.4), theme.u(6))
        self.add_widget(_rule(mark.cut_left(theme.u(24))[0]))
        for language in others:
            row, middle = middle.cut_top(theme.u(10), theme.u(1))
            text = language.text("welcome-greeting")
            self.plain(row, f"welcome-greeting-{language.code}", text, "lead", colour=t.TINT, ground=t.DEEP, lines=1)
        self._services(icons)

    def _services(self, area: Area) -> None:
        """Show what can be had here, as icons."""
        size, gap = area.height, self.theme.u(5)
        item = Item(area)
        shown = sorted(self.kiosk.services, key=lambda service: service.order)
        for service, cell in zip(
            shown[:4], Area(area.x, area.y, 4 * size + 3 * gap, size).columns(4, gap), strict=False
        ):
            item.fill(cell.whole(), t.PRIMARY, size / 2 - 0.5)
            item.picture(icon(service.icon, int(size * 0.52)), cell, t.SAFFRON)
        self.add_widget(item)

    def _language(self, area: Area, language: Language, look: Look) -> None:
        def begin() -> None:
            self.send(e.JourneyStarted(language.code))

        say = language.say("welcome-begin")
        press = Press(area, f"language-{language.code}", language.name, begin, theme=self.theme, look=look, say=say)
        below = language.text("welcome-begin")

        def content(self: Press) -> None:
            theme = self.theme
            inner = self.area.inset(theme.u(7), theme.u(3))
            arrow = int(theme.u(9))
            mark, inner = inner.cut_right(arrow, theme.u(4))
            self.picture(icon("next", arrow), mark, self.ink)
            upper, lower = inner.cut_top(inner.height * 0.58)
            self.write(self.label, upper, theme.font("title"), self.ink, bold=True, valign="bottom", lines=1)
            self.write(below, lower, theme.font("body"), self.ink, lines=1)

        press.content = content
        press.show()
        self.put(press)


def _rule(area: Area) -> Item:
    item = Item(area)
    item.fill(item.area, t.SAFFRON)
    return item


class OutOfServiceScreen(Screen):
    """Says in every language that nothing can be done now, and why."""

    def draw(self) -> None:
        """Place one picture and the three languages below each other."""
        theme = self.theme
        self.ground(t.DEEP)
        ornament(self, self.area)
        card = self.under(self.area.inset(theme.u(14), theme.u(13)), t.PAPER, t.PAPER)
        inner = card.inset(theme.u(9), theme.u(8))
        left, inner = inner.cut_left(inner.width * 0.3, theme.u(9))
        self.put(Picture(left, "picture-resting", picture("resting", int(left.width)), self.text("picture-resting")))
        languages = [self.context.languages[code] for code in self.kiosk.languages]
        for index, (language, row) in enumerate(zip(languages, inner.rows(len(languages), theme.u(4)), strict=True)):
            head, rest = row.cut_top(row.height * 0.42)
            reason = language.word_id("out-of-service", self.state.reason)
            suffix = "" if index == 0 else f"-{language.code}"
            style: t.Style = "title" if index == 0 else "lead"
            title = language.text("out-of-service-title")
            self.plain(
                head, f"out-of-service-title{suffix}", title, style, bold=True, colour=t.PRIMARY, valign="bottom"
            )
            self.plain(rest, f"{reason}{suffix}", language.text(reason), "body", colour=t.SOFT, valign="top")
