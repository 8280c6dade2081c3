"""kiosk diagnose and kiosk report, with the real drivers on the bench's wires and a real central system.

Whole runs are processes of their own: the smart card library of one process knows one service only.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from hardware.bench.bench import Bench
from hardware.card.virtual_reader import VirtualReader
from hardware.demo.settings import to_toml
from kiosk.__main__ import main
from kiosk.domain.health import DEVICES
from tests.central.server import RunningCentral
from tests.commands.edits import edit
from tests.test_config import CONFIG

LIMIT_S = 60
NO_PINS = "bench:/nowhere.sock" if Path("/dev/gpiochip0").exists() else "native"
"""A panel that cannot be reached; without real pins the driver cannot even be opened."""


@pytest.fixture(scope="module")
def centre(tmp_path_factory):
    with RunningCentral(tmp_path_factory.mktemp("central"), "AGALI-1") as central:
        yield central


@pytest.fixture(scope="module")
def reader(tmp_path_factory):
    with VirtualReader(tmp_path_factory.mktemp("reader")) as virtual:
        yield virtual


@pytest.fixture
def bench(tmp_path, reader, monkeypatch):
    monkeypatch.setenv("PCSCLITE_CSOCK_NAME", "")  # so that what the bench sets ends with this test
    made = Bench(tmp_path / "bench", quick=True, reader=reader)
    made.start()
    yield made
    made.stop()
    reader.restart_service()


@pytest.fixture
def wires(tmp_path):
    """A bench without a card reader, for tests of single devices in this process."""
    made = Bench(tmp_path / "bench", quick=True)
    made.start_without_reader()
    yield made
    made.stop()


@pytest.fixture
def config(tmp_path, centre):
    centre.up()
    (tmp_path / "token").write_text(centre.token)
    at = tmp_path / "bench"
    tables = {
        "kiosk": {"id": "AGALI-1", "data": "data", "production": False},
        "central": {"url": centre.url, "token_file": "token"},
        "terminal": {"port": str(at / "terminal")},
        "printer": {"port": str(at / "printer")},
        "panel": {"pins": f"bench:{at / 'panel.sock'}"},
        "drivers": {"scanner": "serial"},
        "scanner": {"port": str(at / "scanner")},
    }
    path = tmp_path / "kiosk.toml"
    path.write_text(to_toml(CONFIG / "kiosk.toml", tables))
    yield path
    centre.up()


def kiosk(*words):
    """Run a command in a process of its own, with the smart card service that the bench has set."""
    done = subprocess.run(
        [sys.executable, "-m", "kiosk", *words], capture_output=True, timeout=LIMIT_S, check=False, env=os.environ
    )
    assert b"Traceback" not in done.stderr
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def outcomes(text):
    return {each["device"]: each["outcome"] for each in json.loads(text)["devices"]}


def test_all_is_well(bench, config):
    """With every device on its wire and a centre that answers, each of them passes and the exit status is 0."""
    status, out, _ = kiosk("diagnose", "--json", "--config", str(config))
    assert outcomes(out) == dict.fromkeys((*DEVICES, "scanner"), "passed")
    assert json.loads(out)["outcome"] == "passed"
    assert status == 0
    assert all(check["name"] for each in json.loads(out)["devices"] for check in each["checks"])


def test_what_is_broken_does_not_hide_what_is_well(bench, config, centre):
    """Paper out, panel gone and centre down at once: exactly these three have failed, each with advice, and the exit status is 2."""
    assert bench.do({"device": "printer", "do": "paper_out"})["ok"]
    edit(config, (f"bench:{bench.panel_socket}", NO_PINS))
    centre.down()
    status, out, _ = kiosk("diagnose", "--json", "--config", str(config))
    failed = {"printer", "panel", "central"}
    assert outcomes(out) == {name: "failed" if name in failed else "passed" for name in (*DEVICES, "scanner")}
    for each in json.loads(out)["devices"]:
        advised = [check["advice"] for check in each["checks"] if check["outcome"] == "failed"]
        assert all(advised), each
    assert status == 2


def test_the_report_comes_out_on_paper(bench, config):
    """kiosk report prints one piece of some length, cuts it, and ends as the tests did."""
    status, _, error = kiosk("report", "--lang", "en", "--config", str(config))
    assert (status, error) == (0, "")
    (piece,) = bench.devices["printer"].ledger()
    assert piece["cut"]
    assert piece["height_mm"] > 100


def test_a_report_without_paper_says_so(bench, config):
    """Without paper the report is told on standard error, nothing comes out, and the exit status is 2."""
    assert bench.do({"device": "printer", "do": "paper_out"})["ok"]
    status, _, error = kiosk("report", "--config", str(config))
    assert status == 2
    assert "not printed: paper_out" in error
    assert bench.devices["printer"].ledger() == []


def diagnosed(config, device, capsys):
    """Test one device in this process; return exit status and text."""
    status = main(["diagnose", device, "--config", str(config)])
    return status, capsys.readouterr().out


@pytest.mark.parametrize("device", ["terminal", "printer", "panel", "central", "scanner"])
def test_one_device_is_tested_alone(wires, config, capsys, device):
    """With a device's name only that device is tested: here no smart card service runs at all, and nobody minds."""
    status, out = diagnosed(config, device, capsys)
    assert status == 0
    assert [line for line in out.splitlines() if not line.startswith(" ")] == [f"ok   {device}"]


@pytest.mark.parametrize(("command", "told"), [
    ({"device": "printer", "do": "paper_out"}, "FAIL paper"),
    ({"device": "printer", "do": "unplug"}, "FAIL port"),
    ({"device": "terminal", "do": "unplug"}, "FAIL port"),
    ({"device": "scanner", "do": "unplug"}, "FAIL port"),
])  # fmt: skip
def test_a_broken_device_fails_with_advice(wires, config, capsys, command, told):
    """A fault is named with its check, followed by what the technician should do, and the exit status is 2."""
    assert wires.do(command)["ok"]
    status, out = diagnosed(config, command["device"], capsys)
    lines = [line.strip() for line in out.splitlines()]
    assert lines[0] == f"FAIL {command['device']}"
    at = next(number for number, line in enumerate(lines) if line.startswith(told))
    assert lines[at + 1].startswith("-> ")
    assert status == 2


def test_a_printer_near_its_end_is_degraded(wires, config, capsys):
    """Paper near its end is a shortcoming and no failure: exit status 1, with advice."""
    assert wires.do({"device": "printer", "do": "near_end"})["ok"]
    status, out = diagnosed(config, "printer", capsys)
    assert out.startswith("!    printer\n")
    assert "-> " in out
    assert status == 1


def test_mains_off_is_degraded(wires, config, capsys):
    """A kiosk on its battery is told as degraded."""
    assert wires.do({"device": "mains", "do": "cut"})["ok"]
    status, out = diagnosed(config, "panel", capsys)
    assert "mains: off" in out
    assert status == 1


@pytest.mark.parametrize(("way", "reason"), [("down", "absent"), ("hang", "silent")])
def test_a_centre_out_of_reach_fails_with_advice(config, centre, capsys, way, reason):
    """A cut line and one on which nobody answers are told apart, within the time of a health check."""
    getattr(centre, way)()
    status, out = diagnosed(config, "central", capsys)
    assert f"FAIL reachable: {reason}" in out
    assert "-> Check the network cable" in out
    assert status == 2


def test_a_kiosk_without_a_token_is_told_what_lacks(config, tmp_path, capsys):
    """Without a token the centre's test fails and names the file; it is no traceback and no mistake of the other devices."""
    (tmp_path / "token").unlink()
    status, out = diagnosed(config, "central", capsys)
    assert f"FAIL open: {tmp_path / 'token'}: the kiosk's token cannot be read" in out
    assert status == 2


def test_an_unknown_token_is_refused(config, tmp_path, capsys):
    """A centre that does not know this kiosk is told as such."""
    (tmp_path / "token").write_text("somebody-elses-token")
    status, out = diagnosed(config, "central", capsys)
    assert "FAIL reachable: refused" in out
    assert status == 2


def test_a_misspelt_driver_is_a_mistake_and_no_failure(config, capsys):
    """A driver that does not exist is a mistake in the configuration: exit status 78, and nothing is tested."""
    edit(config, ('scanner = "serial"', 'printer = "escpoz"'))
    assert main(["diagnose", "printer", "--config", str(config)]) == 78
    assert "there is no such driver" in capsys.readouterr().err
