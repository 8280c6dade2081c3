"""The bench with and without a nexo terminal."""

from __future__ import annotations

import json
import queue
import signal
import subprocess
import sys
import threading
from pathlib import Path

from hardware.bench.bench import Bench
from hardware.bench.control import ask
from tests.hardware.nexo.sale import WAIT_S, Sale, result


def test_a_bench_has_no_nexo_terminal_unless_asked(tmp_path):
    """Without the option there is no such device and no such port."""
    bench = Bench(tmp_path, quick=True)
    try:
        bench.start_without_reader()
        assert bench.nexo_url is None
        assert "nexo" not in bench.do({"do": "devices"})["devices"]
    finally:
        bench.stop()


def test_who_does_not_ask_for_it_does_not_wait_for_it():
    """The bench alone loads nothing of the nexo terminal, not even its HTTP server."""
    loaded = (
        "import sys, hardware.bench; print([name for name in sys.modules if name in ('http.server', 'hardware.nexo')])"
    )
    heard = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, timeout=60, check=True)
    assert heard.stdout == "[]\n"


def test_a_bench_offers_a_nexo_terminal(tmp_path):
    """With the option it is a device like the others: it obeys, its ledger is told, and it stops with the bench."""
    bench = Bench(tmp_path, quick=True, nexo_port=0)
    bench.start_without_reader()
    sale = Sale(bench.nexo_url)
    try:
        assert bench.devices["nexo"].wait_until("idle", WAIT_S)
        assert bench.do({"device": "nexo", "do": "decline", "once": True}) == {"ok": True}
        assert [result(sale.pay(reference=name)) for name in ("R-1", "R-2")] == ["Refusal", "Success"]
        rows = bench.do({"do": "ledger"})["ledger"]["nexo"]
        assert [(row["reference"], row["outcome"]) for row in rows] == [("R-1", "declined"), ("R-2", "stored")]
    finally:
        sale.close()
        bench.stop()
    assert bench.devices["nexo"].phase == "off"


def test_the_command_tells_where_the_nexo_terminal_is(tmp_path):
    """kiosk-bench --nexo 0 prints the terminal's address, and its control socket reaches it."""
    command = [
        sys.executable,
        "-c",
        "from hardware.bench import main; main()",
        "--folder",
        str(tmp_path),
        "--quick",
        "--nexo",
        "0",
    ]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        told = json.loads(first_line(process))
        state = ask(Path(told["control"]), {"device": "nexo", "do": "state"})
        assert (state["ok"], state["url"]) == (True, told["nexo"])
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(WAIT_S)
        process.stdout.close()


def first_line(process: subprocess.Popen[str]) -> str:
    """Wait for what a process says first, but not for ever."""
    lines: queue.Queue[str] = queue.Queue()
    threading.Thread(target=lambda: lines.put(process.stdout.readline()), daemon=True).start()
    return lines.get(timeout=60)
