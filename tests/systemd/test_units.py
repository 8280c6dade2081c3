"""The units: systemd understands them, they are hardened to a measured degree, and the installer lays all of them."""

import os
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
UNITS = ("kiosk.service", "kiosk-central.service")
EXPOSURE_AT_MOST = {"kiosk.service": 1.5, "kiosk-central.service": 0.9}

pytestmark = pytest.mark.check


def run(*command, **more):
    environment = {**os.environ, "LC_ALL": "C.UTF-8", "SYSTEMD_COLORS": "0"}
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, env=environment, **more)


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    root = tmp_path_factory.mktemp("root")
    done = run(str(ROOT / "systemd" / "install"), "--central", "--root", str(root))
    assert done.returncode == 0, done.stderr
    return root


@pytest.mark.parametrize("unit", UNITS)
def test_systemd_finds_no_mistake(unit, tmp_path):
    """systemd-analyze verify has nothing to say about a unit whose program is there."""
    text = (ROOT / "systemd" / unit).read_text()
    for program in ("kiosk", "kiosk-central"):
        (tmp_path / program).write_text("#!/bin/sh\n")
        (tmp_path / program).chmod(0o755)
    (tmp_path / unit).write_text(text.replace("/opt/kiosk/.venv/bin", str(tmp_path)))
    done = run("systemd-analyze", "verify", "--man=no", str(tmp_path / unit))
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("unit", UNITS)
def test_a_unit_stays_as_hardened_as_it_was(unit):
    """systemd's own measure of exposure does not rise above what was reached."""
    done = run("systemd-analyze", "security", "--offline=yes", str(ROOT / "systemd" / unit))
    found = re.search(r"Overall exposure level for \S+: ([0-9.]+)", done.stdout)
    assert found, done.stdout + done.stderr
    assert float(found[1]) <= EXPOSURE_AT_MOST[unit]


def test_a_frozen_kiosk_is_restarted():
    """The unit has a watchdog, restarts always, and gives up on a loop of failing starts."""
    text = (ROOT / "systemd" / "kiosk.service").read_text()
    for line in ("Type=notify", "WatchdogSec=30", "Restart=always", "StartLimitBurst=6", "LimitCORE=0"):
        assert f"\n{line}\n" in text


def test_the_kiosks_memory_is_never_written_to_disk():
    """No swap file and no core file gets what somebody typed."""
    text = (ROOT / "systemd" / "kiosk.service").read_text()
    for line in ("MemorySwapMax=0", "LimitCORE=0"):
        assert f"\n{line}\n" in text


def test_the_installer_lays_every_file(installed):
    """Program, shared configuration, units, users, folders, device names and permissions are in their places."""
    for path in (
        "opt/kiosk/kiosk/__main__.py", "opt/kiosk/pyproject.toml", "usr/share/kiosk/config/kiosk.toml",
        "etc/systemd/system/kiosk.service", "etc/systemd/system/kiosk-central.service", "etc/sysusers.d/kiosk.conf",
        "etc/tmpfiles.d/kiosk.conf", "etc/udev/rules.d/90-kiosk.rules", "etc/polkit-1/rules.d/90-kiosk-pcsc.rules",
        "etc/kiosk/terminal.toml",
    ):  # fmt: skip
        assert (installed / path).is_file(), path


def test_a_terminals_own_file_is_not_overwritten(installed):
    """A second installation leaves what the technician wrote as it is."""
    own = installed / "etc/kiosk/terminal.toml"
    own.write_text("# mine\n")
    assert run(str(ROOT / "systemd" / "install"), "--root", str(installed)).returncode == 0
    assert own.read_text() == "# mine\n"


@pytest.mark.parametrize("tool", [("systemd-sysusers", "sysusers.d"), ("systemd-tmpfiles", "tmpfiles.d")])
def test_users_and_folders_are_understood(installed, tool):
    """systemd reads the lists of users and folders without complaint."""
    command = [tool[0], f"--root={installed}", *(["--create"] if tool[0] == "systemd-tmpfiles" else [])]
    if tool[0] == "systemd-tmpfiles":
        if os.geteuid() != 0:
            pytest.skip("making folders for other users needs root")
        run("systemd-sysusers", f"--root={installed}")
    done = run(*command, f"{installed}/etc/{tool[1]}/kiosk.conf")
    assert done.returncode == 0, done.stderr


def test_every_device_name_in_the_configuration_has_a_rule():
    """The ports that kiosk.toml names are the names that udev gives."""
    rules = (ROOT / "systemd" / "90-kiosk.rules").read_text()
    ports = re.findall(r'port = "/dev/(kiosk/[a-z-]+)"', (ROOT / "config" / "kiosk.toml").read_text())
    assert len(ports) >= 2
    for port in ports:
        assert f'SYMLINK+="{port}"' in rules
