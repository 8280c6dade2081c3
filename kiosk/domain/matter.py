"""A matter: how a payment or an application stands at the centre, as it tells whoever holds its code or the card."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from kiosk.domain.application import Acceptance, Quote
from kiosk.domain.cash import CashPayment, Note
from kiosk.domain.fiscal import FiscalDocument
from kiosk.domain.money import Money
from kiosk.domain.payment import Authorisation

Standing = Literal["paid", "being_checked", "not_paid", "returned", "owed"]
"""paid: it stands, and the service was given; being_checked: staff are looking; not_paid: nothing was taken; returned: the
money went back; owed: money lies ready for whoever shows the code."""


class Matter(Struct, frozen=True):
    """One matter. It names nobody. ``reference`` is the code on the paper; ``receipt_number`` is "" where there is none.

    ``paper`` names the paper that the centre can give once more, "" for none.
    """

    reference: str
    service_id: str
    made_at_ms: int
    amount: Money
    standing: Standing
    receipt_number: str = ""
    paper: Literal["", "receipt", "slip", "claim"] = ""


class Copy(Struct, frozen=True):
    """What the centre keeps of one paper, so that any kiosk can compose it anew. ``number`` is the copy's, from 1.

    ``language`` is the one its ``acceptance.document`` is written in. ``fiscal`` is the registered sale; ``fiscal_due`` says
    that it follows.
    """

    number: int
    paper: Literal["receipt", "slip", "claim"]
    reference: str
    service_id: str
    made_at_ms: int
    language: str
    quote: Quote
    answers: dict[str, str] = {}
    payment: Authorisation | None = None
    cash: CashPayment | None = None
    acceptance: Acceptance | None = None
    receipt_number: str = ""
    doubt: str = ""
    doubtful: Note | None = None
    about_another: bool = False
    fiscal: FiscalDocument | None = None
    fiscal_due: Literal["", "follows"] = ""
