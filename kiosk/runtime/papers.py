"""Papers: what a journey has gathered, in words and lines. The printer's driver decides how the lines look."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from kiosk.domain.health import SelfTest
from kiosk.domain.money import Money
from kiosk.domain.payment import Authorisation
from kiosk.domain.receipt import Gap, Qr, Receipt, ReceiptLine, Row, Rule, Text
from kiosk.domain.service import Service
from kiosk.journey.effects import PrintCollection, PrintPaper
from kiosk.journey.fulfilling import UNFILED
from kiosk.journey.state import Journey, Paper
from kiosk.language import Language
from kiosk.runtime.clock import Clock
from kiosk.runtime.counting import counts

PLAIN_MM, SEALED_MM = 32.0, 54.0
"""A code with a seal has up to 85 modules a side: 5 dots each on 80 mm paper, and the 4 that fit on 58 mm."""


class Letterhead(Struct, frozen=True, forbid_unknown_fields=True):
    """What stands at the head and foot of every paper: ``config/receipts/letterhead.toml``. Texts in every language."""

    organisation: dict[str, str]
    place: dict[str, str]
    taxpayer_number: str
    phone: str


class Papers:
    """Composes receipts in the citizen's language."""

    def __init__(
        self,
        languages: dict[str, Language],
        letterhead: Letterhead,
        kiosk_id: str,
        clock: Clock,
        version: str,
        services: Iterable[Service] = (),
    ) -> None:
        self._languages, self._head, self._kiosk_id = languages, letterhead, kiosk_id
        self._clock, self._version = clock, version
        self._titles = {service.id: service.title for service in services}

    def compose(self, order: PrintPaper) -> Receipt:
        """Compose one of a journey's papers; ``copy`` above 0 marks it TƏKRAR / КОПИЯ / COPY."""
        paper, journey, copy = order.paper, order.journey, order.copy
        lines = [*self._top(journey.language), *heading(self._languages[journey.language], paper, copy)]
        if paper == "statement":
            lines += self._statement(journey)
            return Receipt(journey.reference, journey.language, (*lines, *self._foot(journey.language)), copy)
        lines += self._matter(journey)
        if paper == "slip":
            lines += self._document(journey)
        elif journey.quote is not None:
            lines += self._money(paper, journey)
        lines += self._standing(paper, journey)
        return Receipt(journey.reference, journey.language, (*lines, *self._foot(journey.language)), copy)

    def report(self, tests: tuple[SelfTest, ...], language: str) -> Receipt:
        """Compose the readiness report: one page that tells a technician all."""
        words = self._languages[language]
        now = self._clock.wall_ms()
        lines: list[ReceiptLine] = [
            *self._top(language),
            Text(words.text("paper-report-title"), "centre", "large", bold=True),
            Row(words.text("paper-kiosk"), self._kiosk_id),
            Row(words.text("paper-date"), moment(words, now)),
            Row(words.text("paper-version"), self._version),
        ]
        for test in tests:
            lines += [
                Rule(),
                Row(words.text(f"paper-device-{test.device}"), words.text(f"paper-test-{test.outcome}"), bold=True),
            ]
            for check in test.checks:
                lines.append(Row(check.name.replace("_", " "), words.text(f"paper-test-{check.outcome}"), size="small"))
                lines += [Text(text, size="small") for text in (check.detail, check.advice) if text]
        if not tests:
            lines += [Rule(), Text(words.text("paper-report-empty"))]
        return Receipt(f"{self._kiosk_id}-report-{now}", language, (*lines, Rule(), Gap(4)))

    def slip(self, order: PrintCollection) -> Receipt:
        """Compose the slip of a collection; ``copy`` above 0 marks it as for the citizens' papers."""
        words, collection = self._languages[order.language], order.collection
        lines = [*self._top(order.language), *heading(words, "collection", order.copy)]
        lines += [
            Row(words.text("paper-reference"), collection.reference),
            Row(words.text("paper-date"), moment(words, collection.made_at_ms)),
            Row(words.text("paper-kiosk"), self._kiosk_id),
            *counts(words, collection, order.told),
        ]
        return Receipt(collection.reference, order.language, (*lines, Rule(), Gap(4)), order.copy)

    def _top(self, language: str) -> list[ReceiptLine]:
        words = self._languages[language]
        return [
            Text(self._head.organisation[language], "centre", bold=True),
            Text(self._head.place[language], "centre", "small"),
            Text(words.text("paper-taxpayer", number=self._head.taxpayer_number), "centre", "small"),
            Rule(),
        ]

    def _matter(self, journey: Journey) -> list[ReceiptLine]:
        words, service = self._languages[journey.language], journey.service
        when = moment(words, journey.paid_ms or self._clock.wall_ms())
        lines: list[ReceiptLine] = [
            Row(words.text("paper-reference"), journey.reference),
            Row(words.text("paper-date"), when),
            Row(words.text("paper-kiosk"), self._kiosk_id),
        ]
        if journey.receipt_number:
            lines.insert(1, Row(words.text("paper-receipt-number"), journey.receipt_number))
        if service is not None and service.paper != "slip":
            lines += [Rule(), Text(service.title[journey.language], bold=True)]
            lines += [
                Row(field.label[journey.language], grouped(journey.answers[field.id], field.group))
                for field in service.fields
                if field.id in journey.answers
            ]
        return lines

    def _statement(self, journey: Journey) -> list[ReceiptLine]:
        """Say of each earlier payment what it was, when, how much, and how it stands now."""
        words = self._languages[journey.language]
        lines: list[ReceiptLine] = [
            Row(words.text("paper-date"), moment(words, self._clock.wall_ms())),
            Row(words.text("paper-kiosk"), self._kiosk_id),
        ]
        for matter in journey.matters:
            title = self._titles.get(matter.service_id, {}).get(journey.language, matter.service_id)
            lines += [
                Rule(),
                Text(title, bold=True),
                Row(words.text("paper-reference"), matter.reference),
                Row(words.text("paper-date"), moment(words, matter.made_at_ms)),
                Row(words.text("paper-amount"), self._amount(journey.language, matter.amount)),
                Text(words.text(words.word_id("paper-matter", matter.standing)), bold=True),
            ]
            if matter.receipt_number:
                lines.append(Row(words.text("paper-receipt-number"), matter.receipt_number))
        return lines

    def _document(self, journey: Journey) -> list[ReceiptLine]:
        acceptance = journey.acceptance
        if acceptance is None:
            return []
        lines: list[ReceiptLine] = [Gap(1), *(as_row(line) for line in acceptance.document)]
        if acceptance.verification_url:
            hint = self._languages[journey.language].text("paper-verify")
            width_mm = SEALED_MM if "#" in acceptance.verification_url else PLAIN_MM
            lines += [Gap(2), Qr(acceptance.verification_url, width_mm), Text(hint, "centre", "small")]
        return lines

    def _money(self, paper: Paper, journey: Journey) -> list[ReceiptLine]:
        words, quote = self._languages[journey.language], journey.quote
        if quote is None:
            return []
        lines: list[ReceiptLine] = []
        if quote.payer:
            lines.append(Row(words.text("paper-payer"), quote.payer))
        for line in quote.lines:
            value = self._amount(journey.language, line.amount) if line.amount else line.value
            lines.append(Row(line.label[journey.language], value))
        lines += [
            Rule(),
            Row(words.text("paper-amount"), self._amount(journey.language, quote.amount)),
            Row(words.text("paper-fee"), self._amount(journey.language, quote.fee)),
            Row(
                words.text(f"paper-{paper}-total"), self._amount(journey.language, quote.total), bold=True, size="large"
            ),
            Rule(),
        ]
        lines += self._notes(journey)
        return lines + (self._card(journey.language, journey.payment) if journey.payment else [])

    def _notes(self, journey: Journey) -> list[ReceiptLine]:
        """Say what came in, in notes and by card, what is too much, and where that goes."""
        words, cash = self._languages[journey.language], journey.cash
        lines: list[ReceiptLine] = []
        if journey.doubtful:
            value = self._amount(journey.language, journey.doubtful.value)
            lines.append(Row(words.text("paper-cash-doubtful"), value))
        if cash is None:
            return lines
        lines.append(Row(words.text("paper-cash-inserted"), self._amount(journey.language, cash.total)))
        if journey.payment:
            lines.append(Row(words.text("paper-cash-card"), self._amount(journey.language, journey.payment.amount)))
        if not cash.surplus or cash.surplus_to is None:
            return lines
        lines.append(Row(words.text("paper-cash-surplus"), self._amount(journey.language, cash.surplus)))
        if journey.doubt:
            return lines  # the claim is about all of it
        lines.append(Text(words.text(f"paper-cash-surplus-{cash.surplus_to}")))
        if cash.surplus_to == "claim":
            lines.append(Row(words.text("paper-claim-code"), f"{journey.reference}-S", bold=True))
        return lines

    def _card(self, language: str, payment: Authorisation) -> list[ReceiptLine]:
        words = self._languages[language]
        rows = (
            ("paper-card", " ".join(part for part in (payment.card_name, payment.masked_pan) if part)),
            ("paper-authorisation", payment.authorisation_code),
            ("paper-terminal", payment.terminal_id),
            ("paper-merchant", payment.merchant_id),
            ("paper-terminal-receipt", f"{payment.mark.receipt_number} / {payment.mark.trace_number}"),
            ("paper-aid", payment.application_id),
            ("paper-application", payment.application_label),
            ("paper-verification", payment.verification),
        )
        return [Row(words.text(name), value, size="small") for name, value in rows if value.strip(" /")]

    def _standing(self, paper: Paper, journey: Journey) -> list[ReceiptLine]:
        if paper == "slip":
            return []  # the centre's document says it all
        words = self._languages[journey.language]
        word = "deferred" if journey.deferred and paper in ("receipt", "claim") else "done"
        if paper == "claim" and journey.doubt == UNFILED:
            word = "unfiled"
        if paper == "claim" and word != "unfiled" and journey.doubt == "undelivered" and journey.notes:
            code = Row(words.text("paper-claim-code"), journey.reference, bold=True)
            return [Gap(1), code, Text(words.text(f"paper-claim-cash-{word}"), bold=True)]
        return [Gap(1), Text(words.text(f"paper-{paper}-{word}"), bold=paper == "claim")]

    def _foot(self, language: str) -> list[ReceiptLine]:
        words = self._languages[language]
        return [Rule(), Text(words.text("paper-help", phone=self._head.phone), "centre", "small"), Gap(4)]

    def _amount(self, language: str, money: Money) -> str:
        return self._languages[language].money(money, paper=True)


def heading(words: Language, paper: str, copy: int) -> list[ReceiptLine]:
    """Return a paper's title, and that it is a copy if it is one."""
    lines: list[ReceiptLine] = [Text(words.text(f"paper-{paper}-title"), "centre", "large", bold=True)]
    if copy:
        lines.append(Text(words.text("paper-copy", number=str(copy)), "centre", "large", bold=True))
    return [*lines, Gap(1)]


def moment(words: Language, at_ms: int) -> str:
    """Return date and time as they stand on paper."""
    return f"{words.date(at_ms)} {words.time(at_ms)}"


def grouped(value: str, size: int) -> str:
    """Return a long number in groups of ``size`` characters: 104 558 210. 0 leaves it whole."""
    if size <= 0:
        return value
    return " ".join(value[start : start + size] for start in range(0, len(value), size))


def as_row(line: str) -> ReceiptLine:
    """Return a line of the centre's document: "label: value" as a row, anything else as it is."""
    label, colon, value = line.partition(": ")
    return Row(label, value) if colon and value else Text(line)
