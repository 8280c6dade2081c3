"""Gathers what a scanner tells of a machine readable zone, character by character, and says when it is whole.

A zone comes as two or three lines, with line ends, control characters or separators between them, or with nothing. It is
over when it has the length of a zone and the line ends, or when nothing more comes. What was gathered is overwritten.
"""

from __future__ import annotations

from kiosk.domain.access_key import Misread, MrzKey
from kiosk.domain.draft import Draft
from kiosk.domain.faults import ProtocolError
from kiosk.domain.zone import TD1, TD2, TD3, key_of

WHOLE = (TD1, TD2, TD3)
MOST = 200
"""More than any zone has: what comes beyond is no zone and is not kept."""
LEAST = 16
"""Fewer characters than this are not told as a misread: a stray key or a line's noise, not a card."""
FOREIGN = "?"
"""Stands for a character that is not of ASCII: no zone has it, nor that."""


class ZoneText:
    """What has come since the last whole message."""

    def __init__(self) -> None:
        self._seen = Draft(room=MOST)
        self.overflown = False

    def __len__(self) -> int:
        return len(self._seen)

    def add(self, character: str) -> None:
        """Take one character; small letters count as large ones."""
        if len(self._seen) >= MOST:
            self.overflown = True
            return
        self._seen.add(character.upper() if character.isascii() else FOREIGN)

    @property
    def whole(self) -> bool:
        """Whether it has the length of a zone."""
        return len(self._seen) in WHOLE and not self.overflown

    def take(self) -> MrzKey | Misread | None:
        """Return the key that the zone spells, Misread where it is none, None for next to nothing; overwrite what was gathered."""
        count, overflown = len(self._seen), self.overflown
        try:
            if overflown or count not in WHOLE:
                return Misread(f"{count} characters") if count >= LEAST else None
            return key_of(self._seen.view())
        except (ProtocolError, ValueError) as error:
            return Misread(str(error) if isinstance(error, ProtocolError) else "a zone without a key")
        finally:
            self.wipe()

    def wipe(self) -> None:
        """Overwrite what was gathered."""
        self._seen.wipe()
        self.overflown = False
