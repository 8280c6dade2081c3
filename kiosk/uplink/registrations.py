"""The wire contract of registered sales: what the fiscal register made of a payment, so that a copy of its receipt says the same.

    POST /v1/registrations             RegistrationRequest → RegistrationAnswer    Idempotency-Key: "<reference>"

One that no copy could print (kiosk.domain.fiscal.flaw) is malformed. It is told after the submission, and may be told long
after: a register can be late, and so can the line. A centre without this address answers not-found, and is told again later.
"""

from __future__ import annotations

from msgspec import Struct

from kiosk.uplink.messages import Amount


class Fiscal(Struct, frozen=True):
    """A registered sale as the receipt repeats it. ``vat_percent`` null: not subject to the tax."""

    fiscal_id: str
    short_id: str
    number: int
    shift_number: int
    amount: Amount
    register: str = ""
    registration: str = ""
    url: str = ""
    vat_percent: int | None = None


class RegistrationRequest(Struct, frozen=True):
    """The sale of the receipt ``reference`` is registered. ``reference`` equals the Idempotency-Key."""

    reference: str
    kiosk: str
    fiscal: Fiscal


class RegistrationAnswer(Struct, frozen=True):
    """It is known at the centre."""

    reference: str
