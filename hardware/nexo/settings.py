"""The terminal's table in kiosk.toml, where it speaks nexo."""

from __future__ import annotations

from typing import Annotated

import msgspec

from hardware.http_post import require_safe_address

Seconds = Annotated[float, msgspec.Meta(gt=0, le=900)]
Word = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]

MINOR_DIGITS = {"AZN": 2, "EUR": 2, "GEL": 2, "TRY": 2, "USD": 2}
"""Currencies and their decimals (ISO 4217)."""


class NexoTimings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How long to wait. The protocol has no times of its own; terminals give up a payment without a card after 60 to 120 s."""

    connect_timeout_s: Seconds = 2.5
    health_limit_s: Seconds = 2.7
    enquiry_limit_s: Seconds = 12.0
    """One status or diagnosis."""
    pay_limit_s: Seconds = 300.0
    abort_limit_s: Seconds = 5.0
    abort_again_s: Seconds = 3.0
    """A payment that goes on after an abort is asked to end anew: the abort may have come before it."""
    reversal_limit_s: Seconds = 90.0
    batch_limit_s: Seconds = 300.0
    recovery_limit_s: Seconds = 120.0
    """Until a terminal that is away or busy has told what became of a payment."""
    retry_first_s: Seconds = 0.5
    retry_longest_s: Seconds = 5.0
    """Pauses between two attempts to ask it: the first, doubled each time, to the longest."""
    not_found_pause_s: Seconds = 3.0
    """Before a payment that the terminal does not know is asked for once more: it may still have been on its way."""


class NexoSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A terminal that takes nexo Retailer 3.0 messages in JSON by HTTP POST."""

    port: str
    """Its address: https://…, or http://… on this machine or on a private network, which must then be a cable of its own."""
    sale_id: Word
    """This kiosk, as the terminal knows it."""
    poi_id: Word
    """The terminal's own name (POIID), often model and serial number."""
    currency: str = "AZN"
    ca_file: str = ""
    """With https: the one authority, or the terminal's own certificate, to trust."""
    reversals_are_final: bool = False
    """Whether the acquirer's Success says that the money is back. Where it only says that the wish was received, it stays in
    doubt, unless the answer states the amount that was given back."""
    timings: NexoTimings = NexoTimings()

    def __post_init__(self) -> None:
        if self.currency not in MINOR_DIGITS:
            raise ValueError(f"currency: expected one of {', '.join(MINOR_DIGITS)}, got {self.currency}")
        require_safe_address(self.port)

    @property
    def minor_digits(self) -> int:
        """How many decimals the currency has."""
        return MINOR_DIGITS[self.currency]
