"""What a printer can do, as data: its language, what it answers and what it ignores."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

DotsPerInch = Literal[203, 180]
ProfileName = Literal["generic-80", "clone-80", "custom-80", "star-tup900", "tx-only", "custom-a4"]


class Profile(Struct, frozen=True):
    """One family of printers.

    acknowledges  ``process_id``: GS ( H function 48, sent when printing is completed; ``paper_status``: GS r 1, sent when
                  the printer has worked through what came before; ``etb``: Star's counter, moved on when printing is
                  completed; ``nothing``: only its transmit line is wired
    language      the dialect that it speaks
    answers       answers the real-time questions DLE EOT 1 to 4
    reports       sends Automatic Status Back when asked by GS a
    feeds         obeys ESC J (else blank paper is sent as blank rows)
    trims         takes raster bands narrower than the paper
    cuts          how GS V cuts the paper off
    presents      holds papers out and draws them in (GS e, DLE EOT 20)
    pages         code pages of its own letters, as ESC t numbers them (no two families agree), by Python's name; empty: its
                  letters are not used
    codes         draws QR codes itself (GS ( k)
    dots_per_inch of the print head
    width_dots    how wide the head prints, where the family has one width alone; 0: as the paper is
    """

    acknowledges: Literal["process_id", "paper_status", "etb", "nothing"]
    language: Literal["escpos", "star"] = "escpos"
    answers: bool = True
    reports: bool = True
    feeds: bool = True
    trims: bool = True
    cuts: Literal["FULL", "PART"] = "FULL"
    presents: bool = False
    pages: tuple[tuple[int, str], ...] = ()
    codes: bool = False
    dots_per_inch: DotsPerInch = 203
    width_dots: int = 0

    @property
    def certain(self) -> bool:
        """Whether an acknowledgement says that it is printed, and not only that the printer came by."""
        return self.acknowledges in {"process_id", "etb"}


PROFILES: dict[ProfileName, Profile] = {
    # Epson TM-T88IV and later, TM-T20, TM-m30 and kiosk printers that follow them.
    "generic-80": Profile(acknowledges="process_id", pages=((13, "cp857"), (17, "cp866")), codes=True),
    # XP-80, POS-80, NT-5890 and the like: no GS ( H, some ignore ESC J and send no ASB.
    "clone-80": Profile(acknowledges="paper_status", reports=False, feeds=False, pages=((61, "cp857"), (17, "cp866"))),
    # Custom VKP80, KPM150 and KPM180: kiosk printers with a presenter, without a page for Azerbaijani or Russian.
    "custom-80": Profile(acknowledges="paper_status", reports=False, presents=True),
    # Custom KPM216: the same for paper as wide as A4, of 1648 dots.
    "custom-a4": Profile(acknowledges="paper_status", reports=False, presents=True, width_dots=1648),
    # Star TUP500 and TUP900 in Star Line Mode: kiosk printers with a presenter that works by itself.
    "star-tup900": Profile(acknowledges="etb", language="star", presents=True),
    # Three wires, one of them dead: nothing ever comes back.
    "tx-only": Profile(acknowledges="nothing", answers=False, reports=False, feeds=False),
}
