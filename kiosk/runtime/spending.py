"""Secrets that nobody will use are overwritten (law 7): those of an event that no effect took over, or that came too late."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from kiosk.domain.secret import Secret


def spend(event: Struct, effects: Sequence[Struct] = ()) -> None:
    """Overwrite every secret of an event, except those that an effect carries on."""
    carried = {id(secret) for effect in effects for secret in _secrets(effect)}
    for secret in _secrets(event):
        if id(secret) not in carried:
            secret.wipe()


def _secrets(struct: Struct) -> Iterator[Secret]:
    values = (getattr(struct, name) for name in struct.__struct_fields__)
    return (value for value in values if isinstance(value, Secret))
