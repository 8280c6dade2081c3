"""A matter: how a payment or an application stands at the centre, as it tells whoever holds its code or the card."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from kiosk.domain.money import Money

Standing = Literal["paid", "being_checked", "not_paid", "returned", "owed"]
"""paid: it stands, and the service was given; being_checked: staff are looking; not_paid: nothing was taken; returned: the
money went back; owed: money lies ready for whoever shows the code."""


class Matter(Struct, frozen=True):
    """One matter. It names nobody. ``reference`` is the code on the paper; ``receipt_number`` is "" where there is none."""

    reference: str
    service_id: str
    made_at_ms: int
    amount: Money
    standing: Standing
    receipt_number: str = ""
