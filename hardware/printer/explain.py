"""ESC/POS bytes in words, for a technician (``kiosk decode escpos``): pure, JSON-able; pictures as their size and hash.

The bytes are those that go to the printer. They are a stream: a command may begin in one piece and end in the next.
"""

from __future__ import annotations

from typing import Any

from hardware.printer.explain_orders import ORDERS, IncompleteError, Reader, UnknownError

FIRST_LETTER = 0x20
LONGEST_RUN = 4096


class Explainer:
    """Explains a stream piece by piece: the same, wherever it is cut into pieces.

    ``orders`` are the commands that are understood now; ``letters``: whether other bytes are text.
    """

    orders = ORDERS
    letters = True

    def __init__(self) -> None:
        self._data = bytearray()
        self._offset = 0

    def feed(self, data: bytes) -> list[dict[str, Any]]:
        """Take a piece; return a row for each command that is now whole and for each byte that begins none.

        A row is offset, command (as the manual spells it), name, length and parameters; or offset and error.
        """
        self._data += data
        return self._told(last=False)

    def end(self) -> list[dict[str, Any]]:
        """End the stream: return what was still open; half a command is an error."""
        told = self._told(last=True)
        if self._data:
            told.append(self._error(f"the stream ends in the middle of a command, after {len(self._data)} bytes of it"))
            self._drop(len(self._data))
        return told

    def _told(self, *, last: bool) -> list[dict[str, Any]]:
        told, position, start = [], 0, self._offset
        while position < len(self._data):
            self._offset = start + position
            try:
                row, length = self._run(position, last=last) or self._command(position)
            except IncompleteError:
                break
            told.append(row)
            position += length
        self._offset = start
        self._drop(position)
        return told

    def _drop(self, count: int) -> None:
        del self._data[:count]
        self._offset += count

    def _run(self, position: int, *, last: bool) -> tuple[dict[str, Any], int] | None:
        """Explain letters, or NULs, that follow each other. They are held back until they end, or are many."""
        nul, most = not self._data[position], min(len(self._data), position + LONGEST_RUN)
        if not nul and not self.letters:
            return None
        ends = (at for at in range(position, most) if (self._data[at] if nul else self._data[at] < FIRST_LETTER))
        end = next(ends, most)
        if end == position:
            return None
        if end == len(self._data) and end - position < LONGEST_RUN and not last:
            raise IncompleteError
        if nul:
            return self._row("NUL", "nothing", end - position, {}), end - position
        text = self._data[position:end].decode("ascii", "backslashreplace")
        return self._row("text", "text", end - position, {"text": text}), end - position

    def _command(self, position: int) -> tuple[dict[str, Any], int]:
        for size in range(1, max(map(len, self.orders)) + 1):
            code = bytes(self._data[position : position + size])
            if len(code) < size:
                raise IncompleteError
            if code in self.orders:
                return self._parameters(position, code)
            if not any(known.startswith(code) for known in self.orders):
                return self._error(self._unknown(code)), 1
        raise AssertionError("a code as long as the longest is a command or begins none")

    def _parameters(self, position: int, code: bytes) -> tuple[dict[str, Any], int]:
        command, name, read = self.orders[code]
        reader = Reader(self._data, position + len(code))
        try:
            parameters = read(reader)
        except UnknownError as error:
            return self._error(str(error)), len(code)
        length = reader.position - position
        self._obeyed(command)
        return self._row(command, name, length, parameters), length

    def _obeyed(self, command: str) -> None:
        """Take in what a whole command changes in how the following bytes are read."""

    def _unknown(self, code: bytes) -> str:
        return f"no command begins with {code.hex(' ').upper()}"

    def _row(self, command: str, name: str, length: int, parameters: dict[str, Any]) -> dict[str, Any]:
        told = {"offset": self._offset, "command": command, "name": name, "length": length}
        return {**told, "parameters": parameters} if parameters else told

    def _error(self, error: str) -> dict[str, Any]:
        return {"offset": self._offset, "error": error}


def explain_escpos(raw: bytes) -> list[dict[str, Any]]:
    """Explain a whole stream, command by command; what is no command is a row with ``error``."""
    explainer = Explainer()
    return explainer.feed(raw) + explainer.end()
