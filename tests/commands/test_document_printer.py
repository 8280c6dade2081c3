"""The document printer at the command line: check-config knows its table, diagnose tests it, and the bench has one."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from hardware.bench.bench import Bench
from hardware.bench.cli import ports_of
from hardware.card.virtual_reader import VirtualReader
from kiosk.commands.diagnose import run_tests
from kiosk.commands.parts import check_drivers, open_devices
from kiosk.config import Config
from kiosk.config.checks import service_mistakes
from kiosk.config.tables import CentralTable, KioskTable
from tests.hardware.document.papers import certificate
from tests.journey.play import CERTIFICATE, ELECTRICITY

DRIVERS = {"card": "pcsc", "terminal": "zvt", "printer": "escpos", "panel": "gpio"}


def configured(driver: str | None, table: dict[str, object], folder: Path) -> Config:
    drivers = DRIVERS | ({"document": driver} if driver else {})
    return Config(
        kiosk=KioskTable(id="AGALI-1", data=str(folder), production=False),
        central=CentralTable(url="http://127.0.0.1:1", token_file="token"),
        drivers=drivers, terminal={"port": str(folder / "t")}, printer={"port": str(folder / "p")},
        panel={"pins": f"bench:{folder / 'panel'}"}, document=table,
    )  # fmt: skip


@pytest.fixture
def bench(tmp_path):
    made = Bench(tmp_path / "bench", quick=True, reader=VirtualReader(tmp_path), document_port=0)
    made.start_without_reader()
    yield made
    made.stop()


@pytest.mark.parametrize(
    ("driver", "table", "told"),
    [
        ("ipp", {"url": "http://127.0.0.1/ipp"}, "expected ipps"),
        ("ipp", {}, "url"),
        ("ipp", {"url": "ipp://127.0.0.1/ipp/print", "colour": "red"}, "colour"),
        ("escpos", {}, "port"),
        ("cups", {}, "expected one of: escpos, ipp"),
    ],
)
def test_a_wrong_table_is_told(driver, table, told, tmp_path):
    """An address in clear, a missing or unknown key, and an unknown driver are told before anything is opened."""
    (mistake,) = check_drivers(configured(driver, table, tmp_path))
    assert "document" in mistake
    assert told in mistake


def test_it_is_optional(tmp_path):
    """A kiosk without a document printer has none, and is asked for none."""
    config = configured(None, {}, tmp_path)
    assert check_drivers(config) == []
    assert "document" not in config.driven


def test_diagnose_tests_it(bench, tmp_path):
    """The technician's test finds the bench's printer well, and out of paper when it is."""
    config = configured("ipp", {"url": bench.document_url}, tmp_path)
    assert [test.outcome for test in run_tests(config, ("document",))] == ["passed"]
    assert bench.do({"device": "document", "do": "paper_out"})["ok"]
    (test,) = run_tests(config, ("document",))
    assert test.outcome == "failed"
    assert any(check.advice for check in test.checks if check.outcome == "failed")


def test_the_benchs_ledger_has_what_was_printed(bench, tmp_path):
    """The bench tells where its A4 printer is, and its ledger what came out of it."""
    url = ports_of(bench)["document"]
    devices = open_devices(configured("ipp", {"url": url}, tmp_path))
    assert devices.document is not None
    devices.document.print_document(certificate(), "R-1")
    (row,) = bench.do({"do": "ledger"})["ledger"]["document"]
    assert (row["name"], row["state"], row["bytes"]) == ("R-1", "completed", len(certificate()))
    for each in (devices.card, devices.terminal, devices.printer, devices.panel, devices.document):
        each.close()


def test_a_document_is_for_slips_alone():
    """A service whose paper is a receipt cannot have a document; a certificate can."""
    assert service_mistakes(CERTIFICATE, CERTIFICATE.id) == []
    (mistake,) = service_mistakes(replace(ELECTRICITY, document="a4"), ELECTRICITY.id)
    assert mistake.startswith('document = "a4": expected paper = "slip"')
