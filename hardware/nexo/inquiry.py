"""Finding out what became of a message: TransactionStatus, asked until it is clear or time is up. Nothing here charges anybody.

NotFound counts only when it was said twice about the same ServiceID, with a pause between: a request that the terminal's
operating system has taken in and its program has not yet read is unknown at first.
"""

from __future__ import annotations

import contextlib
import threading
import time
from dataclasses import dataclass

from hardware.nexo import verdict, wording
from hardware.nexo.answers import RepeatedMessageResponse, RepeatedResponseMessageBody, TransactionStatusResponse
from hardware.nexo.identity import fresh_service_id
from hardware.nexo.settings import NexoTimings
from hardware.nexo.station import PAYMENT, Station
from kiosk.domain.faults import DeviceFault, ProtocolError

MUST_BE_SAID = 2


@dataclass(frozen=True)
class Ended:
    """The message was answered; this was the answer."""

    body: RepeatedResponseMessageBody


@dataclass(frozen=True)
class NeverSeen:
    """The terminal was reached, and knows of no such message."""


@dataclass(frozen=True)
class Doubt:
    """It cannot be told. ``refused``: the terminal does not tell such things; otherwise it may yet."""

    evidence: str
    refused: bool = False


@dataclass(frozen=True)
class UnderWay:
    """It has not ended."""


def read(told: TransactionStatusResponse, category: str, service_id: str) -> Ended | NeverSeen | UnderWay | Doubt:
    """Say what a terminal told of one message."""
    response = told.response
    if response.result == verdict.SUCCESS:
        return _repeated(told.repeated_message_response, category, service_id)
    if response.result == verdict.FAILURE:
        if response.error_condition == verdict.NOT_FOUND:
            return NeverSeen()
        if response.error_condition in (verdict.IN_PROGRESS, verdict.BUSY):
            return UnderWay()
    said = wording.plain(f"{response.result[:30]} {response.error_condition[:30]}")
    return Doubt(f"the terminal does not tell what became of it: {said}", refused=True)


def _repeated(repeated: RepeatedMessageResponse | None, category: str, service_id: str) -> Ended | Doubt:
    if repeated is None:
        return Doubt("the terminal knows of it and does not repeat its answer")
    header, body = repeated.message_header, repeated.repeated_response_message_body
    if header.service_id != service_id or header.message_category != category:
        return Doubt("the terminal repeats the answer to another message")
    return Ended(body)


class Inquiry:
    """Asks one terminal. ``closed`` ends all pauses."""

    def __init__(self, station: Station, times: NexoTimings, closed: threading.Event) -> None:
        self._station, self._times, self._closed = station, times, closed

    def once(self, category: str, service_id: str, limit: float) -> Ended | NeverSeen | UnderWay | Doubt:
        """Ask once. Raises DeviceFault without an answer."""
        soon = min(limit, time.monotonic() + self._times.enquiry_limit_s)
        return read(self._station.status(category, service_id, soon), category, service_id)

    def insist(
        self, category: str, service_id: str, limit: float, must_be_said: int = MUST_BE_SAID
    ) -> Ended | NeverSeen | Doubt:
        """Ask until the terminal has told how it ended, has said ``must_be_said`` times that it knows nothing of it, or time is up.

        A payment that is still under way is asked to end: nobody waits for it any more.
        """
        pause_s, said, evidence = self._times.retry_first_s, 0, ""
        while True:
            try:
                told = self.once(category, service_id, limit)
            except DeviceFault as fault:
                evidence = f"the terminal could not be asked: {fault}"
            else:
                if isinstance(told, Ended | Doubt):
                    return told
                said = said + 1 if isinstance(told, NeverSeen) else 0
                if said >= must_be_said:
                    return NeverSeen()
                evidence = "the terminal said only once that it knows nothing of it" if said else "it has not ended yet"
                if isinstance(told, UnderWay) and category == PAYMENT:
                    self._ask_to_end(service_id)
            rest_s = max(pause_s, self._times.not_found_pause_s) if said else pause_s
            if time.monotonic() + rest_s >= limit or self._closed.wait(rest_s):
                return Doubt(evidence)
            pause_s = min(pause_s * 2, self._times.retry_longest_s)

    def last(self, limit: float) -> TransactionStatusResponse:
        """Ask what the terminal did last. Raises DeviceFault, ``busy`` if it is still at it, ``no_recovery`` if it never tells.

        Terminals that want to be asked by ServiceID alone are asked about one that nobody used, so that it is known before a
        payment that they will answer after it.
        """
        try:
            told = self._station.last(limit)
        except ProtocolError:
            return self.probe(limit)
        found = told.response
        if found.result == verdict.SUCCESS or found.error_condition == verdict.NOT_FOUND:
            return told
        if found.error_condition in (verdict.IN_PROGRESS, verdict.BUSY):
            raise DeviceFault("the terminal is busy with something else", "busy")
        return self.probe(limit)

    def probe(self, limit: float) -> TransactionStatusResponse:
        """Ask about a ServiceID that nobody used. Raises DeviceFault, as ``last`` does, unless it is NotFound."""
        nobodys = fresh_service_id()
        told = self._station.status(PAYMENT, nobodys, limit)
        found = read(told, PAYMENT, nobodys)
        if isinstance(found, NeverSeen):
            return told
        if isinstance(found, UnderWay):
            raise DeviceFault("the terminal is busy with something else", "busy")
        raise ProtocolError("the terminal does not tell what became of a payment", "no_recovery")

    def _ask_to_end(self, service_id: str) -> None:
        with contextlib.suppress(DeviceFault):
            self._station.abort(service_id, time.monotonic() + self._times.abort_limit_s)
