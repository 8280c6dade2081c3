"""CUPS's ippeveprinter as an IPP printer that somebody else has written: on loopback, with a spool folder that the test reads.

It wants to announce itself through Avahi, and ends where there is no D-Bus at all: a private bus, with nobody on it, is enough.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

BUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-BUS Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>system</type><listen>unix:path={path}</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy></busconfig>
"""
READY_S = 20.0


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def wait_for(ready, what: str) -> None:
    end = time.monotonic() + READY_S
    while not ready():
        assert time.monotonic() < end, f"{what} does not start"
        time.sleep(0.05)


PROGRAMS = f"{os.environ.get('PATH', '')}:/usr/sbin"
"""Debian keeps the printer where only the administrator looks."""


def listens(port: int) -> bool:
    with socket.socket() as line:
        line.settimeout(0.5)
        return line.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def running(
    folder: Path, formats: str = "application/pdf,image/pwg-raster", command: str = "/bin/true"
) -> Iterator[str]:
    """Run the printer; gives its address. Skips where the programs are not installed."""
    for program, package in (("ippeveprinter", "cups-ipp-utils"), ("dbus-daemon", "dbus-daemon")):
        if shutil.which(program, path=PROGRAMS) is None:
            pytest.skip(f"{program} (Debian package {package}) is not installed")
    spool, bus, port = folder / "spool", folder / "bus", free_port()
    spool.mkdir(parents=True)
    (folder / "bus.conf").write_text(BUS.format(path=bus))
    started = [subprocess.Popen(["dbus-daemon", f"--config-file={folder / 'bus.conf'}", "--nofork", "--nopidfile"],
                                stderr=subprocess.DEVNULL)]  # fmt: skip
    try:
        wait_for(bus.exists, "the bus")
        arguments = [str(shutil.which("ippeveprinter", path=PROGRAMS)), "--no-web-forms", "-r", "off", "-n", "localhost", "-p", str(port), "-k", "-d", str(spool),
                     "-f", formats, "-c", command, "Judge"]  # fmt: skip
        environment = {**os.environ, "DBUS_SYSTEM_BUS_ADDRESS": f"unix:path={bus}"}
        with (folder / "log").open("wb") as log:
            started.append(subprocess.Popen(arguments, env=environment, stdout=log, stderr=log))
        wait_for(lambda: listens(port), "ippeveprinter")
        yield f"ipp://127.0.0.1:{port}/ipp/print"
    finally:
        for process in reversed(started):
            process.terminate()
            process.wait(10)
