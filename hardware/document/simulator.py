"""A simulated IPP printer with A4 paper at the far end of TCP, and its ledger. What it was sent stays in memory alone.

It is written from RFC 8010 and 8011 and shares nothing with the driver. Another judge is CUPS's ``ippeveprinter``; this one can fail.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

from hardware.document.sim_ipp import JOB, PRINTER, Answer, Request, take_apart
from hardware.sim_manners import Command, carry_out

PRINT, CANCEL, ASK_JOB, ASK_JOBS, ASK_PRINTER = 2, 8, 9, 10, 11
OK, NOT_FOUND, NOT_POSSIBLE, FORMAT, UNSUPPORTED, VERSION, BUSY = 0, 0x406, 0x404, 0x40A, 0x501, 0x503, 0x507
PROCESSING, STANDING, CANCELED, ABORTED, COMPLETED = 5, 6, 7, 8, 9
STATE_NAMES: Final = {5: "processing", 6: "stopped", 7: "canceled", 8: "aborted", 9: "completed"}
REASONS: Final = {
    "paper_out": "media-empty-error",
    "jam": "media-jam-error",
    "door_open": "door-open",
    "low": "media-low-report",
}
STUCK: Final = ("paper_out", "jam", "door_open")
REQUEST_BYTES_AT_MOST: Final = 64 << 20
LINE_S: Final = 5.0
PDF, PWG = "application/pdf", "image/pwg-raster"


@dataclass
class Work:
    """One job: ``left_s`` is what it still needs of undisturbed time."""

    number: int
    name: str
    kind: str
    document: bytes
    left_s: float
    state: int = PROCESSING
    reasons: tuple[str, ...] = ("job-printing",)
    user: str = "anonymous"


class SimulatedDocumentPrinter:
    """Listens on loopback at ``port`` (0: a free one). ``formats``: what it takes; ``seconds`` a document takes.

    Commands for `do`: paper_out, paper_in, jam, door_open, low, clear, silent, slow {seconds}, hang, abort, errors (the next
    job), lose_answer, lose_request (of the next job), busy, old (IPP 1.1 alone), garbage, normal, state, papers.
    """

    def __init__(self, port: int = 0, *, formats: tuple[str, ...] = (PDF, PWG), seconds: float = 0.05) -> None:
        self._asked_port, self._formats, self._usual_s = port, formats, seconds
        self._lock = threading.RLock()
        self._server: ThreadingHTTPServer | None = None
        self._thread: threading.Thread | None = None
        self.works: list[Work] = []
        self.port = port
        self._make_well()

    @property
    def url(self) -> str:
        """Where it takes its requests."""
        return f"ipp://127.0.0.1:{self.port}/ipp/print"

    def start(self) -> None:
        """Give it power."""
        if self._server is not None:
            return
        self._server = _server(self, self.port or self._asked_port)
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Take its power: what it was printing is lost."""
        if self._server is None or self._thread is None:
            return
        self.awake.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(2)
        self._server = self._thread = None

    def ledger(self) -> list[dict[str, Any]]:
        """Give one row per job: name, format, bytes, sha256 of what came, and how it stands."""
        with self._lock:
            self._go_on()
            return [
                {
                    "job": work.number,
                    "name": work.name,
                    "format": work.kind,
                    "bytes": len(work.document),
                    "sha256": hashlib.sha256(work.document).hexdigest(),
                    "state": STATE_NAMES[work.state],
                }
                for work in self.works
            ]

    def do(self, command: dict[str, Any]) -> dict[str, Any]:
        """Obey the bench: ``{"do": name, …}`` → ``{"ok": true, …}``, or ``{"ok": false, "error": why}``."""
        with self._lock:
            self._go_on()
            return carry_out(self._actions(), command)

    def _actions(self) -> dict[str, Callable[[Command], Command | None]]:
        return {
            **{word: partial(self._get_into, word) for word in REASONS},
            **{word: partial(self._take_on, word) for word in MOODS},
            "paper_in": lambda _: self.troubles.discard("paper_out"),
            "clear": lambda _: self.troubles.clear(),
            "silent": lambda _: self.awake.clear(),
            "slow": lambda command: setattr(self, "seconds", float(command["seconds"])),
            "normal": lambda _: self._make_well(),
            "state": lambda _: {"url": self.url, "troubles": sorted(self.troubles), "moods": sorted(self.moods)},
            "papers": lambda _: {"papers": self.ledger()},
        }

    def _get_into(self, trouble: str, _options: Command) -> None:
        self.troubles.add(trouble)

    def _take_on(self, mood: str, _options: Command) -> None:
        self.moods.add(mood)

    def _make_well(self) -> None:
        self.troubles: set[str] = set()
        self.moods: set[str] = set()
        self.seconds = self._usual_s
        self.awake = getattr(self, "awake", threading.Event())
        self.awake.set()
        self._seen_s = time.monotonic()

    def _go_on(self) -> None:
        """Let time pass for the job under way."""
        now_s = time.monotonic()
        passed_s, self._seen_s = now_s - self._seen_s, now_s
        stuck = bool(self.troubles & {*STUCK})
        for work in self.works:
            if work.state in {PROCESSING, STANDING}:
                work.state = STANDING if stuck else PROCESSING
                work.left_s -= 0 if stuck else passed_s
                if work.left_s <= 0:
                    work.state, work.reasons = COMPLETED, work.reasons[1:] or ("job-completed-successfully",)

    def answer(self, body: bytes) -> bytes | None:
        """Answer one request; None breaks the line."""
        request = take_apart(body)
        with self._lock:
            self._go_on()
            if "garbage" in self.moods:
                return b"\x02\x00\x00\x00" + bytes(range(200, 256))
            if "old" in self.moods and request.version != (1, 1):
                return Answer(request, VERSION).whole()
            tasks = {
                ASK_PRINTER: self._tell,
                PRINT: self._print,
                ASK_JOB: self._tell_job,
                ASK_JOBS: self._tell_jobs,
                CANCEL: self._cancel,
            }
            task = tasks.get(request.operation)
            return task(request) if task else Answer(request, UNSUPPORTED).whole()

    def _tell(self, request: Request) -> bytes:
        answer = Answer(request, OK)
        answer.group(PRINTER)
        under_way = any(work.state == PROCESSING for work in self.works)
        answer.put("text", "printer-make-and-model", "Simulated A4")
        answer.put("enum", "printer-state", 5 if self.troubles & {*STUCK} else 4 if under_way else 3)
        reasons = [REASONS[each] for each in sorted(self.troubles)] or ["none"]
        answer.put("keyword", "printer-state-reasons", *reasons)
        answer.put("boolean", "printer-is-accepting-jobs", True)
        answer.put("mime", "document-format-supported", *self._formats)
        answer.put("keyword", "media-supported", "iso_a4_210x297mm", "na_letter_8.5x11in")
        answer.put("keyword", "pwg-raster-document-type-supported", "black_1", "sgray_8")
        answer.put("resolution", "pwg-raster-document-resolution-supported", 300, 600)
        return answer.whole()

    def _print(self, request: Request) -> bytes | None:
        if "lose_request" in self.moods:
            self.moods.discard("lose_request")
            return None
        if "busy" in self.moods:
            return Answer(request, BUSY).whole()
        if request.one("document-format") not in self._formats:
            return Answer(request, FORMAT).whole()
        kind, name = request.one("document-format"), request.one("job-name", "")
        work = Work(len(self.works) + 1, name, kind, request.document, self.seconds)
        work.user = request.one("requesting-user-name", "anonymous")
        if "hang" in self.moods:
            work.left_s = float("inf")
        if "abort" in self.moods:
            work.state, work.reasons = ABORTED, ("aborted-by-system",)
        if "errors" in self.moods:
            work.reasons = ("job-printing", "job-completed-with-errors")
        self.works.append(work)
        lost = "lose_answer" in self.moods
        self.moods -= {"hang", "abort", "errors", "lose_answer"}
        return None if lost else self._about(request, work)

    def _tell_job(self, request: Request) -> bytes:
        work = next((work for work in self.works if work.number == request.one("job-id")), None)
        return self._about(request, work) if work else Answer(request, NOT_FOUND).whole()

    def _tell_jobs(self, request: Request) -> bytes:
        ended = request.one("which-jobs", "not-completed") == "completed"
        return self._about(request, *(work for work in self.works if (work.state in {7, 8, 9}) == ended))

    def _about(self, request: Request, *works: Work) -> bytes:
        answer = Answer(request, OK)
        for work in works:
            answer.group(JOB)
            answer.put("integer", "job-id", work.number)
            answer.put("name", "job-name", work.name)
            answer.put("name", "job-originating-user-name", work.user)
            answer.put("enum", "job-state", work.state)
            answer.put("keyword", "job-state-reasons", *work.reasons)
        return answer.whole()

    def _cancel(self, request: Request) -> bytes:
        for work in self.works:
            if work.number == request.one("job-id") and work.state in {PROCESSING, STANDING}:
                work.state, work.reasons = CANCELED, ("job-canceled-by-user",)
                return Answer(request, OK).whole()
        return Answer(request, NOT_POSSIBLE).whole()


MOODS: Final = ("hang", "abort", "errors", "lose_answer", "lose_request", "busy", "old", "garbage")


def _server(printer: SimulatedDocumentPrinter, port: int) -> ThreadingHTTPServer:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = LINE_S

        def do_POST(self) -> None:
            """Take a request."""
            length = min(int(self.headers.get("Content-Length", 0)), REQUEST_BYTES_AT_MOST)
            body = self.rfile.read(length)
            self.close_connection = True
            printer.awake.wait()
            answer = printer.answer(body)
            if answer is None:
                return
            self.send_response(200)
            self.send_header("Content-Type", "application/ipp")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    class Server(ThreadingHTTPServer):
        daemon_threads, allow_reuse_address = True, True

        def handle_error(self, *_: Any) -> None:
            """Take no notice: whoever asked has gone, or asked what is no request."""

    return Server(("127.0.0.1", port), Handler)
