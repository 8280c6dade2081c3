"""A session with the register: logs in, asks, logs in again when the register has forgotten it (README.md, "The way in").

``limit`` is a moment of ``time.monotonic()``. Questions are repeated while the register is busy; a document is posted once.
"""

from __future__ import annotations

import threading
import time
from typing import Any

from hardware.fiscal import answers, messages
from hardware.fiscal.answers import Answer, Info
from hardware.fiscal.settings import FiscalSettings
from hardware.http_post import HttpLink
from kiosk.domain.faults import DeviceFault, DeviceSilent, ProtocolError
from kiosk.domain.fiscal import Sale
from kiosk.domain.secret import Secret

ANSWER_BYTES_AT_MOST = 1 << 24
"""A history of years: about 600 bytes a document."""
ROUNDS = 60
"""So often a busy register is asked at most; the limit ends it before."""


class Session:
    """See above. One thread calls everything but ``close``."""

    def __init__(self, settings: FiscalSettings, password: Secret, stop: threading.Event) -> None:
        self._settings, self._times, self._password, self._stop = settings, settings.timings, password, stop
        self._link = HttpLink(
            settings.port, settings.ca_file, self._times.connect_timeout_s, "fiscal", ANSWER_BYTES_AT_MOST
        )
        self._token = Secret()

    def info(self, limit: float) -> Info:
        """Ask what the register is. DeviceFault without an answer that says so."""
        return answers.part(good(self.ask(messages.INFO, limit)).data, Info)

    def shift_open(self, limit: float) -> bool:
        """Ask whether a shift is open. DeviceFault likewise."""
        status = good(self.ask(messages.SHIFT, limit)).shift_status
        if status is None:
            raise ProtocolError("the register does not say whether a shift is open")
        return status

    def ask(self, check_type: int, limit: float, **more: Any) -> Answer:
        """Do an operation that is no document and may be repeated. DeviceFault without an answer."""
        answer = Answer(answers.NOT_NOW)
        for _ in range(ROUNDS):
            self.log_in(limit)
            answer = self._post(messages.request(check_type, self._token.reveal(), **more), limit)
            if answer.code == answers.NO_SESSION:
                self.forget()
            elif not answer.busy or self.rest(self._times.retry_pause_s, limit):
                return answer
        return answer

    def sell(self, sale: Sale, last_number: int, limit: float) -> Answer:
        """Post a sale, once, in the session that stands. NotSent: nothing has left; any other DeviceFault leaves it in doubt."""
        body = messages.sale_request(sale, self._token.reveal(), last_number)
        return self._post(body, limit, self._times.document_limit_s)

    def close_shift(self, limit: float) -> Answer:
        """Post the closing of the shift, once, likewise."""
        return self._post(messages.request(messages.CLOSE, self._token.reveal()), limit, self._times.document_limit_s)

    def log_in(self, limit: float) -> None:
        """Log in, unless that was done. DeviceFault if the register does not let us in: success is the token, not the code."""
        if self._token:
            return
        body = messages.request(messages.LOGIN, name=self._settings.user, password=self._password.reveal())
        answer = self._post(body, limit)
        if not answer.access_token:
            raise DeviceFault(f"the register does not let us in: {answer.words}", "no_login")
        self._token = Secret(answer.access_token)

    def forget(self) -> None:
        """Log in anew before the next question."""
        self._token.wipe()

    def rest(self, seconds: float, limit: float) -> bool:
        """Pause. True when there is no time left, or whoever waits has been told to stop."""
        return self._stop.wait(seconds) or time.monotonic() >= limit

    def close(self) -> None:
        """Cut what is under way and ask nothing more."""
        self._link.close()

    def _post(self, body: bytes, limit: float, most_s: float | None = None) -> Answer:
        left_s = min(limit - time.monotonic(), most_s or self._times.question_limit_s)
        if left_s <= 0:
            raise DeviceSilent("the register was too slow to be asked this in time")
        return answers.read(self._link.post(body, left_s))


def good(answer: Answer) -> Answer:
    """Return an answer that says success. DeviceFault otherwise."""
    if answer.busy:
        raise DeviceFault(f"the register is busy: {answer.words}", "busy")
    if answer.code != answers.OK:
        raise DeviceFault(f"the register says {answer.words}")
    return answer
