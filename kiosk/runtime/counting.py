"""What stands on the slip of a collection: the journal's count, the count by hand, the difference, and who sealed it."""

from __future__ import annotations

from kiosk.domain.cash import Collection
from kiosk.domain.money import Money
from kiosk.domain.receipt import Gap, ReceiptLine, Row, Rule, Text
from kiosk.domain.technician import Technician
from kiosk.journey.state_cash import Told
from kiosk.language import Language

BLANK = "_" * 16
"""Where something is written by hand."""


def counts(words: Language, collection: Collection, told: Told) -> list[ReceiptLine]:
    """Return the body of the slip: each denomination, both sums, what the centre knows, and room for seal and signature."""
    box = collection.box
    lines: list[ReceiptLine] = [Rule()]
    for minor, count in box.notes:
        value, worth = (words.money(Money(each), paper=True) for each in (minor, minor * count))
        lines.append(Row(words.text("paper-collection-notes", value=value, count=str(count)), worth))
    lines += [
        Row(words.text("paper-collection-count"), str(box.count)),
        Row(words.text("paper-collection-journal"), words.money(box.total, paper=True), bold=True),
        *by_hand(words, collection),
        Rule(),
        Text(words.text(f"paper-collection-{told}")),
    ]
    for blank in ("seal", "signature") if collection.by else ("seal", "name", "signature"):
        lines += [Gap(5), Row(words.text(f"paper-collection-{blank}"), BLANK)]
    return lines


def by_hand(words: Language, collection: Collection) -> list[ReceiptLine]:
    """Return what was counted and how that differs; where nothing was, a blank to write it on."""
    counted, difference = collection.counted, collection.difference
    label = words.text("paper-collection-counted")
    if counted is None or difference is None:
        return [Gap(3), Row(label, BLANK)]
    lines: list[ReceiptLine] = [Row(label, words.money(counted, paper=True), bold=True)]
    if not difference:
        return [*lines, Text(words.text("paper-collection-agrees"), bold=True)]
    row = Row(words.text("paper-collection-difference"), words.money(difference, paper=True), bold=True, size="large")
    return [*lines, row]


def serviced_by(words: Language, by: Technician | None) -> list[ReceiptLine]:
    """Return whose card let in whoever services; nothing for the kiosk's own PIN."""
    if by is None:
        return []
    return [
        Row(words.text("paper-serviced-by"), by.name),
        Row(words.text("paper-certificate"), by.serial, size="small"),
    ]
