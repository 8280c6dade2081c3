"""GET /v1/documents/{receipt_number}.pdf: a certificate on A4, signed, for the kiosk that asked for it, while it may be printing.

The first request makes it and keeps it; every later one gets the same bytes. It is deleted when another is made after that. What is not this kiosk's, is too old, was taken
back or never was a document is all one answer, so that nothing is learnt by asking.
"""

from __future__ import annotations

import msgspec
import sqlalchemy as sa
from litestar import Response, get
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlalchemy.exc import IntegrityError

from central.applications.a4 import Sheet, draw
from central.applications.lookups import RECEIPT_NUMBER
from central.auth import known_kiosk
from central.days import now_ms
from central.describe import KIOSK_ONLY, problems
from central.problems import Refusal
from central.schema import documents, revocations, submissions
from central.signing.keys import Keyring
from central.store import Store
from kiosk.uplink.messages import SubmissionAnswer, SubmissionRequest
from kiosk.uplink.seal import NotASeal, read_seal

FOR_MS = 30 * 60_000
"""How long after its submission a document is given out: a paper that was jammed is printed anew, next day's visitor's is not."""
SUFFIX = ".pdf"
HEADERS = {"Cache-Control": "no-store"}


@get(
    "/v1/documents/{file:str}",
    guards=[known_kiosk],
    security=KIOSK_ONLY,
    operation_id="document",
    media_type="application/pdf",
    responses=problems("unauthorised", "not-found"),
    sync_to_thread=True,
)
def get_document(file: FromPath[str], state: State, kiosk_id: NamedDependency[str]) -> Response[bytes]:
    """Return the signed document of a submission of this kiosk."""
    from central.signing import pdf  # noqa: PLC0415 - loaded with the first document

    number = file.removesuffix(SUFFIX)
    if number == file or not RECEIPT_NUMBER.fullmatch(number):
        raise Refusal("not-found")
    sheet = sheet_of(state.store, number, kiosk_id, issuer_of(state.keyring))
    made = kept(state.store, number) or keep(
        state.store, number, pdf.signed(draw(sheet), state.keyring.folder, sheet.issuer)
    )
    return Response(made, media_type="application/pdf", headers=HEADERS)


def sheet_of(store: Store, number: str, kiosk_id: str, issuer: str) -> Sheet:
    """Return what stands on a document. Refusal("not-found") for whoever may not have it, or no longer."""
    mine = (submissions.c.receipt_number == number, submissions.c.kiosk_id == kiosk_id)
    with store.read() as connection:
        row = connection.execute(sa.select(submissions).where(*mine)).one_or_none()
        gone = connection.scalars(sa.select(revocations.c.number)).all()
    if row is None or now_ms() - row.received_at_ms > FOR_MS:
        raise Refusal("not-found")
    answer = msgspec.json.decode(row.answer, type=SubmissionAnswer)
    asked = msgspec.json.decode(row.body, type=SubmissionRequest)
    try:
        seal = read_seal(answer.verification_url).seal
    except NotASeal:  # a receipt, or a certificate from before there were seals
        raise Refusal("not-found") from None
    if seal.number in gone:
        raise Refusal("not-found")
    return Sheet(asked.language, tuple(answer.document), answer.verification_url, kiosk_id, number, issuer)


def issuer_of(keyring: Keyring) -> str:
    """Return who signs now."""
    key = keyring.signing(now_ms())
    if key is None:
        raise Refusal("internal", "no key signs now")
    return key.public.issuer


def kept(store: Store, number: str) -> bytes | None:
    """Return a document as it was first given out."""
    with store.read() as connection:
        found: bytes | None = connection.scalar(sa.select(documents.c.pdf).where(documents.c.receipt_number == number))
    return found


def keep(store: Store, number: str, made: bytes) -> bytes:
    """Keep a document and return it, or the one that another request was faster to keep. Those that are over go.

    A copy of a certificate is made from its submission, not from these.
    """
    try:
        with store.write() as tx:
            tx.execute(sa.delete(documents).where(documents.c.made_at_ms < now_ms() - FOR_MS))
            tx.execute(documents.insert().values(receipt_number=number, pdf=made, made_at_ms=now_ms()))
    except IntegrityError:
        return kept(store, number) or made
    return made
