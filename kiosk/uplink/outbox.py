"""The outbox: what the centre must get, kept until it has it, through power cuts and weeks without a line.

At least once from here, once there: the reference is the Idempotency-Key. Submissions and claims go in the order they were
put, and registered sales after them, the least tried first. While the line is down only the first of all is tried, after
waits that grow to a quarter of an hour, with full jitter; when one gets through, the rest follow at once. A centre that takes
no registered sales is asked likewise, and holds up nothing else. What fails for a reason of its own waits by itself, and the
rest go on. What the centre refuses for good becomes a dead letter: reported, known by its reference, and in nobody's way. If
money was taken for it and the citizen has gone, a claim takes its place in the same transaction; if he has not, its body is
kept until the money is settled.

One reference is one message for ever: what is put under a reference that stands for another message is not kept.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from pathlib import Path

from kiosk.domain.application import Acceptance, Claim, Submission
from kiosk.domain.faults import CentralRefused, CentralUnreachable, JournalFault
from kiosk.domain.fiscal import Registration
from kiosk.log import logger, place_of
from kiosk.uplink.carrier import Carrier, carry
from kiosk.uplink.hands import Hands
from kiosk.uplink.letters import Cipher, DeadLetter, Message, Pending, claim_for, holds_money, message_in, parcel_of
from kiosk.uplink.patience import shared, wait_of
from kiosk.uplink.pigeonholes import Kind, Letter, Pigeonholes
from kiosk.uplink.problems import PROBLEMS
from kiosk.uplink.verdicts import FINAL, CentralBusy, CentralUnreadable

BATCH = 50
HOLD_S = 60.0
"""How long a new message is left to ``try_now``, so that the journey that made it hears the answer first."""
DELIVERY_TIMEOUT_S = 20.0
LONGEST_SLEEP_S = 60.0
SHORTEST_SLEEP_S = 0.05
BUSY_SLEEP_S = 1.0
SHORTEST_TRY_S = 0.1
REPORT_EVERY = 5
"""After how many failures of its own, each time, a message is reported."""
UNREADABLE = "unreadable"
"""The problem of a dead letter whose seal does not open."""


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
        clock_s: Callable[[], float] = time.monotonic,
        dice: Callable[[], float] = random.random,
    ) -> None:
        """Open or make the outbox. ``report`` is called from the delivering thread. JournalFault if it cannot be used."""
        self._holes = Pigeonholes(path)
        self._cipher, self._carrier, self._report = cipher, carrier, report
        self._clock_ms, self._dice = clock_ms, dice
        self._hands = Hands(HOLD_S, clock_s)
        self._wake, self._stopping = threading.Event(), threading.Event()
        self._thread: threading.Thread | None = None

    def put_submission(self, submission: Submission) -> None:
        """Keep a submission for good; when this returns, a power cut cannot take it back. Putting it again changes nothing.

        JournalFault if it cannot be kept, or if another submission is known by its reference, delivered or not.
        """
        self._put(submission)

    def put_claim(self, claim: Claim) -> None:
        """Keep a claim likewise. Of two claims about the same the first counts, whatever the evidence and time of the second."""
        self._put(claim)

    def put_registration(self, registration: Registration) -> None:
        """Keep a registered sale likewise. Nobody waits for the answer, so it goes as soon as it can, after what is about money."""
        self._holes.put(parcel_of(registration, self._cipher), self._clock_ms(), 0)
        self._wake.set()

    def _put(self, message: Message) -> None:
        parcel = parcel_of(message, self._cipher)
        self._hands.hold((parcel.kind, parcel.reference))
        self._holes.put(parcel, self._clock_ms(), int(HOLD_S * 1000))
        self._wake.set()

    def try_now(self, reference: str, timeout_s: float, kind: Kind | None = None) -> Acceptance | None:
        """Deliver one message now, whatever it waits for; without a kind, the one of this reference that was put last.

        Returns the Acceptance of a submission (of one that was delivered before, its receipt number alone), None for a
        claim. CentralUnreachable: it stays and will be delivered, or a claim about its money was put in its place.
        CentralRefused: it will never be tried again. LookupError if there is no such message.
        """
        letter, end_s = self._found(reference, kind), time.monotonic() + timeout_s
        try:
            with self._hands.take(letter.key, timeout_s) as mine:
                left_s = end_s - time.monotonic()
                if not mine or left_s < SHORTEST_TRY_S:
                    raise CentralUnreachable(f"{reference} is being delivered")
                return self._try(self._found(reference, letter.kind), left_s)
        finally:
            self._hands.release(letter.key)
            self._wake.set()

    def _found(self, reference: str, kind: Kind | None) -> Letter:
        letter = self._holes.find(reference, kind)
        if letter is None:
            raise LookupError(f"nothing with reference {reference} was put")
        return letter

    def _try(self, letter: Letter, timeout_s: float) -> Acceptance | None:
        if letter.state == "delivered":
            return Acceptance(letter.receipt_number) if letter.kind == "submission" else None
        if letter.state == "refused":
            if letter.kind == "submission" and letter.sealed is None and self._holes.find(letter.reference, "claim"):
                raise CentralUnreachable(f"{letter.reference} was refused, and a claim put in its place")
            raise CentralRefused(letter.problem, "refused before", PROBLEMS.get(letter.problem, 400))
        return self._deliver(letter, timeout_s, claim=False)

    def deliver_due(self, now_ms: int | None = None) -> int:
        """Deliver what is due, at most one batch, money's messages first and oldest first; return how many were delivered.

        With ``now_ms``, what would be due then, and nothing is held for a journey any more.
        """
        delivered, hold = 0, now_ms is None
        for letter in self._holes.due(self._clock_ms() if now_ms is None else now_ms, BATCH):
            if self._stopping.is_set():
                break
            try:
                delivered += self._deliver_in_turn(letter, hold=hold)
            except CentralRefused:
                continue
            except CentralUnreachable as fault:
                if shared(fault):
                    break
            except JournalFault:
                raise
            except Exception as defect:  # noqa: BLE001 - whatever it is, the others must not wait for it
                logger().error("letter_defect", kind=letter.kind, reference=letter.reference, error=place_of(defect))
                self._postpone(letter, None, "defect")
        return delivered

    def _deliver_in_turn(self, letter: Letter, *, hold: bool) -> bool:
        """Deliver a letter of a batch, unless somebody has it in hand or has dealt with it since the batch was made."""
        with self._hands.take(letter.key, 0) as mine:
            if not mine or (hold and self._hands.held(letter.key)):
                return False
            if self._holes.find(letter.reference, letter.kind) != letter:
                return False
            self._deliver(letter, DELIVERY_TIMEOUT_S, claim=True)
            return True

    def _deliver(self, letter: Letter, timeout_s: float, *, claim: bool) -> Acceptance | None:
        try:
            message = message_in(letter, self._cipher)
            acceptance = carry(self._carrier, message, timeout_s)
        except CentralRefused as refused:
            if refused.type in FINAL:
                self._bury(letter, message, refused.type, claim=claim)
                raise
            fault = CentralUnreachable(f"{letter.reference} waits: {refused}")
            self._postpone(letter, fault, refused.type)
            raise fault from refused
        except CentralUnreachable as fault:
            self._postpone(letter, fault, "garbled" if isinstance(fault, CentralUnreadable) else "unreachable")
            raise
        except JournalFault as fault:
            self._bury(letter, None, UNREADABLE, claim=False)
            raise CentralRefused(UNREADABLE, str(fault), 0) from fault
        self._holes.delivered(letter, acceptance.receipt_number if acceptance else "")
        return acceptance

    def _postpone(self, letter: Letter, fault: CentralUnreachable | None, problem: str) -> None:
        """Leave a letter for later. Without a fault, or with one that is not shared, it alone waits, and is reported at times."""
        asked_s = fault.retry_after_s if isinstance(fault, CentralBusy) else None
        line, count = fault is not None and shared(fault), letter.attempts + 1
        before = (
            max(letter.attempts, self._holes.streak()) if line and letter.kind == "registration" else letter.attempts
        )
        wait_s = wait_of(before, asked_s, self._dice())
        self._holes.postpone(letter, self._clock_ms(), int(wait_s * 1000), problem, line=line)
        if not line and count % REPORT_EVERY == 0:
            logger().error("letter_stuck", kind=letter.kind, reference=letter.reference, reason=problem, count=count)

    def _bury(self, letter: Letter, message: Message | None, problem: str, *, claim: bool) -> None:
        """Make a dead letter. With ``claim``, nobody is there any more to give the money back to: staff must.

        What no claim speaks of is kept, sealed, if money was taken for it or if that cannot be known.
        """
        filed = None
        if claim and isinstance(message, Submission) and message.paid is not None:
            filed = parcel_of(claim_for(message, problem), self._cipher)
        keep = message is None or holds_money(message)
        claimed = self._holes.refuse(letter, problem, filed, self._clock_ms(), keep=keep)
        logger().error("dead_letter", kind=letter.kind, reference=letter.reference, reason=problem)
        self._report(DeadLetter(letter.kind, letter.reference, problem, claimed))

    def stand_ready(self) -> None:
        """Prove, in one real write transaction, that a message could be kept now (law 9). JournalFault if not."""
        self._holes.touch()

    def claim_refused(self, reference: str) -> bool:
        """Put the claim about a paid submission that was refused, when its journey no longer listens; say whether it was put.

        It is not where nothing was refused, nothing was paid, a claim speaks of it already or the money went back: so calling
        it again does nothing. JournalFault if the claim cannot be kept.
        """
        letter = self._holes.find(reference, "submission")
        if letter is None or letter.state != "refused" or letter.sealed is None:
            return False
        message = message_in(letter, self._cipher)
        if not isinstance(message, Submission) or message.paid is None:
            return False
        filed = parcel_of(claim_for(message, letter.problem), self._cipher)
        claimed = self._holes.claim(letter, filed, self._clock_ms())
        self._wake.set()
        return claimed

    def settled_otherwise(self, reference: str) -> None:
        """Erase the body of a refused submission whose money went back. JournalFault if it cannot be erased."""
        letter = self._holes.find(reference, "submission")
        if letter is not None and letter.state == "refused":
            self._holes.erase(letter)

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
            self._wake.wait(self._deliver_and_rest())

    def _deliver_and_rest(self) -> float:
        """Deliver what is due, and return in how many seconds to look again."""
        try:
            self.deliver_due()
            due_ms = self._holes.next_due_ms(self._clock_ms())
        except JournalFault as fault:
            logger().error("outbox_fault", error=str(fault))
            return LONGEST_SLEEP_S
        except Exception as defect:  # noqa: BLE001 - whatever it is, what waits must not wait for ever
            logger().error("outbox_defect", error=place_of(defect))
            return LONGEST_SLEEP_S
        shortest_s = BUSY_SLEEP_S if self._hands.busy() else SHORTEST_SLEEP_S
        return LONGEST_SLEEP_S if due_ms is None else min(LONGEST_SLEEP_S, max(shortest_s, due_ms / 1000))
