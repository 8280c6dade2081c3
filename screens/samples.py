"""One kiosk per state and variant, with invented people and numbers: what the gallery draws and the tests walk through."""

from __future__ import annotations

import tomllib
from pathlib import Path

import msgspec
from msgspec.structs import replace

from kiosk.domain.application import Quote, QuoteLine
from kiosk.domain.cash import Box, Note
from kiosk.domain.citizen import Citizen
from kiosk.domain.health import Degraded, DeviceName, Failed, Health, Ready, Unknown
from kiosk.domain.money import Money
from kiosk.domain.service import Service
from kiosk.domain.signals import PanelReading, Progress
from kiosk.domain.technician import Technician
from kiosk.journey import state as s
from kiosk.journey import state_cash as c
from kiosk.journey import state_fiscal as f
from kiosk.journey import state_key as d
from kiosk.journey import state_paper as p
from kiosk.journey.state_document import PrintingDocument
from screens.samples_drafts import documents
from screens.samples_face import face
from screens.samples_matters import matters
from screens.samples_people import people
from screens.samples_servicing import FULL_BOX, MORE_DEVICES, UNREGISTERED, technician

CITIZEN = Citizen(
    document_number="AA1234567",
    personal_number="5ABC12D",
    surname="QULIYEVA",
    given_names="AYGUN ELDAR QIZI",
    birth_date="1958-03-14",
    sex="F",
    expiry_date="2030-03-14",
    nationality="AZE",
    issuing_state="AZE",
)
SEEN = replace(CITIZEN, given_names="LEYLA ŞƏHRƏBANU", surname="ŞİRƏLİYEVA-ƏBDÜLRƏHMANOVA", portrait=face())
BILL = Quote(
    id="Q-1",
    amount=Money(4_240),
    fee=Money(50),
    payer="Q******* A.",
    lines=(
        QuoteLine({"az": "Ünvan", "ru": "Адрес", "en": "Address"}, "Ağalı, 14-cü ev"),
        QuoteLine({"az": "Dövr", "ru": "Период", "en": "Period"}, "10.2026"),
    ),
)
FINE = Quote(
    id="Q-2",
    amount=Money(123_450),
    fee=Money(0),
    payer="H******* R.",
    lines=(
        QuoteLine({"az": "Pozuntu", "ru": "Нарушение", "en": "Offence"}, "342.2"),
        QuoteLine({"az": "Cərimə", "ru": "Штраф", "en": "Fine"}, "", Money(137_100)),
        QuoteLine({"az": "Endirim 10%", "ru": "Скидка 10%", "en": "Discount 10%"}, "", Money(-13_650)),
    ),
)
WELL: dict[DeviceName, Health] = {
    "card": Ready("ACR39U, 1 card slot"),
    "terminal": Ready("ZVT 13.09, terminal 52500038"),
    "printer": Ready("TM-T20III, 80 mm"),
    "panel": Ready("3 sensors, 3 lamps"),
    "central": Ready("38 ms"),
}
SMALL_BOX = Box(((500, 1), (2_000, 3)))


def services_in(folder: Path) -> tuple[Service, ...]:
    """Read the services of a folder, in their order."""
    read = [msgspec.convert(tomllib.loads(path.read_text("utf-8")), Service) for path in sorted(folder.glob("*.toml"))]
    return tuple(sorted(read, key=lambda service: service.order))


def samples(services: tuple[Service, ...], language: str = "az") -> dict[str, s.Kiosk]:
    """Return a kiosk per name, in the order of a visit. Needs the services the project brings."""
    by_id = {service.id: service for service in services}
    bill, fine, slip = by_id["electricity"], by_id["traffic-fine"], by_id["residence-certificate"]
    start = s.Journey(7, language, 1_793_700_000_000)
    known = replace(start, service=bill, citizen=CITIZEN)
    typed = replace(known, answers={"customer_number": "104558210"})
    billed = replace(typed, quote=BILL)
    fined = replace(
        start, service=fine, citizen=CITIZEN, answers={"plate": "10AB123", "ticket": "20260017"}, quote=FINE
    )
    free = replace(start, service=slip, citizen=CITIZEN)
    paid = replace(billed, reference="AGALI1-000007", receipt_number="2026-1104-0091")
    states = {
        **_first(start, known, fined),
        **_bills(typed, billed, fined, free),
        **_money(paid),
        **_cash(paid),
        **_ends(paid, replace(free, reference="AGALI1-000007", receipt_number="2026-1104-0092")),
        **matters(replace(start, service=by_id["my-payments"], citizen=CITIZEN)),
        **people(start, by_id, CITIZEN),
        **technician(),
    }
    kiosk = s.Kiosk(id="AGALI1", services=services, language=language, devices=WELL)
    kiosks = {
        name: replace(kiosk, state=state, shown=100 + index) for index, (name, state) in enumerate(states.items())
    }
    trouble = {**WELL, "terminal": Failed("silent", "no answer to 06 00")}
    kiosks["choosing-trouble"] = replace(kiosks["choosing"], devices=trouble, shown=91)
    kiosks["choosing-offline"] = replace(
        kiosks["choosing"], devices={**WELL, "central": Failed("absent"), "printer": Unknown()}, shown=92
    )
    with_cash: dict[DeviceName, Health] = {**WELL, "cash": Ready("CCNET")}
    kiosks["confirming-cash"] = replace(kiosks["confirming"], devices=with_cash, shown=95)
    kiosks["choosing-many"] = replace(kiosks["choosing"], services=many(services), shown=93)
    kiosks["choosing-many-2"] = replace(kiosks["choosing-many"], shown=96)
    kiosks["choosing-power"] = replace(kiosks["choosing"], panel=PanelReading(mains=False), shown=94)
    for name in [each for each in kiosks if each.startswith("collecting") or "collected" in each]:
        kiosks[name] = replace(
            kiosks[name],
            devices=with_cash,
            panel=PanelReading(door_open=True),
            box=SMALL_BOX if name.endswith("small") else Box() if name.endswith("empty") else FULL_BOX,
        )
    for name in [each for each in kiosks if each.startswith("asking-") and "card" in each]:
        kiosks[name] = replace(kiosks[name], way_in="card_or_pin", panel=PanelReading(door_open=True))
    collector = Technician("Rəna Əliyeva", "4F1C", ("cash-collector",))
    kiosks["servicing-collector"] = replace(kiosks["servicing-collector"], devices=with_cash, technician=collector)
    all_devices: dict[DeviceName, Health] = {**with_cash, **MORE_DEVICES}
    kiosks["servicing-scanner"] = replace(kiosks["servicing"], devices=all_devices, panel=PanelReading(door_open=True))
    sick: dict[DeviceName, Health] = {**WELL, "printer": Degraded("paper_low"), "central": Failed("silent", "5 s")}
    kiosks["servicing"] = replace(kiosks["servicing"], devices=sick, panel=PanelReading(door_open=True))
    return kiosks


def many(services: tuple[Service, ...]) -> tuple[Service, ...]:
    """Return more services than a page holds."""
    icons = ("drop", "flame", "document", "person", "card")
    more = tuple(
        replace(services[index % 3], id=f"more-{index}", icon=icon, order=100 + index)
        for index, icon in enumerate(icons)
    )
    return (*services, *more)


def _first(start: s.Journey, known: s.Journey, fined: s.Journey) -> dict[str, s.State]:
    fresh = replace(known, citizen=None)
    words = (
        "removed", "unsupported", "unreadable", "not_genuine", "expired", "two_cards", "wrong_key_too_often", "wrong_document_too_often", "card_absent", "card_no_service", "card_silent",
        "card_failed", "timeout", "unheard_of",
    )  # fmt: skip
    return {
        "welcome": s.Welcome(),
        **{f"out-of-service-{word}": s.OutOfService(word) for word in ("devices", "mains", "door", "unheard_of")},
        "choosing": s.Choosing(start),
        "presenting-card": s.PresentingCard(fresh, 12),
        **{f"presenting-card-{word}": s.PresentingCard(fresh, 12, word) for word in words},
        "entering-key": s.EnteringKey(fresh),
        "entering-key-wrong": s.EnteringKey(fresh, 1),
        **{f"entering-key-{word}": s.EnteringKey(fresh, 1, 13, word) for word in ("wrong_zone", "misread")},
        "entering-key-scanner": s.EnteringKey(fresh, 0, 13),
        "finding-digits": d.FindingDigits(fresh),
        "entering-document": d.EnteringDocument(fresh),
        **documents(fresh),
        **{
            f"entering-document-{word}": d.EnteringDocument(fresh, 1, notice=word)
            for word in ("zone_needed", "wrong_document", "misread")
        },
        "without-chip": d.WithoutChip(fresh),
        "reading-card-put-back": s.ReadingCard(fresh, 14, way="document"),
        "reading-card": s.ReadingCard(fresh, 14),
        "answering": s.Answering(known, 0),
        **{
            f"answering-{word}": s.Answering(replace(known, answers={"customer_number": "104558211"}), 0, word)
            for word in ("unknown_account", "nothing_due", "central_refused")
        },
        "answering-plate": s.Answering(replace(fined, answers={}, quote=None), 0),
        "answering-plate-unknown": s.Answering(replace(fined, quote=None), 0, "unknown_account"),
        "answering-ticket": s.Answering(replace(fined, quote=None), 1),
    }


def _bills(typed: s.Journey, billed: s.Journey, fined: s.Journey, free: s.Journey) -> dict[str, s.State]:
    return {
        "no-paper": p.AgreeingNoPaper(replace(typed, answers={}, citizen=None)),
        "no-paper-confirmed": p.AgreeingNoPaper(billed, confirmed=True),
        "no-paper-slip": p.AgreeingNoPaper(replace(free, citizen=None)),
        "quoting": s.Quoting(typed, 20),
        "confirming": s.Confirming(billed),
        "confirming-declined": s.Confirming(billed, "declined"),
        "confirming-cancelled": s.Confirming(billed, "cancelled"),
        "confirming-fine": s.Confirming(fined),
        "confirming-free": s.Confirming(free),
        "confirming-portrait": s.Confirming(replace(billed, citizen=SEEN)),
        "confirming-portrait-declined": s.Confirming(replace(billed, citizen=SEEN), "declined"),
        "confirming-portrait-fine": s.Confirming(replace(fined, citizen=SEEN)),
        "confirming-portrait-free": s.Confirming(replace(free, citizen=SEEN)),
        "still-there": s.StillThere(s.Confirming(billed)),
        "still-there-answering": s.StillThere(s.Answering(replace(typed, answers={}), 0)),
    }


def _money(paid: s.Journey) -> dict[str, s.State]:
    codes = ("insert_card", "enter_pin", "wait", "contacting_bank", "remove_card", "approved", "declined", "other")
    return {
        "preparing-payment": s.PreparingPayment(paid, 22),
        **{f"taking-payment-{code}": s.TakingPayment(paid, 23, Progress(code)) for code in codes},
        "taking-payment-own-words": s.TakingPayment(paid, 23, Progress("other", "KARTI OXUDUN  2/3")),
        "taking-payment-stopping": s.TakingPayment(paid, 23, stopping=True),
        "settling-payment": s.SettlingPayment(paid, 25),
        "checking-payment": s.CheckingPayment(paid, 26),
        "reversing-payment": s.ReversingPayment(paid, 27, "quote-unknown"),
        "submitting": s.Submitting(paid, 28),
        "registering-sale": f.RegisteringSale(paid, 28),
        "checking-sale": f.CheckingSale(paid, 28),
        "filing-unregistered": f.FilingUnregistered(paid, UNREGISTERED, 28),
        "filing-claim": s.FilingClaim(paid, 28),
        "printing": s.Printing(paid, 29, "receipt"),
    }


def _cash(billed: s.Journey) -> dict[str, s.State]:
    some = replace(billed, notes=(Note("AGALI1-000007-N1", Money(2_000)), Note("AGALI1-000007-N2", Money(2_000))))
    claimed = replace(some, receipt_number="", doubt="undelivered")
    return {
        "preparing-cash": c.PreparingCash(billed, 22),
        "taking-cash": c.TakingCash(billed, 23),
        "taking-cash-some": c.TakingCash(some, 24),
        "taking-cash-returned": c.TakingCash(some, 24, notice="note_returned"),
        "taking-cash-no-card": c.TakingCash(some, 24, notice="declined"),
        "taking-cash-stopping": c.TakingCash(some, 24, then="cancel"),
        "choosing-surplus": c.ChoosingSurplus(some, 25, Money(1_000)),
        "choosing-surplus-chosen": c.ChoosingSurplus(some, 25, Money(1_000), "account"),
        "stacking-note": c.StackingNote(some, 26, Money(200)),
        "returning-note": c.ReturningNote(some, 27, Money(1_000)),
        "acknowledging-note": c.AcknowledgingNote(some, 26),
        "checking-note": c.CheckingNote(some, 28, Money(1_000), stacking=True),
        "farewell-cash-claim": s.Farewell(claimed, 30, "claim", "claim", "printed"),
    }


def _ends(paid: s.Journey, slip: s.Journey) -> dict[str, s.State]:
    reasons = (
        "power", "no_printer", "no_terminal", "no_card_reader", "no_central", "no_fiscal", "no_mains", "door_open", "terminal_failed",
        "not_charged", "central_refused", "nothing_due", "unknown_account", "malformed", "cancelled_at_terminal",
        "card_failed", "card_unproven", "too_many_codes", "timeout", "unheard_of",
    )  # fmt: skip
    return {
        "farewell": s.Farewell(paid, 30, "done", "receipt", "printed", card_inside=True),
        "farewell-card-taken": s.Farewell(paid, 30, "done", "receipt", "printed"),
        "farewell-slip": s.Farewell(slip, 30, "done", "slip", "printed"),
        "printing-document": PrintingDocument(slip, 29),
        "farewell-sheet": s.Farewell(slip, 30, "done", "slip", "printed", card_inside=True, sheet=True),
        "farewell-sheet-taken": s.Farewell(slip, 30, "done", "slip", "printed", sheet=True),
        "farewell-sheet-unverified": s.Farewell(slip, 30, "done", "slip", "unverified", "unconfirmed", sheet=True),
        "farewell-slip-instead": s.Farewell(
            replace(slip, unprinted="paper_out"), 30, "done", "slip", "printed", card_inside=True
        ),
        "farewell-deferred": s.Farewell(replace(paid, receipt_number=""), 30, "deferred", "receipt", "printed"),
        "farewell-claim": s.Farewell(replace(paid, receipt_number=""), 30, "claim", "claim", "printed", "", True),
        "farewell-reversed": s.Farewell(paid, 30, "reversed", "reversed", "unverified", "unconfirmed"),
        "farewell-partial": s.Farewell(paid, 30, "done", "receipt", "partial", "paper_out", card_inside=True),
        "farewell-not-printed": s.Farewell(paid, 30, "done", "receipt", "not_started", "paper_out"),
        "farewell-slip-not-printed": s.Farewell(slip, 30, "done", "slip", "not_started", "paper_out", card_inside=True),
        "farewell-unverified": s.Farewell(paid, 30, "done", "receipt", "unverified", "unconfirmed"),
        "farewell-unfiled-not-printed": s.Farewell(
            replace(paid, receipt_number="", doubt="unfiled"), 30, "claim", "claim", "not_started", "paper_out"
        ),
        "farewell-claim-not-printed": s.Farewell(paid, 30, "claim", "claim", "not_started", "paper_out", True),
        **{f"apology-{word}": s.Apology(replace(paid, citizen=None), word) for word in reasons},
        "apology-card-inside": s.Apology(paid, "no_central"),
    }
