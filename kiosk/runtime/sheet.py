"""A sheet: what a block of a paper may use: the words in one or two languages, and what the paper is about."""

from __future__ import annotations

from msgspec import Struct

from kiosk.domain.cash import Collection
from kiosk.domain.health import SelfTest
from kiosk.domain.money import Money
from kiosk.domain.receipt import Picture
from kiosk.domain.technician import Technician
from kiosk.journey.state import Journey
from kiosk.journey.state_cash import Told
from kiosk.language import Language


class Letterhead(Struct, frozen=True, forbid_unknown_fields=True):
    """What stands at the head and foot of every paper: ``config/receipts/letterhead.toml``. Texts in every language."""

    organisation: dict[str, str]
    place: dict[str, str]
    taxpayer_number: str
    phone: str


class Sheet(Struct, frozen=True):
    """``first`` is Azerbaijani where the paper is in two languages: an office in the country must be able to read it."""

    kind: str
    words: Language
    first: Language | None
    head: Letterhead
    kiosk_id: str
    now_ms: int
    version: str = ""
    copy: int = 0
    reference: str = ""
    at_ms: int = 0
    journey: Journey | None = None
    tests: tuple[SelfTest, ...] = ()
    collection: Collection | None = None
    told: Told = "done"
    logo: Picture | None = None
    titles: dict[str, dict[str, str]] = {}
    by: Technician | None = None

    @property
    def language(self) -> str:
        """The code of the citizen's language."""
        return self.words.code

    def text(self, message_id: str, **values: str) -> str:
        """Return a message in the citizen's language."""
        return self.words.text(message_id, **values)

    def both(self, message_id: str, **values: str) -> str:
        """Return a message in Azerbaijani and the citizen's language, once where they are the same."""
        own = self.text(message_id, **values)
        native = self.first.text(message_id, **values) if self.first else own
        return own if own == native else f"{native}\u00a0/ {own}"

    def money(self, amount: Money) -> str:
        """Return an amount as it stands on paper."""
        return self.words.money(amount, paper=True)

    def moment(self, at_ms: int) -> str:
        """Return date and time as they stand on paper."""
        return f"{self.words.date(at_ms)} {self.words.time(at_ms)}"
