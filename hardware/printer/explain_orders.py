"""The ESC/POS commands by their codes: what each is called and how its parameters are read. Data and pure functions.

Source: Epson, ESC/POS command reference; GS e (presenter): Custom, KPM210 commands manual; ESC SYN: Star, TUP900 line mode.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from typing import Any

LONGEST_BYTES = 1 << 22
"""A command of more bytes is none: the largest picture that a printer stores is a tenth of it."""
REAL_TIME = re.compile(rb"\x10(?:\x04[\x01-\x08\x14]|\x05[\x00-\x02]|\x14[\x01\x02\x03\x07\x08])")
"""What a printer obeys at once, wherever it stands."""

Parameters = dict[str, Any]


class IncompleteError(Exception):
    """The command goes on beyond the bytes at hand."""


class UnknownError(Exception):
    """The bytes are no command; the message says why."""


class Reader:
    """Takes parameters one after another from ``data``, from ``position`` on."""

    def __init__(self, data: bytes | bytearray, position: int) -> None:
        self._data, self.position = data, position

    def take(self, count: int) -> bytes:
        """Take bytes. IncompleteError if they are not all there, UnknownError if no command is that long."""
        if count > LONGEST_BYTES:
            raise UnknownError(f"a command of {count} bytes; {LONGEST_BYTES} are the most")
        end = self.position + count
        if end > len(self._data):
            raise IncompleteError
        taken, self.position = bytes(self._data[self.position : end]), end
        return taken

    def number(self, size: int = 1) -> int:
        """Take a number of ``size`` bytes, low byte first."""
        return int.from_bytes(self.take(size), "little")


def picture(data: bytes, width_dots: int, rows: int, real_time: re.Pattern[bytes] = REAL_TIME) -> Parameters:
    """Return what stands for a picture: its size, its hash, and how often its dots spell what is obeyed at once."""
    told = {"width_dots": width_dots, "rows": rows, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    phantoms = len(real_time.findall(data))
    return {**told, "real_time_inside": phantoms} if phantoms else told


def _raster(reader: Reader) -> Parameters:
    mode, stride, rows = reader.number(), reader.number(2), reader.number(2)
    return {"mode": mode, **picture(reader.take(stride * rows), stride * 8, rows)}


def _columns(reader: Reader) -> Parameters:
    mode, columns = reader.number(), reader.number(2)
    if mode not in (0, 1, 32, 33):
        raise UnknownError(f"ESC * has no mode {mode}")
    rows = 24 if mode & 0x20 else 8
    return {"mode": mode, **picture(reader.take(columns * rows // 8), columns, rows)}


def block(reader: Reader, size: int) -> Parameters:
    """Take ``size`` bytes that begin with m and fn; of many the hash is told."""
    data = reader.take(size)
    told: Parameters = {"bytes": size}
    if size >= 2:
        told |= {"m": data[0], "fn": data[1]}
    if size > 16:
        return told | {"sha256": hashlib.sha256(data).hexdigest()}
    return told | {"data": data[2:].hex(" ")}


def _response(reader: Reader) -> Parameters:
    size = reader.number(2)
    told = block(reader, size)
    if size == 6 and told["fn"] == 48:
        return {"fn": 48, "identifier": bytes.fromhex(told["data"]).decode("ascii", "backslashreplace")}
    return told


def _stored(reader: Reader, length_bytes: int) -> Parameters:
    size = reader.number(length_bytes)
    data = reader.take(size)
    if size >= 10 and data[1] == 112:
        width, rows = int.from_bytes(data[6:8], "little"), int.from_bytes(data[8:10], "little")
        return {"m": data[0], "fn": 112, **picture(data[10:], width, rows)}
    reader.position -= size
    return block(reader, size)


def _cut(reader: Reader) -> Parameters:
    m = reader.number()
    if m in (0, 1, 48, 49):
        return {"m": m, "kind": "partial" if m & 1 else "full"}
    if m in (65, 66, 97, 98, 103, 104):
        return {"m": m, "kind": "full" if m in (65, 97, 103) else "partial", "feed": reader.number()}
    raise UnknownError(f"GS V has no mode {m}")


def _bar_code(reader: Reader) -> Parameters:
    kind = reader.number()
    if kind >= 65:
        return {"m": kind, "data": reader.take(reader.number()).decode("ascii", "backslashreplace")}
    if kind > 6:
        raise UnknownError(f"GS k has no kind {kind}")
    return {"m": kind, "data": until_nul(reader).decode("ascii", "backslashreplace")}


def until_nul(reader: Reader) -> bytes:
    """Take bytes up to a NUL, which is left out."""
    taken = bytearray()
    while byte := reader.take(1)[0]:
        taken.append(byte)
        if len(taken) > 255:
            raise UnknownError("no NUL within 255 bytes")
    return bytes(taken)


def _glyphs(reader: Reader) -> Parameters:
    high, first, last = reader.number(), reader.number(), reader.number()
    if not 1 <= high <= 3 or not 32 <= first <= last <= 126:
        raise UnknownError("ESC & defines no such letters")
    drawn = b"".join(reader.take(reader.number() * high) for _ in range(first, last + 1))
    return {"first": chr(first), "last": chr(last), "bytes": len(drawn), "sha256": hashlib.sha256(drawn).hexdigest()}


def _downloaded(reader: Reader) -> Parameters:
    across, down = reader.number(), reader.number()
    return picture(reader.take(across * down * 8), across * 8, down * 8)


def _presenter(reader: Reader) -> Parameters:
    what = {2: "retract", 3: "present", 5: "eject", 6: "send status"}
    n = reader.number()
    if n not in what:
        raise UnknownError(f"GS e has no function {n}")
    return {"n": n, "do": what[n], **({"steps": reader.number()} if n == 3 else {})}


def _real_time_request(reader: Reader) -> Parameters:
    fn = reader.number()
    lengths = {1: 2, 2: 2, 3: 5, 7: 1, 8: 7}
    if fn not in lengths:
        raise UnknownError(f"DLE DC4 has no function {fn}")
    return {"fn": fn, "data": reader.take(lengths[fn]).hex(" ")}


def _real_time_status(reader: Reader) -> Parameters:
    n = reader.number()
    return {"n": n, "a": reader.number()} if n in (7, 8, 18) else {"n": n}


def fixed(layout: str) -> Callable[[Reader], Parameters]:
    """Return what reads ``layout``: names of parameters, of one byte each or of as many as stand after the colon."""
    fields = [(name, int(size or 1)) for name, _, size in (field.partition(":") for field in layout.split())]

    def read(reader: Reader) -> Parameters:
        return {name: reader.number(size) for name, size in fields}

    return read


def _group(reader: Reader) -> Parameters:
    return block(reader, reader.number(2))


FIXED = {
    "NUL": "nothing", "HT": "tab", "LF": "line feed", "FF": "form feed", "CR": "carriage return", "CAN": "cancel page",
    "ESC @": "initialise", "ESC L": "page mode", "ESC S": "standard mode", "ESC 2": "default line spacing",
    "ESC FF": "print page", "ESC i": "partial cut", "ESC m": "partial cut", "FS &": "kanji mode", "FS .": "leave kanji mode",
    "GS :": "macro begins or ends", "ESC SP n": "letter spacing", "ESC ! n": "print mode", "ESC % n": "own letters",
    "ESC - n": "underline", "ESC 3 n": "line spacing", "ESC = n": "choose device", "ESC ? n": "forget own letter",
    "ESC E n": "bold", "ESC G n": "double strike", "ESC J n": "feed dots", "ESC K n": "feed dots back", "ESC M n": "font",
    "ESC R n": "international letters", "ESC T n": "page direction", "ESC U n": "one direction", "ESC V n": "turn letters",
    "ESC a n": "justification", "ESC d n": "feed lines", "ESC e n": "feed lines back", "ESC r n": "colour",
    "ESC t n": "code table", "ESC u n": "peripheral status", "ESC v": "paper status", "ESC { n": "upside down",
    "ESC c 3 n": "paper sensors that stop", "ESC c 4 n": "paper sensors that end", "ESC c 5 n": "panel buttons",
    "ESC $ dots:2": "position", "ESC \\ dots:2": "move by", "ESC W x:2 y:2 width:2 height:2": "page area",
    "ESC p m on off": "drawer", "GS ! n": "letter size", "GS / m": "print downloaded picture", "GS $ dots:2": "page row",
    "GS \\ dots:2": "page move by", "GS B n": "inverse", "GS H n": "bar code text", "GS I n": "identify", "GS L dots:2": "left margin",
    "GS P x y": "motion units", "GS T n": "to line start", "GS W dots:2": "area width", "GS ^ r t m": "run macro",
    "GS a n": "automatic status", "GS b n": "smoothing", "GS f n": "bar code font", "GS h n": "bar code height",
    "GS r n": "send status", "GS w n": "bar code width", "FS ! n": "kanji print mode", "FS - n": "kanji underline",
    "FS C n": "kanji code", "FS S left right": "kanji spacing", "FS W n": "kanji double size", "FS p n m": "print stored picture",
    "DLE ENQ n": "real-time request", "ESC SYN n m": "retract (Star)",
}  # fmt: skip
"""Commands whose parameters are numbers, in the manual's own spelling: the parameters have small letters."""

READ: dict[str, tuple[str, Callable[[Reader], Parameters]]] = {
    "GS v 0": ("raster picture", _raster),
    "ESC *": ("column picture", _columns),
    "GS ( H": ("request response", _response),
    "GS ( L": ("graphics", lambda reader: _stored(reader, 2)),
    "GS 8 L": ("graphics", lambda reader: _stored(reader, 4)),
    "GS ( k": ("symbol", _group),
    "GS ( A": ("test print", _group),
    "GS ( D": ("real-time commands on or off", _group),
    "GS ( E": ("user setup", _group),
    "GS ( K": ("print control", _group),
    "GS ( N": ("letter effects", _group),
    "FS ( A": ("kanji effects", _group),
    "FS ( E": ("receipt enhancement", _group),
    "GS V": ("cut", _cut),
    "GS k": ("bar code", _bar_code),
    "GS *": ("download picture", _downloaded),
    "GS e": ("presenter", _presenter),
    "ESC &": ("define letters", _glyphs),
    "ESC D": ("tab stops", lambda reader: {"columns": list(until_nul(reader))}),
    "DLE EOT": ("real-time status", _real_time_status),
    "DLE DC4": ("real-time request", _real_time_request),
}

CONTROLS = {
    "NUL": 0, "SOH": 1, "ETX": 3, "EOT": 4, "ENQ": 5, "ACK": 6, "BEL": 7, "HT": 9, "LF": 10, "VT": 11, "FF": 12, "CR": 13, "SO": 14,
    "SI": 15, "DLE": 16, "DC1": 17, "DC2": 18, "DC3": 19, "DC4": 20, "SYN": 22, "ETB": 23, "CAN": 24, "EM": 25, "SUB": 26, "ESC": 27,
    "FS": 28, "GS": 29, "RS": 30, "SP": 32,
}  # fmt: skip


def code_of(spelling: str) -> bytes:
    """Return the bytes of a command's spelling: names of control characters, and letters as they are."""
    return b"".join(bytes((CONTROLS[word],)) if word in CONTROLS else word.encode("ascii") for word in spelling.split())


def _table() -> dict[bytes, tuple[str, str, Callable[[Reader], Parameters]]]:
    table = {code_of(spelling): (spelling, name, read) for spelling, (name, read) in READ.items()}
    for spelling, name in FIXED.items():
        words = spelling.split(" ")
        count = 1 if words[0] in CONTROLS and len(words) == 1 else 3 if words[:2] == ["ESC", "c"] else 2
        command = " ".join(words[:count])
        table[code_of(command)] = (command, name, fixed(" ".join(words[count:])))
    return table


ORDERS = _table()
"""Code → the manual's spelling, a name, and what reads the parameters."""
