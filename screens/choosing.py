"""The tiles of all services; one that cannot be given now says why."""

from __future__ import annotations

from math import ceil

from kiosk.domain.draft import Draft
from kiosk.domain.service import Service
from kiosk.journey import events as e
from kiosk.journey.choosing import in_order
from screens import theme as t
from screens.area import Area
from screens.icons import icon
from screens.screen import Screen
from screens.widgets import OFF, SECONDARY, TILE, Press, button

A_PAGE = 6


class ChoosingScreen(Screen):
    """Up to six large tiles a page. The draft is the page's number."""

    changes_language = True
    uses_health = True

    def draft_key(self) -> str:
        """Keep the page while this screen lasts."""
        return "choosing"

    def draw(self) -> None:
        """Place the question and the tiles."""
        content = self.frame()
        content = self.title(content, "choosing-title", lines=1)
        services = in_order(self.kiosk, self.state.journey)
        pages = max(1, ceil(len(services) / A_PAGE))
        page = min(int(self.draft.text() or 0), pages - 1)
        shown = services[page * A_PAGE : (page + 1) * A_PAGE]
        gap = self.theme.u(4 if self.theme.compact else 6)
        rows = 1 if len(services) <= 3 else 2
        room = content if rows == 2 else content.cut_top(min(content.height, self.theme.u(74)))[0]
        for service, cell in zip(shown, room.grid(3, rows, gap), strict=False):
            self._tile(cell, service)
        self.exits()
        if pages > 1:
            self._pages(page, pages)

    def _tile(self, area: Area, service: Service) -> None:
        word = self.context.obstacle(service, self.kiosk.devices, self.kiosk.panel)
        title, summary = self.language.pick(service.title), self.language.pick(service.summary)
        reason = self.language.word("obstacle", word) if word else ""

        def choose() -> None:
            self.send(e.ServiceChosen(service))

        press = Press(
            area,
            f"service-{service.id}",
            title,
            choose,
            theme=self.theme,
            look=TILE,
            say=f"{title}. {reason or summary}",
            enabled=not word,
        )

        def content(self: Press) -> None:
            wide = self.area.height < self.theme.u(50)
            (_draw_wide if wide else _draw_tall)(self, service, summary, reason)

        press.content = content
        press.show()
        self.put(press)

    def _pages(self, page: int, pages: int) -> None:
        bar = self._bar()
        side = self.theme.touch(56)
        right, rest = bar.cut_right(side, self.theme.u(2))
        middle, rest = rest.cut_right(self.theme.u(16), self.theme.u(2))
        left = rest.cut_right(side)[0]
        for area, name, to in ((left, "earlier", page - 1), (right, "more", page + 1)):
            mark = "left" if name == "earlier" else "right"

            def turn(to: int = to) -> None:
                self.draft = Draft(str(to))
                self.redraw()

            press = button(
                area,
                name,
                self.text(name),
                turn,
                mark,
                theme=self.theme,
                look=SECONDARY,
                enabled=0 <= to < pages,
            )
            self.put(press, self.footer)
        of = f"{page + 1}/{pages}"
        self.plain(middle, "page", of, "body", bold=True, colour=t.PRIMARY, align="center", lines=1)


def _draw_tall(press: Press, service: Service, summary: str, reason: str) -> None:
    """Draw a tile with its icon above the words."""
    theme = press.theme
    inner = press.area.inset(theme.u(5), theme.u(5))
    disc = min(theme.u(22), inner.height * 0.36)
    head, inner = inner.cut_top(disc, theme.u(4))
    _draw_icon(press, head.cut_left(disc)[0].whole(), service.icon, off=bool(reason))
    lower, upper = inner.cut_bottom(inner.height * (0.52 if reason else 0.38), theme.u(1))
    press.write(press.label, upper, theme.font("lead"), press.ink, bold=True, valign="top")
    press.write(reason or summary, lower, theme.font("body"), t.SOFT, valign="top" if reason else "bottom")


def _draw_wide(press: Press, service: Service, summary: str, reason: str) -> None:
    """Draw a low tile with its icon before the words."""
    theme = press.theme
    inner = press.area.inset(theme.u(3.5), theme.u(3))
    disc = min(theme.u(13), inner.height)
    left, inner = inner.cut_left(disc, theme.u(3))
    _draw_icon(press, left.cut_top(disc)[0].whole(), service.icon, off=bool(reason))
    lower, upper = inner.cut_bottom(inner.height * (0.5 if reason else 0.38), theme.u(0.5))
    press.write(press.label, upper, theme.font("body"), press.ink, bold=True, valign="top")
    press.write(reason or summary, lower, theme.font("small"), t.SOFT, valign="top" if reason else "bottom")


def _draw_icon(press: Press, place: Area, name: str, *, off: bool) -> None:
    press.fill(place, OFF.fill if off else t.PRIMARY, place.height / 2 - 0.5)
    press.picture(icon(name, int(place.height * 0.54)), place, press.ink if off else t.SAFFRON)
