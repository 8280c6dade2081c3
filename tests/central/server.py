"""A real central system for tests: uvicorn on loopback, a database of its own, a kiosk's token, and a wire that can fail."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self, TypeVar

from central import auth
from central.agencies import demo
from central.days import day_of, now_ms
from central.kiosks import registry
from central.ledger import ledger
from central.serving import Server, listen, make_server
from central.store import Store
from tests.central.wire import Wire

START_S = 60.0
T = TypeVar("T")


class RunningCentral:
    """``with RunningCentral(tmp_path) as central: HttpCentral(url=central.url, token=central.token, …)``.

    ``url`` stays the same over ``down``/``up`` and ``stop``/``start``; the database is kept likewise.
    """

    def __init__(self, folder: Path, kiosk_id: str = "K1", database: str = "") -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.kiosk_id = kiosk_id
        self.database = database or f"sqlite:///{folder / 'central.db'}"
        self.token = auth.new_token()
        self.wire = Wire(("127.0.0.1", 0))
        self._server: Server | None = None
        self._thread: threading.Thread | None = None
        with_store(self.database, self._prepare)
        self.lay_down_demo()

    def _prepare(self, store: Store) -> None:
        store.migrate()
        registry.add(store, self.kiosk_id, auth.digest(self.token), now_ms(), renew=True)

    def lay_down_demo(self) -> None:
        """Put the synthetic people and debts back to their beginning; submissions and claims stay."""

        def seed(store: Store) -> None:
            with store.write() as tx:
                demo.seed(tx, day_of(now_ms()))

        with_store(self.database, seed)

    @property
    def url(self) -> str:
        """Where the kiosk finds the centre: through the wire that can fail."""
        return f"http://127.0.0.1:{self.wire.port}"

    def start(self) -> None:
        """Serve, and mend the wire."""
        if self._thread is None:
            ready = threading.Event()
            listener = listen("127.0.0.1", 0)
            self.wire.upstream = listener.getsockname()[:2]
            store = Store(self.database)
            self._server = make_server(store, "https://central.example", ready.set)

            def serve(server: Server) -> None:
                with listener:
                    server.run(sockets=[listener])
                store.close()

            self._thread = threading.Thread(target=serve, args=(self._server,), name="central", daemon=True)
            self._thread.start()
            if not ready.wait(START_S):
                raise TimeoutError("the central system did not start")
        self.wire.up()

    def stop(self) -> None:
        """End the server itself; its database stays."""
        self.wire.stop()
        thread, self._thread = self._thread, None
        if thread is not None and self._server is not None:
            self._server.force_exit = True
            self._server.should_exit = True
            thread.join(START_S)
            if thread.is_alive():
                raise TimeoutError("the central system did not stop")

    def down(self) -> None:
        """Cut the wire: connections are refused."""
        self.wire.down()

    def up(self) -> None:
        """Mend the wire, whatever was wrong with it."""
        self.wire.up()

    def hang(self) -> None:
        """Let calls in and never answer them."""
        self.wire.behave("hang")

    def lose_answers(self) -> None:
        """Let the centre do its work and lose every answer."""
        self.wire.behave("lose_answer")

    def drip(self) -> None:
        """Let answers through, one byte in 50 ms."""
        self.wire.behave("drip")

    def malformed(self, body: bytes = b'{"id": 7, "total": "free"}') -> None:
        """Answer quotes with rubbish."""
        self.wire.answer("/v1/quotes", body)

    def ledger(self) -> list[dict[str, Any]]:
        """Return the centre's own truth, also while it is stopped."""
        return with_store(self.database, ledger)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.stop()


def with_store(database: str, work: Callable[[Store], T]) -> T:
    """Do something with a store of one's own."""
    store = Store(database)
    try:
        return work(store)
    finally:
        store.close()
