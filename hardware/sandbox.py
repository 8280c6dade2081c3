"""A process of its own for bytes that a stranger chose: they go in, an answer comes out, and it is ended whatever it does.

Bounded in time and in what is taken of the answer. What that process gives up first is in ``sandbox_child``.
"""

from __future__ import annotations

import os
import selectors
import subprocess
import sys
import time
from contextlib import suppress
from typing import IO, Self

from kiosk.domain.faults import ProtocolError

_PIECE_BYTES = 65536


class SandboxFault(ProtocolError):
    """No answer, or none in time. ``status`` is the process's exit status; None while it was still running."""

    def __init__(self, evidence: str, status: int | None = None) -> None:
        super().__init__(evidence)
        self.status = status


class Sandbox:
    """One process for one request: ``python -I -m MODULE``. Starting it takes no time. OSError where none can be started."""

    def __init__(self, module: str) -> None:
        self._child = subprocess.Popen(
            [sys.executable, "-I", "-m", module],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd="/",
            env={},
            start_new_session=True,
            bufsize=0,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def ask(self, request: bytes, answer_bytes_at_most: int, limit_s: float) -> bytes:
        """Send the request and return the whole answer; one byte more than may be, where it is too long. SandboxFault."""
        answer = self._exchange(request, answer_bytes_at_most, time.monotonic() + limit_s)
        if not answer:
            status = self._status()
            raise SandboxFault(f"the process ended without an answer, {told(status)}", status)
        return answer

    def close(self) -> None:
        """End the process."""
        self._child.kill()
        for pipe in (self._child.stdin, self._child.stdout):
            if pipe is not None:
                pipe.close()
        self._child.wait()

    def _status(self) -> int | None:
        with suppress(subprocess.TimeoutExpired):
            self._child.wait(1.0)
        return self._child.poll()

    def _exchange(self, request: bytes, most: int, deadline: float) -> bytes:
        child_in, child_out = self._child.stdin, self._child.stdout
        if child_in is None or child_out is None or child_in.closed:
            raise SandboxFault("a process takes one request")
        left, answer = memoryview(request), bytearray()
        os.set_blocking(child_in.fileno(), False)
        with selectors.DefaultSelector() as ready:
            ready.register(child_in, selectors.EVENT_WRITE)
            ready.register(child_out, selectors.EVENT_READ)
            while (wait_s := deadline - time.monotonic()) > 0:
                for key, _ in ready.select(wait_s):
                    if key.fileobj is child_in:
                        left = _write(child_in, left, ready)
                        continue
                    piece = os.read(child_out.fileno(), _PIECE_BYTES)
                    answer += piece
                    if not piece or len(answer) > most:
                        return bytes(answer[: most + 1])
        raise SandboxFault("the process took too long")


def told(status: int | None) -> str:
    """Say how a process ended."""
    if status is None:
        return "still running"
    return f"signal {-status}" if status < 0 else f"status {status}"


def _write(pipe: IO[bytes], data: memoryview, ready: selectors.BaseSelector) -> memoryview:
    """Write what the pipe takes; close it after the last byte, or where nobody reads any more. Returns the rest."""
    try:
        data = data[os.write(pipe.fileno(), data) :]
    except BlockingIOError:
        return data
    except BrokenPipeError:
        data = data[:0]
    if not data:
        ready.unregister(pipe)
        pipe.close()
    return data
