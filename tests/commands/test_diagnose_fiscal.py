"""kiosk diagnose fiscal and kiosk check-config, with a simulated register on the wire."""

from __future__ import annotations

from pathlib import Path

import pytest

from hardware.demo.settings import to_toml
from hardware.fiscal.simulator import SimulatedFiscalRegister
from kiosk.__main__ import main
from tests.test_config import CONFIG


@pytest.fixture
def register(tmp_path):
    made = SimulatedFiscalRegister(tmp_path / "register")
    made.start()
    yield made
    made.stop()


@pytest.fixture
def config(tmp_path, register):
    (tmp_path / "token").write_text("a-token")
    (tmp_path / "word").write_text("123\n")
    tables = {
        "kiosk": {"id": "AGALI-1", "data": "data", "production": False},
        "central": {"url": "http://127.0.0.1:1", "token_file": "token"},
        "drivers": {"fiscal": "ekassa"},
        "fiscal": {"port": str(register.url), "password_file": str(tmp_path / "word")},
    }
    path = tmp_path / "kiosk.toml"
    path.write_text(to_toml(CONFIG / "kiosk.toml", tables))
    return path


def test_a_register_that_works(config, capsys):
    """A register on the wire passes every check, and the technician reads which one it is."""
    assert main(["diagnose", "fiscal", "--config", str(config)]) == 0
    told = capsys.readouterr().out
    assert "ok   fiscal" in told
    assert "SIMULATOR" in told


def test_a_register_that_is_away(config, register, capsys):
    """A register that is away fails, with what to look at."""
    register.do({"do": "power_off"})
    assert main(["diagnose", "fiscal", "--config", str(config)]) == 2
    assert "cable and power" in capsys.readouterr().out


def test_a_password_that_is_missing_is_told(config, tmp_path, capsys):
    """Without the register's password the check of the configuration says which file is meant, and never what stands in it."""
    assert main(["check-config", str(config)]) == 0
    Path(tmp_path / "word").unlink()
    assert main(["check-config", str(config)]) == 78
    assert "fiscal.password_file" in capsys.readouterr().out
