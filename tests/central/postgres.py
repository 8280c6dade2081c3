"""A real PostgreSQL for tests, behind a socket in a folder of its own: nothing listens on the network."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest

FOLDERS = (*sorted(map(str, Path("/usr/lib/postgresql").glob("*/bin")), reverse=True), os.environ["PATH"])
"""Debian keeps the programs of each version in a folder of its own."""
START_S = 60.0


class Postgres:
    """A running server."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made = 0

    def database(self) -> str:
        """Return the URL of a new and empty database."""
        self._made += 1
        name = f"central{self._made}"
        with psycopg.connect(f"postgresql://test@/postgres?host={self._folder}", autocommit=True) as link:
            link.execute(f"CREATE DATABASE {name}".encode())
        return f"postgresql://test@/{name}?host={self._folder}"


@contextmanager
def running() -> Iterator[Postgres]:
    """Make a server and end it; it refuses to run as root."""
    user: dict[str, Any] = {"user": "nobody"} if os.getuid() == 0 else {}
    folder = Path(tempfile.mkdtemp(prefix="pg"))  # short: the path of a socket holds 107 bytes
    if user:
        os.chown(folder, pwd.getpwnam("nobody").pw_uid, -1)
    quiet: dict[str, Any] = {"cwd": folder, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL} | user
    make = [program("initdb"), "-D", folder / "data", "-A", "trust", "-U", "test", "-E", "UTF8", "--no-locale"]
    subprocess.run(make, check=True, timeout=START_S, **quiet)
    server = subprocess.Popen([program("postgres"), "-D", folder / "data", "-k", folder, "-h", ""], **quiet)
    try:
        end_s = time.monotonic() + START_S
        while subprocess.run([program("pg_isready"), "-h", folder], check=False, **quiet).returncode:
            assert time.monotonic() < end_s, "PostgreSQL did not start"
            time.sleep(0.05)
        yield Postgres(folder)
    finally:
        server.terminate()
        try:
            server.wait(START_S)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
        shutil.rmtree(folder)


def program(name: str) -> str:
    """Return where a program of PostgreSQL lies."""
    found = shutil.which(name, path=os.pathsep.join(FOLDERS))
    if found is None:
        pytest.fail(f"{name} is not installed (Debian package postgresql)")
    return found
