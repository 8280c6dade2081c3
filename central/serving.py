"""Serving: a socket of our own first, so that a busy port is a sentence; then uvicorn on it."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable

import uvicorn

from central.app import make_app
from central.store import Store, StoreError

GRACE_S = 3


class Server(uvicorn.Server):
    """Uvicorn that says when it accepts connections."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then say so."""
        await super().startup(sockets)
        if self.started:
            self._ready()


def listen(host: str, port: int) -> socket.socket:
    """Return a listening socket; port 0 takes a free one. StoreError says in a sentence why not."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family, backlog=512)
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno and error.errno > 0 else str(error)
        raise StoreError(f"cannot listen on {host} port {port}: {reason}") from error


def address_of(listener: socket.socket) -> str:
    """Return the URL of a listening socket."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def make_server(store: Store, public_url: str, ready: Callable[[], None]) -> Server:
    """Return a server, with a key to sign with, that is run with ``run(sockets=[listener])`` and ended by ``should_exit = True`` or a signal."""
    config = uvicorn.Config(
        make_app(store, public_url),
        log_config=None,
        access_log=False,
        server_header=False,
        ws="none",
        lifespan="off",
        timeout_keep_alive=75,
        timeout_graceful_shutdown=GRACE_S,
    )
    return Server(config, ready)
