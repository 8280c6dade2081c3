"""Papers that the bench keeps: their text, beside what is printed."""

from __future__ import annotations

from pathlib import Path

from kiosk.commands.parts import forms_of, letterhead_of
from kiosk.config import Config
from kiosk.domain.receipt import Receipt, Row, Text
from kiosk.journey.effects import PrintCollection, PrintPaper
from kiosk.language import Language
from kiosk.runtime.clock import SystemClock
from kiosk.runtime.papers import Papers
from kiosk.version import VERSION


class KeptPapers(Papers):
    """Papers that also leave their text in a folder: only on the bench."""

    folder: Path

    def compose(self, order: PrintPaper) -> Receipt:
        """Compose a paper and keep its text as ``<reference>.txt``."""
        return self._kept(super().compose(order))

    def slip(self, order: PrintCollection) -> Receipt:
        """Compose the slip of a collection and keep its text likewise."""
        return self._kept(super().slip(order))

    def _kept(self, receipt: Receipt) -> Receipt:
        (self.folder / f"{receipt.reference}.txt").write_text(text_of(receipt), "utf-8")
        return receipt


def text_of(receipt: Receipt) -> str:
    """Return what a receipt says, without its layout."""
    lines = []
    for line in receipt.lines:
        if isinstance(line, Text):
            lines.append(line.text)
        elif isinstance(line, Row):
            lines.append(f"{line.label}: {line.value}")
    return "\n".join(lines) + "\n"


def papers_for(config: Config, languages: dict[str, Language]) -> Papers:
    """Return the composer of papers; on the bench one that keeps their text."""
    head, forms = letterhead_of(config), forms_of(config)
    arguments = (languages, head, forms, config.kiosk.id, SystemClock(), VERSION, config.found_services)
    if config.bench is None or not config.bench.papers:
        return Papers(*arguments)
    kept = KeptPapers(*arguments)
    kept.folder = config.path(config.bench.papers)
    kept.folder.mkdir(parents=True, exist_ok=True)
    return kept
