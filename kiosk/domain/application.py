"""What a citizen asks of the state, on its way to the central system."""

from __future__ import annotations

from msgspec import Struct

from kiosk.domain.cash import CashPayment, Note
from kiosk.domain.citizen import Citizen
from kiosk.domain.money import Money
from kiosk.domain.payment import Authorisation


class QuoteLine(Struct, frozen=True):
    """One line of a bill: a text in every language, and an amount where it has one."""

    label: dict[str, str]
    value: str = ""
    amount: Money | None = None


class Quote(Struct, frozen=True):
    """What is due, as the central system says it. ``total`` is ``amount`` + ``fee``: what the citizen pays.

    ``payer`` is masked by the centre (``M***** A.``): enough for the payer to recognise, not enough to learn a name.
    """

    id: str
    amount: Money
    fee: Money
    lines: tuple[QuoteLine, ...] = ()
    payer: str = ""

    @property
    def total(self) -> Money:
        """What the citizen pays."""
        return self.amount + self.fee


class Submission(Struct, frozen=True):
    """A finished request to the central system, delivered at least once and carried out once (by ``reference``).

    ``subject`` is the person whom it is about where that is not ``citizen``, who asks for it.
    """

    reference: str
    service_id: str
    answers: dict[str, str]
    made_at_ms: int
    language: str
    citizen: Citizen | None = None
    quote_id: str = ""
    payment: Authorisation | None = None
    cash: CashPayment | None = None
    subject: Citizen | None = None

    @property
    def paid(self) -> Money | None:
        """What came in, by card and in notes; None where nothing was paid."""
        if self.payment is None:
            return self.cash.total if self.cash else None
        return self.payment.amount + self.cash.total if self.cash else self.payment.amount


class Claim(Struct, frozen=True):
    """Money in doubt or not given for: the centre's staff settle it. ``kind`` is ``unresolved`` or ``undelivered``.

    A third kind asks for nothing: ``collection`` tells that the cash box was taken out; ``evidence`` holds what was counted.

    A fourth, ``unregistered``, is about a payment that stands: its sale must be registered with the tax service by hand.

    ``cash`` are the notes that are in the box for certain, ``doubtful`` the one of which nobody can tell.
    """

    reference: str
    kind: str
    service_id: str
    amount: Money
    evidence: str
    made_at_ms: int
    language: str
    answers: dict[str, str] = {}
    citizen: Citizen | None = None
    payment: Authorisation | None = None
    cash: CashPayment | None = None
    doubtful: Note | None = None


class Acceptance(Struct, frozen=True):
    """The central system's answer to a submission.

    ``document`` is the text of a slip (lines ready to print in the citizen's language); ``verification_url`` is its QR.
    """

    receipt_number: str
    document: tuple[str, ...] = ()
    verification_url: str = ""
