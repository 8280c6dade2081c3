"""Forms: what stands on each kind of paper and in which order, as the operator writes it in ``config/receipts/*.toml``.

A block is one of BLOCKS or the operator's own text. What a paper must not lack to be worth keeping is enforced here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from msgspec import Struct

ROWS: dict[str, tuple[str, ...]] = {
    "reference": ("reference", "receipt_number", "date", "kiosk", "requested_by"),
    "total": ("amount", "fee", "total"),
    "card": (
        "card",
        "authorisation",
        "terminal",
        "merchant",
        "terminal_receipt",
        "aid",
        "application",
        "verification",
    ),
    "fiscal": ("registered", "vat", "fiscal_id", "document", "shift_document", "register", "registration"),
    "kiosk": ("date", "kiosk"),
    "machine": ("kiosk", "date", "version"),
}
"""Blocks made of rows that can be chosen, and all their rows."""

PAID = ("letterhead", "title", "reference", "service", "bill", "total", "cash", "card", "standing", "help")
BLOCKS: dict[str, tuple[str, ...]] = {
    "receipt": (*PAID, "fiscal"),
    "accepted": ("letterhead", "title", "reference", "service", "standing", "help"),
    "claim": PAID,
    "reversed": PAID,
    "slip": ("letterhead", "title", "reference", "document", "help"),
    "statement": ("letterhead", "title", "kiosk", "matters", "help"),
    "report": ("letterhead", "title", "machine", "serviced", "tests"),
    "collection": ("letterhead", "title", "reference", "serviced", "counts"),
}
"""The blocks that each kind of paper can have, beside ``rule``, ``text`` and ``logo``."""

NEEDED: dict[str, tuple[str, ...]] = {
    "receipt": ("title", "reference", "service", "total", "cash", "card", "standing"),
    "accepted": ("title", "reference", "service", "standing"),
    "claim": ("title", "reference", "total", "cash", "standing", "help"),
    "reversed": ("title", "reference", "total", "standing"),
    "slip": ("title", "reference", "document"),
    "statement": ("title", "kiosk", "matters"),
    "report": ("title", "machine", "serviced", "tests"),
    "collection": ("title", "reference", "serviced", "counts"),
}
"""What a paper must not lack: its code, its amount, what it proves, and on a claim whom to call."""

NEEDED_ROWS = {
    "reference": ("reference",),
    "total": ("total",),
    "card": ("card", "authorisation", "aid"),
    "fiscal": ("fiscal_id",),
}
ANYWHERE = ("rule", "text", "logo")
LANGUAGES = ("az", "ru", "en")
TEXT_AT_MOST = 500


class Block(Struct, frozen=True, forbid_unknown_fields=True):
    """One block. ``rows`` chooses and orders them, () for all; ``size`` "" leaves each row as it is; ``text``: the operator's own."""

    name: str
    rows: tuple[str, ...] = ()
    size: Literal["", "small", "normal", "large"] = ""
    text: dict[str, str] = {}


class Form(Struct, frozen=True, forbid_unknown_fields=True):
    """One kind of paper. ``both_languages``: what an office must be able to read stands in Azerbaijani too, first."""

    blocks: tuple[Block, ...]
    both_languages: bool = True


def form_mistakes(kind: str, form: Form) -> Iterator[str]:
    """Say of each mistake in a form where it is and what was expected."""
    names = [block.name for block in form.blocks]
    for index, block in enumerate(form.blocks):
        yield from (f"blocks[{index}].{mistake}" for mistake in _block(kind, block))
        if block.name != "text" and names.index(block.name) != index and block.name != "rule":
            yield f'blocks[{index}].name = "{block.name}": stands here twice; expected once'
    for name in NEEDED[kind]:
        if name not in names:
            yield f'blocks: expected "{name}", which a {kind} must not lack'


def _block(kind: str, block: Block) -> Iterator[str]:
    known = (*BLOCKS[kind], *ANYWHERE)
    if block.name not in known:
        yield f'name = "{block.name}": is no block of a {kind}; expected one of {", ".join(known)}'
        return
    if (block.name == "text") != bool(block.text):
        yield 'text: expected with name = "text", and only there'
    for code in LANGUAGES if block.text else ():
        if not 0 < len(block.text.get(code, "")) <= TEXT_AT_MOST:
            yield f"text.{code}: expected a text of at most {TEXT_AT_MOST} letters"
    rows = ROWS.get(block.name, ())
    for row in block.rows:
        if row not in rows:
            known_rows = f"one of {', '.join(rows)}" if rows else "none: this block has no rows to choose"
            yield f'rows: "{row}": expected {known_rows}'
    for row in NEEDED_ROWS.get(block.name, ()) if block.rows else ():
        if row not in block.rows:
            yield f'rows: expected "{row}", which this block must not lack'
