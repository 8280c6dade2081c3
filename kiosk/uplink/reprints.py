"""Between the domain and the wire, for reprints: what the centre keeps of a paper, and gets of its registered sale, checked before it is printed anew."""

from __future__ import annotations

from msgspec import UNSET

from kiosk.domain.application import Quote
from kiosk.domain.cash import CashPayment, Note
from kiosk.domain.citizen import Citizen
from kiosk.domain.fiscal import FiscalDocument, Registration, flaw
from kiosk.domain.matter import Copy
from kiosk.domain.money import Money
from kiosk.domain.payment import Authorisation, TransactionMark
from kiosk.uplink import mapping
from kiosk.uplink import messages as wire
from kiosk.uplink.copies import CopyAnswer, CopyRequest
from kiosk.uplink.registrations import Fiscal, RegistrationRequest

COPIES_AT_MOST = 10_000
FIELDS_AT_MOST = 40
NOTES_AT_MOST = 500


def copy_request(key: str, reference: str, code: str, citizen: Citizen | None) -> CopyRequest:
    """Return the wire form of a question for a copy."""
    return CopyRequest(key, reference, code, mapping.person(citizen))


def copy_of(answer: CopyAnswer, reference: str) -> Copy:
    """Return what a copy of this very paper is composed of. Malformed otherwise."""
    mapping.require(answer.reference == reference, "the answer is about another reference")
    mapping.require(1 <= answer.number <= COPIES_AT_MOST, "number")
    mapping.require(len(answer.answers) <= FIELDS_AT_MOST, "too many answers")
    texts = (answer.service, answer.receipt_number, *answer.answers, *answer.answers.values())
    mapping.require(all(len(text) <= mapping.TEXT_AT_MOST for text in texts), "a text is too long")
    document = wire.SubmissionAnswer(reference, answer.receipt_number, answer.document, answer.verification_url)
    total = mapping.money(answer.total, "total")
    return Copy(
        number=answer.number,
        paper=answer.paper,
        reference=reference,
        service_id=answer.service,
        made_at_ms=answer.made_at_ms,
        language=answer.language,
        quote=mapping.quote_of(answer.quote) if answer.quote else Quote("", total, total - total),
        answers=answer.answers,
        payment=authorisation(answer.payment) if answer.payment else None,
        cash=cash(answer.cash) if answer.cash else None,
        acceptance=mapping.acceptance_of(document, reference) if answer.paper == "slip" else None,
        receipt_number=answer.receipt_number,
        doubt=answer.doubt,
        doubtful=note(answer.doubtful) if answer.doubtful else None,
        about_another=answer.about_another,
        fiscal=block_of(answer.fiscal),
        fiscal_due=answer.fiscal_due,
    )


def authorisation(payment: wire.CardPayment) -> Authorisation:
    """Return a sale as the kiosk once told it; of one told by an older program the chip's words are missing."""
    chip = wire.Chip() if payment.chip is UNSET else payment.chip
    mark = TransactionMark(payment.receipt_number, payment.trace_number, "", payment.time, payment.date)
    return Authorisation(
        amount=mapping.money(payment.amount, "payment"),
        mark=mark,
        authorisation_code=payment.authorisation_code,
        terminal_id=payment.terminal_id,
        merchant_id=chip.merchant_id,
        masked_pan=payment.masked_pan,
        card_name=chip.card_name,
        application_id=chip.application_id,
        application_label=chip.application_label,
        verification=chip.verification,
    )


def cash(payment: wire.CashPayment) -> CashPayment:
    """Return a payment in notes."""
    mapping.require(len(payment.notes) <= NOTES_AT_MOST, "too many notes")
    notes = tuple(note(each) for each in payment.notes)
    total, surplus = mapping.money(payment.total, "total"), mapping.money(payment.surplus, "surplus")
    return CashPayment(notes, total, surplus, payment.surplus_to or None)


def note(given: wire.Note) -> Note:
    """Return a note."""
    return Note(given.uid, mapping.money(given.value, "note"))


def registration_request(registration: Registration, kiosk_id: str) -> RegistrationRequest:
    """Return the wire form of a registered sale."""
    document = registration.document
    fiscal = Fiscal(
        fiscal_id=document.fiscal_id,
        short_id=document.short_id,
        number=document.number,
        shift_number=document.shift_number,
        amount=wire.Amount(document.amount.minor, document.amount.currency),
        register=document.register,
        registration=document.registration,
        url=document.url,
        vat_percent=document.vat_percent,
    )
    return RegistrationRequest(registration.reference, kiosk_id, fiscal)


def document_of(given: Fiscal) -> FiscalDocument:
    """Return a registered sale that can be printed. Malformed otherwise."""
    document = FiscalDocument(
        fiscal_id=given.fiscal_id,
        short_id=given.short_id,
        number=given.number,
        shift_number=given.shift_number,
        amount=Money(given.amount.minor, given.amount.currency),
        register=given.register,
        registration=given.registration,
        url=given.url,
        vat_percent=given.vat_percent,
    )
    wrong = flaw(document)
    mapping.require(not wrong, f"fiscal: {wrong}")
    return document


def block_of(given: Fiscal | None) -> FiscalDocument | None:
    """Return the registered sale of a copy, None where there is none or it cannot be right: the copy itself is given all the same."""
    try:
        return document_of(given) if given else None
    except mapping.Malformed:
        return None
