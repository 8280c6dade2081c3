"""The simulated Star printer survives whatever a kiosk sends, and its ear and its interpreter read the same commands."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hardware.printer.sim_inbox import Inbox
from hardware.printer.sim_mechanism import Mechanism
from hardware.printer.sim_paper import Paper
from hardware.printer.sim_star import STAR_MODELS
from hardware.printer.sim_star_ear import CAN, ENDED, ENQ, EOT, REAL_TIME, SIZED, STATUS, StarEar
from hardware.printer.sim_star_machine import StarMachine
from hardware.printer.sim_star_orders import ORDERS, PARAMETERS
from tests.hardware.printer.star_host import GOOD, star_and_host

PLAIN = [
    name for name in ORDERS if not name.startswith((b"raster", b"\x1b*r")) and name not in {*SIZED, *ENDED, *REAL_TIME}
]
COMMANDS = [
    b"\x1b",
    b"\x1b\x1d",
    b"\x1b*rA",
    b"\x1b*rP0\x00",
    b"b\x04\x00",
    b"k\x02\x00",
    b"\x1bX",
    b"\x1b\x1dS\x01",
    b"\x1bd",
    b"\x17",
]
pieces = st.tuples(st.sampled_from(COMMANDS), st.binary(max_size=8)).map(b"".join)


class Tape(Inbox):
    """Gives as many bytes as are asked for and counts them."""

    taken = 0

    def take(self, count: int, epoch: int) -> bytes:
        self.taken += count
        return b"\x01" * count


@pytest.mark.parametrize("name", PLAIN, ids=lambda name: name.hex())
def test_parameters_are_as_declared(name: bytes, tmp_path: Path) -> None:
    """Each command takes as many bytes as the ear expects of it."""
    tape = Tape(100)
    machine = StarMachine(STAR_MODELS["tsp700"], tape, Mechanism(tape, Paper(tmp_path, 576), None), lambda _: None)
    ORDERS[name](machine)
    assert tape.taken == PARAMETERS[name]


def test_no_command_begins_another() -> None:
    """No command's name is the beginning of another's: both readers see the same one."""
    assert not [(one, other) for one in ORDERS for other in ORDERS if one != other and other.startswith(one)]


@pytest.mark.parametrize("name", PLAIN, ids=lambda name: name.hex())
def test_parameters_are_no_requests(name: bytes) -> None:
    """A request's byte among the parameters of a command is a parameter; the same byte after it is a request."""
    ear = StarEar(PARAMETERS)
    command = name + ENQ * PARAMETERS[name]
    assert ear.hear(command + CAN) == [(len(command) + 1, CAN)]


@pytest.mark.parametrize(
    "command",
    [
        b"\x1bX\x02\x00" + ENQ * 6,
        b"\x1bL\x01\x00" + EOT * 3,
        b"\x1bK\x03\x00" + CAN * 3,
        b"\x1bk\x01\x05" + CAN * 24,
        b"\x1b\x1dS\x01\x02\x00\x03\x00\x00" + CAN * 6,
        b"\x1bb\x05\x05\x05\x05" + ENQ * 9 + b"\x1e",
        b"\x1bD" + ENQ + EOT + b"\x00",
        b"\x1b*rA" + b"b\x05\x00" + CAN * 5 + b"k\x18\x00" + ENQ * 24 + b"\x1b*rB",
        b"\x1b*rA\x1b*rE37\x00\x1b*rN5\x00" + ENQ * 5 + b"\x1b\x0c\x04\x1b\x0c\x00\x1b*rB",
    ],
    ids=lambda command: command[:4].hex(),
)
def test_data_is_no_request(command: bytes) -> None:
    """A request's byte within data is data, however the line cuts the stream into pieces."""
    ear = StarEar(PARAMETERS)
    heard = [found for value in command + STATUS for found in ear.hear(bytes((value,)))]
    assert [request for _, request in heard] == [STATUS]


@settings(max_examples=30, deadline=None)
@given(st.lists(pieces, max_size=60).map(b"".join))
def test_any_bytes(data: bytes) -> None:
    """After any bytes at all and a power blip the printer prints and answers."""
    with tempfile.TemporaryDirectory() as folder, star_and_host(Path(folder), model="tup500") as host:
        host.push(data)
        answer = b""
        for _ in range(20):  # bytes that were still on the line when the power went are read after it
            host.printer.do({"do": "power_cycle"})
            host.write(STATUS)
            answer += host.read(1000, 0.2)
            if GOOD in answer:
                return
        raise AssertionError(answer)
