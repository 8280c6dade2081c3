"""What is said to the printer besides pictures: questions, acknowledgement requests, and the way out of trouble.

    DLE EOT n  10 04 n      real-time question: 1 printer, 2 why it is offline, 3 errors, 4 paper
    DLE ENQ 2  10 05 02     clear the buffers and leave an error whose cause is gone
    DLE DC4 8  10 14 08 01 03 14 01 06 02 08    clear the buffers, the half of a command included; answer 37 25 00
    GS ( H     1D 28 48 06 00 30 30 d1 d2 d3 d4    (function 48) answer 37 22 d1 d2 d3 d4 00 when all before is printed
    GS r 1     1D 72 01     answer with one byte when all before has been worked through
    GS I 67    1D 49 43     answer with the model's name
    GS e 3 m   1D 65 03 m   presenter: hold the paper out, m steps of 0.625 mm
    GS e 2     1D 65 02     presenter: draw it in
    DLE EOT 20  10 04 14    full status, answered by 10 0F and four bytes; bit 5 of the first: a paper is held out

Source: Epson, ESC/POS command reference; the last three: Custom, KPM210 and KPM216 commands manuals.
"""

from __future__ import annotations

from hardware.printer.profiles import Profile

QUESTIONS = {number: bytes((0x10, 0x04, number)) for number in (1, 2, 3, 4)}
FULL_STATUS = b"\x10\x04\x14"
"""DLE EOT 20, of Custom's kiosk printers."""
RECOVER_AND_CLEAR = b"\x10\x05\x02"
"""Never DLE ENQ 1: that one prints the rest of what stood before the error."""
NAME_REQUEST = b"\x1dI\x43"
CLEAR = bytes.fromhex("10 14 08 01 03 14 01 06 02 08")
"""The only way out for a printer that a damaged header makes wait for megabytes."""
RESYNC = bytes(2048)
"""NULs that complete any half-received band (at most 24 rows of 72 bytes) and are ignored everywhere else."""
HEADER_END = bytes(5)
"""NULs that complete any half-received command but a picture: at most m xL xH yL yH of GS v 0 are missing. Else they do nothing."""
ACKNOWLEDGEMENT_BYTES = 11
STEPS_OUT = 64
"""40 mm of paper, what two fingers want."""
HOLD_OUT = b"\x1de\x03" + bytes((STEPS_OUT,))
DRAW_IN = b"\x1de\x02"


def clearing(profile: Profile) -> bytes:
    """Leave nothing of what was sent before, whole or half. Clones that know no GS ( H know no DLE DC4 8 either."""
    return RECOVER_AND_CLEAR + (CLEAR if profile.acknowledges == "process_id" else b"") + RESYNC


def acknowledgement_request(profile: Profile, identifier: str) -> bytes:
    """Ask to be told when all before is done. ``identifier``: four letters, ASCII, that GS ( H will give back."""
    if profile.acknowledges == "process_id":
        return b"\x1d(H\x06\x0000" + identifier.encode("ascii")
    return b"\x1dr\x01" if profile.acknowledges == "paper_status" else b""
