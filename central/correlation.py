"""One id for one call, from the kiosk's log to ours and back in the answer: ``X-Correlation-ID``."""

from __future__ import annotations

import logging
import re
import time
import uuid

from litestar.datastructures import MutableScopeHeaders
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

HEADER = "X-Correlation-ID"
ACCEPTABLE = re.compile(rb"[A-Za-z0-9._\-]{1,64}")

log = logging.getLogger("central.calls")


class Correlated:
    """ASGI around the whole application: takes or makes the id, and logs one line per call, with the route and no values."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one call."""
        if scope["type"] != ScopeType.HTTP:
            await self._app(scope, receive, send)
            return
        given = dict(scope["headers"]).get(HEADER.lower().encode(), b"")
        correlation = given.decode() if ACCEPTABLE.fullmatch(given) else str(uuid.uuid4())
        scope["correlation"] = correlation  # type: ignore[typeddict-unknown-key]
        status, started = 0, time.monotonic()

        async def marked(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableScopeHeaders(message)
                headers[HEADER] = correlation
                headers.setdefault("Cache-Control", "no-store")  # answers are about persons unless they say otherwise
                headers["X-Content-Type-Options"] = "nosniff"
            await send(message)

        await self._app(scope, receive, marked)
        log.info(
            "call",
            extra={
                "method": scope["method"],
                "route": scope.get("path_template") or "-",  # never the path: it holds receipt numbers and codes
                "status": status,
                "took_ms": round((time.monotonic() - started) * 1000),
                "kiosk": scope.get("kiosk", ""),
                "correlation": correlation,
            },
        )
