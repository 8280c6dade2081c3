"""What the centre carries out today: data in services.toml, read once."""

from __future__ import annotations

import hashlib
import tomllib
from functools import cache
from importlib.resources import files

import msgspec

from kiosk.uplink.messages import Catalogue, CatalogueEntry


@cache
def catalogue() -> Catalogue:
    """Return all services; the version is the hash of what they say, so it changes exactly when they do."""
    table = tomllib.loads(files("central.catalogue").joinpath("services.toml").read_text("utf-8"))
    services = msgspec.convert(table["service"], list[CatalogueEntry])
    version = hashlib.sha256(msgspec.json.encode(services, order="sorted")).hexdigest()[:16]
    return Catalogue(version, services)


def is_open(service: str) -> bool:
    """Say whether a service is carried out today."""
    return any(entry.id == service and entry.open for entry in catalogue().services)


def matches(if_none_match: str, version: str) -> bool:
    """Say whether an If-None-Match header names a version (RFC 9110, 13.1.2: weak comparison)."""
    tags = {tag.strip().removeprefix("W/") for tag in if_none_match.split(",")}
    return "*" in tags or f'"{version}"' in tags
