"""``python -m hardware.demo`` (``./run demo``): the kiosk with everything around it simulated."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from pathlib import Path
from types import FrameType

from hardware.demo.citizen import ANSWERS, citizen
from hardware.demo.faults import FAULTS, Fault
from hardware.demo.headless import play_headless
from hardware.demo.program import DemoError
from hardware.demo.stage import Stage

OUT = Path("build/demo")


def main(arguments: list[str] | None = None) -> int:
    """Show or play the demonstration. Exit status 0 as it must go, 1 not, 2 it could not be shown."""
    options = parser().parse_args(arguments)
    if options.list_faults:
        width = max(map(len, FAULTS))
        sys.stdout.writelines(f"{name:<{width}}  {fault.story}\n" for name, fault in FAULTS.items())
        return 0
    signal.signal(signal.SIGTERM, stop)
    try:
        return show(options)
    except DemoError as error:
        sys.stderr.write(f"demo: {error}\n")
        return 2
    except KeyboardInterrupt:
        sys.stderr.write("demo: ended\n")
        return 130


def stop(number: int, _frame: FrameType | None) -> None:
    """End by a signal as by an exception, so that everything started is ended too."""
    raise SystemExit(128 + number)


def show(options: argparse.Namespace) -> int:
    """Show a window where there is a display, else play."""
    if not options.headless and (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        from hardware.demo.windowed import show_windows  # noqa: PLC0415 - needs a display

        return show_windows(options.folder)
    visitor = citizen(options.service, options.lang)
    fault = FAULTS[options.fault]
    check_fits(options.fault, fault, options.service)
    return play_headless(Stage(options.folder, fiscal=options.fiscal), visitor, fault, options.out)


def check_fits(name: str, fault: Fault, service: str) -> None:
    """DemoError if this fault cannot happen to this service."""
    if fault.only and not ANSWERS[service]:
        why = "costs nothing" if fault.only == "paid" else "asks for no number"
        raise DemoError(f"the fault {name} cannot be played with {service}, which {why}")


def parser() -> argparse.ArgumentParser:
    """Return the grammar of the command line."""
    top = argparse.ArgumentParser(
        prog="./run demo",
        description="The kiosk on simulated devices: in two windows where there is a display, else one journey is played.",
    )
    top.add_argument("--headless", action="store_true", help="play a journey without a display and compare the ledgers")
    top.add_argument("--service", choices=tuple(ANSWERS), default="electricity", help="default: electricity")
    top.add_argument("--lang", choices=("az", "ru", "en"), default="az", help="default: az")
    top.add_argument("--fault", choices=tuple(FAULTS), default="none", metavar="NAME", help="what goes wrong; see --list-faults")  # fmt: skip
    top.add_argument("--fiscal", action="store_true", help="with a fiscal register; only with --headless")
    top.add_argument("--list-faults", action="store_true", help="list what can go wrong")
    top.add_argument("--out", type=Path, default=OUT, metavar="DIR", help=f"for pictures and ledgers (default: {OUT})")
    top.add_argument("--folder", type=Path, metavar="DIR", help="keep ports, memories and logs here (default: a temporary one)")  # fmt: skip
    return top


if __name__ == "__main__":
    sys.exit(main())
