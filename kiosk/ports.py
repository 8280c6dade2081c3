"""What the kiosk needs of the world: one Protocol per device, over domain types.

Rules every driver keeps (``hardware.conformance`` tests them):

* Opening never fails because the device is away: a driver reconnects by itself, and says ``DeviceAbsent`` when asked to work.
* Every call returns or raises within its time-out; ``cancel()`` (from any thread) ends a wait early.
* Expected outcomes are values. Faults are ``DeviceFault`` subclasses; nothing else escapes a driver.
* A driver decides nothing: it does not retry what could charge, stack or print twice.
* ``health()`` is cheap (no long dialogue), ``self_test()`` is thorough; neither disturbs work in progress: the crew
  calls all methods of one device from one thread, except ``cancel()`` and what says otherwise.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from kiosk.domain.access_key import Misread, MrzKey
from kiosk.domain.application import Acceptance, Claim, Quote, Submission
from kiosk.domain.cash import NoteOutcome
from kiosk.domain.citizen import Citizen
from kiosk.domain.fiscal import DayOutcome, RegisterOutcome, Sale
from kiosk.domain.health import Health, SelfTest
from kiosk.domain.matter import Copy, Matter
from kiosk.domain.money import Money
from kiosk.domain.payment import (
    Approved,
    Authorisation,
    BatchTotals,
    Cancelled,
    Capabilities,
    Declined,
    PaymentOutcome,
    TransactionMark,
    Unresolved,
)
from kiosk.domain.receipt import PrintOutcome, Receipt, Supply
from kiosk.domain.secret import Secret
from kiosk.domain.signals import CardRefusal, Lamp, LampPattern, PanelReading, Progress
from kiosk.domain.technician import Technician, TechnicianRefusal


class Device(Protocol):
    """What every device can do."""

    def health(self) -> Health:
        """Say how the device is, now, in at most 3 s."""
        ...

    def self_test(self) -> SelfTest:
        """Test everything that can be tested without a person, in at most 30 s. Never raises: a fault is a failed check."""
        ...

    def cancel(self) -> None:
        """End the wait in progress, if any, from any thread. The call in progress returns its cancelled value."""
        ...

    def close(self) -> None:
        """Let go of the wire."""
        ...


class CardReader(Device, Protocol):
    """Reads electronic identity cards (ICAO Doc 9303-10 and -11) through PC/SC."""

    def wait_for_card(self, timeout_s: float) -> bool:
        """Wait until a card lies in any reader: True; False on time-out or cancel. Raises DeviceFault without a reader or service."""
        ...

    def read_citizen(self, access_key: Secret) -> Citizen | CardRefusal:
        """Open the card with its six-digit CAN, or an ``access_key.MrzKey``, and read its holder, all from one session.

        A wrong key is tried once. A card without PACE is opened by its MrzKey alone.
        """
        ...

    def wait_for_removal(self, timeout_s: float) -> bool:
        """Wait until no card lies in any reader: True; False on time-out or cancel."""
        ...

    def watch(self, report: Callable[[], None] | None) -> None:
        """Call ``report`` once, from any thread, when a card comes that is not the one ``read_citizen`` read last; None ends that.

        From any thread, at once; a later watch takes the place of an earlier one. The card that was read may stay or go. One that
        came between its reading and this call counts, and so does one that is gone again, and its like: what was put in anew is
        nobody's before it is read. While no reader is there nothing is reported; of a card in a reader that was away nobody
        knows whose it is, so it counts. Disturbs no other call and is not ended by ``cancel``.
        """
        ...

    def authenticate_technician(self, pin: Secret, *, last_try: str = "") -> Technician | TechnicianRefusal:
        """Have the technician's card in a reader prove itself (PIV, slot 9A) with its holder's PIN, which is wiped.

        A card that is no technician's of the operator's is never given the PIN. Its last try is spent only where ``last_try`` is its certificate's
        serial number, as the refusal told it.
        """
        ...

    def renew_revocations(self, newest: bytes) -> str:
        """Keep a newer revocation list (DER) of technicians' certificates; "" or why it is not taken. From any thread.

        What is kept is replaced only by a list that the operator's authority has signed, with a higher number.
        """
        ...


class MrzScanner(Device, Protocol):
    """Sees the machine readable zone of a card held to it, and gives the key that it spells."""

    def next_zone(self, timeout_s: float) -> MrzKey | Misread | None:
        """Wait for a zone: its key, once all its check digits are right; Misread for anything else that was seen; None on time-out or cancel.

        What was seen while nobody waited does not count. Raises DeviceFault without a scanner.
        """
        ...


class ReceiptPrinter(Device, Protocol):
    """Prints receipts and says what became of them."""

    def print(self, receipt: Receipt) -> PrintOutcome:
        """Print one receipt and cut it. Printed is said only when the printer acknowledged the cut. Never raises DeviceFault."""
        ...

    def abandon(self) -> None:
        """Know that half a paper may be left from before the start: it is cut off before anything else. At once, from any thread."""
        ...

    def supply(self) -> Supply:
        """Say how the roll stands, by what was counted. At once, from any thread; never raises."""
        ...


class DocumentPrinter(Device, Protocol):
    """Prints the centre's documents on A4 and says what became of them. Nothing of a document is ever on disk."""

    def print_document(self, pdf: bytes, reference: str) -> PrintOutcome:
        """Print one PDF. ``reference`` is all that the printer is told about it. Printed only when the printer said so. Never raises DeviceFault.

        NotStarted("unprintable") for what is no document of a few pages. A document is sent once: what nobody knows of is Partial.
        """
        ...


class PaymentTerminal(Device, Protocol):
    """Takes card payments in two steps: what `pay` approved stands only when `settle` has acknowledged it.

    The order of things is what keeps money safe: ``last_transaction()`` → journal → ``pay()`` → journal → ``settle()``.
    After a crash or a lost line nothing is repeated: ``outcome_of()`` asks what happened.
    """

    def capabilities(self) -> Capabilities:
        """Say what this terminal can do. At once, without asking it; never raises."""
        ...

    def last_transaction(self) -> TransactionMark:
        """Ask which transaction the terminal did last. Raises DeviceFault if it cannot be asked: then no payment starts."""
        ...

    def pay(self, amount: Money, reference: str, on_progress: Callable[[Progress], None]) -> PaymentOutcome:
        """Ask the citizen for the amount. Returns Approved *before* acknowledging it: the caller journals, then settles.

        A lost line, a silent terminal, an amount or currency that differs from what was asked: Unresolved. Never raises
        once the first byte of the payment has left; before that a DeviceFault means nothing was taken.
        """
        ...

    def settle(self, reference: str) -> Approved | Cancelled | Unresolved:
        """Acknowledge the approval held open by `pay` and wait for the end. Cancelled: the terminal has reversed it."""
        ...

    def outcome_of(self, reference: str, amount: Money, before: TransactionMark) -> PaymentOutcome:
        """Find out what became of a payment: compare the last transaction with the mark journalled before it.

        Same mark: Cancelled (nothing was taken). New mark, approved, same amount: Approved (it stands, nothing to settle).
        Anything else, or no answer: Unresolved.
        """
        ...

    def reverse(self, authorisation: Authorisation) -> Cancelled | Unresolved | Declined:
        """Give the money back by receipt number. Cancelled: it is back. Declined: the terminal refuses, the sale stands."""
        ...

    def close_batch(self) -> BatchTotals | Declined | Unresolved:
        """Have the terminal settle the day's sales with its acquirer. Afterwards they cannot be reversed by receipt number.

        Declined: the batch is still open. Unresolved: nobody knows; no sale is in doubt for that. DeviceFault, also while an
        approval waits to be settled, means that nothing was asked of the terminal.
        """
        ...


class CashAcceptor(Device, Protocol):
    """Takes banknotes one at a time, in three steps: held in escrow, stacked, acknowledged.

    The order of things is what keeps money safe: ``next_note()`` → journal → ``stack()`` → journal → ``acknowledge()``. Notes are
    accepted only while ``next_note`` runs; at any other time the acceptor is disabled and its slot refuses everything.
    After a crash nothing is repeated: ``outcome_of_note()`` asks what happened to the one note that was open.
    """

    def next_note(self, most: Money, timeout_s: float) -> Money | None:
        """Accept one note of at most ``most`` and hold it in escrow: its value. None on time-out, on cancel, or given back by itself.

        Returns with the acceptor disabled for further notes. Raises DeviceFault if it cannot accept (cash box full or out, jam, absent).
        """
        ...

    def hold(self, timeout_s: float) -> bool:
        """Keep the note in escrow while the citizen thinks: True when it still lies there at time-out or cancel, False once it went back."""
        ...

    def stack(self, value: Money) -> NoteOutcome:
        """Take the note in escrow. Returns Stacked *before* acknowledging it: the caller journals, then acknowledges.

        A jam, a lost line, silence after the command left: Unresolved. Never raises once the command's first byte has left; before
        that a DeviceFault means that the note was not taken.
        """
        ...

    def acknowledge(self) -> None:
        """Tell the acceptor that the stacked note is on disk. Safe to repeat; DeviceFault changes nothing about the note."""
        ...

    def give_back(self) -> NoteOutcome:
        """Return the note in escrow. Returned: it is out. Stacked: the acceptor says it was stacked after all."""
        ...

    def outcome_of_note(self, value: Money, *, stacking: bool) -> NoteOutcome:
        """Find out, after a power cut or a lost line, what became of the one open note.

        ``stacking``: whether the journal says that ``stack()`` was ordered. Without that a note can only have gone back; with it the
        acceptor's power-up states decide, and what they cannot tell is Unresolved. Ends with the acceptor reset and disabled.
        """
        ...


class FiscalRegister(Device, Protocol):
    """Writes sales into the state's register (e-kassa). The money is taken already: nothing here can take or give any."""

    def register(self, sale: Sale) -> RegisterOutcome:
        """Register a sale. A reference that the register knows already gets its first document again, never a second one.

        Refused: there is no document. Unresolved: nobody knows. A DeviceFault means that no document was asked for.
        """
        ...

    def outcome_of(self, sale: Sale) -> RegisterOutcome:
        """Find out what became of a sale, by its reference. Refused("not_made"): the register answers and does not know it."""
        ...

    def close_day(self) -> DayOutcome:
        """Close the shift. Refused: it was not; Unresolved: nobody knows; DeviceFault: that was not asked for."""
        ...


class Panel(Device, Protocol):
    """Door switch, presence sensor, mains sensor and guide lamps."""

    def light(self, lamp: Lamp, pattern: LampPattern) -> None:
        """Set one guide lamp."""
        ...

    def watch(self, report: Callable[[PanelReading], None]) -> None:
        """Call ``report`` (from any thread, debounced) with the reading now and at each change."""
        ...


class CentralApi(Protocol):
    """The central system, as the kiosk uses it. Raises CentralUnreachable or CentralRefused, nothing else."""

    def quote(self, service_id: str, answers: dict[str, str], citizen: Citizen | None, language: str) -> Quote:
        """Ask what is due. A malformed answer is CentralRefused("malformed", …), never a half-read quote."""
        ...

    def submit(self, submission: Submission) -> Acceptance:
        """Deliver a submission. Safe to repeat: the reference is the Idempotency-Key."""
        ...

    def claim(self, claim: Claim) -> None:
        """Deliver a claim. Safe to repeat likewise."""
        ...

    def matters(self, code: str, citizen: Citizen | None) -> tuple[Matter, ...]:
        """Ask how the matter with this code stands, or the card holder's last ones, newest first. Unknown code: CentralRefused."""
        ...

    def document(self, receipt_number: str) -> bytes:
        """Return the signed A4 document of a submission of this kiosk as PDF, 2 MiB at most.

        CentralRefused("not-found") where there is none, or no longer for this kiosk; CentralUnreachable for what is no whole PDF.
        """
        ...

    def copy(self, key: str, reference: str, code: str, citizen: Citizen | None) -> Copy:
        """Ask for a paper once more, by its code or as its holder. The centre counts it; the same ``key`` is the same copy."""
        ...

    def health(self) -> Health:
        """Say whether the central system answers, and how fast."""
        ...
