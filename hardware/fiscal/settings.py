"""The register's table in kiosk.toml."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import msgspec

from hardware.http_post import require_safe_address
from kiosk.domain.faults import ConfigError
from kiosk.domain.secret import Secret

Seconds = Annotated[float, msgspec.Meta(gt=0, le=120)]


class FiscalTimings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How long to wait. The page gives no times and advises 30 s for a document (README, "Codes", not known)."""

    connect_timeout_s: Seconds = 2.5
    health_limit_s: Seconds = 2.7
    question_limit_s: Seconds = 10.0
    """One question: what the register is, how its shift stands, its history."""
    document_limit_s: Seconds = 30.0
    register_limit_s: Seconds = 60.0
    """A whole sale: log in, open a shift, register, print again what was not printed."""
    recovery_limit_s: Seconds = 25.0
    """Until a register that is away or busy has told what became of a sale."""
    retry_pause_s: Seconds = 0.5
    not_found_pause_s: Seconds = 2.0
    """Before a sale that the register does not know is asked for once more: it may still have been on its way."""


class FiscalSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A register that takes ``POST /v2`` (README.md). The password stands in a file of its own, readable by the kiosk alone."""

    port: str
    """Its address: http://HOST:8989/v2 on this machine or a private network, which must be a cable of its own; or https://…"""
    password_file: str
    user: Annotated[str, msgspec.Meta(min_length=1, max_length=64)] = "SuperApi"
    ca_file: str = ""
    timezone: str = "Asia/Baku"
    """Of the dates in its history."""
    timings: FiscalTimings = FiscalTimings()

    def __post_init__(self) -> None:
        require_safe_address(self.port)
        try:
            ZoneInfo(self.timezone)
        except (KeyError, ValueError, OSError):
            raise ValueError(f'timezone: expected one such as "Asia/Baku", got {self.timezone!r}') from None


def read_password(path: Path) -> Secret:
    """Read the password of the register's user. ConfigError if there is none."""
    try:
        word = path.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError([f"fiscal.password_file: {path} cannot be read: {error}"]) from error
    if not word or not word.isprintable():
        raise ConfigError([f"fiscal.password_file: {path} holds no password"])
    return Secret(word)
