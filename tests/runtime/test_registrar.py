"""What the register makes of a sale: told to the centre, unless no copy could ever say it."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from kiosk.domain.fiscal import FiscalDocument, Registered, Registration, Sale, SaleItem
from kiosk.domain.money import Money
from kiosk.journey.effects import RegisterSale
from kiosk.journey.events_fiscal import SaleRegistered
from kiosk.runtime.desk import Desk
from kiosk.runtime.registrar import Registrar
from tests.journey.play import DOCUMENT

SALE = Sale("K1-A-1", (SaleItem("t", "s", Money(40)),), Money(0), Money(40), 18, "K1", 1)


class Till:
    """A register at the far end of its port, and the centre's post."""

    def __init__(self, document: FiscalDocument) -> None:
        self.document, self.told = document, list[Registration]()

    def register(self, _sale: Sale) -> Registered:
        return Registered(self.document)

    def put_registration(self, registration: Registration) -> None:
        self.told.append(registration)


def registered(document: FiscalDocument) -> tuple[object, list[Registration]]:
    """Return the event and what the centre is told, of a register that makes this document."""
    till = Till(document)
    desk = Desk(None, None, till, "")  # type: ignore[arg-type]
    return Registrar(till, desk).perform(RegisterSale(7, SALE)), till.told  # type: ignore[arg-type]


def test_a_registered_sale_is_told():
    """The centre is told what the receipt says."""
    assert registered(DOCUMENT) == (SaleRegistered(7, DOCUMENT), [Registration("K1-A-1", DOCUMENT)])


@pytest.mark.parametrize("wrong", [{"url": "e-kassa"}, {"register": "1\n2"}, {"short_id": ""}, {"number": 2**60}])
def test_what_the_centre_would_refuse_for_ever_is_not_told(wrong):
    """A document that no copy could say is a registered sale all the same, and no dead letter of the outbox."""
    document = replace(DOCUMENT, **wrong)
    assert registered(document) == (SaleRegistered(7, document), [])
