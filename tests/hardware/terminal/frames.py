"""Golden frames: traces of real terminals and of published documents, and our own commands with their CRC by hand."""

from __future__ import annotations

SERIAL = {
    "registration": "10 02 06 00 06 12 34 56 BA 09 78 10 03 24 C3",
    "authorisation 110.00, stuffed": "10 02 06 01 0A 04 00 00 00 01 10 10 00 49 09 78 10 03 F2 FF",
    "positive response": "10 02 80 00 00 10 03 F5 1F",
    "ask again": "10 02 84 9C 00 10 03 C3 41",
    "diagnosis": "10 02 06 70 00 10 03 D9 F9",
    "initialisation": "10 02 06 93 03 12 34 56 10 03 CA A4",
    "reset": "10 02 06 18 00 10 03 56 3A",
    "status enquiry": "10 02 05 01 03 12 34 56 10 03 E0 43",
    "status enquiry, service byte": "10 02 05 01 05 12 34 56 03 04 10 03 30 94",
    "version, ready": "10 02 06 0F 0B F0 F0 F7 32 2E 31 34 2E 31 35 00 10 03 B1 11",
    "print line": "10 02 06 D1 17 00" + " 20" * 9 + " 4B 61 73 73 65 6E 73 63 68 6E 69 74 74 10 03 2F 07",
    "print line, sum": "10 02 06 D1 19 00 47 65 73 61 6D 74 20 20 20 20 20 20 30 20 20 20 20 20 20 20 30 2C 30 30 10 03 B5 AB",
    "approved, open card number": "10 02 04 0F 37 27 00 04 00 00 00 00 40 00 49 09 78 0C 09 38 48 0D 04 25 22 F1 F1 59 66 66 66 66 "
    "D2 00 21 22 01 00 17 00 01 87 01 75 0B 61 39 95 19 40 29 60 09 99 14 0E 05 12 8A 02 10 03 90 8C",
    "registration AZN": "10 02 06 00 0E 00 00 00 BE 09 44 06 06 26 04 0A 02 06 D3 10 03 31 8D",
    "authorise 2.40": "10 02 06 01 0A 04 00 00 00 00 02 40 49 09 44 10 03 E1 F4",
    "authorise 10.10, stuffed twice": "10 02 06 01 0A 04 00 00 00 00 10 10 10 10 49 09 44 10 03 65 CB",
    "authorise 2.40, vending": "10 02 06 01 0E 04 00 00 00 00 02 40 49 09 44 01 3C 02 1E 10 03 EA 2A",
    "repeat receipt": "10 02 06 20 05 00 00 00 03 03 10 03 DB 15",
    "reversal of 19": "10 02 06 30 06 00 00 00 87 00 19 10 03 93 F7",
    "end of day": "10 02 06 50 03 00 00 00 10 03 FB 37",
    "abort": "10 02 06 B0 00 10 03 43 F3",
    "completion": "10 02 06 0F 00 10 03 C6 33",
    "goods failed": "10 02 84 66 00 10 03 8D BE",
}

VALINA_APPROVED = (
    "04 0F DB 27 00 04 00 00 00 00 00 01 0B 00 00 22 0C 16 49 23 0D 03 08 17 00 01 19 70 22 F0 F8 EE EE EE EE EE EE 57 26 "
    "29 29 00 10 06 2A 31 30 30 37 36 34 39 39 32 20 20 20 20 20 20 3B 32 39 31 36 37 35 00 00 3C F0 F1 F4 47 45 4E 2E 4E "
    "52 2E 3A 32 39 31 36 37 35 49 09 78 87 00 22 88 00 00 22 8A 2E 8B F1 F7 44 65 62 69 74 20 4D 61 73 74 65 72 63 61 72 "
    "64 00 06 65 24 10 07 0E 47 45 4E 2E 4E 52 2E 3A 32 39 31 36 37 35 43 07 A0 00 00 00 04 10 10 46 1F 41 30 30 30 30 30 "
    "30 30 30 34 31 30 31 30 20 35 46 32 36 30 45 46 43 35 44 32 38 45 34 35 31 47 1F 41 30 30 30 30 30 30 30 30 34 31 30 "
    "31 30 20 35 46 32 36 30 45 46 43 35 44 32 38 45 34 35 31 1F 10 01 00 1F 12 01 02"
)
DECLINED = (
    "04 0F 31 27 05 29 29 00 10 06 3C F0 F1 F5 4B 61 72 74 65 20 61 62 67 65 6C 65 68 6E 74 8A 0D 06 13 24 11 07 0F 4B 61 "
    "72 74 65 20 61 62 67 65 6C 65 68 6E 74"
)
ABORTED_STATUS = "04 0F 07 27 6C 29 29 00 10 06"
ABORT = "06 1E 01 6C"
ABORT_WITH_TEXT = (
    "06 1E 2E 6C 06 2B 1F 16 05 FF 00 00 14 41 1F 17 20 41 62 62 72 75 63 68 20 64 75 72 63 68 20 65 78 74 65 72 6E 65 73 "
    "20 4B 6F 6D 6D 61 6E 64 6F 21"
)
REGISTERED = "06 0F 0A 19 00 29 29 00 10 06 49 09 78"
CARD_INSIDE = "06 0F 01 DC"
PLEASE_WAIT = "04 FF 01 0E"
INSERT_CARD = (
    "04 FF 2E 0A 01 06 2A 24 28 07 26 4B 61 72 74 65 20 76 6F 72 68 61 6C 74 65 6E 0A 65 69 6E 73 74 65 63 6B 65 6E 2F 64 "
    "75 72 63 68 7A 69 65 68 65 6E"
)
PRINT_BLOCK = "06 D3 1D 06 1B 1F 07 01 01 25 15 09 01 40 07 10 2A 2A 20 48 C4 4E 44 4C 45 52 42 45 4C 45 47 20"


def apdu_in(serial: str) -> bytes:
    """Take the APDU out of a serial frame by hand: 10 02 in front, 10 03 and two bytes behind, 10 10 is one 10."""
    return bytes.fromhex(serial)[2:-4].replace(b"\x10\x10", b"\x10")
