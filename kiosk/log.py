"""The log: one JSON object a line on standard error, for journald. Events have names; values are allow-listed (law 7).

Nothing of a person is ever logged: a field whose name is not in ``FIELDS`` is replaced by its type. The journal, not the
log, is the record of what happened.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

import structlog

FIELDS = {
    "event", "level", "timestamp", "device", "reason", "evidence", "state", "order", "seq", "journey", "reference",
    "version", "path", "health", "screen", "lang", "count", "duration_ms", "kind", "error", "where", "socket", "url",
}  # fmt: skip
"""Names of fields that may be written as they are. ``evidence`` is written by drivers, which redact at reception."""

Record = MutableMapping[str, Any]


def redacted(_logger: object, _method: str, record: Record) -> Record:
    """Replace every value whose field is not allow-listed."""
    return {name: value if name in FIELDS else f"<{type(value).__name__}>" for name, value in record.items()}


def set_up(level: str = "INFO") -> None:
    """Send the log of this process to standard error, one JSON object a line."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            redacted,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )


def place_of(error: BaseException) -> str:
    """Return an error's type and place. Its message may quote what it stumbled over, and that may be a person's."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else "?"
    return f"{type(error).__name__} at {place}"


def logger() -> Any:
    """Return the log. Call ``logger().info("device_failed", device="printer", reason="absent")``."""
    return structlog.get_logger()
