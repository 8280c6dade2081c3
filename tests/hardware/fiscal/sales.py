"""Sales for a simulated register and a driver with short waits; the password stands in a file, as on a kiosk."""

from __future__ import annotations

import time
from pathlib import Path

from hardware.fiscal.settings import FiscalSettings, FiscalTimings
from kiosk.domain.fiscal import Sale, SaleItem
from kiosk.domain.money import Money

WORD = "123"
QUICK = FiscalTimings(
    question_limit_s=5.0,
    document_limit_s=1.0,
    register_limit_s=20.0,
    recovery_limit_s=8.0,
    retry_pause_s=0.05,
    not_found_pause_s=0.1,
)
"""A document is waited for briefly, so that silence does not hold the tests up; everything else has time on a slow machine."""
IMPATIENT = FiscalTimings(
    question_limit_s=0.5, document_limit_s=0.5, register_limit_s=2.0, recovery_limit_s=1.0, retry_pause_s=0.05
)


def fiscal_settings(url: str, folder: Path, timings: FiscalTimings = QUICK, password: str = WORD) -> FiscalSettings:
    """Return settings for the register at this address."""
    folder.mkdir(parents=True, exist_ok=True)
    word = folder / "fiscal-password"
    word.write_text(f"{password}\n", "utf-8")
    return FiscalSettings(port=url, password_file=str(word), timings=timings)


def a_sale(reference: str = "AGALI-1-000001", cash: int = 0, cashless: int = 40, vat: int | None = 18) -> Sale:
    """Return a sale of a service, amounts in qəpik."""
    item = SaleItem("Elektrik enerjisi haqqını ödə", "electricity", Money(cash + cashless))
    now_ms = int(time.time() * 1000)
    return Sale(reference, (item,), Money(cash), Money(cashless), vat, "AGALI-1", now_ms)  # type: ignore[arg-type]
