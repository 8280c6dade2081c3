"""POST /v1/copies: a paper once more, at any kiosk, by its code or by the card it was made with. Each copy is counted."""

from __future__ import annotations

from contextlib import suppress
from typing import cast

import msgspec
import sqlalchemy as sa
from litestar import post
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import JSONBody
from msgspec.structs import replace

from central.agencies import AGENCIES
from central.agencies.residents import Residents
from central.applications.submissions import Key
from central.auth import known_kiosk
from central.days import now_ms
from central.describe import KIOSK_ONLY, problems
from central.edge import fingerprint, is_repeat, key_of
from central.once import once
from central.payments import tries
from central.payments.matters import paper_of_claim, paper_of_submission
from central.payments.register import holder_of, plain
from central.payments.registrations import follows, registered
from central.problems import Refusal
from central.proofs import verify_proof
from central.schema import certificates, claims, copies, matters, quotes, revocations, submissions
from central.store import Connection
from kiosk.uplink.copies import CopyAnswer, CopyRequest
from kiosk.uplink.messages import Amount, ClaimRequest, QuoteAnswer, SubmissionAnswer, SubmissionRequest

SHOWN_AT_MOST = 3
"""So many characters of an answer stand on a copy that a code alone asked for."""

Row = sa.Row[tuple[object, ...]]


@post(
    "/v1/copies",
    status_code=201,
    guards=[known_kiosk],
    security=KIOSK_ONLY,
    operation_id="copy",
    responses=problems(
        "malformed",
        "key-missing",
        "unauthorised",
        "unknown-account",
        "key-reused",
        "proof-insufficient",
        "too-many-tries",
    ),
    sync_to_thread=True,
)
def post_copy(
    data: JSONBody[CopyRequest], state: State, kiosk_id: NamedDependency[str], idempotency_key: Key
) -> CopyAnswer:
    """Give a paper once more. Refusal("unknown-account"): there is none, or not for whoever asks."""
    key_of(idempotency_key, data.request)

    def copied(tx: Connection) -> CopyAnswer:
        mine = matter_for(tx, data)
        found = paper_of(tx, mine, by_card=not data.code)
        if not data.code:
            verify_proof(found.service, data.citizen)  # as much as was asked for the original
        return replace(found, number=counted(tx, data, kiosk_id, mine))

    with tries.counted(state.store, kiosk_id, data.code):
        return once(state.store, copied)


def matter_for(connection: Connection, data: CopyRequest) -> Row:
    """Return the matter that the code stands for, or that is the card holder's own. Refusal("unknown-account")."""
    code, holder = plain(data.code), holder_of(data.citizen)
    if bool(code) == bool(holder):
        raise Refusal("malformed", "either a code or a citizen")
    if code and code != plain(data.reference):
        raise Refusal("unknown-account")
    same = matters.c.code == plain(data.reference)
    rows = connection.execute(
        sa.select(matters).where(same if code else sa.and_(same, matters.c.holder == holder))
    ).all()
    if len(rows) != 1 or rows[0].key != data.reference:  # two kiosks' codes may look alike without dashes
        raise Refusal("unknown-account")
    return rows[0]


def paper_of(connection: Connection, mine: Row, *, by_card: bool) -> CopyAnswer:
    """Return the paper of a matter, not counted yet: the claim's, where there is one, as with how it stands."""
    of_claim = (claims.c.kiosk_id == mine.kiosk_id, claims.c.key == mine.key)
    if (claim := connection.execute(sa.select(claims).where(*of_claim)).one_or_none()) is not None:
        found = claimed(claim)
    else:
        of_submission = (submissions.c.kiosk_id == mine.kiosk_id, submissions.c.key == mine.key)
        done = connection.execute(sa.select(submissions).where(*of_submission)).one_or_none()
        found = carried_out(connection, done, by_card=by_card) if done is not None else None
    if found is None:
        raise Refusal("unknown-account")
    if found.paper == "receipt":
        fiscal = registered(connection, mine.kiosk_id, mine.key)
        due = fiscal is None and follows(connection, mine.kiosk_id, mine.key)
        found = replace(found, fiscal=fiscal, fiscal_due="follows" if due else "")
    return found if by_card else discreet(found)


def claimed(claim: Row) -> CopyAnswer | None:
    """Return a claim's slip while it is open, its receipt once it was booked."""
    verdict, _, receipt_number = claim.verdict.partition(" ")
    paper = paper_of_claim(claim.kind, claim.state, verdict)
    if not paper or claim.kind in ("collection", "unregistered"):
        return None
    told = msgspec.json.decode(claim.body, type=ClaimRequest)
    return CopyAnswer(
        number=0,
        paper=paper,
        reference=claim.key,
        service=claim.service,
        made_at_ms=claim.made_at_ms,
        total=told.amount,
        language=told.language,
        answers=told.answers,
        payment=told.payment and replace(told.payment, slip=[]),
        cash=told.cash,
        receipt_number=receipt_number,
        doubt=claim.kind if paper == "claim" else "",
        doubtful=told.doubtful,
    )


def carried_out(connection: Connection, done: Row, *, by_card: bool) -> CopyAnswer | None:
    """Return a payment's receipt; a certificate's slip to its holder's card alone."""
    answer = msgspec.json.decode(done.answer, type=SubmissionAnswer)
    paper = paper_of_submission(answer, done.amount_minor, by_card=by_card)
    if not paper:
        return None
    told = msgspec.json.decode(done.body, type=SubmissionRequest)
    if taken_back(connection, answer.verification_url) or not still_allowed(connection, done.service, told):
        return None
    return CopyAnswer(
        number=0,
        paper=paper,
        about_another=told.subject is not None,
        reference=done.key,
        service=done.service,
        made_at_ms=done.made_at_ms,
        total=Amount(done.amount_minor, done.currency),
        language=told.language,
        answers=told.answers,
        quote=quoted(connection, told.quote),
        payment=told.payment and replace(told.payment, slip=[]),
        cash=told.cash,
        receipt_number=answer.receipt_number,
        document=answer.document,
        verification_url=answer.verification_url,
    )


def taken_back(connection: Connection, verification_url: str) -> bool:
    """Say whether the document behind a verification address has been revoked: then no copy of it is given."""
    code = verification_url.partition("#")[0].rpartition("/")[2]
    revoked = sa.select(revocations.c.number).join(certificates, certificates.c.number == revocations.c.number)
    return bool(code) and connection.execute(revoked.where(certificates.c.code == code)).first() is not None


def still_allowed(connection: Connection, service: str, told: SubmissionRequest) -> bool:
    """Say whether who asked about another person may do so today: a guardian whose right has ended gets no copy either."""
    if told.subject is None:
        return True
    agency = AGENCIES.get(service)
    if told.citizen is None or not isinstance(agency, Residents):
        return False
    with suppress(Refusal):  # one of the two is no resident any more
        return agency.may_ask(connection, told.citizen, told.subject)
    return False


def quoted(connection: Connection, quote_id: str) -> QuoteAnswer | None:
    """Return a quote as it was told; without its lines where it is older than the keeping of them."""
    row = connection.execute(sa.select(quotes).where(quotes.c.id == quote_id)).one_or_none()
    if row is None:
        return None
    if row.body:
        return msgspec.json.decode(row.body, type=QuoteAnswer)
    total = Amount(row.amount_minor + row.fee_minor, row.currency)
    return QuoteAnswer(row.id, Amount(row.amount_minor, row.currency), Amount(row.fee_minor, row.currency), total)


def discreet(paper: CopyAnswer) -> CopyAnswer:
    """Return a paper as a code alone may see it: nobody's name, address or whole number."""
    quote = paper.quote and replace(
        paper.quote, payer="", lines=[line for line in paper.quote.lines if line.amount and not line.value]
    )
    return replace(paper, answers={name: ending(value) for name, value in paper.answers.items()}, quote=quote)


def ending(value: str) -> str:
    """Return the end of an answer behind stars: enough to recognise one's own, not enough to learn it."""
    shown = min(SHOWN_AT_MOST, len(value) // 3)
    return "*" * (len(value) - shown) + value[len(value) - shown :]


def counted(tx: Connection, data: CopyRequest, kiosk_id: str, mine: Row) -> int:
    """Return the number of this copy, from 1; the same question has the same number. Refusal("key-reused")."""
    asked = (copies.c.kiosk_id == kiosk_id, copies.c.key == data.request)
    before = tx.execute(sa.select(copies).where(*asked)).one_or_none()
    if before is not None:
        if not is_repeat(before.body_sha256, data):
            raise Refusal("key-reused")
        return cast("int", before.number)
    of_it = (copies.c.owner_id == mine.kiosk_id, copies.c.reference == mine.key)
    number = (tx.scalar(sa.select(sa.func.max(copies.c.number)).where(*of_it)) or 0) + 1
    row = {"kiosk_id": kiosk_id, "key": data.request, "owner_id": mine.kiosk_id, "reference": mine.key}
    tx.execute(copies.insert().values(**row, body_sha256=fingerprint(data), number=number, made_at_ms=now_ms()))
    return number
