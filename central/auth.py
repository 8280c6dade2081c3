"""Who is calling: a kiosk's bearer token (RFC 6750). The store knows its SHA-256 only; it is 256 random bits."""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from typing import Any

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from central.kiosks import registry
from central.problems import Refusal
from central.store import Store

TOKEN_BYTES = 32


def new_token() -> str:
    """Return a new token. Its beginning tells secret scanners, and people, what it is."""
    return f"kiosk_{secrets.token_urlsafe(TOKEN_BYTES)}"


def digest(token: str) -> bytes:
    """Return what the store keeps of a token. It needs no salt and no slowness: nobody can try 256 random bits."""
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()


async def known_kiosk(connection: ASGIConnection[Any, Any, Any, Any], _handler: BaseRouteHandler) -> None:
    """Let only kiosks in (a Litestar guard), and remember which one calls. Refusal("unauthorised")."""
    scheme, _, token = connection.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Refusal("unauthorised")
    store: Store = connection.app.state.store
    kiosk_id = await asyncio.to_thread(registry.kiosk_of, store, digest(token.strip()))
    if kiosk_id is None:
        raise Refusal("unauthorised")
    connection.scope["kiosk"] = kiosk_id  # type: ignore[typeddict-unknown-key]


async def calling_kiosk(request: Request[Any, Any, Any]) -> str:
    """Return the kiosk that the guard let in."""
    return str(request.scope["kiosk"])  # type: ignore[typeddict-item]


def own_kiosk(named: str, kiosk_id: str) -> None:
    """Refuse a kiosk that speaks in another's name."""
    if named != kiosk_id:
        raise Refusal("unauthorised", "the token is not that of this kiosk")
