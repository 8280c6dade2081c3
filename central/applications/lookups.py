"""GET /v1/receipts/{number} for kiosks, GET /v1/verify/{code} for everyone who holds the paper."""

from __future__ import annotations

import re
from typing import Annotated, Literal

import sqlalchemy as sa
from litestar import Response, get
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromHeader, FromPath, HeaderParameter
from litestar.status_codes import HTTP_200_OK, HTTP_404_NOT_FOUND

from central.applications import paper
from central.auth import known_kiosk
from central.days import now_ms
from central.describe import KIOSK_ONLY, problems
from central.problems import Refusal
from central.schema import certificates, revocations, submissions, validities
from central.signing.endpoints import published
from central.store import Store
from kiosk.uplink.messages import Amount, ReceiptAnswer, VerifyAnswer

RECEIPT_NUMBER = re.compile(r"[0-9A-Z-]{1,20}")
Wanted = Annotated[str, HeaderParameter(name="Accept-Language")]
Standing = Literal["valid", "expired", "revoked"]
CODE = re.compile(r"[0-9A-Z]{26}")


@get(
    "/v1/receipts/{receipt_number:str}",
    guards=[known_kiosk],
    security=KIOSK_ONLY,
    operation_id="receipt",
    responses=problems("unauthorised", "not-found"),
    sync_to_thread=True,
)
def get_receipt(receipt_number: FromPath[str], state: State, kiosk_id: NamedDependency[str]) -> ReceiptAnswer:
    """Say what became of a receipt number of this kiosk: nothing of a person."""
    store: Store = state.store
    if not RECEIPT_NUMBER.fullmatch(receipt_number):
        raise Refusal("not-found")
    mine = (submissions.c.receipt_number == receipt_number, submissions.c.kiosk_id == kiosk_id)
    with store.read() as connection:
        row = connection.execute(sa.select(submissions).where(*mine)).one_or_none()
    if row is None:
        raise Refusal("not-found")
    amount = Amount(row.amount_minor, row.currency) if row.amount_minor else None
    return ReceiptAnswer(row.receipt_number, row.key, row.service, row.made_at_ms, row.received_at_ms, amount)


@get("/v1/verify/{code:str}", operation_id="verify", responses=problems("not-found"), sync_to_thread=True)
def get_verify(
    code: FromPath[str],
    state: State,
    accept: FromHeader[str] = "",
    wanted: Wanted = "",
) -> Response[VerifyAnswer | str]:
    """Say whether a certificate is ours, and whose, masked: enough to compare with the paper in one's hand.

    A browser, as on the phone that scanned the QR, gets a page; a program gets JSON.
    """
    code = code.replace(" ", "").replace("-", "").upper()  # as it is typed from an A4 page
    answer = certificate(state.store, code)
    if paper.wants_page(accept):
        status = HTTP_404_NOT_FOUND if answer is None else HTTP_200_OK
        address = f"{state.public_url}/v1/verify/{code}" if answer else ""
        shown = paper.page(answer, address, published(state.store, state.keyring), wanted)
        return Response(shown, status_code=status, media_type="text/html", headers=paper.headers())
    if answer is None:
        raise Refusal("not-found")
    return Response(answer, headers={"Vary": "Accept, Accept-Language"})


def certificate(store: Store, code: str) -> VerifyAnswer | None:
    """Return what a code stands for."""
    if not CODE.fullmatch(code):
        return None
    with store.read() as connection:
        row = connection.execute(sa.select(certificates).where(certificates.c.code == code)).one_or_none()
        if row is None:
            return None
        ends_ms = connection.scalar(sa.select(validities.c.valid_until_ms).where(validities.c.number == row.number))
        gone = connection.scalar(sa.select(revocations.c.number).where(revocations.c.number == row.number))
    expired = ends_ms is not None and ends_ms <= now_ms()
    standing: Standing = "revoked" if gone else "expired" if expired else "valid"
    return VerifyAnswer(
        code,
        valid=standing == "valid",
        service=row.service,
        holder=row.holder_masked,
        issued_at_ms=row.issued_at_ms,
        valid_until_ms=ends_ms or 0,
        standing=standing,
        number=row.number,
    )
