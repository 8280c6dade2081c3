"""Documents to print: the centre's own, and what an enemy would send instead."""

from __future__ import annotations

from functools import cache
from io import BytesIO

import pypdfium2

from central.applications.a4 import Sheet, draw

ADDRESS = "https://e-xidmet.example.az/v/8QX2K7MZP4RT9W3HJN5VC6BD#" + "A" * 180
LINES = {
    "az": ("Yaşayış yeri haqqında arayış", "Ad, soyad: Aygün Məmmədova", "Ünvan: Zəngilan rayonu, Ağalı kəndi, Qarabağ küçəsi 12",
           "Verilib: 28.11.2026"),
    "ru": ("Справка о месте жительства", "Имя, фамилия: Айгюн Мамедова", "Адрес: Зангиланский район, село Агалы", "Выдана: 28.11.2026"),
    "en": ("Certificate of residence", "Name: Aygun Mammadova", "Address: Zangilan district, Aghali village", "Issued: 28.11.2026"),
}  # fmt: skip


@cache
def certificate(language: str = "az") -> bytes:
    """A certificate as the centre draws it, with a sealed code of the usual length."""
    return draw(Sheet(language, LINES[language], ADDRESS, "AGALI-1", "2026-000123", "DEMO"))


def blank(pages: int = 1, width: float = 595.0, height: float = 842.0) -> bytes:
    """A document of empty pages."""
    document = pypdfium2.PdfDocument.new()
    for _ in range(pages):
        document.new_page(width, height)
    out = BytesIO()
    document.save(out)
    document.close()
    return out.getvalue()
