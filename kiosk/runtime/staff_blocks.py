"""The blocks of papers for staff: who serviced, what was tested, what the cash box held."""

from __future__ import annotations

from kiosk.domain.receipt import ReceiptLine, Row, Rule, Text
from kiosk.language import devices
from kiosk.runtime.counting import counts, serviced_by
from kiosk.runtime.forms import Block
from kiosk.runtime.sheet import Sheet

Lines = list[ReceiptLine]


def tests(sheet: Sheet, _block: Block) -> Lines:
    """Tell a technician of each device what was tested, what came of it and what to do."""
    if not sheet.tests:
        return [Rule(), Text(sheet.text("paper-report-empty"))]
    lines: Lines = []
    for test in sheet.tests:
        device, outcome = sheet.text(f"paper-device-{test.device}"), sheet.text(f"paper-test-{test.outcome}")
        lines += [Rule(), Row(device, outcome, bold=True)]
        for check in test.checks:
            name = devices.check_name(sheet.words, check.name)
            lines.append(Row(name, sheet.text(f"paper-test-{check.outcome}"), size="small"))
            told = devices.detail(sheet.words, check.detail), devices.advice(sheet.words, test.device, check)
            lines += [Text(text, size="small") for text in told if text]
    return lines


def serviced(sheet: Sheet, _block: Block) -> Lines:
    """Say whose card let in whoever services."""
    return serviced_by(sheet.words, sheet.by)


def counted(sheet: Sheet, _block: Block) -> Lines:
    """Count the notes of a collection."""
    return counts(sheet.words, sheet.collection, sheet.told) if sheet.collection else []
