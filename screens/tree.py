"""The screen tree: everything that can be read, reached or touched. What is not in it does not exist.

Speech, the keypad's focus, the tests and the bench's finger all use this one tree. Bounds are ``[x, y, width, height]``
in pixels with the origin at the top left, as in a screenshot.
"""

from __future__ import annotations

from msgspec import Struct

from screens.screen import Screen
from screens.widgets import Item, Press


class Node(Struct, frozen=True):
    """One item. ``focusable``: the keypad stops at it. ``fits``: none of its text is clipped."""

    id: str
    role: str
    label: str
    say: str
    bounds: tuple[int, int, int, int]
    enabled: bool
    focusable: bool
    focus: bool
    fits: bool


class Tree(Struct, frozen=True):
    """A painted screen."""

    state: str
    shown: int
    language: str
    items: tuple[Node, ...]


def tree_of(screen: Screen, focus: str = "") -> Tree:
    """Return the tree of a screen, in reading order."""
    nodes = tuple(_node(item, int(screen.area.height), focus) for item in screen.items)
    return Tree(type(screen.state).__name__, screen.shown, screen.code, nodes)


def _node(item: Item, height: int, focus: str) -> Node:
    area = item.area
    button = isinstance(item, Press)
    return Node(
        id=item.item_id,
        role=item.role,
        label=item.label,
        say=item.spoken(),
        bounds=(int(area.x), int(height - area.top), int(area.width), int(area.height)),
        enabled=item.enabled,
        focusable=button and item.enabled,
        focus=bool(focus) and item.item_id == focus,
        fits=item.fits,
    )
