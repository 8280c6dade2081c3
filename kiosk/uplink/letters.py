"""What lies in the outbox: messages sealed into parcels, told apart by digest, and opened again."""

from __future__ import annotations

import hashlib
from typing import Protocol

import msgspec
from msgspec import Struct

from kiosk.domain.application import Claim, Submission
from kiosk.domain.faults import JournalFault
from kiosk.domain.fiscal import Registration
from kiosk.uplink.pigeonholes import Kind, Letter, Parcel, place

Message = Submission | Claim | Registration
KINDS: dict[Kind, type[Message]] = {"submission": Submission, "claim": Claim, "registration": Registration}


class Cipher(Protocol):
    """Seals messages. ``aad`` binds a message to its place; ``unseal`` raises JournalFault if it was altered or moved."""

    def seal(self, plain: bytes, aad: bytes) -> bytes:
        """Return the sealed form of ``plain``."""
        ...

    def unseal(self, sealed: bytes, aad: bytes) -> bytes:
        """Return what was sealed."""
        ...


class DeadLetter(Struct, frozen=True):
    """A message that the centre will never take. ``claimed``: a claim about its money was put in its place."""

    kind: Kind
    reference: str
    problem: str
    claimed: bool


class Pending(Struct, frozen=True):
    """What waits. ``problem`` is the last failure's word; ``refused`` counts the dead letters."""

    count: int
    oldest_age_s: float
    refused: int
    problem: str


def parcel_of(message: Message, cipher: Cipher) -> Parcel:
    """Seal a message for its place."""
    kind = next(kind for kind, made in KINDS.items() if isinstance(message, made))
    sealed = cipher.seal(encoded(message), place(kind, message.reference))
    return Parcel(kind, message.reference, sealed, digest_of(message))


def message_in(letter: Letter, cipher: Cipher) -> Message:
    """Open a letter. JournalFault if its seal does not open, or if what is inside is no message."""
    body = cipher.unseal(letter.sealed or b"", letter.place)
    try:
        return msgspec.json.decode(body, type=KINDS[letter.kind])
    except msgspec.DecodeError as error:
        raise JournalFault(f"{letter.kind} {letter.reference}: {error}") from None


def digest_of(message: Message) -> bytes:
    """Return the SHA-256 of what makes a message this one and no other.

    Of a submission that is all of it: a journey that goes on after a power cut puts the very same again; so does a register
    that is asked. Of a claim it is what it is about; its evidence and time may be others when it is put again.
    """
    if not isinstance(message, Claim):
        return hashlib.sha256(encoded(message)).digest()
    about = (message.kind, message.service_id, message.amount, message.citizen, message.answers)
    return hashlib.sha256(encoded(about)).digest()


def encoded(value: object) -> bytes:
    """Return a value as JSON; equal values give equal bytes."""
    return msgspec.json.encode(value, order="deterministic")


def holds_money(message: Message) -> bool:
    """Say whether a message is about money that was taken, or may have been."""
    return isinstance(message, Claim) or (isinstance(message, Submission) and message.paid is not None)


def claim_for(submission: Submission, problem: str) -> Claim:
    """Return the claim about a paid submission that the centre refuses."""
    paid = submission.paid
    if paid is None:
        raise ValueError(f"{submission.reference} took no money")
    return Claim(
        reference=submission.reference,
        kind="undelivered",
        service_id=submission.service_id,
        amount=paid,
        evidence=f"paid, and refused by the centre on a later delivery: {problem}",
        made_at_ms=submission.made_at_ms,
        language=submission.language,
        answers=submission.answers,
        citizen=submission.citizen,
        payment=submission.payment,
        cash=submission.cash,
    )
