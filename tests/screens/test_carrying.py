"""What is carried away without paper: a telephone's camera reads the code off the screen."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from kiosk.journey.patience import CARRIES_S, ENDS_AFTER_S, patience_s
from screens.carrying import spaced
from screens.window import save_picture

CARRIED = ("farewell-not-printed", "farewell-partial", "farewell-unverified", "farewell-slip-not-printed",
           "farewell-claim-not-printed")  # fmt: skip


@pytest.mark.parametrize("language", ["az", "ru", "en"])
@pytest.mark.parametrize("name", CARRIED)
def test_a_scanner_reads_the_reference_and_nothing_else(citizen, kiosks, tmp_path, name, language):
    """The QR on the screen holds the reference alone: no name, no number of the citizen's, no amount."""
    if shutil.which("zbarimg") is None:
        pytest.skip("zbarimg (Debian package zbar-tools) is not installed")
    kiosk = kiosks[language][name]
    screen = citizen.see(kiosk)
    save_picture(tmp_path / "screen.png")
    read = subprocess.run(
        ["zbarimg", "-q", "--raw", "--nodbus", tmp_path / "screen.png"], capture_output=True, timeout=30, check=False
    )
    assert read.stdout.decode().strip() == kiosk.state.journey.reference
    assert screen.find("carry-code").label == spaced(kiosk.state.journey.reference)


def test_a_printed_paper_needs_no_code(citizen, kiosks):
    """Where the paper came out for certain no code is shown."""
    screen = citizen.see(kiosks["en"]["farewell-card-taken"])
    assert screen.find("carry-qr") is None


def test_there_is_time_to_find_the_telephone(kiosks):
    """The code stays longer than a last word does."""
    kiosk = kiosks["en"]["farewell-not-printed"]
    assert patience_s(kiosk) == CARRIES_S > ENDS_AFTER_S[type(kiosk.state)]
