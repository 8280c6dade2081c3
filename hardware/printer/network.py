"""The wire to a network printer: a raw TCP connection (port 9100), bounded at every step.

A printer takes one connection at a time and sends its answers back on it. Source: RFC 9293; ``tcp(7)`` of the Linux manual.
"""

from __future__ import annotations

import socket
import struct
import threading
from urllib.parse import urlsplit

from kiosk.domain.faults import DeviceAbsent

SCHEME = "tcp://"
RAW_PORT = 9100
CONNECT_S = 1.0
RESOLVE_S = 1.0
UNACKNOWLEDGED_MS = 5000
"""A printer that lost its power closes nothing: after this time without an acknowledgement the kernel gives the line up."""
KEEPALIVE = {socket.TCP_KEEPIDLE: 20, socket.TCP_KEEPINTVL: 5, socket.TCP_KEEPCNT: 3}

Address = tuple[str, int]


def connect(port: str) -> int:
    """Connect to ``tcp://host[:port]`` and return a descriptor that never blocks. DeviceAbsent with the reason why not."""
    try:
        address = _address(port)
        connection = socket.create_connection(_resolved(address), CONNECT_S)
    except (OSError, ValueError) as error:
        raise DeviceAbsent(f"{port}: {getattr(error, 'strerror', None) or error}") from error
    connection.setblocking(False)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, UNACKNOWLEDGED_MS)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for option, value in KEEPALIVE.items():
        connection.setsockopt(socket.IPPROTO_TCP, option, value)
    return connection.detach()


def end(fd: int, *, abandon: bool) -> None:
    """Say that no more comes, so that what is on its way still arrives; ``abandon`` drops it. The descriptor stays open."""
    with socket.socket(fileno=fd) as connection:
        try:
            if abandon:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            else:
                connection.shutdown(socket.SHUT_WR)
        finally:
            connection.detach()


def _address(port: str) -> Address:
    parts = urlsplit(port)
    if not parts.hostname or parts.path or parts.query or parts.username:
        raise ValueError("expected tcp://host:port")
    return parts.hostname, RAW_PORT if parts.port is None else parts.port


def _resolved(address: Address) -> Address:
    """Return the numeric address. A name is asked for on a thread of its own: a resolver may take half a minute."""
    found: list[Address] = []

    def ask(flags: int) -> None:
        answers = socket.getaddrinfo(*address, type=socket.SOCK_STREAM, flags=flags)
        found.extend((str(answer[4][0]), int(answer[4][1])) for answer in answers[:1])

    def ask_patiently() -> None:
        try:
            ask(0)
        except OSError:
            return

    try:
        ask(socket.AI_NUMERICHOST)
    except socket.gaierror:
        asking = threading.Thread(target=ask_patiently, name="resolver", daemon=True)
        asking.start()
        asking.join(RESOLVE_S)
    if not found:
        raise ValueError("no such host")
    return found[0]
