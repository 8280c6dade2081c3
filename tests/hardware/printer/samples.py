"""Papers as the kiosk composes them, with everything that is hard to set: long labels, long values, two scripts, a QR."""

from __future__ import annotations

from kiosk.domain.receipt import Gap, Qr, Receipt, ReceiptLine, Row, Rule, Text

NO_BREAK = "\u00a0"
URL = "https://central.example/verify/8F3K-22QX-91LM-7Z0A"


def head(organisation: str, place: str, number: str) -> list[ReceiptLine]:
    return [
        Text(organisation, "centre", bold=True),
        Text(place, "centre", "small"),
        Text(number, "centre", "small"),
        Rule(),
    ]


def small(*rows: tuple[str, str]) -> list[ReceiptLine]:
    return [Row(label, value, size="small") for label, value in rows]


PAYMENT = Receipt(
    "AGL1-000147",
    "az",
    (
        *head("Kənd xidmət terminalı", "Ağalı kəndi, Zəngilan rayonu", "VÖEN 0000000000"),
        Text("ÖDƏNİLDİ", "centre", "large", bold=True),
        Gap(1),
        Row("İstinad", "AGL1-000147"),
        Row("Qəbz №", "EL-2026-0048213"),
        Row("Tarix", "24.11.2026 14:05"),
        Row("Terminal", "AGALI-1"),
        Rule(),
        Text("Elektrik enerjisinin ödənişi", bold=True),
        Row("Müştəri kodu", "104 558 210"),
        Row("Ödəyici", "M******** Aygün E."),
        Row("Əvvəlki göstərici, kVt·saat", f"4{NO_BREAK}812"),
        Row("İstehlak olunmuş enerjinin həcmi, kVt·saat", "268"),
        Row("Ünvan", "Zəngilan rayonu, Ağalı kəndi, Xudafərin küçəsi, ev 17, mənzil 4"),
        Rule(),
        Row("Məbləğ", f"23,60{NO_BREAK}AZN"),
        Row("Xidmət haqqı", f"0,40{NO_BREAK}AZN"),
        Row("CƏMİ", f"24,00{NO_BREAK}AZN", bold=True, size="large"),
        Rule(),
        *small(
            ("Bank kartı", "Visa **** 4821"),
            ("Təsdiq kodu", "483920"),
            ("POS-terminal", "52001234"),
            ("Çek / əməliyyat", "0147 / 000932"),
            ("AID", "A0000000031010"),
            ("Yoxlama üsulu", "PIN"),
        ),
        Gap(1),
        Text("Ödənişiniz qəbul edildi. Bu qəbzi saxlayın."),
        Rule(),
        Text("Sual yaranarsa: 108", "centre", "small"),
        Gap(4),
    ),
)

CERTIFICATE = Receipt(
    "AGL1-000148",
    "ru",
    (
        *head("Сельский терминал услуг", "село Агалы, Зангиланский район", "ИНН (VÖEN) 0000000000"),
        Text("СПРАВКА", "centre", "large", bold=True),
        Gap(1),
        Row("Номер обращения", "AGL1-000148"),
        Row("Дата", "24.11.2026 14:11"),
        Rule(),
        Text("Справка о месте жительства", bold=True),
        Gap(1),
        Text("Номер справки: ŞV-2026-118204"),
        Text("Фамилия, имя, отчество: Məmmədova Aygün Elçin qızı"),
        Text("Адрес: Зангиланский район, село Агалы, улица Худаферин, дом 17"),
        Gap(2),
        Qr(URL, 32.0),
        Text("Чтобы проверить подлинность, считайте код телефоном", "centre", "small"),
        Rule(),
        Text("Если есть вопросы: 108", "centre", "small"),
        Gap(4),
    ),
)

REPORT = Receipt(
    "AGALI-1-report-1",
    "en",
    (
        *head("Village service terminal", "Aghali village, Zangilan district", "Taxpayer no. (VÖEN) 0000000000"),
        Text("Readiness report", "centre", "large", bold=True),
        Row("Terminal", "AGALI-1"),
        Row("Date", "24.11.2026 08:30"),
        Rule(),
        Row("Printer", "ATTENTION", bold=True),
        *small(("fonts", "OK"), ("port", "OK"), ("paper", "ATTENTION"), ("cover", "OK"), ("cutter", "OK")),
        Text("Put in a new roll, coated side towards the print head.", size="small"),
        Rule(),
        Row("Central system", "FAULT", bold=True),
        *small(("answer", "FAULT")),
        Text("no answer from https://central.example/health in 5.0 s: No route to host", size="small"),
        Text("Check the network cable and the router's lamps.", size="small"),
        Rule(),
        Gap(4),
    ),
)

SHORT = Receipt("AGL1-000149", "en", (Text("Short paper", "centre", bold=True), Row("Reference", "AGL1-000149")))

PAPERS = {"payment-az": PAYMENT, "certificate-ru": CERTIFICATE, "report-en": REPORT}
