"""``kiosk diagnose`` and ``kiosk report``: a technician's tests, through the same ports as the kiosk's own."""

from __future__ import annotations

import sys
import threading
import time
from contextlib import suppress
from typing import Any

import msgspec

from kiosk.commands.parts import central_of, check_drivers, device_named, open_one, papers_of, worst
from kiosk.config import Config
from kiosk.domain.faults import ConfigError, DeviceFault, KioskError
from kiosk.domain.health import DEVICES, OPTIONAL, Check, Degraded, DeviceName, Failed, Ready, SelfTest
from kiosk.domain.receipt import Printed, Unverified
from kiosk.log import place_of

MARKS = {"passed": "ok  ", "degraded": "!   ", "failed": "FAIL"}
LIMIT_S = 60.0
"""For all self-tests together: they run side by side, and each driver's own limit is shorter."""
OPEN_ADVICE = "Check that the device is connected and its driver in [drivers] is the right one for this machine."
CENTRAL_ADVICE = "Check the network cable or modem, then [central] in the configuration."
DEFECT_ADVICE = "This is a defect of the kiosk's program: send this report to those who maintain it."


def diagnose(config: Config, device: str | None, *, as_json: bool) -> int:
    """Test one device or all; print what was done, what was seen and what to do. Exit status 0, 1 degraded, 2 failed."""
    tests = run_tests(config, (device_named(device),) if device else devices_of(config))
    if as_json:
        outcome = ("passed", "degraded", "failed")[worst(tests)]
        devices = [{**msgspec.to_builtins(test), "outcome": test.outcome} for test in tests]
        sys.stdout.write(msgspec.json.encode({"outcome": outcome, "devices": devices}).decode() + "\n")
    else:
        sys.stdout.write("\n".join(line for test in tests for line in told(test)) + "\n")
    return worst(tests)


def report(config: Config, language: str) -> int:
    """Test everything and print the readiness report. Exit status as of diagnose; 2 too when no paper came out."""
    papers = papers_of(config)
    tests = run_tests(config, devices_of(config))
    printer = open_one(config, "printer")
    try:
        outcome = printer.print(papers.report(tests, language))
    finally:
        printer.close()
    if not isinstance(outcome, Printed | Unverified):
        sys.stderr.write(f"kiosk report: not printed: {outcome.reason}\n")
        return 2
    return worst(tests)


def devices_of(config: Config) -> tuple[DeviceName, ...]:
    """Return the devices this kiosk has."""
    return (*DEVICES, *(name for name in OPTIONAL if name in config.driven))


def told(test: SelfTest) -> list[str]:
    """Return a self-test as lines for a terminal."""
    lines = [f"{MARKS[test.outcome]} {test.device}"]
    for check in test.checks:
        lines.append(f"     {MARKS[check.outcome]} {check.name}{': ' + check.detail if check.detail else ''}")
        if check.advice and check.outcome != "passed":
            lines.append(f"          -> {check.advice}")
    return lines


def run_tests(config: Config, names: tuple[DeviceName, ...]) -> tuple[SelfTest, ...]:
    """Run the self-tests side by side, each in a thread of its own, bounded in time. ConfigError for drivers that do not fit.

    A device that cannot be opened, raises or hangs has failed; the others are tested all the same.
    """
    mistakes = check_drivers(config)
    if mistakes:
        raise ConfigError(mistakes)
    done: dict[DeviceName, SelfTest] = {}

    def work(name: DeviceName) -> None:
        done[name] = tested(config, name)

    threads = [threading.Thread(target=work, args=(name,), name=f"test-{name}", daemon=True) for name in names]
    for thread in threads:
        thread.start()
    limit_s = time.monotonic() + LIMIT_S
    for thread in threads:
        thread.join(max(0.0, limit_s - time.monotonic()))
    late = Check(
        "self_test",
        "failed",
        f"no end within {LIMIT_S:.0f} s",
        "Switch the device off and on, then test again.",
        "late",
    )
    return tuple(done.get(name, SelfTest(name, (late,))) for name in names)


def tested(config: Config, name: DeviceName) -> SelfTest:
    """Open a device, test it and let it go. Never raises."""
    try:
        return test_of_central(config) if name == "central" else test_of_device(config, name)
    except DeviceFault as fault:
        return SelfTest(name, (Check("open", "failed", f"{fault.reason}: {fault}", OPEN_ADVICE),))
    except KioskError as fault:
        return SelfTest(name, (Check("open", "failed", str(fault), CENTRAL_ADVICE, "central"),))
    except Exception as defect:  # noqa: BLE001 - a defect in one test must not hide what the others found
        return SelfTest(name, (Check("self_test", "failed", place_of(defect), DEFECT_ADVICE, "defect"),))


def test_of_device(config: Config, name: DeviceName) -> SelfTest:
    """Test a device with its own driver."""
    if name not in config.driven:
        check = Check("open", "failed", "not configured", OPEN_ADVICE)
        return SelfTest(name, (check,))
    device: Any = open_one(config, name)
    try:
        test: SelfTest = device.self_test()
    finally:
        with suppress(DeviceFault):  # what was found counts, not how it is let go
            device.close()
    return test


def test_of_central(config: Config) -> SelfTest:
    """Test the line to the central system."""
    central = central_of(config)
    try:
        health = central.health()
    finally:
        central.close()
    detail = getattr(health, "detail", "")
    if isinstance(health, Ready):
        check = Check("reachable", "passed", detail)
    elif isinstance(health, Degraded):
        check = Check(
            "reachable", "degraded", detail or health.reason, "The line is slow: check the modem's reception.", "slow"
        )
    else:
        reason = health.reason if isinstance(health, Failed) else "nobody has asked"
        check = Check("reachable", "failed", f"{reason}: {detail}" if detail else reason, CENTRAL_ADVICE)
    return SelfTest("central", (check,))
