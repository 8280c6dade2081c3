"""What the state's fiscal register says."""

from __future__ import annotations

from kiosk.domain.fiscal import FiscalDocument
from kiosk.domain.money import Money
from kiosk.journey.event import Event


class SaleRegistered(Event, frozen=True):
    """The sale is registered: this is its document."""

    order: int
    document: FiscalDocument


class SaleNotRegistered(Event, frozen=True):
    """There is no document, for certain. ``reason`` is one of ``domain.fiscal.REASONS``."""

    order: int
    reason: str
    evidence: str = ""


class SaleUnresolved(Event, frozen=True):
    """Nobody knows yet whether there is a document."""

    order: int
    evidence: str


class FiscalDayClosed(Event, frozen=True):
    """The register's shift was closed in the night. ``problem``: "", differs, refused, unresolved; ``expected``: by the journal.

    ``first`` to ``last``: the numbers of the shift's documents. ``doubtful``: sales of which nobody could tell.
    ``unsent``: documents that the tax service has not got yet.
    """

    number: int = 0
    first: int = 0
    last: int = 0
    count: int = 0
    amount: Money = Money(0)
    expected_count: int = 0
    expected: Money = Money(0)
    doubtful: int = 0
    unsent: int = 0
    problem: str = ""


FiscalEvent = SaleRegistered | SaleNotRegistered | SaleUnresolved | FiscalDayClosed
