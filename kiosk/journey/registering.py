"""Registering: what was sold is told to the fiscal register before the receipt is printed. Money is safe already, so nothing here stops a paper.

After doubt the register is asked; what it surely does not know is registered once more, which makes no second document
(ports.FiscalRegister.register). A sale that stays unregistered is told to the centre, whose staff register it by hand.
"""

from __future__ import annotations

from msgspec.structs import replace

from kiosk.domain.application import Claim
from kiosk.domain.fiscal import NOT_MADE, Sale, SaleItem
from kiosk.domain.money import Money
from kiosk.journey.effects import FileClaim, QuerySale, RegisterSale
from kiosk.journey.events import ClaimFiled, DeviceFailed, Entry, OrderOverdue
from kiosk.journey.events_fiscal import SaleNotRegistered, SaleRegistered, SaleUnresolved
from kiosk.journey.handing import hand_out
from kiosk.journey.state import Journey, Kiosk
from kiosk.journey.state_fiscal import CheckingSale, FilingUnregistered, RegisteringSale
from kiosk.journey.turn import Turn, go

ATTEMPTS = 2
"""So often a sale that is surely not registered is sent."""
QUERIES = 2
"""So often a register that cannot tell is asked in a row: somebody waits for the receipt."""


def register(kiosk: Kiosk, journey: Journey, entry: Entry) -> Turn:
    """Register what was sold, where there is a register and something to register; then the paper."""
    sale = sale_of(kiosk, journey)
    if sale is None or "fiscal" not in kiosk.devices:
        return hand_out(kiosk, journey, entry)
    return go(kiosk, RegisteringSale(journey, entry.seq), RegisterSale(entry.seq, sale))


def sale_of(kiosk: Kiosk, journey: Journey) -> Sale | None:
    """Return what a visit sold, by what its service says of that; None for nothing. It follows from the journey alone.

    Of a payment in both ways, what the card paid counts first. A surplus is the citizen's and no part of the sale.
    """
    service, quote = journey.service, journey.quote
    if service is None or quote is None or service.fiscal == "none" or not (journey.payment or journey.notes):
        return None
    sold = quote.fee if service.fiscal == "fee" else quote.total
    if not sold:
        return None
    by_card_minor = journey.payment.amount.minor if journey.payment else 0
    cashless = Money(min(sold.minor, by_card_minor), sold.currency)
    item = SaleItem(service.title.get(journey.language, service.id), service.id, sold)
    made_ms = journey.paid_ms or journey.made_ms
    return Sale(journey.reference, (item,), sold - cashless, cashless, service.vat_percent, kiosk.id, made_ms)


def registering_sale(kiosk: Kiosk, state: RegisteringSale, entry: Entry) -> Turn | None:
    """Take what the register says. A fault here means that no document was asked for."""
    journey = state.journey
    match entry.event:
        case SaleRegistered(order, document) if order == state.order:
            return hand_out(kiosk, replace(journey, fiscal=document), entry)
        case SaleUnresolved(order) | OrderOverdue(order) if order == state.order:
            return check_sale(kiosk, CheckingSale(journey, entry.seq, state.attempt), entry)
        case SaleNotRegistered(order, reason, evidence) if order == state.order:
            return unregistered(kiosk, journey, f"{reason}: {evidence}", entry)
        case DeviceFailed(order, _, reason, evidence) if order == state.order:
            return unregistered(kiosk, journey, f"{reason}: {evidence}", entry)
    return None


def check_sale(kiosk: Kiosk, state: CheckingSale, entry: Entry) -> Turn:
    """Ask the register what became of the sale."""
    sale = sale_of(kiosk, state.journey)
    if sale is None:
        return hand_out(kiosk, state.journey, entry)
    return go(kiosk, state, QuerySale(state.order, sale))


def checking_sale(kiosk: Kiosk, state: CheckingSale, entry: Entry) -> Turn | None:
    """Take the verdict. A sale that was surely not made is sent once more; without a verdict staff look."""
    journey = state.journey
    match entry.event:
        case SaleRegistered(order, document) if order == state.order:
            return hand_out(kiosk, replace(journey, fiscal=document), entry)
        case SaleNotRegistered(order, reason, evidence) if order == state.order:
            sale = sale_of(kiosk, journey)
            if reason == NOT_MADE and state.attempt < ATTEMPTS and sale:
                again = RegisteringSale(journey, entry.seq, state.attempt + 1)
                return go(kiosk, again, RegisterSale(entry.seq, sale))
            return unregistered(kiosk, journey, f"{reason}: {evidence}", entry)
        case SaleUnresolved(order) | OrderOverdue(order) | DeviceFailed(order) if order == state.order:
            if state.query < QUERIES:
                return check_sale(kiosk, replace(state, order=entry.seq, query=state.query + 1), entry)
            evidence = getattr(entry.event, "evidence", "") or "no answer in time"
            return unregistered(kiosk, journey, f"in doubt, look in its history first: {evidence}", entry)
    return None


def unregistered(kiosk: Kiosk, journey: Journey, evidence: str, entry: Entry) -> Turn:
    """Tell the centre, for good, before any paper says so. The code is the receipt's with an F: the payment itself stands."""
    sale = sale_of(kiosk, journey)
    if sale is None:
        return hand_out(kiosk, journey, entry)
    told = Claim(
        reference=f"{journey.reference}-F",
        kind="unregistered",
        service_id=sale.items[0].code,
        amount=sale.total,
        evidence=f"{journey.reference}: cash {sale.cash.minor}, card {sale.cashless.minor}; {evidence}",
        made_at_ms=entry.at_ms,
        language=journey.language,
        payment=journey.payment,
        cash=journey.cash,
    )
    return file_unregistered(kiosk, FilingUnregistered(journey, told, entry.seq))


def file_unregistered(kiosk: Kiosk, state: FilingUnregistered) -> Turn:
    """File it; the same sale is always the same claim."""
    return go(kiosk, state, FileClaim(state.order, state.claim))


def filing_unregistered(kiosk: Kiosk, state: FilingUnregistered, entry: Entry) -> Turn | None:
    """With the claim safe, the receipt may say that the fiscal one follows."""
    match entry.event:
        case ClaimFiled(order) | OrderOverdue(order) if order == state.order:  # it was kept before anything else
            return hand_out(kiosk, replace(state.journey, fiscal_due="follows"), entry)
        case DeviceFailed(order) if order == state.order:
            return hand_out(kiosk, replace(state.journey, fiscal_due="unfiled"), entry)
    return None


def recover_sale(kiosk: Kiosk, state: RegisteringSale | CheckingSale | FilingUnregistered, entry: Entry) -> Turn:
    """After a power cut: ask; and file the same claim again."""
    if isinstance(state, FilingUnregistered):
        return file_unregistered(kiosk, replace(state, order=entry.seq))
    return check_sale(kiosk, CheckingSale(state.journey, entry.seq, state.attempt), entry)
