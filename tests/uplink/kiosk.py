"""What a kiosk sends, as domain values, and an outbox in a test's hand."""

from __future__ import annotations

import itertools
from pathlib import Path

from msgspec.structs import replace

from kiosk.domain.application import Claim, Quote, Submission
from kiosk.domain.citizen import Citizen
from kiosk.domain.money import Money
from kiosk.domain.payment import Authorisation, TransactionMark
from kiosk.uplink.carrier import Carrier
from kiosk.uplink.client import HttpCentral
from kiosk.uplink.letters import Cipher, DeadLetter
from kiosk.uplink.outbox import Outbox

AYGUN = Citizen("AA0000001", "7ABC1D2", "MAMMADOVA", "AYGUN", "1990-01-01", "F", "2030-01-01", "AZE", "AZE")
_count = itertools.count(1)


def a_payment(amount: Money) -> Authorisation:
    """Return an approved sale."""
    mark = TransactionMark("0007", "000123", "0009", "101500", "1124")
    return Authorisation(amount, mark, "A1B2C3", "00000001", masked_pan="1234")


def a_quote(client: HttpCentral) -> Quote:
    """Ask what the fine costs that a_paid pays."""
    return client.quote("traffic-fine", {"plate": "10AB123", "ticket": "20260004"}, None, "az")


def a_certificate() -> Submission:
    """Return a submission that needs no quote."""
    number = next(_count)
    return Submission(f"K1-C{number:05d}", "residence-certificate", {}, 1_790_000_000_000 + number, "az", AYGUN)


def a_paid(total: Money, quote_id: str) -> Submission:
    """Return a paid submission."""
    answers = {"plate": "10AB123", "ticket": "20260004"}
    return replace(
        a_certificate(), service_id="traffic-fine", answers=answers, quote_id=quote_id, payment=a_payment(total)
    )


def a_claim(kind: str = "unresolved", evidence: str = "the line was cut") -> Claim:
    """Return a claim."""
    return Claim(f"K1-D{next(_count):05d}", kind, "electricity", Money(2400), evidence, 1_790_000_000_000, "az")


class Hand:
    """An outbox with a clock that stands until it is moved, the longest of all waits, and its dead letters."""

    def __init__(self, path: Path, cipher: Cipher, carrier: Carrier) -> None:
        self.path, self.cipher, self.carrier = path, cipher, carrier
        self.now_ms, self.now_s = 1_790_000_000_000, 0.0
        self.dead: list[DeadLetter] = []
        self.box = self.open()

    def open(self) -> Outbox:
        """Open the outbox's file (again)."""
        return Outbox(
            self.path,
            self.cipher,
            self.carrier,
            report=self.dead.append,
            clock_ms=lambda: self.now_ms,
            clock_s=lambda: self.now_s,
            dice=lambda: 1.0,
        )

    def later(self, seconds: float) -> None:
        """Let time pass, on both clocks."""
        self.now_s += seconds
        self.now_ms += int(seconds * 1000)

    def deliver(self) -> int:
        """Let a minute pass, so that new messages are no longer held for their journeys, and deliver."""
        self.later(60)
        return self.box.deliver_due()
