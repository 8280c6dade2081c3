"""For all tests: a quiet log, and no traces outside the test's own folders."""

from __future__ import annotations

import os

import pytest
import structlog

os.environ.setdefault("KIVY_NO_ARGS", "1")


@pytest.fixture(autouse=True, scope="session")
def quiet_log():
    """Drop the log: a failing test tells what it saw by its assertion."""
    structlog.configure(processors=[drop], cache_logger_on_first_use=False)


def drop(_logger, _method, _record):
    raise structlog.DropEvent
