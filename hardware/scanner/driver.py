"""A serial MRZ scanner: the driver of ``kiosk.ports.MrzScanner``. The scanner speaks by itself; nothing is sent to it."""

from __future__ import annotations

import contextlib
import os
import select
import threading
import time

import serial

from hardware.scanner.settings import ScannerSettings
from kiosk.domain.access_key import Misread, MrzKey
from kiosk.domain.faults import DeviceAbsent, DeviceFault
from kiosk.domain.health import Check, Failed, Health, Ready, SelfTest
from kiosk.domain.secret import overwrite
from kiosk.domain.zone_text import ZoneText

LOOK_S = 0.1
READ_BYTES = 256
DRAINS = 64
"""Reads after which a line that never falls silent is taken as it comes."""
LATE_S = 1.0
"""So long a message that has begun may go on after the wait is over; the longest zone takes 0.1 s at 9600 baud."""
STX, ETX = "\x02", "\x03"
LINE_ENDS = "\r\n"
ADVICE = "Check the scanner's cable and its port in kiosk.toml [scanner]; it must be set to a serial port, not to a keyboard."
_LINE_FAULTS = (serial.SerialException, OSError, ValueError)


def open_driver(settings: ScannerSettings) -> SerialScanner:
    """Return the driver; the scanner may be away."""
    return SerialScanner(settings)


class SerialScanner:
    """See ``kiosk.ports.MrzScanner``. One thread calls everything except ``cancel``, which just before a wait ends that one too."""

    def __init__(self, settings: ScannerSettings) -> None:
        self._settings = settings
        self._serial: serial.Serial | None = None
        self._cancelled = threading.Event()
        self._text = ZoneText()
        self._room = bytearray(READ_BYTES)
        self._framed = False

    def next_zone(self, timeout_s: float) -> MrzKey | Misread | None:
        """See the port."""
        end = time.monotonic() + timeout_s
        try:
            port = self._opened()
            self._forget(port)
            return self._seen(port, end)
        finally:
            self._cancelled.clear()
            self._text.wipe()
            overwrite(self._room)

    def _seen(self, port: serial.Serial, end: float) -> MrzKey | Misread | None:
        heard_at = 0.0
        while not self._cancelled.is_set():
            count, now = self._read(port), time.monotonic()
            for place in range(count):
                if self._ends(chr(self._room[place])) and (found := self._text.take()) is not None:
                    return found
            if count:
                heard_at = now
            elif len(self._text) and now - heard_at >= self._settings.silence_s:
                found = self._text.take()
                self._framed = False
                if found is not None:
                    return found
            if now >= end + (LATE_S if len(self._text) else 0.0):
                return self._text.take()
        return None

    def _ends(self, character: str) -> bool:
        """Take a character of the message; say whether it ends it."""
        if self._settings.frame == "stx_etx":
            if character in (STX, ETX):
                ended, self._framed = self._framed and character == ETX, character == STX
                if not ended:
                    self._text.wipe()
                return ended
            if not self._framed:
                return False
        elif character in LINE_ENDS:
            return self._text.whole
        if character.isprintable() and character != " " and character not in self._settings.ignore:
            self._text.add(character)
        return False

    def _read(self, port: serial.Serial, wait_s: float = LOOK_S) -> int:
        """Fill ``_room``, which can be overwritten, from its beginning; return how far. What pyserial returns could not be."""
        try:
            if not select.select([port.fileno()], [], [], wait_s)[0]:
                return 0
            count = os.readv(port.fileno(), [self._room])
        except _LINE_FAULTS as error:
            raise self._lost(error) from error
        if not count:
            raise self._lost("nothing to read though the port said so")
        return count

    def _forget(self, port: serial.Serial) -> None:
        """Drop what was seen while nobody waited."""
        self._framed = False
        for _ in range(DRAINS):
            if not self._read(port, 0.0):
                break
        overwrite(self._room)

    def _opened(self) -> serial.Serial:
        if self._serial is None:
            name = self._settings.port
            try:
                self._serial = serial.Serial(name, self._settings.baudrate, timeout=0, exclusive=True)
            except _LINE_FAULTS as error:
                raise DeviceAbsent(f"{name} cannot be opened: {error}") from error
        return self._serial

    def _lost(self, evidence: object) -> DeviceAbsent:
        self._let_go()
        return DeviceAbsent(f"{self._settings.port} was lost: {evidence}")

    def _let_go(self) -> None:
        port, self._serial = self._serial, None
        if port is not None:
            with contextlib.suppress(*_LINE_FAULTS):
                port.close()

    def health(self) -> Health:
        """See the port. A scanner cannot be asked: that its line is there is all that can be known."""
        try:
            self._forget(self._opened())
        except DeviceFault as fault:
            return Failed(fault.reason, str(fault))
        return Ready(self._settings.port)

    def self_test(self) -> SelfTest:
        """See the port."""
        health = self.health()
        if isinstance(health, Failed):
            return SelfTest("scanner", (Check("port", "failed", health.detail, ADVICE),))
        return SelfTest("scanner", (Check("port", "passed", getattr(health, "detail", "")),))

    def cancel(self) -> None:
        """See the port."""
        self._cancelled.set()

    def close(self) -> None:
        """Let go of the line."""
        self.cancel()
        self._let_go()
