"""The log: one JSON object a line on standard error. Only these fields exist; none of them can hold anything of a person."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime

FIELDS = ("method", "route", "status", "took_ms", "kiosk", "correlation", "error", "where")


class Line(logging.Formatter):
    """Formats a record as JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Return time, level, event and the known extra fields."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line = {"timestamp": at, "level": record.levelname.lower(), "event": record.getMessage()}
        line |= {name: getattr(record, name) for name in FIELDS if hasattr(record, name)}
        return json.dumps(line, ensure_ascii=False)


def set_up(level: str) -> None:
    """Send our log and the web server's warnings to standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Line())
    for name, least in (
        ("central", level),
        ("uvicorn", "WARNING"),
        ("uvicorn.error", "WARNING"),
        ("litestar", "ERROR"),
    ):
        logger = logging.getLogger(name)
        logger.handlers = [handler] if name != "uvicorn.error" else []
        logger.setLevel(least)
        logger.propagate = name == "uvicorn.error"
