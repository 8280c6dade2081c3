"""The register of matters: which submissions and claims belong to a code on a paper, and which to the holder of a card."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import msgspec
import sqlalchemy as sa

from central.schema import claims, matters, submissions
from kiosk.domain.card_profile import FIN_STATE
from kiosk.uplink.messages import Person

if TYPE_CHECKING:
    from central.store import Connection


class Kept(msgspec.Struct):
    """What the register needs of a stored body."""

    citizen: Person | None = None


def plain(code: str) -> str:
    """Return a code as it is compared: capitals and digits alone, however people write it."""
    return "".join(char for char in code.upper() if char.isascii() and char.isalnum())


def holder_of(person: Person | None) -> str:
    """Return what names a card's holder here: the FIN, which outlives a card, else state and number of the card; "" for nobody.

    Only a card of the state that gives FINs tells one: another state's card may have anything in its place.
    """
    if person is None:
        return ""
    if person.personal_number and person.issuing_state == FIN_STATE:
        return person.personal_number
    return f"{person.issuing_state} {person.document_number}" if person.document_number else ""


def enter(tx: Connection, kiosk_id: str, key: str, person: Person | None, made_at_ms: int) -> None:
    """Enter a matter once. A claim about a submission that is here already is the same matter."""
    mine = (matters.c.kiosk_id == kiosk_id, matters.c.key == key)
    if tx.execute(sa.select(matters.c.key).where(*mine)).first() is None:
        row = {"kiosk_id": kiosk_id, "key": key, "code": plain(key), "holder": holder_of(person)}
        tx.execute(matters.insert().values(**row, made_at_ms=made_at_ms))


def enter_all(tx: Connection) -> None:
    """Enter what was stored before there was a register."""
    for table in (submissions, claims):
        for row in tx.execute(sa.select(table.c.kiosk_id, table.c.key, table.c.body, table.c.made_at_ms)).all():
            person = None
            with suppress(msgspec.DecodeError):
                person = msgspec.json.decode(row.body, type=Kept).citizen
            enter(tx, row.kiosk_id, row.key, person, row.made_at_ms)
