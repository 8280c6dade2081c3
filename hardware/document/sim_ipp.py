"""The simulated document printer's own IPP: requests taken apart, answers put together. Written from RFC 8010 and 8011; shares nothing with the driver."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from typing import Any, Final

OPERATION, JOB, PRINTER = 0x01, 0x02, 0x04
END_OF_ATTRIBUTES: Final = 0x03
DELIMITERS: Final = range(0x10)
TAGS: Final = {
    "integer": 0x21, "boolean": 0x22, "enum": 0x23, "resolution": 0x32, "text": 0x41, "name": 0x42, "keyword": 0x44,
    "uri": 0x45, "charset": 0x47, "language": 0x48, "mime": 0x49,
}  # fmt: skip
NAMES: Final = {number: name for name, number in TAGS.items()}


@dataclass
class Request:
    """What came: ``given`` has the values of each attribute by its name, whatever its group."""

    version: tuple[int, int]
    operation: int
    number: int
    given: dict[str, list[Any]] = field(default_factory=dict)
    document: bytes = b""

    def one(self, name: str, otherwise: Any = None) -> Any:
        """Give an attribute's first value."""
        return self.given.get(name, [otherwise])[0]


def take_apart(body: bytes) -> Request:
    """Read a request. ValueError for what is none."""
    stream = io.BytesIO(body)
    start = exactly(stream, 8)
    request = Request((start[0], start[1]), int.from_bytes(start[2:4], "big"), int.from_bytes(start[4:8], "big"))
    name = ""
    while (tag := exactly(stream, 1)[0]) != END_OF_ATTRIBUTES:
        if tag in DELIMITERS:
            continue
        name = exactly(stream, int.from_bytes(exactly(stream, 2), "big")).decode() or name
        value = exactly(stream, int.from_bytes(exactly(stream, 2), "big"))
        request.given.setdefault(name, []).append(read(NAMES.get(tag, ""), value))
    request.document = stream.read()
    return request


def exactly(stream: io.BytesIO, count: int) -> bytes:
    """Read so many bytes. ValueError where there are fewer."""
    data = stream.read(count)
    if len(data) != count:
        raise ValueError("the request is cut off")
    return data


def read(kind: str, value: bytes) -> Any:
    """Give a value by its kind."""
    if kind in {"integer", "enum"}:
        return int.from_bytes(value, "big", signed=True)
    return bool(value[0]) if kind == "boolean" else value.decode("utf-8", "replace")


class Answer:
    """An answer being put together."""

    def __init__(self, request: Request, status: int) -> None:
        self._data = bytearray(request.version) + status.to_bytes(2, "big") + request.number.to_bytes(4, "big")
        self.group(OPERATION)
        self.put("charset", "attributes-charset", "utf-8")
        self.put("language", "attributes-natural-language", "en")

    def group(self, delimiter: int) -> None:
        """Begin a group."""
        self._data.append(delimiter)

    def put(self, kind: str, name: str, *values: Any) -> None:
        """Add an attribute with its values."""
        for index, value in enumerate(values):
            label = b"" if index else name.encode()
            data = write(kind, value)
            self._data.append(TAGS[kind])
            self._data += len(label).to_bytes(2, "big") + label + len(data).to_bytes(2, "big") + data

    def whole(self) -> bytes:
        """Give the answer's bytes."""
        return bytes(self._data) + bytes((END_OF_ATTRIBUTES,))


def write(kind: str, value: Any) -> bytes:
    """Give a value's bytes by its kind; a resolution is dots per inch."""
    if kind in {"integer", "enum"}:
        return int(value).to_bytes(4, "big", signed=True)
    if kind == "boolean":
        return bytes((int(value),))
    if kind == "resolution":
        return int(value).to_bytes(4, "big") * 2 + b"\3"
    return str(value).encode()
