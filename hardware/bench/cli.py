"""``kiosk-bench``: all simulators until it is told to end; ``kiosk-bench card`` makes cards for them."""

from __future__ import annotations

import argparse
import json
import signal
import sys
import threading
from pathlib import Path

from hardware.bench import cards
from hardware.bench.bench import PRINTERS, Bench
from hardware.bench.control import ControlSocket


def main(arguments: list[str] | None = None) -> int:
    """Run the bench in a folder; say where its ports are in one JSON line; end on SIGINT, SIGTERM or end of input."""
    given = sys.argv[1:] if arguments is None else arguments
    if given[:1] == ["card"]:
        return cards.main(given[1:])
    parser = argparse.ArgumentParser(
        prog="kiosk-bench",
        description="All simulated devices, with a control socket.",
        epilog="kiosk-bench card --help: cards for the simulated reader.",
    )
    parser.add_argument("--folder", type=Path, default=Path("build/bench"), help="where ports and memories are kept")
    parser.add_argument("--central", metavar="HOST:PORT", help="the central system, to be reached through the network")
    parser.add_argument("--quick", action="store_true", help="card holder and bank act at once")
    parser.add_argument("--nexo", type=int, metavar="PORT", help="a nexo terminal too, on this port (0: a free one)")
    parser.add_argument(
        "--fiscal", type=int, metavar="PORT", help="a fiscal register too, on this port (0: a free one)"
    )
    parser.add_argument("--document", type=int, metavar="PORT", help="an A4 printer too, on this port (0: a free one)")
    parser.add_argument("--printer", choices=PRINTERS, default="epson", help="which printer is at the port (epson)")
    options = parser.parse_args(given)
    central = None
    if options.central:
        host, _, port = options.central.rpartition(":")
        if not port.isdigit():
            parser.error(f"--central {options.central}: expected HOST:PORT")
        central = (host, int(port))
    done = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: done.set())
    bench = Bench(
        options.folder.resolve(),
        central,
        quick=options.quick,
        nexo_port=options.nexo,
        printer=options.printer,
        fiscal_port=options.fiscal,
        document_port=options.document,
    )
    control = ControlSocket(bench.folder / "control", bench.do)
    try:
        bench.start()
        control.start()
        sys.stdout.write(json.dumps(ports_of(bench)) + "\n")
        sys.stdout.flush()
        done.wait()
    finally:
        control.stop()
        bench.stop()
    return 0


def ports_of(bench: Bench) -> dict[str, object]:
    """Return where everything is: what a kiosk's configuration needs."""
    return {
        "ok": True,
        "control": str(bench.folder / "control"),
        "terminal": str(bench.terminal_port),
        "printer": str(bench.printer_port),
        "validator": str(bench.validator_port),
        "scanner": str(bench.scanner_port),
        "panel": str(bench.panel_socket),
        "pcscd": str(bench.reader.socket_path),
        "trust": str(bench.trust_folder),
        "network_port": bench.network_port,
        **({"nexo": bench.nexo_url} if bench.nexo_url else {}),
        **({"fiscal": bench.fiscal_url} if bench.fiscal_url else {}),
        **({"document": bench.document_url} if bench.document_url else {}),
    }
