"""What is configured for a serial MRZ scanner: the table ``[scanner]`` of kiosk.toml. Scanners differ in how they wrap a zone."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

Seconds = Annotated[float, msgspec.Meta(gt=0, le=10)]


class ScannerSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A scanner on a serial line or a USB port that shows itself as one (CDC-ACM); it speaks when it has seen something.

    ``frame``: lines (line ends or silence end a message; CR, LF and both are taken) or stx_etx (02 … 03 around it).
    ``ignore``: characters that it puts between or around lines, beside control characters, e.g. ``"|"``.
    ``silence_s``: a message that stops for so long is over.
    """

    port: Annotated[str, msgspec.Meta(min_length=1)]
    """Its stable name (udev symlink or /dev/serial/by-path)."""
    baudrate: Annotated[int, msgspec.Meta(ge=1200, le=921600)] = 9600
    frame: Literal["lines", "stx_etx"] = "lines"
    ignore: Annotated[str, msgspec.Meta(max_length=16)] = ""
    silence_s: Seconds = 0.4
