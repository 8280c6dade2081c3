"""One program of the demonstration: started by its console script, watched, and ended by its own process id."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, TypeVar

SCRIPTS = Path(sys.executable).parent
LOOK_S = 0.02
END_S = 5.0
TAIL_LINES = 12
T = TypeVar("T")


class DemoError(Exception):
    """The demonstration cannot go on; the message is a sentence for people."""


class Program:
    """A console script with its output in ``<folder>/<name>.out`` and its log in ``<folder>/<name>.log``.

    It has a session of its own, so that Ctrl-C reaches the demonstration alone, which ends its programs in order; should
    the demonstration be killed, the kernel ends the program (PR_SET_PDEATHSIG; so start it from the main thread).
    """

    def __init__(
        self,
        folder: Path,
        name: str,
        command: Sequence[str],
        env: Mapping[str, str] | None = None,
        *,
        fed: bool = False,
    ) -> None:
        self.name = name
        self.out, self.log = folder / f"{name}.out", folder / f"{name}.log"
        script = [str(SCRIPTS / command[0]), *command[1:]]
        with self.out.open("wb") as out, self.log.open("ab") as log:
            try:
                self._process: subprocess.Popen[bytes] = subprocess.Popen(
                    ["setpriv", "--pdeathsig", "TERM", "--", *script],
                    stdin=subprocess.PIPE if fed else subprocess.DEVNULL,
                    stdout=out,
                    stderr=log,
                    env={**os.environ, **(env or {})},
                    start_new_session=True,
                )
            except OSError as error:
                raise DemoError(f"{name} cannot be started: {error}") from error

    @property
    def inlet(self) -> IO[bytes] | None:
        """Its standard input, if it is fed."""
        return self._process.stdin

    @property
    def running(self) -> bool:
        """Say whether it lives."""
        return self._process.poll() is None

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    @property
    def said(self) -> str:
        """What it has written to standard output so far."""
        return self.out.read_text("utf-8", errors="replace")

    def until(self, ready: Callable[[], T], limit_s: float, what: str) -> T:
        """Look until ``ready()`` is true and return that. DemoError if the program ends before, or the time does."""
        deadline = time.monotonic() + limit_s
        while not (found := ready()):
            if not self.running:
                raise self.error(f"{self.name} ended with status {self._process.returncode} instead of {what}")
            if time.monotonic() > deadline:
                raise self.error(f"{self.name} is not {what} after {limit_s:.0f} s")
            time.sleep(LOOK_S)
        return found

    def finish(self, limit_s: float) -> str:
        """Wait for its end and return its output. DemoError for a status other than 0, or when it takes too long."""
        try:
            status = self._process.wait(limit_s)
        except subprocess.TimeoutExpired:
            self.kill()
            raise self.error(f"{self.name} did not end within {limit_s:.0f} s") from None
        if status:
            raise self.error(f"{self.name} ended with status {status}")
        return self.said

    def error(self, sentence: str) -> DemoError:
        """Return the error with the end of the log."""
        lines = self.log.read_text("utf-8", errors="replace").splitlines()[-TAIL_LINES:]
        tail = "".join(f"\n    {line}" for line in lines)
        return DemoError(f"{sentence}. {self.log} " + (f"ends:{tail}" if lines else "is empty."))

    def kill(self) -> None:
        """End it as a power cut does."""
        self._process.kill()
        self._process.wait(END_S)

    def end(self) -> None:
        """Ask it to end; kill it if it does not. Idempotent."""
        if self._process.stdin is not None:
            with suppress(OSError):
                self._process.stdin.close()
        if not self.running:
            return
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(END_S)
        except subprocess.TimeoutExpired:
            self.kill()
