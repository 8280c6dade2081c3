"""The desk: what is done between the journey and the outside that is no device: papers, outbox, PIN."""

from __future__ import annotations

import hashlib
import hmac
import time
from typing import Literal, Protocol

from kiosk.domain.application import Acceptance, Claim, Submission
from kiosk.domain.faults import CentralRefused, CentralUnreachable, JournalFault
from kiosk.domain.fiscal import Registration, flaw
from kiosk.domain.health import Check, Failed, SelfTest
from kiosk.domain.receipt import Receipt
from kiosk.domain.secret import Secret, overwrite
from kiosk.domain.technician import Technician
from kiosk.journey.effects import FileClaim, Order, PrintCollection, PrintPaper, Submit
from kiosk.journey.events import (
    AnyEvent,
    ClaimFiled,
    SubmissionAccepted,
    SubmissionRefused,
    TechnicianAccepted,
    TechnicianRefused,
)
from kiosk.log import logger, place_of
from kiosk.ports import CentralApi
from kiosk.runtime.papers import Papers

TRY_S = 15.0
"""How long a citizen waits for the centre's answer before the outbox takes over."""


class Post(Protocol):
    """The outbox, as the desk uses it."""

    def put_submission(self, submission: Submission) -> None:
        """Keep a submission for good; putting the same reference again changes nothing."""
        ...

    def put_claim(self, claim: Claim) -> None:
        """Keep a claim for good, likewise."""
        ...

    def put_registration(self, registration: Registration) -> None:
        """Keep a registered sale for good, likewise."""
        ...

    def stand_ready(self) -> None:
        """Write something for good and take it back. JournalFault if that cannot be done."""
        ...

    def claim_refused(self, reference: str) -> bool:
        """Put a claim in the place of a refused, paid submission, once; say whether there was one."""
        ...

    def settled_otherwise(self, reference: str) -> None:
        """Forget the body of a refused submission whose money went back."""
        ...

    def try_now(
        self, reference: str, timeout_s: float, kind: Literal["submission", "claim"] | None = None
    ) -> Acceptance | None:
        """Deliver one kept message now. CentralUnreachable: it stays. CentralRefused: it will not be tried again."""
        ...


class Desk:
    """Papers, outbox, PIN and the centre's self-test. Called from the crew's threads, one call at a time each."""

    def __init__(self, papers: Papers, central: CentralApi, post: Post, pin_hash: str) -> None:
        self._papers, self._central, self._post, self._pin_hash = papers, central, post, pin_hash

    def keep(self, effect: Order) -> None:
        """Keep for good what an effect is about to deliver, where it must not be lost. JournalFault: it could not be kept."""
        if isinstance(effect, Submit) and effect.keep:
            self._post.put_submission(effect.submission)
        elif isinstance(effect, FileClaim):
            self._post.put_claim(effect.claim)

    def registered(self, registration: Registration) -> None:
        """Have the centre told of a registered sale. Where that cannot be kept only a copy lacks it: nothing else stops.

        Nor is it told of one that the centre would refuse for ever.
        """
        if wrong := flaw(registration.document):
            logger().error("not_told", reference=registration.reference, reason=wrong)
            return
        try:
            self._post.put_registration(registration)
        except JournalFault as fault:
            logger().error("not_kept", error=str(fault))

    def stand_ready(self) -> None:
        """Prove that something could be kept now: no payment starts where it could not be (law 9). JournalFault otherwise."""
        self._post.stand_ready()

    def late(self, submission: Submission, event: AnyEvent) -> None:
        """Hear an answer that the journey no longer waits for: a refusal of what was paid for becomes a claim."""
        if isinstance(event, SubmissionRefused) and submission.paid is not None:
            self._post.claim_refused(submission.reference)

    def settled_otherwise(self, reference: str) -> None:
        """Tell the outbox that a refused submission's money went back."""
        self._post.settled_otherwise(reference)

    def submit(self, order: int, submission: Submission, *, keep: bool) -> AnyEvent:
        """Deliver a submission: out of the outbox when it must not be lost, directly when it is worth nothing later."""
        if keep:
            acceptance = self._post.try_now(submission.reference, TRY_S, "submission")
        else:
            acceptance = self._central.submit(submission)
        if acceptance is None:
            raise CentralUnreachable(f"no answer for {submission.reference}")
        return SubmissionAccepted(order, acceptance.receipt_number, acceptance)

    def file_claim(self, order: int, claim: Claim) -> AnyEvent:
        """Deliver a kept claim now, and tell whether the centre has it."""
        try:
            self._post.try_now(claim.reference, TRY_S, "claim")
        except (CentralUnreachable, CentralRefused):
            return ClaimFiled(order, delivered=False)
        except Exception as defect:  # noqa: BLE001 - it is kept: that is what this answers
            logger().error("delivery_defect", error=place_of(defect))
            return ClaimFiled(order, delivered=False)
        return ClaimFiled(order, delivered=True)

    def paper(self, order: PrintPaper) -> Receipt:
        """Compose the paper of a journey."""
        return self._papers.compose(order)

    def report(self, tests: tuple[SelfTest, ...], language: str, by: Technician | None) -> Receipt:
        """Compose the technician's readiness report."""
        return self._papers.report(tests, language, by)

    def slip(self, order: PrintCollection) -> Receipt:
        """Compose the slip that goes with the notes of a collection."""
        return self._papers.slip(order)

    def check_pin(self, order: int, pin: Secret) -> AnyEvent:
        """Compare a PIN with its hash, in constant time."""
        right = pin_matches(pin, self._pin_hash)
        pin.wipe()
        return TechnicianAccepted(order) if right else TechnicianRefused(order)

    def test_central(self) -> SelfTest:
        """Test the line to the central system as a device is tested."""
        started = time.monotonic()
        health = self._central.health()
        took_ms = int((time.monotonic() - started) * 1000)
        if isinstance(health, Failed):
            advice = "Check the network cable or modem, then the address in kiosk.toml [central]."
            return SelfTest("central", (Check("reachable", "failed", health.detail or health.reason, advice),))
        return SelfTest("central", (Check("reachable", "passed", f"answered in {took_ms} ms"),))


def hash_pin(pin: Secret, salt: bytes) -> str:
    """Return ``scrypt$<salt>$<hash>`` (RFC 7914, N=2^14, r=8, p=1), as kiosk.toml holds it."""
    octets = pin.octets()
    digest = hashlib.scrypt(octets, salt=salt, n=2**14, r=8, p=1, dklen=32)
    overwrite(octets)
    return f"scrypt${salt.hex()}${digest.hex()}"


def pin_matches(pin: Secret, hashed: str) -> bool:
    """Say whether a PIN is the one that was hashed; an empty or malformed hash matches nothing."""
    scheme, _, rest = hashed.partition("$")
    salt, _, _ = rest.partition("$")
    if scheme != "scrypt" or not salt or not pin:
        return False
    return hmac.compare_digest(hash_pin(pin, bytes.fromhex(salt)), hashed)
