"""One exchange after another on a CCNET line: an order, its answer in time, the acknowledgement of what was told.

The kiosk is the master: the validator only answers. Data must be acknowledged, else the validator tells it again: that is how
"stacked" waits for the journal. An answer with a wrong CRC is refused (NAK) and told again; what changes the state of a note
is never sent twice.
"""

from __future__ import annotations

import contextlib
import select
import time

import serial

from hardware.cash.frame import Damaged, FrameDecoder, encode_frame
from hardware.cash.messages import ACK, NAK, Order, State, Told, parse_told
from kiosk.domain.faults import DeviceAbsent, DeviceSilent

WRITE_LIMIT_S = 1.0
REPEATS = 3
_LINE_FAULTS = (serial.SerialException, OSError, ValueError)


class CcnetLink:
    """The line to one validator. Any DeviceFault but silence leaves it closed."""

    def __init__(self, port: str, baudrate: int, answer_s: float) -> None:
        self._port, self._baudrate, self._answer_s = port, baudrate, answer_s
        self._serial: serial.Serial | None = None
        self._decoder = FrameDecoder()
        self._owed = False

    @property
    def is_open(self) -> bool:
        """Whether the port is open."""
        return self._serial is not None

    def open(self) -> None:
        """Open the port, empty. DeviceAbsent if it is not there or somebody else has it."""
        self.close()
        try:
            self._serial = serial.Serial(
                self._port, self._baudrate, timeout=0, write_timeout=WRITE_LIMIT_S, exclusive=True
            )
        except _LINE_FAULTS as error:
            raise DeviceAbsent(f"{self._port} cannot be opened: {error}") from error

    def close(self) -> None:
        """Close the port."""
        port, self._serial = self._serial, None
        self._decoder.clear()
        if port is not None:
            with contextlib.suppress(*_LINE_FAULTS):
                port.close()

    def ask(self, order: bytes) -> bytes:
        """Send an order once and return its answer. DeviceSilent without one; a garbled answer is asked for again by NAK."""
        self._drain()
        self._write(encode_frame(order))
        for _ in range(REPEATS):
            answer = self._answer()
            if not isinstance(answer, Damaged):
                return answer
            self._write(encode_frame(NAK))
        raise DeviceSilent(f"{order[0]:02X} was answered {REPEATS} times by a wrong check sum")

    def poll(self) -> Told:
        """Ask for the state and acknowledge it: a validator stays frozen in what it has told until that is acknowledged.

        "Stacked" alone is left owing, and told again, until the journal has it (``acknowledge``).
        """
        told = parse_told(self.ask(bytes((Order.POLL,))))
        if told.state is not State.STACKED:
            self.acknowledge()
        return told

    def acknowledge(self) -> None:
        """Acknowledge what was told last; nothing answers that."""
        self._write(encode_frame(ACK))

    def _answer(self) -> bytes | Damaged:
        end = time.monotonic() + self._answer_s
        while (left := end - time.monotonic()) > 0:
            for found in self._decoder.feed(self._read(left)):
                return found
        self._decoder.clear()
        self._owed = True
        raise DeviceSilent(f"{self._port}: no answer within {self._answer_s:.2f} s")

    def _drain(self) -> None:
        """Drop what came unasked: a late answer must not be taken for the next one's. After a silence it is waited for."""
        wait_s, self._owed = self._answer_s if self._owed else 0.0, False
        end = time.monotonic() + 10 * self._answer_s
        while self._read(wait_s) and time.monotonic() < end:
            pass
        self._decoder.clear()

    def _read(self, wait_s: float) -> bytes:
        port = self._opened()
        try:
            if not select.select([port.fileno()], [], [], wait_s)[0]:
                return b""
            data: bytes = port.read(512)
        except _LINE_FAULTS as error:
            raise self._lost(error) from error
        if not data:
            raise self._lost("nothing to read though the port said so")
        return data

    def _write(self, data: bytes) -> None:
        port = self._opened()
        try:
            port.write(data)
        except _LINE_FAULTS as error:
            raise self._lost(error) from error

    def _opened(self) -> serial.Serial:
        if self._serial is None:
            raise DeviceAbsent(f"{self._port} is not open")
        return self._serial

    def _lost(self, evidence: object) -> DeviceAbsent:
        self.close()
        return DeviceAbsent(f"{self._port} was lost: {evidence}")
