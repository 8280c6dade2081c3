"""Every kind of paper in every language, as the kiosk composes it; as a program it draws them all, for somebody's eyes.

``python -m tests.hardware.printer.all_papers FOLDER`` writes the pictures; ``--accept`` makes them the ones that the test knows.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path

from PIL import Image

from hardware.printer.layout import HEADS, lay_out
from kiosk.commands.parts import read_forms
from kiosk.domain.application import Acceptance
from kiosk.domain.cash import Box, Collection, Note
from kiosk.domain.health import Check, SelfTest
from kiosk.domain.matter import Matter
from kiosk.domain.money import Money
from kiosk.domain.payment import Authorisation
from kiosk.domain.receipt import Receipt
from kiosk.journey.effects import PrintCollection, PrintPaper
from kiosk.journey.state import Journey, Paper
from kiosk.language import load_languages
from kiosk.runtime.papers import Letterhead, Papers
from tests.journey.play import CERTIFICATE, ELECTRICITY, QUOTE, SALE, SERVICES
from tests.journey.play import DOCUMENT as DOCUMENT_OF_SALE
from tests.uplink import seals

ROOT = Path(__file__).parents[3]
KNOWN = ROOT / "tests" / "golden" / "papers.json"
LANGUAGES = load_languages(ROOT / "config" / "languages")
HEAD = Letterhead(
    {"az": "Kənd xidmət terminalı", "ru": "Сельский терминал услуг", "en": "Village service terminal"},
    {
        "az": "Ağalı kəndi, Zəngilan rayonu",
        "ru": "село Агалы, Зангиланский район",
        "en": "Aghali village, Zangilan district",
    },
    "0000000000",
    "108",
)
FORMS = read_forms(ROOT / "config" / "receipts")
NOON_MS = 1_795_500_000_000
CARD = Authorisation(
    QUOTE.total,
    SALE.mark,
    "483920",
    card_name="Visa",
    masked_pan="****4821",
    terminal_id="52001234",
    application_id="A0000000031010",
    application_label="VISA CREDIT",
    merchant_id="100000123456",
    verification="PIN",
)
DOCUMENTS = {
    "az": (
        "Yaşayış yeri haqqında arayış",
        "Arayışın nömrəsi: 26-FCZDZK",
        "Etibarlıdır: 24.12.2026",
        "Soyad, ad, ata adı: Məmmədova Aygün Elçin qızı",
        "Ünvan: Zəngilan rayonu, Ağalı kəndi, 14-cü küçə, ev 6",
    ),
    "ru": (
        "Справка о месте жительства",
        "Номер справки: 26-FCZDZK",
        "Действительна по: 24.12.2026",
        "Фамилия, имя, отчество: Məmmədova Aygün Elçin qızı",
        "Адрес: Зангиланский район, село Агалы, 14-я улица, дом 6",
    ),
    "en": (
        "Certificate of residence",
        "Certificate number: 26-FCZDZK",
        "Valid until: 24.12.2026",
        "Surname, given name, patronymic: Məmmədova Aygün Elçin qızı",
        "Address: Zangilan district, Aghali village, 14th street, house 6",
    ),
}
SEALED = seals.text()
COLLECTION = Collection("AGALI1-7KQ-C001042", Box(((500, 3), (2000, 2))), Money(5300), NOON_MS)
MATTERS = (
    Matter("AGALI1-7KQ-000147-W4XKP", "electricity", NOON_MS, Money(2400), "paid", "EL-2026-0048213", "receipt"),
    Matter("AGALI1-7KQ-000148-D7MNR", "residence-certificate", NOON_MS, Money(0), "paid", "26-118204", "slip"),
    Matter("AGALI1-7KQ-000149-HB2QV", "electricity", NOON_MS, Money(1000), "being_checked", "", "claim"),
)
TESTS = (
    SelfTest("printer", (Check("fonts", "passed"), Check("paper", "degraded", "paper_low", "Put in a new roll."))),
    SelfTest("central", (Check("reachable", "failed", "no answer from https://central.example/health in 5.0 s"),)),
)


class Noon:
    """A clock that stands."""

    def wall_ms(self) -> int:
        return NOON_MS

    def monotonic_ms(self) -> int:
        return 0


def receipts() -> dict[str, Receipt]:
    """Return every kind of paper in every language, by its name."""
    papers = Papers(LANGUAGES, HEAD, FORMS, "AGALI-1", Noon(), "1.0", SERVICES.values())  # type: ignore[arg-type]
    found = {}
    for language in LANGUAGES:
        visit = Journey(1, language, 0, ELECTRICITY, quote=QUOTE, reference="AGALI1-7KQ-000147-W4XKP", paid_ms=NOON_MS)
        bill = {"customer_number": "104558210"}
        card = replaced(visit, answers=bill, payment=CARD, receipt_number="EL-2026-0048213")
        notes = (Note("AGL1-000147-N1", Money(2000)), Note("AGL1-000147-N2", Money(1000)))
        slip = replaced(visit, service=CERTIFICATE, quote=None, acceptance=Acceptance("", DOCUMENTS[language], SEALED))
        kinds: dict[str, tuple[Paper, Journey, int]] = {
            "receipt": ("receipt", card, 0),
            "copy": ("receipt", card, 1),
            "deferred": ("receipt", replaced(card, deferred=True), 0),
            "cash": ("receipt", replaced(visit, answers=bill, notes=notes, surplus_to="claim"), 0),
            "fiscal": ("receipt", replaced(card, fiscal=DOCUMENT_OF_SALE), 0),
            "fiscal-copy": ("receipt", replaced(card, fiscal=DOCUMENT_OF_SALE), 2),
            "fiscal-due": ("receipt", replaced(card, fiscal_due="follows"), 0),
            "slip": ("slip", slip, 0),
            "claim": ("claim", replaced(card, doubt="unresolved"), 0),
            "claim-cash": ("claim", replaced(visit, notes=notes, doubt="undelivered"), 0),
            "reversed": ("reversed", card, 0),
            "accepted": ("receipt", replaced(visit, quote=None, receipt_number="R-2026-118"), 0),
            "statement": ("statement", replaced(visit, matters=MATTERS), 0),
        }
        for name, (paper, journey, copy) in kinds.items():
            found[f"{name}-{language}"] = papers.compose(PrintPaper(1, paper, journey, copy))
        found[f"report-{language}"] = papers.report(TESTS, language)
        found[f"collection-{language}"] = papers.slip(PrintCollection(1, COLLECTION, "done", language))
    return found


def replaced(journey: Journey, **changes: object) -> Journey:
    from msgspec.structs import replace

    return replace(journey, **changes)


def pictures() -> dict[str, Image.Image]:
    """Draw every paper for every width and head."""
    return {
        f"{name}-{width_mm}mm-{per_inch}dpi": lay_out(receipt, dots, per_inch)
        for name, receipt in receipts().items()
        for (width_mm, per_inch), dots in HEADS.items()
    }


def digest(picture: Image.Image) -> str:
    """Return what two pictures have in common only if they are the same, size included."""
    return hashlib.sha256(f"{picture.size}".encode() + picture.tobytes()).hexdigest()[:16]


def main(arguments: list[str]) -> None:
    """Write the pictures; with ``--accept`` also their digests."""
    folder = Path(arguments[0])
    folder.mkdir(parents=True, exist_ok=True)
    drawn = pictures()
    for name, picture in drawn.items():
        picture.save(folder / f"{name}.png")
    if "--accept" in arguments:
        KNOWN.parent.mkdir(exist_ok=True)
        KNOWN.write_text(
            json.dumps({name: digest(picture) for name, picture in drawn.items()}, indent=0) + "\n", "utf-8"
        )


if __name__ == "__main__":
    main(sys.argv[1:])
