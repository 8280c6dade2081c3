"""One HTTP POST to a device, one answer: bounded in time and size, and sure about whether anything has left.

A connection serves one request: a kept one may have died unnoticed, and then nobody could tell whether a request was read.
httpx bounds each read, so an answer that drips a byte at a time would never end; here a timer cuts the whole exchange.
"""

from __future__ import annotations

import contextlib
import logging
import socket
import ssl
import threading
from collections.abc import Callable, Mapping
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import httpx

from kiosk.domain.faults import ConfigError, DeviceAbsent, DeviceFault, DeviceSilent, ProtocolError
from kiosk.domain.health import DeviceName

for library in ("httpx", "httpcore"):
    logging.getLogger(library).setLevel(logging.WARNING)  # below that they quote what came, which may hold card data

ANSWER_BYTES_AT_MOST = 1 << 18
"""A card payment with both receipts has about 12 kB."""

JSON = "application/json"
HEADERS = {
    "Accept-Encoding": "identity",
    "Connection": "close",
    "User-Agent": "kiosk",
}

OnSent = Callable[[], None]


class NotSent(DeviceAbsent):
    """The device could not be reached: nothing of the request has left."""


def nothing() -> None:
    """Take no notice."""


class HttpLink:
    """The way to one device, ``device`` by name. Safe to use from several threads. ConfigError for a CA file that cannot be used."""

    def __init__(
        self,
        url: str,
        ca_file: str,
        connect_timeout_s: float,
        device: DeviceName = "terminal",
        answer_bytes_at_most: int = ANSWER_BYTES_AT_MOST,
        media_type: str = JSON,
    ) -> None:
        self._url, self._connect_timeout_s = url, connect_timeout_s
        self._device, self._answer_bytes_at_most = device, answer_bytes_at_most
        self._lock = threading.Lock()
        self._open: set[_Exchange] = set()
        self._closed = False
        self._client = httpx.Client(
            verify=_tls(ca_file, device) if urlsplit(url).scheme == "https" else False,
            headers={"Content-Type": media_type, "Accept": media_type, **HEADERS},
            limits=httpx.Limits(max_connections=None, max_keepalive_connections=0),
            follow_redirects=False,
            trust_env=False,
        )

    def post(self, body: bytes, limit_s: float, on_sent: OnSent = nothing) -> bytes:
        """Post a request and return the answer's body, within ``limit_s`` together. ``on_sent`` is called once it has left.

        Raises NotSent if nothing has left. After that: DeviceSilent without a whole answer in time, DeviceAbsent if the
        connection broke, ProtocolError for any status but 200 or an answer that is too long.
        """
        exchange = _Exchange(on_sent, self._device)
        with self._lock:
            if self._closed:
                raise NotSent(f"the connection to the {self._device} is closed")
            self._open.add(exchange)
        timer = threading.Timer(limit_s, exchange.cut, ("in time",))
        timer.daemon = True
        timer.start()
        try:
            return self._answer(body, limit_s, exchange)
        except (httpx.HTTPError, httpx.StreamError, httpx.InvalidURL, OSError) as error:
            raise exchange.fault(error) from None  # the library's errors quote what came, which may hold card data
        finally:
            timer.cancel()
            with self._lock:
                self._open.discard(exchange)

    def _answer(self, body: bytes, limit_s: float, exchange: _Exchange) -> bytes:
        timeout = httpx.Timeout(limit_s, connect=min(limit_s, self._connect_timeout_s))
        extensions = {"trace": exchange.trace}
        with self._client.stream("POST", self._url, content=body, timeout=timeout, extensions=extensions) as response:
            if response.status_code != httpx.codes.OK:
                raise ProtocolError(f"HTTP status {response.status_code}")
            answer = bytearray()
            for chunk in response.iter_raw():
                answer += chunk
                if len(answer) > self._answer_bytes_at_most:
                    raise ProtocolError(f"an answer of more than {self._answer_bytes_at_most} bytes")
            return bytes(answer)

    def close(self) -> None:
        """Cut what is under way and take no more requests."""
        with self._lock:
            self._closed, under_way = True, tuple(self._open)
        for exchange in under_way:
            exchange.cut("before it was closed here")
        self._client.close()


class _Exchange:
    """What is known of one request under way."""

    def __init__(self, on_sent: OnSent, device: DeviceName) -> None:
        self._on_sent, self._device = on_sent, device
        self._stream: Any = None
        self._lock = threading.Lock()
        self._cut = ""
        self.left = False

    def trace(self, event: str, info: Mapping[str, Any]) -> None:
        """Take note of httpcore's progress."""
        if event in ("connection.connect_tcp.complete", "connection.start_tls.complete"):
            self._connected(info["return_value"])
        elif event == "http11.send_request_headers.started":
            self.left = True
        elif event == "http11.send_request_body.complete":
            self._on_sent()

    def _connected(self, stream: Any) -> None:
        with self._lock:
            self._stream = stream
        if self._cut:
            self.cut(self._cut)

    def cut(self, why: str) -> None:
        """End the exchange from any thread: whoever reads or writes sees the connection broken."""
        with self._lock:
            self._cut, stream = why, self._stream
        if stream is not None:
            wire = stream.get_extra_info("socket")
            with contextlib.suppress(OSError):
                socket.socket.shutdown(wire, socket.SHUT_RDWR)

    def fault(self, error: Exception) -> DeviceFault:
        """Return what an error of the library means."""
        told = f"{type(error).__name__}: {error}"[:200]
        if not self.left:
            return NotSent(f"the {self._device} cannot be reached: {told}")
        if self._cut or isinstance(error, httpx.TimeoutException):
            return DeviceSilent(f"the {self._device} did not answer {self._cut or 'in time'}")
        if isinstance(error, httpx.RemoteProtocolError):
            return ProtocolError("no whole HTTP answer")
        return DeviceAbsent(f"the connection broke: {told}")


def _tls(ca_file: str, device: DeviceName) -> ssl.SSLContext:
    try:
        context = ssl.create_default_context(cafile=ca_file or None)
    except (OSError, ssl.SSLError) as error:
        raise ConfigError([f"{device}.ca_file: {ca_file} cannot be used: {error}"]) from error
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def is_safe_address(url: str) -> bool:
    """Say whether secrets may travel there: encrypted, or to this machine or a private network."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    if not host or parts.username is not None or not url.isprintable() or " " in url:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and _is_near(host))


def require_safe_address(url: str) -> None:
    """Raise ValueError, in the words of a setting ``port``, for an address that is not safe."""
    if not is_safe_address(url):
        raise ValueError(
            f"port: expected https://…, or http://… to an address of this machine or a private network, got {url!r}"
        )


def _is_near(host: str) -> bool:
    try:
        return ip_address(host).is_private
    except ValueError:
        return host == "localhost"
