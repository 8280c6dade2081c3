"""``kiosk diagnose`` and ``kiosk report``: a technician's tests, through the same ports as the kiosk's own."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from typing import Any

import msgspec

from kiosk.commands.parts import central_of, device_named, open_devices, papers_of, worst
from kiosk.config import Config
from kiosk.domain.faults import DeviceFault, KioskError
from kiosk.domain.health import DEVICES, Check, DeviceName, Failed, SelfTest
from kiosk.domain.receipt import Printed, Unverified
from kiosk.runtime.performers import Devices

MARKS = {"passed": "ok  ", "degraded": "!   ", "failed": "FAIL"}
LIMIT_S = 60.0


def diagnose(config: Config, device: str | None, *, as_json: bool) -> int:
    """Test one device or all; print what was done, what was seen and what to do. Exit status 0, 1 degraded, 2 failed."""
    tests = run_tests(config, (device_named(device),) if device else DEVICES)
    if as_json:
        outcome = ("passed", "degraded", "failed")[worst(tests)]
        devices = [{**msgspec.to_builtins(test), "outcome": test.outcome} for test in tests]
        sys.stdout.write(msgspec.json.encode({"outcome": outcome, "devices": devices}).decode() + "\n")
    else:
        sys.stdout.write("\n".join(line for test in tests for line in told(test)) + "\n")
    return worst(tests)


def report(config: Config, language: str) -> int:
    """Test everything and print the readiness report. Exit status as of diagnose; 2 too when no paper came out."""
    tests = run_tests(config, DEVICES)
    devices = open_devices(config)
    try:
        outcome = devices.printer.print(papers_of(config).report(tests, language))
    finally:
        close(devices)
    if not isinstance(outcome, Printed | Unverified):
        sys.stderr.write(f"kiosk report: not printed: {outcome.reason}\n")
        return 2
    return worst(tests)


def told(test: SelfTest) -> list[str]:
    """Return a self-test as lines for a terminal."""
    lines = [f"{MARKS[test.outcome]} {test.device}"]
    for check in test.checks:
        lines.append(f"     {MARKS[check.outcome]} {check.name}{': ' + check.detail if check.detail else ''}")
        if check.advice and check.outcome != "passed":
            lines.append(f"          -> {check.advice}")
    return lines


def run_tests(config: Config, names: tuple[DeviceName, ...]) -> tuple[SelfTest, ...]:
    """Run the self-tests, each in a thread of its own and bounded in time."""
    devices = open_devices(config)
    try:
        return tuple(bounded(name, tester(config, devices, name)) for name in names)
    finally:
        close(devices)


def tester(config: Config, devices: Devices, name: DeviceName) -> Callable[[], SelfTest]:
    """Return the self-test of a device."""
    if name == "central":
        return lambda: test_central(config)
    device: Any = getattr(devices, name)
    test: Callable[[], SelfTest] = device.self_test
    return test


def test_central(config: Config) -> SelfTest:
    """Test the line to the central system."""
    started = time.monotonic()
    health = central_of(config).health()
    took_ms = int((time.monotonic() - started) * 1000)
    if isinstance(health, Failed):
        advice = "Check the network cable or modem, then [central] in the configuration."
        return SelfTest("central", (Check("reachable", "failed", health.detail or health.reason, advice),))
    return SelfTest("central", (Check("reachable", "passed", f"answered in {took_ms} ms"),))


def bounded(name: DeviceName, test: Callable[[], SelfTest]) -> SelfTest:
    """Run a self-test; one that raises or hangs is a failed one."""
    done: list[SelfTest] = []

    def work() -> None:
        try:
            done.append(test())
        except (DeviceFault, KioskError) as fault:
            done.append(SelfTest(name, (Check("self_test", "failed", str(fault)),)))

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join(LIMIT_S)
    return done[0] if done else SelfTest(name, (Check("self_test", "failed", f"no end within {LIMIT_S:.0f} s"),))


def close(devices: Devices) -> None:
    """Close every device."""
    for device in (devices.card, devices.terminal, devices.printer, devices.panel):
        device.close()
