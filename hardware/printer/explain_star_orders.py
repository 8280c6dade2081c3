"""The Star Line Mode commands by their codes, and the raster mode's: what each is called and how its parameters are read.

Source: Star Micronics, Star Line Mode command specifications (line thermal printers): standard, raster and presenter commands.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from hardware.printer.explain_orders import Parameters, Reader, UnknownError, block, code_of, fixed, picture, until_nul

REAL_TIME = re.compile(rb"\x1b\x06[\x01\x18]")
"""What a printer may obey even where it stands in a picture."""
LONGEST_DECIMAL = 255
CUTS = ("full", "partial", "full after feeding to the knife", "partial after feeding to the knife")
ENDS = {
    0: "default", 1: "nothing", 2: "feed to the cutter", 3: "feed to the tear bar", 8: "full cut", 9: "feed, full cut", 12: "partial cut",
    13: "feed, partial cut", 36: "cut, hold out", 37: "feed, cut, hold out",
}  # fmt: skip
"""What ends a page of the raster mode (ESC * r E and ESC * r F)."""
Read = Callable[[Reader], Parameters]


def _choice(n: int) -> int:
    """Return a parameter that may be a number or its digit."""
    return n - 48 if 48 <= n <= 57 else n


def _cut(reader: Reader) -> Parameters:
    n = reader.number()
    if _choice(n) >= len(CUTS):
        raise UnknownError(f"ESC d has no mode {n}")
    return {"n": n, "kind": CUTS[_choice(n)]}


def _decimal(reader: Reader) -> int:
    digits = until_nul(reader)
    if not digits.isdigit():
        raise UnknownError("expected a decimal number that ends with NUL")
    return int(digits)


def _number(reader: Reader) -> Parameters:
    return {"n": _decimal(reader)}


def _end_mode(reader: Reader) -> Parameters:
    n = _decimal(reader)
    return {"n": n, "do": ENDS[n]} if n in ENDS else {"n": n}


def _page(reader: Reader) -> Parameters:
    n = _decimal(reader)
    return {"rows": n} if n else {"rows": 0, "kind": "without an end"}


def _buzzer(reader: Reader) -> Parameters:
    return {"m": _choice(reader.number()), "times": _decimal(reader)}


def _row(reader: Reader) -> Parameters:
    count = reader.number(2)
    return picture(reader.take(count), count * 8, 1, REAL_TIME)


def _columns(high: int) -> Read:
    def read(reader: Reader) -> Parameters:
        columns = reader.number(2)
        return picture(reader.take(columns * high // 8), columns, high, REAL_TIME)

    return read


def _strip(reader: Reader) -> Parameters:
    stride, _ = reader.number(), reader.number()
    return picture(reader.take(stride * 24), stride * 8, 24, REAL_TIME)


def _raster(reader: Reader) -> Parameters:
    tone, stride, rows, colour = reader.number(), reader.number(2), reader.number(2), reader.number()
    return {"tone": tone, "colour": colour, **picture(reader.take(stride * rows), stride * 8, rows, REAL_TIME)}


def _logos(reader: Reader) -> Parameters:
    drawn = []
    for _ in range(reader.number()):
        across, down = reader.number(2), reader.number(2)
        drawn.append(picture(reader.take(across * down * 8), across * 8, down * 8, REAL_TIME))
    return {"logos": drawn}


def _bar_code(reader: Reader) -> Parameters:
    told: Parameters = {name: reader.number() for name in ("kind", "text", "width", "height")}
    data = bytearray()
    while (byte := reader.take(1)[0]) != 0x1E:  # RS
        data.append(byte)
        if len(data) > LONGEST_DECIMAL:
            raise UnknownError("no RS within 255 bytes of a bar code")
    return told | {"data": data.decode("ascii", "backslashreplace")}


def _text(reader: Reader) -> Parameters:
    return {"data": reader.take(reader.number(2)).decode("ascii", "backslashreplace")}


def _symbol(reader: Reader) -> Parameters:
    return {"m": reader.number(), **_text(reader)}


def _group(reader: Reader) -> Parameters:
    return block(reader, reader.number(2))


def _letter(reader: Reader) -> Parameters:
    c1, c2, n = reader.number(), reader.number(), reader.number()
    if c1 not in (1, 49) or c2 not in (0, 1, 48, 49):
        raise UnknownError("ESC & defines no such letter")
    return {"letter": chr(n), **(picture(reader.take(48), 12, 24) if c2 & 1 else {"do": "forget"})}


def _page_length(reader: Reader) -> Parameters:
    n = reader.number()
    return {"lines": n} if n else {"units_24_mm": reader.number()}


def _moved(reader: Reader) -> Parameters:
    return {"dots": int.from_bytes(reader.take(2), "little", signed=True)}


def _retract_after(reader: Reader) -> Parameters:
    n = reader.number()
    return {"n": n, "after_s": n / 2} if n else {"n": 0, "do": "never"}


def _switch(reader: Reader) -> Parameters:
    told: Parameters = {"m": chr(reader.number()), "switch": chr(reader.number()), "data": reader.take(4).hex(" ")}
    if reader.take(2) != b"\n\0":
        raise UnknownError("ESC GS # does not end with LF NUL")
    return told


FIXED = {
    "NUL": "nothing", "HT": "tab", "LF": "line feed", "VT": "vertical tab", "FF": "form feed", "CR": "carriage return",
    "SO": "double width", "DC4": "single width", "SI": "upside down", "DC2": "upright", "BEL": "drawer 1", "FS": "drawer 1 at once",
    "EM": "drawer 2 at once", "SUB": "drawer 2 at once", "CAN": "cancel what is not printed", "ENQ": "real-time status 1",
    "EOT": "real-time status 2", "ETB": "count when all before is printed", "ESC @": "initialise", "ESC SO": "double height",
    "ESC DC4": "single height", "ESC E": "bold", "ESC F": "not bold", "ESC 4": "inverse", "ESC 5": "not inverse",
    "ESC 0": "lines of 3 mm", "ESC M": "12 dot letters", "ESC P": "15 dot letters", "ESC :": "16 dot letters", "ESC g": "14 dot letters",
    "ESC p": "kanji mode", "ESC q": "leave kanji mode", "ESC ACK SOH": "real-time status", "ESC ACK CAN": "real-time reset",
    "ESC ? LF NUL": "reset, print a test", "ESC # * LF NUL": "tell the version",
    "ESC GS x P": "print PDF417", "ESC GS x I": "PDF417 size", "ESC GS y P": "print QR", "ESC GS y I": "QR size",
    "ESC GS * W": "store marks", "ESC GS * C": "forget marks", "ESC GS / W": "store logo settings", "ESC GS / C": "forget logo settings",
    "ESC RS F|n": "font", "ESC GS t|n": "code page", "ESC R|n": "international letters", "ESC /|n": "slashed zero",
    "ESC SP|n": "letter spacing", "ESC W|n": "width", "ESC h|n": "height", "ESC i|height width": "letter size", "ESC -|n": "underline",
    "ESC _|n": "upperline", "ESC GS b|n": "smoothing", "ESC a|n": "feed lines", "ESC z|n": "line spacing", "ESC J|n": "feed n/4 mm",
    "ESC I|n": "feed n/8 mm", "ESC l|n": "left margin", "ESC Q|n": "right margin", "ESC GS a|n": "alignment", "ESC GS A|dots:2": "position",
    "ESC %|n": "own letters", "ESC RS L|m": "stored logos", "ESC FS p|n m": "print stored logo", "ESC RS d|n": "density",
    "ESC RS r|n": "speed", "ESC RS a|n": "automatic status", "ESC RS E|n": "set the ETB counter to 0", "ESC RS c|n": "colour",
    "ESC RS C|n": "two colours", "ESC $|n": "Shift JIS", "ESC s|left right": "kanji spacing", "ESC t|left right": "kana spacing",
    "ESC BEL|on off": "drawer 1 pulse", "ESC GS BEL|m t1 t2": "buzzer", "ESC GS EM DC1|m n1 n2": "buzzer pulse",
    "ESC GS EM DC2|m times:2": "sound the buzzer", "ESC GS SUB DC1|m t1 t2": "mouth lamp mode", "ESC GS SUB DC2|m t1 t2": "mouth lamp pulse",
    "ESC GS SUB DC3|m t1 t2": "mouth lamp", "ESC GS ETX|s n1 n2": "print end counter", "ESC GS g 0|m n": "print start", "ESC GS g 1|m n": "print start timer",
    "ESC SYN 0|n": "presenter: draw in", "ESC SYN 2|n": "presenter mode", "ESC SYN 3|n": "presenter: tell count",
    "ESC SYN 4|n": "presenter: set count to 0", "ESC GS x S 0|n p1 p2": "PDF417 size", "ESC GS x S 1|n": "PDF417 correction",
    "ESC GS x S 2|n": "PDF417 module", "ESC GS x S 3|n": "PDF417 aspect", "ESC GS y S 0|n": "QR model", "ESC GS y S 1|n": "QR correction",
    "ESC GS y S 2|n": "QR cell", "ESC GS / 1|n": "logo on or off", "ESC GS / 2|n": "logo letter", "ESC GS / 5|n": "logo letter switch",
    "ESC GS / 6|n": "cut before logo",
    "ESC * r A": "enter the raster mode", "ESC * r B": "leave the raster mode", "ESC * r C": "clear the raster picture",
    "ESC * r R": "raster settings as at first", "ESC FF NUL": "end of a raster page", "ESC FF EOT": "end of a raster document",
}  # fmt: skip
"""Commands whose parameters are numbers: the code in the manual's spelling, ``|``, and the names of the parameters."""

READ: dict[str, tuple[str, Read]] = {
    "ESC d": ("cut", _cut),
    "ESC GS S": ("raster picture", _raster),
    "ESC X": ("column picture, fine", _columns(24)),
    "ESC L": ("column picture, fine", _columns(24)),
    "ESC K": ("column picture", _columns(8)),
    "ESC k": ("strip of 24 rows", _strip),
    "ESC FS q": ("store logos", _logos),
    "ESC b": ("bar code", _bar_code),
    "ESC D": ("tab stops", lambda reader: {"columns": list(until_nul(reader))}),
    "ESC B": ("vertical tab stops", lambda reader: {"lines": list(until_nul(reader))}),
    "ESC C": ("page length", _page_length),
    "ESC GS R": ("move by", _moved),
    "ESC &": ("define letter", _letter),
    "ESC GS x D": ("PDF417 data", _text),
    "ESC GS y D 1": ("QR data", _symbol),
    "ESC GS ( k": ("symbol", _group),
    "ESC GS / 3": ("logo macro", _group),
    "ESC GS #": ("memory switch", _switch),
    "ESC SYN 1": ("presenter: draw in by itself", _retract_after),
    "ESC * r E": ("end of a document", _end_mode),
    "ESC * r F": ("end of a page", _end_mode),
    "ESC * r P": ("page length", _page),
    "ESC * r Y": ("feed rows", _number),
    "ESC * r Q": ("quality", _number),
    "ESC * r K": ("colour", _number),
    "ESC * r T": ("top margin", _number),
    "ESC * r D": ("drawer", _number),
    "ESC * r N": ("skip bytes", lambda reader: block(reader, _decimal(reader))),
    "ESC * r V": ("sound the buzzer", _buzzer),
    "ESC * r m l": ("left margin", _number),
    "ESC * r m r": ("right margin", _number),
}
RASTER_DATA: dict[bytes, tuple[str, str, Read]] = {
    b"b": ("b", "row of dots", _row),
    b"k": ("k", "dots, and stay in the row", _row),
}
IN_RASTER = (
    *("NUL", "ESC *", "ESC FF", "ESC RS", "ESC GS ETX", "ESC SYN", "ESC ACK"),
    *("ETB", "CAN", "EOT", "ENQ"),
)
"""What is understood in the raster mode too, by the beginning of its spelling."""


def _table() -> dict[bytes, tuple[str, str, Read]]:
    table = {code_of(spelling): (spelling, name, read) for spelling, (name, read) in READ.items()}
    for spelling, name in FIXED.items():
        command, _, layout = spelling.partition("|")
        table[code_of(command)] = (command, name, fixed(layout))
    return table


LINE_MODE = _table()
"""Code → the manual's spelling, a name, and what reads the parameters."""
RASTER_MODE = RASTER_DATA | {
    code: order for code, order in LINE_MODE.items() if any(f"{order[0]} ".startswith(f"{name} ") for name in IN_RASTER)
}
