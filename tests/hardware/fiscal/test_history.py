"""A sale is found among the register's documents, whatever else stands there."""

from __future__ import annotations

import msgspec
import pytest

from hardware.fiscal import answers, history
from hardware.fiscal.answers import Info
from kiosk.domain.faults import ProtocolError
from kiosk.domain.fiscal import Sale, SaleItem
from kiosk.domain.money import Money

SALE = Sale(
    "AGALI1-7KQ-000012-W4XKP", (SaleItem("x", "x", Money(40)),), Money(0), Money(40), None, "AGALI1", 1_790_000_000_000
)


def row(number: int, reference: str | None = "OTHER-1", *, token: str | None = "") -> dict[str, object]:
    told = {"data": {"document_id": f"ID{number}", "document_number": number, "short_document_id": f"S{number}"}}
    return {
        "int_ref": reference,
        "summary_money": 0.4,
        "token_response": msgspec.json.encode(told).decode() if token == "" else token,
    }


class Register:
    """Answers each question for the history with what the next period shows; counts the questions."""

    def __init__(self, *periods: list[dict[str, object]]) -> None:
        self.periods, self.asked = list(periods), 0

    def ask(self, _operation: object, _limit: float, **_dates: str) -> answers.Answer:
        self.asked += 1
        shown = self.periods[min(self.asked, len(self.periods)) - 1]
        return answers.read(msgspec.json.encode({"code": 0, "message": "ok", "transactions": shown}))


def find(register: Register, last: int) -> object:
    info = Info(last_doc_number=last, qr_code_url="https://example/")
    return history.find(register, SALE, msgspec.structs.replace(info), "Asia/Baku", 5.0)  # type: ignore[arg-type]


@pytest.mark.parametrize("strange", [row(6, None), row(6, token=None), row(6, token="no json"), {"int_ref": 5}, {}])
def test_a_strange_document_of_somebody_else_hides_nothing(strange: dict[str, object]):
    """What staff or another till entered may lack anything: ours is found beside it, and its absence is still known."""
    found = find(Register([strange, row(7, SALE.reference)]), 7)
    assert found is not None
    assert find(Register([strange, row(7)]), 7) is None


def test_our_own_document_must_be_readable():
    """Where the document with our reference cannot be read nobody can tell, and no second one is made."""
    with pytest.raises(ProtocolError):
        find(Register([row(7, SALE.reference, token="no json")]), 7)


def test_the_search_widens_until_the_newest_document_shows():
    """With a Z report on top the days around are enough; after a quiet time more days are asked for, and a year before all."""
    shown = Register([row(6)])
    assert find(shown, 7) is None
    assert shown.asked == 1
    quiet = Register([], [row(7, SALE.reference)])
    assert find(quiet, 8) is not None
    assert quiet.asked == 2
    nothing = Register([])
    assert find(nothing, 8) is None
    assert nothing.asked == 4


@pytest.mark.parametrize("prefix", ["monitoring.e-kassa.gov.az/#/index?doc=", "ftp://x/", "https://x/\n?doc=", ""])
def test_an_address_that_is_none_makes_no_code(prefix: str):
    """Where the register's own address lacks its scheme or holds a line break, the document has no address and all else."""
    info = Info(last_doc_number=1, qr_code_url=prefix, cashbox_tax_number="20\n01")
    document = history.made(SALE, info, "ID1", "S1", 1, 1)
    assert (document.url, document.registration, document.fiscal_id) == ("", "2001", "ID1")
