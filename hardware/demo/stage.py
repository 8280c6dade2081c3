"""The stage: central system, bench and kiosk, three processes in one folder, started side by side and ended together."""

from __future__ import annotations

import json
import shutil
import socket
import sqlite3
import tempfile
import time
from collections.abc import Mapping
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from hardware.bench.control import ask
from hardware.card.sim_profile import save_card
from hardware.card.trust_import import Import
from hardware.demo.finger import Finger
from hardware.demo.program import DemoError, Program
from hardware.demo.settings import (
    CONFIG,
    FISCAL_WORD,
    FISCAL_WORD_FILE,
    KIOSK_ID,
    OPERATOR_CA,
    OPERATOR_LIST,
    kiosk_settings,
    to_toml,
)
from hardware.demo.staff import COLLECTOR, COLLECTOR_FILE

READY_S = 20.0
COMMAND_S = 20.0
SOCKET_PATH_MAX = 107
"""struct sockaddr_un.sun_path, less its zero byte."""

Answer = dict[str, Any]


class Stage:
    """Everything that is started for one demonstration. Use it in a ``with`` block.

    ``folder`` keeps ports, memories and logs; without one it is a new one in /tmp, gone after a demonstration that went well
    (unless ``keep`` is set meanwhile).
    ``size`` is that of the kiosk's window; None draws without a display. ``used``: an earlier demonstration left its memories.
    ``quick``: card holder and bank act at once. ``fiscal``: with a fiscal register.
    """

    def __init__(
        self,
        folder: Path | None = None,
        size: tuple[int, int] | None = None,
        *,
        quick: bool = False,
        fiscal: bool = False,
    ) -> None:
        self.quick, self.fiscal = quick, fiscal
        self.keep = folder is not None
        self.folder = folder.resolve() if folder else Path(tempfile.mkdtemp(prefix="kiosk-demo-", dir="/tmp"))
        if len(bytes(self.folder / "bench/panel.sock")) > SOCKET_PATH_MAX:
            raise DemoError(f"the path {self.folder} is too long for sockets in it; give a shorter --folder")
        self.folder.mkdir(parents=True, exist_ok=True)
        self.used = (self.folder / "data/journal.db").exists()
        self.size = size
        self.ports: Answer = {}
        self.finger = Finger(self.folder / "finger")
        self.config = self.folder / "kiosk.toml"
        self.papers = self.folder / "papers"
        self._database = f"sqlite:///{self.folder / 'central.db'}"
        self._programs: dict[str, Program] = {}

    def start(self) -> None:
        """Start everything; return when the kiosk shows its first screen. DemoError says which part did not start, and why."""
        started = time.monotonic()
        address = f"127.0.0.1:{free_port()}"
        options = (*(("--quick",) if self.quick else ()), *(("--fiscal", "0") if self.fiscal else ()))
        bench = self._run(
            "bench", "kiosk-bench", "--folder", str(self.folder / "bench"), "--central", address, *options
        )
        self._command("migrate", "migrate", "--demo")
        central = self._run("central", "kiosk-central", "serve", "--port", address.split(":")[1], "--database", self._database)  # fmt: skip
        token = self._command("add-kiosk", "add-kiosk", KIOSK_ID, "--renew")
        (self.folder / "token").write_text(token, "utf-8")
        (self.folder / FISCAL_WORD_FILE).write_text(FISCAL_WORD, "utf-8")
        line = bench.until(lambda: bench.said.partition("\n")[1] and bench.said, READY_S, "ready")
        self.ports = json.loads(line.splitlines()[0])
        self.config.write_text(to_toml(CONFIG / "kiosk.toml", kiosk_settings(self.folder, self.ports, size=self.size)))
        self._trust_the_bench()
        trust = Path(self.ports["trust"])
        self._command("revocations", "put-revocations", str(trust / OPERATOR_LIST), "--ca", str(trust / OPERATOR_CA))
        save_card(COLLECTOR, self.folder / "bench" / COLLECTOR_FILE)
        central.until(lambda: "ready at" in central.said, READY_S, "ready")
        # A terminal takes a second to boot; a kiosk that asks it meanwhile would offer no payment until it looks again.
        bench.until(lambda: self.do("terminal", "state")["phase"] != "boot", READY_S, "done with starting the terminal")
        self.start_kiosk()
        self.took_s = time.monotonic() - started

    def _trust_the_bench(self) -> None:
        """Import the simulated country's authority, as a technician does: the kiosk believes no other card."""
        work = Import(self.folder / "trust", datetime.now(UTC))
        work.take_file(Path(self.ports["trust"]) / "csca.der")
        work.write()

    def start_kiosk(self) -> None:
        """Start the kiosk and wait for its first screen."""
        self.launch_kiosk().until(self.finger.ready, READY_S, "showing a screen")

    def launch_kiosk(self, more: Mapping[str, str] | None = None) -> Program:
        """Start the kiosk, with ``more`` in its environment, and do not wait."""
        env = {"PCSCLITE_CSOCK_NAME": str(self.ports["pcscd"])}
        if self.size is None:
            env["SDL_VIDEODRIVER"] = "offscreen"
        else:  # beside the bench window: the kiosk at the left, as far as the desktop lets it
            env |= {"KIVY_NO_ENV_CONFIG": "0", "KCFG_GRAPHICS_POSITION": "custom"}
            env |= {"KCFG_GRAPHICS_LEFT": "0", "KCFG_GRAPHICS_TOP": "0"}
        return self._run("kiosk", "kiosk", "run", "--config", str(self.config), env={**env, **(more or {})})

    def stop_kiosk(self) -> None:
        """Ask the kiosk to end, and wait until it has."""
        self._programs["kiosk"].end()

    def kill_kiosk(self) -> None:
        """End the kiosk as ``kill -9`` does, and nothing else."""
        self._programs["kiosk"].kill()

    def cut_power(self) -> None:
        """Cut the mains of kiosk, terminal, printer and acceptor at once, and give it back. Network and ID card know nothing of it."""
        self.kill_kiosk()
        for device in ("terminal", "printer", "validator"):
            self.do(device, "power_cycle")

    def kiosk_closed(self) -> bool:
        """Say whether somebody has closed the kiosk's window. DemoError if it ended otherwise."""
        kiosk = self._programs["kiosk"]
        if kiosk.running:
            return False
        kiosk.finish(1)
        return True

    def check(self) -> None:
        """DemoError if a part has ended by itself."""
        for program in self._programs.values():
            if not program.running:
                raise program.error(f"{program.name} has ended in the middle of the demonstration")

    def do(self, device: str, word: str, **options: Any) -> Answer:
        """Order something of the bench and return its answer. DemoError if it cannot be done."""
        return self.bench({"device": device, "do": word, **options})

    def try_do(self, device: str, word: str, **options: Any) -> Answer:
        """Order something that may be impossible now: the answer says ``"ok": false`` then."""
        return self._ask({"device": device, "do": word, **options})

    def bench(self, command: Mapping[str, Any]) -> Answer:
        """Send the bench one control command. DemoError if it cannot be done."""
        answer = self._ask(command)
        if not answer.get("ok"):
            raise DemoError(f"the bench cannot {json.dumps(command)}: {answer.get('error')}")
        return answer

    def _ask(self, command: Mapping[str, Any]) -> Answer:
        try:
            return ask(Path(self.ports["control"]), dict(command))
        except (OSError, ValueError) as error:
            raise DemoError(f"the bench does not answer {json.dumps(command)}: {error}") from error

    def central_ledger(self) -> list[Answer]:
        """Return what the central system knows."""
        ledger: list[Answer] = json.loads(self._command("ledger", "ledger", "--json"))
        return ledger

    def journal(self) -> list[Answer]:
        """Return the kiosk's journal, one row an entry. It may be read while the kiosk runs."""
        export = Program(self.folder, "export", ["kiosk", "journal", "export", "--config", str(self.config)])
        return [json.loads(line) for line in export.finish(COMMAND_S).splitlines()]

    def reference_head(self) -> str:
        """Return what every reference of this kiosk's journal begins with: the kiosk's id and the journal's epoch."""
        journal = f"file:{self.folder / 'data/journal.db'}?mode=ro"
        with closing(sqlite3.connect(journal, uri=True, timeout=COMMAND_S)) as base:
            found = base.execute("SELECT value FROM meta WHERE name = 'epoch'").fetchone()
        return f"{KIOSK_ID}-{found[0]}" if found else KIOSK_ID

    def _command(self, name: str, *words: str) -> str:
        command = ["kiosk-central", *words, "--database", self._database]
        return Program(self.folder, name, command).finish(COMMAND_S)

    def _run(self, name: str, *command: str, env: Mapping[str, str] | None = None) -> Program:
        program = self._programs[name] = Program(self.folder, name, command, env)
        return program

    def stop(self) -> None:
        """End everything that was started, the kiosk first. Idempotent."""
        for name in ("kiosk", "bench", "central"):
            program = self._programs.pop(name, None)
            if program is not None:
                program.end()

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self.stop()
        if not self.keep and (kind is None or issubclass(kind, KeyboardInterrupt | SystemExit)):
            with suppress(OSError):
                shutil.rmtree(self.folder)


def free_port() -> int:
    """Return a loopback port that is free now."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port
