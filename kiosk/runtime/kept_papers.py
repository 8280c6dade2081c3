"""Papers that also keep what they say, for the bench and the tests: the printed ones are pictures."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kiosk.domain.receipt import Receipt, Row, Text
from kiosk.journey.effects import PrintCollection, PrintPaper
from kiosk.runtime.papers import Papers


class KeptPapers(Papers):
    """Gives every composed paper to ``keep``, too."""

    def __init__(self, keep: Callable[[Receipt], None], *arguments: Any) -> None:
        super().__init__(*arguments)
        self._keep = keep

    def compose(self, order: PrintPaper) -> Receipt:
        """Compose a paper and keep it."""
        return self._kept(super().compose(order))

    def slip(self, order: PrintCollection) -> Receipt:
        """Compose the slip of a collection and keep it."""
        return self._kept(super().slip(order))

    def _kept(self, receipt: Receipt) -> Receipt:
        self._keep(receipt)
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
