"""What one citizen's visit gathers from the choice of a service to the last paper."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from kiosk.domain.application import Acceptance, Quote
from kiosk.domain.cash import CashPayment, Note, SurplusTo
from kiosk.domain.citizen import Citizen
from kiosk.domain.fiscal import FiscalDocument
from kiosk.domain.matter import Matter
from kiosk.domain.money import Money
from kiosk.domain.payment import Authorisation, TransactionMark
from kiosk.domain.service import Service

Paper = Literal["receipt", "slip", "claim", "reversed", "statement"]
"""What is printed at the end: proof of payment, the centre's slip, a claim slip, proof that money went back, how matters stand."""


class Journey(Struct, frozen=True):
    """All that one citizen's visit has gathered. It is dropped whole when the visit ends.

    ``notes`` lie in the cash box. ``doubtful`` is one of which nobody can tell: it counts for nothing. ``gone``: the power
    failed while money was under way, so nobody may stand here any more. ``citizen`` is whose visit it is, from the first card;
    ``subject`` the person whom the service is about, from a second one. ``paperless``: the citizen agreed that no paper comes.
    ``copy_keys``: by reference, the entry that first asked for a copy of which no paper can have come out yet.
    ``fiscal`` is the registered sale; ``fiscal_due``: there is none yet, and the centre knows (follows) or could not be told (unfiled).
    ``unprinted`` is why the document did not come on A4, where it was to: the slip comes instead.
    ``card_order`` is the reading by which the card was read that was read last; ``came``: since the visitor's own, a second card
    came that was asked for, or another one that was not (``newcomer``).
    """

    number: int
    language: str
    started_ms: int
    service: Service | None = None
    card_inside: bool = False
    citizen: Citizen | None = None
    answers: dict[str, str] = {}
    quote: Quote | None = None
    attempt: int = 0
    reference: str = ""
    made_ms: int = 0
    before: TransactionMark | None = None
    payment: Authorisation | None = None
    paid_ms: int = 0
    acceptance: Acceptance | None = None
    receipt_number: str = ""
    deferred: bool = False
    doubt: str = ""
    notes: tuple[Note, ...] = ()
    surplus_to: SurplusTo | None = None
    doubtful: Note | None = None
    matters: tuple[Matter, ...] = ()
    gone: bool = False
    subject: Citizen | None = None
    paperless: bool = False
    copy_keys: dict[str, int] = {}
    wrong_codes: int = 0
    fiscal: FiscalDocument | None = None
    fiscal_due: Literal["", "follows", "unfiled"] = ""
    unprinted: str = ""
    card_order: int = 0
    came: Literal["", "second", "another"] = ""

    @property
    def whose(self) -> Literal["holder", "child", "another"]:
        """Whose card is or would be the next to be read: the visitor's own comes first."""
        return self.service.about if self.service and self.citizen else "holder"

    @property
    def applicant(self) -> Citizen | None:
        """The citizen as the centre is told of them: without the picture."""
        return self.citizen.without_portrait if self.citizen else None

    @property
    def inserted(self) -> Money:
        """What lies in the cash box for this order."""
        return Money(sum(note.value.minor for note in self.notes))

    @property
    def remaining(self) -> Money:
        """What is still to be paid, never below zero."""
        due_minor = self.quote.total.minor if self.quote else 0
        return Money(max(0, due_minor - self.inserted.minor))

    @property
    def cash(self) -> CashPayment | None:
        """The payment in notes, if there is one."""
        if not self.notes:
            return None
        due_minor = self.quote.total.minor if self.quote else 0
        surplus = Money(max(0, self.inserted.minor - due_minor))
        return CashPayment(self.notes, self.inserted, surplus, self.surplus_to if surplus else None)
