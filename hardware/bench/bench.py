"""All simulated devices together, each at the far end of its wire, with ports whose names do not change."""

from __future__ import annotations

import os
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, Protocol

from hardware.bench.network import SimulatedNetwork
from hardware.card.sim_trust import export_first_trust, export_trust
from hardware.card.simulator import SimulatedCardReader
from hardware.card.virtual_reader import VirtualReader
from hardware.cash.simulator import SimulatedValidator
from hardware.panel.simulator import SimulatedPanel
from hardware.printer.sim_model import MODELS
from hardware.printer.sim_star import STAR_MODELS, SimulatedStarPrinter
from hardware.printer.simulator import SimulatedPrinter
from hardware.scanner.simulator import SimulatedScanner
from hardware.sim_times import Delays
from hardware.terminal.sim_times import Timings
from hardware.terminal.simulator import SimulatedTerminal

PRINTERS = (*MODELS, *STAR_MODELS)


class Simulator(Protocol):
    """What every simulated device can do."""

    def start(self) -> None:
        """Give it power."""
        ...

    def stop(self) -> None:
        """Take its power away."""
        ...

    def do(self, command: dict[str, Any]) -> dict[str, Any]:
        """Do something to it."""
        ...

    def ledger(self) -> list[dict[str, Any]]:
        """Tell its own truth."""
        ...


def make_printer(folder: Path, port: Path, model: str) -> SimulatedPrinter:
    """Make the simulated printer of this model, of either dialect. ValueError where nobody simulates it."""
    if model in MODELS:
        return SimulatedPrinter(folder, port, model=model)
    if model in STAR_MODELS:
        return SimulatedStarPrinter(folder, port, model=model)
    raise ValueError(f"no printer {model!r}; there are {', '.join(PRINTERS)}")


class Bench:
    """Simulators in ``folder``: ports ``terminal``, ``printer``, ``validator``, ``scanner``, ``panel.sock``; each device's memory in a folder of its own.

    ``trust`` has the anchors of the simulated cards (`hardware.card.sim_trust`).
    ``central`` is (host, port) of the central system; the kiosk reaches it through ``network_port``. ``quick``: the people at the
    terminal act at once. ``reader``: a virtual reader that runs already (libpcsclite knows one service in a process).
    ``nexo_port``: where a second payment terminal, ``nexo``, listens on loopback (0: a free port); None: there is none.
    ``fiscal_port``, ``document_port``: the same for a fiscal register, ``fiscal``, and an A4 printer with IPP, ``document``.
    ``printer``: a model of `hardware.printer.sim_model` or of `hardware.printer.sim_star`; the ports stay the same.
    """

    def __init__(
        self,
        folder: Path,
        central: tuple[str, int] | None = None,
        *,
        quick: bool = False,
        reader: VirtualReader | None = None,
        nexo_port: int | None = None,
        printer: str = "epson",
        fiscal_port: int | None = None,
        document_port: int | None = None,
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.reader = reader or VirtualReader(folder / "reader")
        self._own_reader = reader is None
        self.terminal_port, self.printer_port = folder / "terminal", folder / "printer"
        self.validator_port = folder / "validator"
        self.scanner_port = folder / "scanner"
        self.panel_socket = folder / "panel.sock"
        self.trust_folder = folder / "trust"
        self._central = central
        self._delays = Delays.none() if quick else Delays()
        self._quick = quick
        self._nexo_port = nexo_port
        self._printer = printer
        self._fiscal_port = fiscal_port
        self._document_port = document_port
        self._timings = Timings(t1_s=0.1, t2_s=0.3, t3_s=0.5, goods_s=1.0) if quick else Timings()
        self.devices: dict[str, Simulator] = {}
        self._trust: Future[None] | None = None

    def start(self) -> None:
        """Start the card service, then every device; meanwhile write what the cards' signatures are to be checked against."""
        pool = ThreadPoolExecutor(1)
        first = pool.submit(export_first_trust, self.trust_folder)
        if self._own_reader:
            self.reader.start()
        os.environ["PCSCLITE_CSOCK_NAME"] = str(self.reader.socket_path)
        self._start_devices({"card": SimulatedCardReader(self.folder / "memory" / "card", self.reader.port)})
        first.result()
        self._trust = pool.submit(export_trust, self.trust_folder)
        pool.shutdown(wait=False)

    def start_without_reader(self) -> None:
        """Start every device but the card reader and its service."""
        self._start_devices({})

    def _start_devices(self, first: dict[str, Simulator]) -> None:
        memory = self.folder / "memory"
        self.devices = {
            **first,
            "terminal": SimulatedTerminal(
                memory / "terminal", self.terminal_port, delays=self._delays, timings=self._timings
            ),
            "printer": make_printer(memory / "printer", self.printer_port, self._printer),
            "validator": SimulatedValidator(memory / "validator", self.validator_port, quick=self._quick),
            "scanner": SimulatedScanner(self.scanner_port),
            "panel": SimulatedPanel(memory / "panel", self.panel_socket),
        }
        self.devices.update(self._nexo(memory / "nexo") | self._fiscal(memory / "fiscal") | self._document())
        if self._central is not None:
            self.devices["network"] = SimulatedNetwork(self._central)
        for device in self.devices.values():
            device.start()

    def _nexo(self, folder: Path) -> dict[str, Simulator]:
        if self._nexo_port is None:
            return {}
        from hardware.nexo.simulator import SimulatedNexoTerminal  # noqa: PLC0415 - only who asks for it waits for its HTTP server

        return {"nexo": SimulatedNexoTerminal(folder, self._nexo_port, delays=self._delays)}

    def _fiscal(self, folder: Path) -> dict[str, Simulator]:
        if self._fiscal_port is None:
            return {}
        from hardware.fiscal.simulator import SimulatedFiscalRegister  # noqa: PLC0415 - as for nexo

        return {"fiscal": SimulatedFiscalRegister(folder, self._fiscal_port)}

    def _document(self) -> dict[str, Simulator]:
        if self._document_port is None:
            return {}
        from hardware.document.simulator import SimulatedDocumentPrinter  # noqa: PLC0415 - as for nexo

        return {"document": SimulatedDocumentPrinter(self._document_port, seconds=0.05 if self._quick else 3.0)}

    @property
    def network_port(self) -> int:
        """The loopback port behind which the central system is; 0 without one."""
        network = self.devices.get("network")
        return network.port if isinstance(network, SimulatedNetwork) else 0

    @property
    def nexo_url(self) -> str | None:
        """Where the nexo terminal takes its messages; None without one."""
        return self._url("nexo")

    @property
    def fiscal_url(self) -> str | None:
        """Where the fiscal register takes its requests; None without one."""
        return self._url("fiscal")

    @property
    def document_url(self) -> str | None:
        """Where the A4 printer takes its jobs; None without one."""
        return self._url("document")

    def _url(self, name: str) -> str | None:
        device = self.devices.get(name)
        return device.do({"do": "state"})["url"] if device else None

    def do(self, command: dict[str, Any]) -> dict[str, Any]:
        """Carry out one control command: ``{"device": …, "do": …}``, or ``{"do": "ledger" | "devices"}``."""
        name = command.get("device")
        if name is None:
            return self._do_all(command)
        if name == "mains":
            name = "panel"
        device = self.devices.get(str(name))
        if device is None:
            return {"ok": False, "error": f"there is no device {name!r}; there are {', '.join(self.devices)}, mains"}
        return device.do(command)

    def _do_all(self, command: dict[str, Any]) -> dict[str, Any]:
        word = command.get("do")
        if word == "ledger":
            return {"ok": True, "ledger": {name: device.ledger() for name, device in self.devices.items()}}
        if word == "devices":
            return {"ok": True, "devices": [*self.devices, "mains"], "network_port": self.network_port}
        return {"ok": False, "error": f"the bench cannot {word!r}; it can ledger, devices, or name a device"}

    def stop(self) -> None:
        """Stop everything that was started."""
        if self._trust is not None:
            self._trust.result()
        for device in self.devices.values():
            device.stop()
        if self._own_reader:
            self.reader.stop()
