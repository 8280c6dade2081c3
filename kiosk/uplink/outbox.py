"""The outbox: what the centre must get, kept until it has it, through power cuts and weeks without a line.

At least once from here, once there: the reference is the Idempotency-Key. Messages go in the order they were put. While the
line is down only the oldest is tried, after waits that grow to a quarter of an hour, with full jitter; when one gets through,
the rest follow at once. What the centre refuses for good becomes a dead letter: reported, kept, and in nobody's way. If money
was taken for it and the citizen has gone, a claim takes its place in the same transaction.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import msgspec
from msgspec import Struct

from kiosk.domain.application import Acceptance, Claim, Submission
from kiosk.domain.faults import CentralRefused, CentralUnreachable, JournalFault
from kiosk.log import logger, place_of
from kiosk.uplink.messages import PROBLEMS
from kiosk.uplink.pigeonholes import Kind, Letter, Pigeonholes, place
from kiosk.uplink.verdicts import FINAL, CentralBusy

BATCH = 50
BASE_WAIT_S = 5.0
LONGEST_WAIT_S = 900.0
SHORTEST_WAIT_S = 1.0
RETRY_AFTER_AT_MOST_S = 3600.0
HOLD_S = 60.0
"""How long a new message is left to ``try_now``, so that the journey that made it hears the answer first."""
DELIVERY_TIMEOUT_S = 20.0
LONGEST_SLEEP_S = 60.0
UNREADABLE = "unreadable"
"""The problem of a dead letter whose seal does not open."""


class Cipher(Protocol):
    """Seals messages. ``aad`` binds a message to its place; ``unseal`` raises JournalFault if it was altered or moved."""

    def seal(self, plain: bytes, aad: bytes) -> bytes:
        """Return the sealed form of ``plain``."""
        ...

    def unseal(self, sealed: bytes, aad: bytes) -> bytes:
        """Return what was sealed."""
        ...


class Carrier(Protocol):
    """What delivers: HttpCentral. Raises CentralRefused or CentralUnreachable, nothing else."""

    def submit(self, submission: Submission, timeout_s: float | None = None) -> Acceptance:
        """Deliver a submission."""
        ...

    def claim(self, claim: Claim, timeout_s: float | None = None) -> None:
        """Deliver a claim."""
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


def ignore(_letter: DeadLetter) -> None:
    """Report to nobody."""


def wall_ms() -> int:
    """Return the wall time: waits must outlive the process, so they cannot be in boot time."""
    return time.time_ns() // 1_000_000


class Outbox:
    """Keeps and delivers. All methods may be called from any thread."""

    def __init__(
        self,
        path: Path,
        cipher: Cipher,
        carrier: Carrier,
        *,
        report: Callable[[DeadLetter], None] = ignore,
        clock_ms: Callable[[], int] = wall_ms,
        dice: Callable[[], float] = random.random,
    ) -> None:
        """Open or make the outbox. ``report`` is called from the delivering thread. JournalFault if it cannot be used."""
        self._holes = Pigeonholes(path)
        self._cipher, self._carrier, self._report = cipher, carrier, report
        self._clock_ms, self._dice = clock_ms, dice
        self._wake, self._stopping = threading.Event(), threading.Event()
        self._thread: threading.Thread | None = None

    def put_submission(self, submission: Submission) -> None:
        """Keep a submission for good; when this returns, a power cut cannot take it back. Putting it again changes nothing."""
        self._put("submission", submission.reference, msgspec.json.encode(submission))

    def put_claim(self, claim: Claim) -> None:
        """Keep a claim likewise. Of two claims with one reference the first counts."""
        self._put("claim", claim.reference, msgspec.json.encode(claim))

    def _put(self, kind: Kind, reference: str, body: bytes) -> None:
        sealed = self._cipher.seal(body, place(kind, reference))
        self._holes.put(kind, reference, sealed, self._clock_ms(), int(HOLD_S * 1000))
        self._wake.set()

    def try_now(self, reference: str, timeout_s: float, kind: Kind | None = None) -> Acceptance | None:
        """Deliver one message now, whatever it waits for; without a kind, the one of this reference that was put last.

        Returns the Acceptance of a submission (of one that was delivered before, its receipt number alone), None for a
        claim. CentralUnreachable: it stays and will be delivered. CentralRefused: it will never be tried again.
        LookupError if there is no such message.
        """
        letter = self._holes.find(reference, kind)
        if letter is None:
            raise LookupError(f"nothing with reference {reference} was put")
        if letter.state == "delivered":
            return Acceptance(letter.receipt_number) if letter.kind == "submission" else None
        if letter.state == "refused":
            raise CentralRefused(letter.problem, "refused before", PROBLEMS.get(letter.problem, 400))
        try:
            return self._deliver(letter, timeout_s, claim=False)
        finally:
            self._wake.set()

    def deliver_due(self, now_ms: int | None = None) -> int:
        """Deliver what is due, oldest first, at most one batch; return how many were delivered."""
        delivered = 0
        for letter in self._holes.due(self._clock_ms() if now_ms is None else now_ms, BATCH):
            if self._stopping.is_set():
                break
            try:
                self._deliver(letter, DELIVERY_TIMEOUT_S, claim=True)
            except CentralRefused:
                continue
            except CentralUnreachable as fault:
                if shared(fault):
                    break
                continue
            delivered += 1
        return delivered

    def _deliver(self, letter: Letter, timeout_s: float, *, claim: bool) -> Acceptance | None:
        try:
            message = self._open(letter)
            acceptance = self._send(message, timeout_s)
        except CentralRefused as refused:
            if refused.type in FINAL:
                self._bury(letter, message, refused.type, claim=claim)
                raise
            fault = CentralUnreachable(f"{letter.reference} waits: {refused}")
            self._postpone(letter, fault, refused.type)
            raise fault from refused
        except CentralUnreachable as fault:
            self._postpone(letter, fault, "unreachable")
            raise
        except JournalFault as fault:
            self._bury(letter, None, UNREADABLE, claim=False)
            raise CentralRefused(UNREADABLE, str(fault), 0) from fault
        self._holes.delivered(letter, acceptance.receipt_number if acceptance else "")
        return acceptance

    def _open(self, letter: Letter) -> Submission | Claim:
        body = self._cipher.unseal(letter.sealed or b"", letter.place)
        try:
            if letter.kind == "claim":
                return msgspec.json.decode(body, type=Claim)
            return msgspec.json.decode(body, type=Submission)
        except msgspec.DecodeError as error:
            raise JournalFault(f"{letter.kind} {letter.reference}: {error}") from None

    def _send(self, message: Submission | Claim, timeout_s: float) -> Acceptance | None:
        if isinstance(message, Submission):
            return self._carrier.submit(message, timeout_s)
        self._carrier.claim(message, timeout_s)
        return None

    def _postpone(self, letter: Letter, fault: CentralUnreachable, problem: str) -> None:
        asked_s = fault.retry_after_s if isinstance(fault, CentralBusy) else None
        wait_s = wait_of(letter.attempts, asked_s, self._dice())
        self._holes.postpone(letter, self._clock_ms(), int(wait_s * 1000), problem, line=shared(fault))

    def _bury(self, letter: Letter, message: Submission | Claim | None, problem: str, *, claim: bool) -> None:
        """Make a dead letter. With ``claim``, nobody is there any more to give the money back to: staff must."""
        body = None
        if claim and isinstance(message, Submission) and message.payment is not None:
            body = self._sealed_claim(message, problem)
        self._holes.refuse(letter, problem, body, self._clock_ms())
        logger().error("dead_letter", kind=letter.kind, reference=letter.reference, reason=problem)
        self._report(DeadLetter(letter.kind, letter.reference, problem, body is not None))

    def stand_ready(self) -> None:
        """Prove in one real write transaction that something could be kept now. JournalFault if not."""
        self._holes.touch()

    def claim_refused(self, reference: str) -> bool:
        """Put the claim about a refused, paid submission whose journey no longer listens; once. Say whether there was one."""
        letter = self._holes.find(reference, "submission")
        if letter is None or letter.state != "refused" or letter.sealed is None:
            return False
        message = self._open(letter)
        if not isinstance(message, Submission) or message.payment is None:
            return False
        self._holes.put_once("claim", reference, self._sealed_claim(message, letter.problem), self._clock_ms())
        self._holes.erase(letter)
        self._wake.set()
        return True

    def settled_otherwise(self, reference: str) -> None:
        """Erase a refused submission's body: its money went back."""
        letter = self._holes.find(reference, "submission")
        if letter is not None and letter.state == "refused":
            self._holes.erase(letter)

    def _sealed_claim(self, message: Submission, problem: str) -> bytes:
        filed = msgspec.json.encode(claim_for(message, problem))
        return self._cipher.seal(filed, place("claim", message.reference))

    def pending(self) -> Pending:
        """Say how much waits, and for how long the oldest has."""
        waiting = self._holes.waiting()
        oldest_ms = waiting.oldest_put_at_ms
        age_s = 0.0 if oldest_ms is None else max(0.0, (self._clock_ms() - oldest_ms) / 1000)
        return Pending(waiting.count, age_s, waiting.refused, waiting.last_problem)

    def start(self) -> None:
        """Begin delivering in the background. Call it when the journal has been replayed: recovery comes first."""
        if self._thread is None:
            self._stopping.clear()
            self._thread = threading.Thread(target=self._run, name="outbox", daemon=True)
            self._thread.start()

    def stop(self, timeout_s: float = DELIVERY_TIMEOUT_S + 1) -> None:
        """End the background thread; a delivery in progress is waited for. What waits, waits."""
        self._stopping.set()
        self._wake.set()
        thread, self._thread = self._thread, None
        if thread is not None:
            thread.join(timeout_s)

    def close(self) -> None:
        """Stop, and close the database."""
        self.stop()
        self._holes.close()

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._wake.clear()
            try:
                self.deliver_due()
                due_ms = self._holes.next_due_ms(self._clock_ms())
            except JournalFault as fault:
                logger().error("outbox_fault", error=str(fault))
                due_ms = None
            except Exception as defect:  # noqa: BLE001 - whatever it is, what waits must not wait for ever
                logger().error("outbox_defect", error=place_of(defect))
                due_ms = None
            sleep_s = LONGEST_SLEEP_S if due_ms is None else min(LONGEST_SLEEP_S, due_ms / 1000)
            self._wake.wait(max(sleep_s, 0.05))


def shared(fault: CentralUnreachable) -> bool:
    """Say whether every message would fail the same way. A 500 may be about one message alone: the others go on."""
    return not (isinstance(fault, CentralBusy) and fault.status == 500)


def wait_of(attempts: int, asked_s: float | None, dice: float) -> float:
    """Return how long to wait after a failure: full jitter (``dice`` in 0..1) over a doubling bound; longer if asked to."""
    bound_s = min(LONGEST_WAIT_S, BASE_WAIT_S * (1 << min(attempts, 16)))
    return max(SHORTEST_WAIT_S, dice * bound_s, min(asked_s or 0.0, RETRY_AFTER_AT_MOST_S))


def claim_for(submission: Submission, problem: str) -> Claim:
    """Return the claim about a paid submission that the centre refuses."""
    payment = submission.payment
    if payment is None:
        raise ValueError(f"{submission.reference} took no money")
    return Claim(
        reference=submission.reference,
        kind="undelivered",
        service_id=submission.service_id,
        amount=payment.amount,
        evidence=f"paid, and refused by the centre on a later delivery: {problem}",
        made_at_ms=submission.made_at_ms,
        language=submission.language,
        answers=submission.answers,
        citizen=submission.citizen,
        payment=payment,
    )
