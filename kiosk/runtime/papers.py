"""Papers: what a journey has gathered, in words and lines, by the operator's forms. The printer's driver decides how the lines look."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from kiosk.domain.health import SelfTest
from kiosk.domain.receipt import Picture, Receipt
from kiosk.domain.service import Service
from kiosk.domain.technician import Technician
from kiosk.journey.effects import PrintCollection, PrintPaper
from kiosk.language import Language
from kiosk.runtime.blocks import lines_of
from kiosk.runtime.clock import Clock
from kiosk.runtime.forms import Form
from kiosk.runtime.sheet import Letterhead, Sheet

STATE_LANGUAGE = "az"
"""What an office in the country reads."""

__all__ = ["Letterhead", "Papers"]


class Papers:
    """Composes receipts in the citizen's language, and what an office must read in Azerbaijani first."""

    def __init__(
        self,
        languages: dict[str, Language],
        letterhead: Letterhead,
        forms: Mapping[str, Form],
        kiosk_id: str,
        clock: Clock,
        version: str,
        services: Iterable[Service] = (),
        logo: Picture | None = None,
    ) -> None:
        self._languages, self._head, self._forms, self._kiosk_id = languages, letterhead, forms, kiosk_id
        self._clock, self._version, self._logo = clock, version, logo
        self._titles = {service.id: service.title for service in services}

    def compose(self, order: PrintPaper) -> Receipt:
        """Compose one of a journey's papers; ``copy`` above 0 marks it TƏKRAR / КОПИЯ / COPY."""
        journey = order.journey
        at_ms = journey.paid_ms or self._clock.wall_ms()
        about = {"journey": journey, "reference": journey.reference, "at_ms": at_ms, "titles": self._titles}
        kind = "accepted" if order.paper == "receipt" and journey.quote is None else order.paper
        return self._paper(kind, journey.language, order.copy, about)

    def report(self, tests: tuple[SelfTest, ...], language: str, by: Technician | None = None) -> Receipt:
        """Compose the readiness report: one page that tells a technician all."""
        reference = f"{self._kiosk_id}-report-{self._clock.wall_ms()}"
        return self._paper("report", language, 0, {"tests": tests, "reference": reference, "by": by})

    def slip(self, order: PrintCollection) -> Receipt:
        """Compose the slip of a collection; ``copy`` above 0 marks it as for the citizens' papers."""
        collection = order.collection
        about = {"collection": collection, "told": order.told, "reference": collection.reference, "by": collection.by}
        return self._paper("collection", order.language, order.copy, about | {"at_ms": collection.made_at_ms})

    def _paper(self, kind: str, language: str, copy: int, about: Mapping[str, Any]) -> Receipt:
        form = self._forms[kind]
        first = self._languages[STATE_LANGUAGE] if form.both_languages and language != STATE_LANGUAGE else None
        sheet = Sheet(
            kind=kind,
            words=self._languages[language],
            first=first,
            head=self._head,
            kiosk_id=self._kiosk_id,
            now_ms=self._clock.wall_ms(),
            version=self._version,
            copy=copy,
            logo=self._logo,
            **about,
        )
        return Receipt(sheet.reference, language, tuple(lines_of(form, sheet)), copy)
