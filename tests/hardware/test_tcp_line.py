"""The bad network does the fault it was told to do, where it was told, and nothing else."""

from __future__ import annotations

import socket
import time
from urllib.parse import urlsplit

import pytest

from hardware.line import Fault
from hardware.tcp_line import TcpLine

SENT = b"ABCDEFGHIJ"
WAIT_S = 5.0


@pytest.fixture
def laid():
    """A line to a device that is a bare socket: (line, the device's listening socket)."""
    with socket.create_server(("127.0.0.1", 0)) as device:
        device.settimeout(WAIT_S)
        line = TcpLine(f"tcp://127.0.0.1:{device.getsockname()[1]}")
        line.start()
        yield line, device
        line.stop()


def connected(laid):
    """Connect through the line: (the driver's end, the device's end)."""
    line, device = laid
    driver = socket.create_connection(("127.0.0.1", urlsplit(line.port).port), WAIT_S)
    accepted, _ = device.accept()
    accepted.settimeout(WAIT_S)
    return driver, accepted


def heard(end, most=10):
    """Return what comes until as much has come, and how the connection ended: "" (it has not), "closed" or "reset"."""
    data = b""
    while len(data) < most:
        try:
            piece = end.recv(most - len(data))
        except ConnectionResetError:
            return data, "reset"
        if not piece:
            return data, "closed"
        data += piece
    return data, ""


@pytest.mark.parametrize("direction", ["to_device", "to_kiosk"])
@pytest.mark.parametrize(
    ("kind", "arrived", "ended"),
    [("delay", SENT, ""), ("half", b"AB", "closed"), ("cut", b"AB", "closed"), ("reset", b"AB", "reset")],
)
def test_each_fault_is_what_it_says(laid, kind, arrived, ended, direction):
    """A fault at the third byte lets the two before it pass and ends the connection as its description says, for the hearer."""
    line, _ = laid
    driver, device = connected(laid)
    speaker, hearer = (driver, device) if direction == "to_device" else (device, driver)
    with driver, device:
        line.arm(Fault(kind, direction, 2, 0.1))
        speaker.sendall(SENT)
        assert heard(hearer) == (arrived, ended)
        assert line.fired


@pytest.mark.parametrize(("kind", "ended"), [("half", "closed"), ("cut", "closed"), ("reset", "reset")])
def test_both_sides_lose_the_connection(laid, kind, ended):
    """Whoever spoke hears of the end too, and the next connection passes everything."""
    line, _ = laid
    driver, device = connected(laid)
    with driver, device:
        line.arm(Fault(kind, "to_device", 0, 0.1))
        driver.sendall(SENT)
        assert heard(driver) == (b"", ended)
        assert heard(device) == (b"", ended)
    driver, device = connected(laid)
    with driver, device:
        driver.sendall(SENT)
        assert heard(device) == (SENT, "")


@pytest.mark.parametrize(("kind", "seconds"), [("delay", 0.3), ("half", 0.3)])
def test_a_stall_lasts_as_long_as_it_was_told(laid, kind, seconds):
    """What comes after a stall does not come before its time."""
    line, _ = laid
    driver, device = connected(laid)
    with driver, device:
        line.arm(Fault(kind, "to_device", 0, seconds))
        begun_s = time.monotonic()
        driver.sendall(SENT)
        heard(device)
        assert time.monotonic() - begun_s >= seconds


def test_the_device_hears_of_a_reset_later(laid):
    """A connection that is broken for the driver is open for the device for as long as was told."""
    line, _ = laid
    driver, device = connected(laid)
    with driver, device:
        line.arm(Fault("reset", "to_device", 0, 60.0))
        driver.sendall(SENT)
        assert heard(driver) == (b"", "reset")
        device.setblocking(False)
        with pytest.raises(BlockingIOError):
            device.recv(1)


def test_a_delay_holds_up_one_direction(laid):
    """While what goes to the device is late, the device is heard."""
    line, _ = laid
    driver, device = connected(laid)
    with driver, device:
        line.arm(Fault("delay", "to_device", 0, 60.0))
        driver.sendall(SENT)
        device.sendall(SENT)
        assert heard(driver) == (SENT, "")
        device.setblocking(False)
        with pytest.raises(BlockingIOError):
            device.recv(1)


def test_what_was_sent_before_hanging_up_arrives(laid):
    """A driver that sends and closes at once loses nothing of it, whoever connects meanwhile."""
    driver, device = connected(laid)
    sent = SENT * 10000
    with device:
        with driver:
            driver.sendall(sent)
        again, other = connected(laid)
        with again, other:
            assert heard(device, len(sent) + 1) == (sent, "closed")


def test_a_reset_is_passed_on(laid):
    """A driver that drops its connection drops the device's."""
    driver, device = connected(laid)
    with device:
        driver.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, bytes((1, 0, 0, 0, 0, 0, 0, 0)))
        driver.close()
        assert heard(device) == (b"", "reset")


def test_nobody_behind_it(laid):
    """A device that does not listen hangs up on whoever comes."""
    line, device = laid
    device.close()
    with socket.create_connection(("127.0.0.1", urlsplit(line.port).port), WAIT_S) as driver:
        assert heard(driver)[1]


def test_a_fault_waits_for_its_direction_and_its_byte(laid):
    """A fault that is not reached changes nothing, and what has passed is counted."""
    line, _ = laid
    driver, device = connected(laid)
    with driver, device:
        line.arm(Fault("cut", "to_kiosk", len(SENT)))
        for speaker, hearer in ((driver, device), (device, driver)):
            speaker.sendall(SENT)
            assert heard(hearer) == (SENT, "")
        assert not line.fired
        assert line.passed == {"to_device": len(SENT), "to_kiosk": len(SENT)}
