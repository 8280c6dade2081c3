"""The header of a visit: how far one has come, and the languages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.journey import events as e
from screens import theme as t
from screens.area import Area
from screens.icons import icon
from screens.steps import progress
from screens.widgets import CHOSEN, ON_DARK, Block, Item, button

if TYPE_CHECKING:
    from screens.screen import Screen


def draw_header(screen: Screen, area: Area) -> Area:
    """Draw the header at the top of an area; return the rest."""
    theme = screen.theme
    side = theme.touch(12.2)
    bar, rest = area.cut_top(side + 2 * theme.u(2))
    screen.add_widget(Block(bar.whole(), t.DEEP))
    inner = bar.inset(screen.margin, theme.u(2))
    if screen.changes_language:
        inner = _draw_languages(screen, inner)
    steps = progress(screen.state)
    if steps:
        _draw_steps(screen, inner, *steps)
    elif screen.headline_tone:
        screen.banner(inner, screen.headline, screen.text(screen.headline), screen.headline_tone)
    else:
        screen.words(inner, screen.headline, "body", bold=True, colour=t.ON_PRIMARY, ground=t.DEEP, lines=1)
    return rest


def _draw_languages(screen: Screen, area: Area) -> Area:
    theme = screen.theme
    width = theme.touch(14 if theme.compact else 33)
    gap = theme.mm(2)
    codes = screen.kiosk.languages
    right, rest = area.cut_right(len(codes) * width + (len(codes) - 1) * gap, theme.u(6))
    for code, cell in zip(codes, right.columns(len(codes), gap), strict=True):
        language = screen.context.languages[code]
        chosen = code == screen.code

        def tap(code: str = code) -> None:
            screen.send(e.LanguageChosen(code))

        label = language.text("language-short") if theme.compact else language.name
        look = CHOSEN if chosen else ON_DARK
        press = button(cell, f"language-{code}", label, tap, theme=theme, look=look, size="small", say=language.name)
        screen.put(press, screen.header)
    return rest


def _draw_steps(screen: Screen, area: Area, steps: list[str], current: int) -> None:
    """Draw a disc per step, ticked when done, and the name of the current one."""
    theme = screen.theme
    name = screen.text(f"step-{steps[current]}")
    label = screen.text("step-of", step=current + 1, count=len(steps), name=name)
    item = Item(area, item_id="steps", role="progress", label=label)
    size, gap = min(theme.u(8.4), area.height), theme.u(3)
    row, rest = area.cut_left(len(steps) * size + (len(steps) - 1) * gap, theme.u(4))
    for index, cell in enumerate(row.columns(len(steps), gap)):
        place = cell.middle(size, size).whole()
        if index:
            item.fill(Area(place.x - gap, place.y + size / 2 - theme.u(0.4), gap, theme.u(0.8)), t.LATTICE)
        _draw_disc(item, place, index, current)
    item.write(name, rest, theme.font("body"), t.ON_PRIMARY, bold=True, lines=1)
    screen.put(item, screen.header)


def _draw_disc(item: Item, place: Area, index: int, current: int) -> None:
    size = place.height
    fill = t.SAFFRON if index == current else t.LATTICE if index < current else t.PRIMARY
    item.fill(place, fill, size / 2 - 0.5)
    if index < current:
        item.picture(icon("check", int(size * 0.55)), place, t.ON_PRIMARY)
        return
    colour = t.DEEP if index == current else t.TINT
    item.write(str(index + 1), place, size * 0.62, colour, bold=True, align="center")
