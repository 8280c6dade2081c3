"""The simulated printer survives whatever a kiosk sends."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.hardware.printer.sim_host import printer_and_host

CLEAR_BUFFER = bytes.fromhex("10140801031401060208")
COMMANDS = [
    b"\x1b",
    b"\x1d",
    b"\x10",
    b"\x1d(k",
    b"\x1d(L",
    b"\x1d8L",
    b"\x1d(H",
    b"\x1b*",
    b"\x1dv0",
    b"\x1d!",
    b"\x1b$",
]
pieces = st.tuples(st.sampled_from(COMMANDS), st.binary(max_size=8)).map(b"".join)


@settings(max_examples=30, deadline=None)
@given(st.lists(pieces, max_size=60).map(b"".join), st.sampled_from([b"", bytes(3000)]))
def test_any_bytes(data: bytes, flush: bytes) -> None:
    """After any bytes at all, clearing the buffer gives a printer that prints and answers."""
    with tempfile.TemporaryDirectory() as folder, printer_and_host(Path(folder)) as host:
        host.write(data + flush + CLEAR_BUFFER + b"\x1b@\x1d(H\x06\x0000END.")
        answer = b""
        while not answer.endswith(b"\x37\x25\x00\x37\x22END.\x00"):
            byte = host.read(1)
            assert byte, answer
            answer += byte
