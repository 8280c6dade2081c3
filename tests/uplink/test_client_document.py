"""The signed document as the client takes it from the wire: a whole PDF of bounded length, or nothing."""

from __future__ import annotations

import pytest

from kiosk.domain.faults import CentralRefused, CentralUnreachable
from kiosk.uplink.client import HttpCentral
from kiosk.uplink.messages import DOCUMENT_BYTES_AT_MOST
from tests.central.server import RunningCentral

PATH = "/v1/documents/7K3M-9QXW-20VB.pdf"
WHOLE = b"%PDF-1.7\n" + b"x" * 2000 + b"\n%%EOF\n"


def test_a_whole_document_arrives_byte_for_byte(central: RunningCentral, client: HttpCentral) -> None:
    """What the centre sent as a PDF is what the caller gets, and it was asked for by its receipt number."""
    central.wire.answer(PATH, WHOLE, headers={"Content-Type": "application/pdf"})
    assert client.document("7K3M-9QXW-20VB") == WHOLE
    assert central.wire.calls == [f"GET {PATH}"]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", "application/pdf"),
        (b"<html>Welcome to the hotel</html>", "text/html"),
        (b"<html>Welcome to the hotel</html>", "application/pdf"),
        (WHOLE, "application/json"),
        (WHOLE[:-8], "application/pdf"),
        (b"%PDF-1.7\n" + b"x" * DOCUMENT_BYTES_AT_MOST + b"%%EOF\n", "application/pdf"),
    ],
    ids=["nothing", "a portal", "a portal that lies", "another kind", "half", "too long"],
)
def test_what_is_no_whole_document_is_not_handed_on(
    central: RunningCentral, client: HttpCentral, body: bytes, kind: str
) -> None:
    """Rubbish, half a document and one beyond the limit are a centre that cannot be understood, never bytes to print."""
    central.wire.answer(PATH, body, headers={"Content-Type": kind})
    with pytest.raises(CentralUnreachable):
        client.document("7K3M-9QXW-20VB")


@pytest.mark.parametrize("number", ["", "../receipts/1", "0" * 5000, "é", "A/B", "7K3M-9QXW-20VB"])
def test_a_number_that_is_none_is_refused(client: HttpCentral, number: str) -> None:
    """Whatever stands for a receipt number goes to the address of documents, and nothing else is asked."""
    with pytest.raises((CentralRefused, CentralUnreachable)):
        client.document(number)
