"""POST /v1/kiosks/health: how a kiosk is, by its own word. Only the newest is kept; ``kiosk-central kiosks`` shows them all."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import sqlalchemy as sa
from litestar import post
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import JSONBody

from central.auth import known_kiosk, own_kiosk
from central.days import now_ms
from central.describe import KIOSK_ONLY, problems
from central.once import once
from central.schema import heartbeats, kiosks
from central.store import Connection, Store
from kiosk.uplink.heartbeats import KioskHealth, RollState
from kiosk.uplink.messages import HealthAnswer

HEADINGS = ("KIOSK", "LAST WORD (UTC)", "VERSION", "PAPER", "DEVICES")


@post(
    "/v1/kiosks/health",
    status_code=200,
    guards=[known_kiosk],
    security=KIOSK_ONLY,
    operation_id="kioskHealth",
    responses=problems("malformed", "unauthorised"),
    sync_to_thread=True,
)
def post_kiosk_health(data: JSONBody[KioskHealth], state: State, kiosk_id: NamedDependency[str]) -> HealthAnswer:
    """Keep a kiosk's word in the place of its last one."""
    own_kiosk(data.kiosk, kiosk_id)
    once(state.store, lambda tx: keep(tx, data, now_ms()))
    return HealthAnswer()


def keep(tx: Connection, told: KioskHealth, at_ms: int) -> None:
    """Write a kiosk's word over its last one."""
    values = {"at_ms": at_ms, "body": msgspec.json.encode(told).decode()}
    mine = heartbeats.c.kiosk_id == told.kiosk
    if not tx.execute(sa.update(heartbeats).where(mine).values(**values)).rowcount:
        tx.execute(heartbeats.insert().values(kiosk_id=told.kiosk, **values))


def table(store: Store) -> list[tuple[str, ...]]:
    """Return a row for each kiosk: its name, when it last spoke, its version, its paper, and what is not well."""
    both = sa.select(kiosks.c.id, heartbeats.c.at_ms, heartbeats.c.body).select_from(
        kiosks.outerjoin(heartbeats, heartbeats.c.kiosk_id == kiosks.c.id)
    )
    with store.read() as connection:
        rows = connection.execute(both.order_by(kiosks.c.id)).all()
    return [row_of(row.id, row.at_ms, row.body) for row in rows]


def row_of(kiosk_id: str, at_ms: int | None, body: str | None) -> tuple[str, ...]:
    """Return one kiosk's row. Its words come from outside: what is no printable character does not reach a terminal."""
    if body is None or at_ms is None:
        return (kiosk_id, "never", "", "", "")
    told = msgspec.json.decode(body, type=KioskHealth)
    spoke = datetime.fromtimestamp(at_ms / 1000, UTC).strftime("%Y-%m-%d %H:%M")
    ill = [
        f"{name} {each.state} {each.reason}".strip()
        for name, each in sorted(told.devices.items())
        if each.state in ("degraded", "failed")
    ]
    return tuple(map(printable, (kiosk_id, spoke, told.version, paper_of(told.roll), ", ".join(ill) or "all well")))


def printable(text: str) -> str:
    """Return a text without characters that move a cursor, change a colour or turn the direction of writing."""
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in text)


def paper_of(roll: RollState | None) -> str:
    """Say how a roll stands: what is left where that is known, what was printed where not."""
    if roll is None:
        return ""
    metres = f"{roll.printed_mm / 1000:.1f} m printed" if roll.left_mm is None else f"{roll.left_mm / 1000:.1f} m left"
    return f"{metres}, NEAR ITS END" if roll.near_end else metres


def lines(rows: list[tuple[str, ...]]) -> list[str]:
    """Return rows as lines of a table, each column as wide as it must be."""
    all_rows = [HEADINGS, *rows]
    widths = [max(len(row[index]) for row in all_rows) for index in range(len(HEADINGS))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in all_rows]
