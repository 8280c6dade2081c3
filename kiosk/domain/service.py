"""A public service as data: one TOML file in ``config/services/``, no code of its own."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from kiosk.domain.cash import SurplusTo
from kiosk.domain.fiscal import Scope, VatPercent
from kiosk.domain.proof import LEVELS, Level

Texts = dict[str, str]
"""One text in every language: ``{"az": …, "ru": …, "en": …}``. The configuration refuses a service with one missing."""


class Field(Struct, frozen=True, forbid_unknown_fields=True):
    """One question to the citizen. ``kind`` chooses the keyboard and the check; ``pattern`` is a full-match regex.

    kinds: ``digits`` (number pad), ``plate`` (Latin letters and digits, e.g. 10-AB-123), ``code`` (capitals and digits).
    ``group`` is how many characters stand together on the screen (``3`` shows 104 558 210); 0 is no grouping.
    """

    id: str
    kind: Literal["digits", "plate", "code"]
    label: Texts
    hint: Texts
    pattern: str
    max_length: int
    group: int = 0
    example: str = ""


class Service(Struct, frozen=True, forbid_unknown_fields=True):
    """What a citizen can have done at the kiosk.

    needs     ``card``: the citizen shows the ID card first; ``nothing``: nobody asks who is there; ``authentic_card``: a card
              whose data are proven to be the state's; ``genuine_card``: and whose chip is proven to be no copy.
    amount    ``quoted``: the central system says what is due; ``free``: nothing is, and no payment step exists; ``asked``:
              nothing is done, the centre is asked how earlier payments stand (by a field ``code``, or by the card).
    delivery  ``later``: once paid, the submission may reach the centre any time after; ``now``: the receipt is made
              from the centre's answer, so without the centre there is no service (only for free services).
    paper     ``receipt``: proof of payment; ``slip``: a slip with the centre's document and its verification QR;
              ``statement``: how earlier payments stand (only for ``asked``).
    document  ``a4``: with a document printer the centre's signed document comes on A4 in the place of the slip (only for ``slip``).
    about     ``holder``: whoever shows the card; ``child``: the holder of a second card, under age, for whom the first one's
              holder is the guardian; ``another``: anybody's second card. Only for free services.
    without_paper  ``offered``: without a working printer it can still be had, once the citizen has agreed to that;
              ``refused``: then it cannot be had.
    fiscal    what of the payment is the operator's sale, where there is a fiscal register: ``none``, ``fee``, ``total``; with
              ``vat_percent``: 18, 8, 2 or 0, left out where the sale is not subject to the tax.
    surplus   where the surplus of a payment in cash may go: ``account`` (credit), ``claim`` (a code on the receipt).
    """

    id: str
    category: Literal["bills", "fines", "certificates", "matters"]
    icon: str
    order: int
    title: Texts
    summary: Texts
    needs: Literal["card", "authentic_card", "genuine_card", "nothing"]
    amount: Literal["quoted", "free", "asked"]
    delivery: Literal["later", "now"]
    paper: Literal["receipt", "slip", "statement"]
    fields: tuple[Field, ...] = ()
    surplus: tuple[SurplusTo, ...] = ("claim",)
    about: Literal["holder", "child", "another"] = "holder"
    without_paper: Literal["offered", "refused"] = "refused"
    fiscal: Scope = "none"
    vat_percent: VatPercent | None = None
    document: Literal["", "a4"] = ""

    @property
    def needs_card(self) -> bool:
        """Whether the citizen shows the ID card first."""
        return self.needs != "nothing"

    @property
    def level(self) -> Level:
        """How much must be proven of the card."""
        return {"authentic_card": LEVELS[1], "genuine_card": LEVELS[2]}.get(self.needs, LEVELS[0])
