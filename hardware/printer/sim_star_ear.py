"""The simulated Star printer's ear: follows the commands as they arrive and finds the real-time ones between them.

The manual has single bytes obeyed on reception (ENQ, EOT, CAN) that any picture holds; printers print such pictures, so the
receiving side must know where a command's data ends. Source: Star Line Mode Command Specifications, "Status", "Others".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

ENQ, EOT, CAN, STATUS, RESET = b"\x05", b"\x04", b"\x18", b"\x1b\x06\x01", b"\x1b\x06\x18"
REAL_TIME: Final = (ENQ, EOT, CAN, STATUS, RESET)
ESC: Final = 0x1B
RASTER: Final = b"\x1b*r"
# What ends data whose length is not told beforehand.
RECORD_SEPARATOR: Final = 0x1E
ENDED: Final = {b"\x1bD": (0, 0x00), b"\x1bb": (4, RECORD_SEPARATOR)}
"""Name → (bytes before the data, the byte that ends it)."""
# name → (bytes of its header, data bytes as a function of the header)
SIZED: Final[dict[bytes, tuple[int, Callable[[bytes], int]]]] = {
    b"\x1bX": (2, lambda h: 3 * (h[0] + 256 * h[1])),
    b"\x1bL": (2, lambda h: 3 * (h[0] + 256 * h[1])),
    b"\x1bK": (2, lambda h: h[0] + 256 * h[1]),
    b"\x1bk": (2, lambda h: 24 * h[0]),
    b"\x1b\x1dS": (6, lambda h: (h[1] + 256 * h[2]) * (h[3] + 256 * h[4])),
}
DATA_HEADER_BYTES: Final = 3
LONGEST: Final = 260


class StarEar:
    """Follows the stream; a command that was cut short hides what comes until its data is complete.

    ``parameters``: how many bytes follow the name of each command.
    """

    def __init__(self, parameters: Mapping[bytes, int]) -> None:
        self._parameters = {name: count for name, count in parameters.items() if name[0] == ESC and name not in SIZED}
        self._names = (*self._parameters, *SIZED, STATUS, RESET)
        self.forget()

    def forget(self) -> None:
        """Begin anew: the printer was reset or its buffer cleared."""
        self._raster = False
        self._command = b""
        self._data_bytes = 0

    def hear(self, data: bytes) -> list[tuple[int, bytes]]:
        """Give (offset just after it in ``data``, command) for each real-time command completed by ``data``."""
        found = []
        at = 0
        while at < len(data):
            if self._data_bytes:
                passed = min(self._data_bytes, len(data) - at)
                self._data_bytes -= passed
                at += passed
                continue
            self._command += data[at : at + 1]
            at += 1
            if self._command in REAL_TIME:
                found.append((at, self._command))
                if self._command in {CAN, RESET}:
                    self.forget()
                self._command = b""
            elif not self._is_open():
                self._command = b""
        return found

    def _is_open(self) -> bool:
        command = self._command
        if command[0] != ESC:
            return self._data_header(command)
        if len(command) == 1:
            return True
        if command.startswith((RASTER, RASTER[: len(command)])):
            return self._raster_command(command)
        return self._escape(command)

    def _data_header(self, command: bytes) -> bool:
        if not self._raster or command[:1] not in {b"b", b"k"}:
            return False
        if len(command) < DATA_HEADER_BYTES:
            return True
        self._data_bytes = command[1] + 256 * command[2]
        return False

    def _raster_command(self, command: bytes) -> bool:
        if len(command) <= len(RASTER):
            return True
        kind = command[len(RASTER) : len(RASTER) + 1]
        if kind in {b"A", b"B"}:
            self._raster = kind == b"A"
        if kind in {b"A", b"B", b"C", b"R"}:
            return False
        if len(command) == len(RASTER) + 1 or (command[-1] and len(command) < LONGEST):
            return True
        if kind == b"N":
            digits = command[len(RASTER) + 1 : -1]
            self._data_bytes = min(int(digits), 9999) if digits.isdigit() else 0
        return False

    def _escape(self, command: bytes) -> bool:
        for name, (header, end) in ENDED.items():
            if command.startswith(name):
                return len(command) <= len(name) + header or command[-1] != end
        for name, (header, size) in SIZED.items():
            if command.startswith(name):
                if len(command) < len(name) + header:
                    return True
                self._data_bytes = size(command[len(name) :])
                return False
        if any(name.startswith(command) and name != command for name in self._names):
            return True
        known = (name for name in self._parameters if command.startswith(name))
        return any(len(command) < len(name) + self._parameters[name] for name in known)
