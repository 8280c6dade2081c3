"""``kiosk decode``: wire bytes to one JSON object per line, for a technician with a trace.

Nothing given is ever repeated in an error, but for the code of a printer's command that does not exist.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from kiosk.domain.faults import KioskError

FRAMES = ("zvt", "zvt-serial", "ccnet", "apdu", "mrz")
STREAMS = ("escpos", "star")
KINDS = (*FRAMES, *STREAMS)
LONGEST_LINE = 1 << 18
"""Characters: the longest extended APDU is 65544 bytes (ISO/IEC 7816-4, 5.2)."""

Decoder = Callable[[bytes], dict[str, Any]]
Decoded = dict[str, Any]


def decode(kind: str, words: list[str]) -> int:
    """Print each frame's meaning, or ``{"error": …}`` on its line. Exit status 0, or 1 if a frame could not be decoded.

    ``words`` are one frame's bytes in hexadecimal, or several frames; none or ``-``: one frame per line of standard input.
    STREAMS have no frames: all words, or all lines, are pieces of one stream, and each of its commands is told.
    """
    from_input = words in ([], ["-"])
    if kind in STREAMS:
        told: Iterable[Decoded] = commands_in(kind, input_lines() if from_input else ["".join(words)])
    else:
        explain = decoder_of(kind)
        told = (attempt(kind, explain, line) for line in input_lines()) if from_input else given(kind, explain, words)
    status = 0
    for each in told:
        status |= "error" in each
        sys.stdout.write(json.dumps(each) + "\n")
        sys.stdout.flush()  # a trace may be followed while it is written
    return status


def decoder_of(kind: str) -> Decoder:
    """Return what explains one frame of a kind. Imports stand here, so that one kind does not load what another needs."""
    if kind == "zvt":
        from hardware.terminal.explain import explain_apdu  # noqa: PLC0415

        return explain_apdu
    if kind == "zvt-serial":
        from hardware.terminal.explain import explain_frame  # noqa: PLC0415

        return explain_frame
    if kind == "ccnet":
        from hardware.cash.explain import explain_ccnet  # noqa: PLC0415

        return explain_ccnet
    from hardware.card.explain import decode_apdu, decode_mrz  # noqa: PLC0415

    return decode_apdu if kind == "apdu" else decode_mrz


def commands_in(kind: str, lines: Iterable[str]) -> Iterator[Decoded]:
    """Explain a printer's commands, which may begin on one line and end on another; a line that is no bytes is an error by itself."""
    from hardware.printer.explain import Explainer  # noqa: PLC0415
    from hardware.printer.explain_star import StarExplainer  # noqa: PLC0415

    explainer = StarExplainer() if kind == "star" else Explainer()
    for line in lines:
        try:
            piece = frame_of(kind, line)
        except ValueError as error:
            yield {"error": str(error)}
        else:
            yield from explainer.feed(piece)
    yield from explainer.end()


def given(kind: str, explain: Decoder, words: list[str]) -> Iterable[Decoded]:
    """Explain the words as one frame written in groups; only if they are none, and each word is one, as several frames."""
    whole = attempt(kind, explain, "".join(words))
    if "error" not in whole or len(words) == 1:
        return [whole]
    each = [attempt(kind, explain, word) for word in words]
    return [whole] if any("error" in one for one in each) else each


def attempt(kind: str, explain: Decoder, text: str) -> Decoded:
    """Explain one frame, or tell why that cannot be done."""
    try:
        return explain(frame_of(kind, text))
    except (KioskError, ValueError) as error:
        return {"error": str(error)}


def frame_of(kind: str, text: str) -> bytes:
    """Return the bytes of a line: hexadecimal digits with or without spaces; of ``mrz`` also the zone itself. ValueError."""
    squeezed = "".join(text.split())
    if not squeezed:
        raise ValueError("expected a frame, got nothing")
    if len(squeezed) > LONGEST_LINE:
        raise ValueError(f"expected at most {LONGEST_LINE} characters")
    if kind == "mrz" and "<" in squeezed:
        if not squeezed.isascii():
            raise ValueError("a machine readable zone is ASCII")
        return squeezed.encode("ascii")
    try:
        return bytes.fromhex(squeezed)
    except ValueError:
        odd = ", an even number of them" if len(squeezed) % 2 else ""
        raise ValueError(f"expected hexadecimal digits{odd}; got {len(squeezed)} characters") from None


def input_lines() -> Iterator[str]:
    """Yield the lines of standard input; what is no ASCII becomes no hexadecimal digit, and a line too long is cut."""
    while raw := sys.stdin.buffer.readline(4 * LONGEST_LINE):
        yield raw.decode("ascii", "replace")
