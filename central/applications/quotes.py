"""POST /v1/quotes: what is due. A quote never expires: money taken for it may arrive after weeks without a line."""

from __future__ import annotations

import msgspec
import sqlalchemy as sa
from litestar import post
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import JSONBody
from msgspec.structs import replace

from central.agencies import AGENCIES, Agency, Bill
from central.auth import known_kiosk
from central.catalogue import is_open
from central.days import day_of, now_ms
from central.describe import KIOSK_ONLY, problems
from central.numbers import draw
from central.problems import Refusal
from central.proofs import verify_proof
from central.schema import claims, quotes
from central.store import Connection, Store
from kiosk.uplink.messages import Amount, ClaimRequest, QuoteAnswer, QuoteLine, QuoteRequest

CHECKED = {"az": "Yoxlanılan ödəniş", "ru": "Платёж на проверке", "en": "Payment being checked"}
CHECKED_AT_MOST = 2


@post(
    "/v1/quotes",
    status_code=200,
    guards=[known_kiosk],
    security=KIOSK_ONLY,
    operation_id="quote",
    responses=problems(
        "malformed", "unauthorised", "unknown-service", "unknown-account", "nothing-due", "proof-insufficient"
    ),
    sync_to_thread=True,
)
def post_quote(data: JSONBody[QuoteRequest], state: State, kiosk_id: NamedDependency[str]) -> QuoteAnswer:
    """Say what is due, and remember that it was said."""
    store: Store = state.store
    if not is_open(data.service):
        raise Refusal("unknown-service")
    verify_proof(data.service, data.citizen)
    agency = agency_of(data.service)
    subject, at_ms = agency.subject(data.answers), now_ms()
    with store.read() as connection:
        bill = agency.bill(connection, subject, day_of(at_ms))
        warned = being_checked(connection, agency, subject)
    with store.write() as tx:
        return remember(tx, replace(bill, lines=(*warned, *bill.lines)), kiosk_id, data.service, subject, at_ms)


def being_checked(connection: Connection, agency: Agency, subject: str) -> tuple[QuoteLine, ...]:
    """Return a line for each payment for the same thing that staff are still looking at: nobody pays twice unawares."""
    mine = (claims.c.service == agency.service, claims.c.state == "open", claims.c.kind != "surplus")
    rows = connection.execute(sa.select(claims.c.body, claims.c.amount_minor).where(*mine)).all()
    same = [row for row in rows if about(agency, row.body) == subject]
    return tuple(QuoteLine(CHECKED, amount=Amount(row.amount_minor)) for row in same[:CHECKED_AT_MOST])


def about(agency: Agency, body: str) -> str | None:
    """Return what a claim's answers are about; None where they do not say."""
    try:
        return agency.subject(msgspec.json.decode(body, type=ClaimRequest).answers)
    except (Refusal, msgspec.DecodeError):
        return None


def agency_of(service: str) -> Agency:
    """Return the agency of a service. Refusal("unknown-service")."""
    agency = AGENCIES.get(service)
    if agency is None:
        raise Refusal("unknown-service")
    return agency


def remember(tx: Connection, bill: Bill, kiosk_id: str, service: str, subject: str, at_ms: int) -> QuoteAnswer:
    """Keep a quote and return it as it is told."""
    amount, fee = Amount(bill.amount_minor), Amount(bill.fee_minor)
    told = QuoteAnswer(draw(20), amount, fee, Amount(amount.minor + fee.minor), bill.payer, list(bill.lines))
    tx.execute(
        quotes.insert().values(
            id=told.id,
            kiosk_id=kiosk_id,
            service=service,
            subject=subject,
            amount_minor=amount.minor,
            fee_minor=fee.minor,
            currency=amount.currency,
            made_at_ms=at_ms,
            body=msgspec.json.encode(told).decode(),
        )
    )
    return told


def recall(tx: Connection, quote_id: str, kiosk_id: str, service: str, subject: str) -> sa.Row[tuple[object, ...]]:
    """Return a quote made to this kiosk for this service and subject. Refusal("quote-unknown")."""
    quote = tx.execute(sa.select(quotes).where(quotes.c.id == quote_id)).one_or_none()
    if quote is None or (quote.kiosk_id, quote.service, quote.subject) != (kiosk_id, service, subject):
        raise Refusal("quote-unknown")
    return quote
