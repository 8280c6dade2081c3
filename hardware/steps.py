"""A self-test as steps that build on each other: the first that meets a fault is the last."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from kiosk.domain.faults import DeviceFault
from kiosk.domain.health import Check, DeviceName, SelfTest

Step = tuple[str, str, Callable[[], Check | str]]
"""Its name, what to do about a fault in it, and what it does: it returns what was seen, or a check of its own."""


def tested(device: DeviceName, steps: Iterable[Step]) -> SelfTest:
    """Take the steps in their order. Never raises a DeviceFault: it is a failed check with the step's advice."""
    checks: list[Check] = []
    for name, advice, step in steps:
        try:
            seen = step()
        except DeviceFault as fault:
            checks.append(Check(name, "failed", f"{fault.reason}: {fault}", advice))
            break
        checks.append(Check(name, "passed", seen) if isinstance(seen, str) else seen)
    return SelfTest(device, tuple(checks))
