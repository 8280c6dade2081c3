"""The blocks that papers are made of, one place each. A block that has nothing to say is empty."""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

from kiosk.domain.receipt import Gap, Qr, ReceiptLine, Row, Rule, Text
from kiosk.journey.fulfilling import UNFILED
from kiosk.runtime.fiscal_lines import fiscal_lines
from kiosk.runtime.forms import ROWS, Block, Form
from kiosk.runtime.sheet import Sheet
from kiosk.runtime.staff_blocks import counted, serviced, tests

Lines = list[ReceiptLine]
PLAIN_MM, SEALED_MM = 32.0, 54.0
"""A code with a seal has up to 85 modules a side: 5 dots each on 80 mm paper, and the 4 that fit on 58 mm."""


def lines_of(form: Form, sheet: Sheet) -> Lines:
    """Return all lines of a paper, with room for the cutter at its end."""
    lines: Lines = []
    for block in form.blocks:
        lines += sized(MAKERS[block.name](sheet, block), block)
    return [*lines, Gap(4)]


def sized(lines: Lines, block: Block) -> Lines:
    """Return a block's lines in the size that the form asks for."""
    if not block.size:
        return lines
    return [replace(line, size=block.size) if isinstance(line, Row | Text) else line for line in lines]


def letterhead(sheet: Sheet, _block: Block) -> Lines:
    """Say who gives this paper."""
    head, code = sheet.head, sheet.language
    return [
        Text(head.organisation[code], "centre", bold=True),
        Text(head.place[code], "centre", "small"),
        Text(sheet.text("paper-taxpayer", number=head.taxpayer_number), "centre", "small"),
        Rule(),
    ]


def title(sheet: Sheet, _block: Block) -> Lines:
    """Say what this is, in Azerbaijani first, and that it is a copy if it is one."""
    name = f"paper-{sheet.kind}-title"
    lines: Lines = [Text((sheet.first or sheet.words).text(name), "centre", "large", bold=True)]
    if sheet.first:
        lines.append(Text(sheet.text(name), "centre", bold=True))
    if sheet.copy:
        lines.append(Text(sheet.both("paper-copy", number=str(sheet.copy)), "centre", "large", bold=True))
    return [*lines, Gap(1)]


def reference(sheet: Sheet, block: Block) -> Lines:
    """Give the code by which everything is found again."""
    journey = sheet.journey
    number = journey.receipt_number if journey else ""
    asked = journey.citizen.full_name if journey and journey.subject and journey.citizen else ""
    values = {
        "reference": (sheet.both("paper-reference"), sheet.reference),
        "receipt_number": (sheet.both("paper-receipt-number"), number),
        "date": (sheet.text("paper-date"), sheet.moment(sheet.at_ms)),
        "kiosk": (sheet.text("paper-kiosk"), sheet.kiosk_id),
        "requested_by": (sheet.text("paper-requested-by"), asked),
    }
    return [Row(*values[name]) for name in block.rows or ROWS["reference"] if values[name][1]]


def kiosk(sheet: Sheet, block: Block) -> Lines:
    """Say where and when this was printed."""
    values = {
        "date": (sheet.text("paper-date"), sheet.moment(sheet.now_ms)),
        "kiosk": (sheet.text("paper-kiosk"), sheet.kiosk_id),
        "version": (sheet.text("paper-version"), sheet.version),
    }
    return [Row(*values[name]) for name in block.rows or ROWS[block.name]]


def service(sheet: Sheet, _block: Block) -> Lines:
    """Say what was paid for: the service, and what identifies the bill."""
    journey = sheet.journey
    if journey is None or journey.service is None:
        return []
    names, code = journey.service.title, sheet.language
    lines: Lines = [Rule()]
    if sheet.first:
        lines.append(Text(names[sheet.first.code], bold=True))
    lines.append(Text(names[code], bold=not sheet.first))
    return lines + [
        Row(field.label[code], grouped(journey.answers[field.id], field.group))
        for field in journey.service.fields
        if field.id in journey.answers
    ]


def bill(sheet: Sheet, _block: Block) -> Lines:
    """Repeat the particulars of the bill."""
    quote = sheet.journey.quote if sheet.journey else None
    if quote is None:
        return []
    lines: Lines = [Row(sheet.text("paper-payer"), quote.payer)] if quote.payer else []
    for line in quote.lines:
        lines.append(Row(line.label[sheet.language], sheet.money(line.amount) if line.amount else line.value))
    return lines


def total(sheet: Sheet, block: Block) -> Lines:
    """Say how much: amount, fee, total. Of a claim the centre keeps the total alone."""
    quote = sheet.journey.quote if sheet.journey else None
    if quote is None:
        return []
    values = {
        "amount": Row(sheet.text("paper-amount"), sheet.money(quote.amount)),
        "fee": Row(sheet.text("paper-fee"), sheet.money(quote.fee)),
        "total": Row(sheet.both(f"paper-{sheet.kind}-total"), sheet.money(quote.total), bold=True, size="large"),
    }
    names = [name for name in block.rows or ROWS["total"] if quote.id or name == "total"]
    return [Rule(), *(values[name] for name in names), Rule()]


def cash(sheet: Sheet, _block: Block) -> Lines:
    """Say what came in, in notes and by card, what is too much, and where that goes."""
    journey = sheet.journey
    if journey is None or journey.quote is None:
        return []
    lines: Lines = []
    if journey.doubtful:
        lines.append(Row(sheet.text("paper-cash-doubtful"), sheet.money(journey.doubtful.value)))
    paid = journey.cash
    if paid is None:
        return lines
    lines.append(Row(sheet.text("paper-cash-inserted"), sheet.money(paid.total)))
    if journey.payment:
        lines.append(Row(sheet.text("paper-cash-card"), sheet.money(journey.payment.amount)))
    if not paid.surplus or paid.surplus_to is None:
        return lines
    lines.append(Row(sheet.text("paper-cash-surplus"), sheet.money(paid.surplus)))
    if journey.doubt:
        return lines  # the claim is about all of it
    lines.append(Text(sheet.text(f"paper-cash-surplus-{paid.surplus_to}")))
    if paid.surplus_to == "claim":
        lines.append(Row(sheet.text("paper-claim-code"), f"{journey.reference}-S", bold=True))
    return lines


def card(sheet: Sheet, block: Block) -> Lines:
    """Repeat what terminal and chip said of the sale, as card schemes ask for it."""
    payment = sheet.journey.payment if sheet.journey and sheet.journey.quote else None
    if payment is None:
        return []
    values = {
        "card": " ".join(part for part in (payment.card_name, payment.masked_pan) if part),
        "authorisation": payment.authorisation_code,
        "terminal": payment.terminal_id,
        "merchant": payment.merchant_id,
        "terminal_receipt": f"{payment.mark.receipt_number} / {payment.mark.trace_number}",
        "aid": payment.application_id,
        "application": payment.application_label,
        "verification": payment.verification,
    }
    names = [name for name in block.rows or ROWS["card"] if values[name].strip(" /")]
    return [Row(sheet.text(f"paper-{name.replace('_', '-')}"), values[name], size="small") for name in names]


def fiscal(sheet: Sheet, block: Block) -> Lines:
    """Repeat the registered sale; nothing where there is no register."""
    return fiscal_lines(sheet, block.rows or ROWS["fiscal"])


def document(sheet: Sheet, _block: Block) -> Lines:
    """Repeat the centre's document, and the code that proves it."""
    acceptance = sheet.journey.acceptance if sheet.journey else None
    if acceptance is None:
        return []
    lines: Lines = [Gap(1), *(as_row(line) for line in acceptance.document)]
    if acceptance.verification_url:
        hint = sheet.text("paper-verify")
        width_mm = SEALED_MM if "#" in acceptance.verification_url else PLAIN_MM
        lines += [Gap(2), Qr(acceptance.verification_url, width_mm), Text(hint, "centre", "small")]
    return lines


def standing(sheet: Sheet, _block: Block) -> Lines:
    """Say how it stands and what to do with this paper; a claim also in Azerbaijani, for whoever is shown it."""
    journey, paper = sheet.journey, sheet.kind
    if journey is None:
        return []
    word = "deferred" if journey.deferred and paper in ("receipt", "claim") else "done"
    if paper == "claim" and journey.doubt == UNFILED:
        word = "unfiled"
    lines: Lines = [Gap(1)]
    name = f"paper-{paper}-{word}"
    if paper == "claim" and word != "unfiled" and journey.doubt == "undelivered" and journey.notes:
        lines.append(Row(sheet.both("paper-claim-code"), journey.reference, bold=True))
        name = f"paper-claim-cash-{word}"
    lines.append(Text(sheet.text(name), bold=paper == "claim"))
    if sheet.first and paper == "claim":
        lines.append(Text(sheet.first.text(name), size="small"))
    return lines


def matters(sheet: Sheet, _block: Block) -> Lines:
    """Say of each earlier payment what it was, when, how much, and how it stands now."""
    lines: Lines = []
    for matter in sheet.journey.matters if sheet.journey else ():
        lines += [
            Rule(),
            Text(sheet.titles.get(matter.service_id, {}).get(sheet.language, matter.service_id), bold=True),
            Row(sheet.text("paper-reference"), matter.reference),
            Row(sheet.text("paper-date"), sheet.moment(matter.made_at_ms)),
        ]
        if matter.amount:
            lines.append(Row(sheet.text("paper-amount"), sheet.money(matter.amount)))
        standing_word = "issued" if matter.standing == "paid" and not matter.amount else matter.standing
        lines.append(Text(sheet.text(sheet.words.word_id("paper-matter", standing_word)), bold=True))
        if matter.receipt_number:
            number = "paper-slip-number" if standing_word == "issued" else "paper-receipt-number"
            lines.append(Row(sheet.text(number), matter.receipt_number))
    return lines


def help_line(sheet: Sheet, _block: Block) -> Lines:
    """Say whom to ask."""
    return [Rule(), Text(sheet.text("paper-help", phone=sheet.head.phone), "centre", "small")]


def own_text(sheet: Sheet, block: Block) -> Lines:
    """Repeat what the operator wants to say."""
    return [Gap(1), Text(block.text[sheet.language], "centre")]


def logo(sheet: Sheet, _block: Block) -> Lines:
    """Show the operator's sign."""
    return [sheet.logo, Gap(2)] if sheet.logo else []


MAKERS: dict[str, Callable[[Sheet, Block], Lines]] = {
    "letterhead": letterhead,
    "title": title,
    "reference": reference,
    "kiosk": kiosk,
    "machine": kiosk,
    "service": service,
    "bill": bill,
    "total": total,
    "cash": cash,
    "card": card,
    "fiscal": fiscal,
    "document": document,
    "standing": standing,
    "matters": matters,
    "tests": tests,
    "serviced": serviced,
    "counts": counted,
    "help": help_line,
    "rule": lambda _sheet, _block: [Rule()],
    "text": own_text,
    "logo": logo,
}


def grouped(value: str, size: int) -> str:
    """Return a long number in groups of ``size`` characters: 104 558 210. 0 leaves it whole."""
    if size <= 0:
        return value
    return " ".join(value[start : start + size] for start in range(0, len(value), size))


def as_row(line: str) -> ReceiptLine:
    """Return a line of the centre's document: "label: value" as a row, anything else as it is."""
    label, colon, value = line.partition(": ")
    return Row(label, value) if colon and value else Text(line)
