"""Do they agree? Four parties each tell their own truth of the same payments: terminal, printer, journal, central system.

The journal's entries are the thread: one per attempt to pay (or to apply, for a free service). What the others tell must
be the same in count, amount and reference:

    terminal   stored sale               <->  journal approved          (by the terminal's receipt number)
    central    submission                <->  journal approved, accepted
    central    claim                     <->  journal unresolved, undelivered
    printer    whole original paper      <->  journal says it was printed
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from msgspec import Struct

TAKEN = ("stored",)
"""The terminal's word for a sale that stands."""
HELD = ("authorised",)
"""The terminal's word for a sale that nobody has acknowledged: after the end of a journey there must be none."""
STANDS = ("approved", "accepted")
"""The journal's words for what the centre must know: paid, or applied for."""
DOUBTFUL = ("unresolved", "undelivered")
PRINTED = ("printed", "copy")
SUBMITTED = ("accepted", "overpaid", "unplaced")

Row = dict[str, Any]


class Ledgers(Struct, frozen=True):
    """The four truths (and the fiscal register's, where there is one, and the bill validator's: what is played without a display is paid by card), as ``ledger.json`` holds them.

    Each entry has ``reference`` (None: nobody can tell), ``amount_minor`` and ``outcome``; a journal entry also ``paper``,
    what the kiosk believes of the printing: "", printed, unverified, partial, not_started.
    """

    terminal: tuple[Row, ...] = ()
    printer: tuple[Row, ...] = ()
    journal: tuple[Row, ...] = ()
    central: tuple[Row, ...] = ()
    fiscal: tuple[Row, ...] | None = None

    def agree(self) -> bool:
        """Say whether all of them tell the same."""
        return not self.quarrels()

    def quarrels(self) -> list[str]:
        """Return a sentence for each disagreement."""
        return [
            *self._about_money(),
            *self._about_submissions(),
            *self._about_claims(),
            *self._about_paper(),
            *self._about_fiscal(),
        ]

    def to_json(self) -> dict[str, Any]:
        """Return the contents of ``ledger.json``."""
        return {
            "agree": self.agree(),
            "terminal": list(self.terminal),
            "validator": [],
            "printer": list(self.printer),
            "journal": list(self.journal),
            "central": list(self.central),
            **({} if self.fiscal is None else {"fiscal": list(self.fiscal)}),
        }

    def _about_money(self) -> list[str]:
        held = [f"the terminal holds {told(row)} open" for row in self.terminal if row["outcome"] in HELD]
        taken = select(self.terminal, TAKEN)
        known = select(self.journal, ("approved",))
        doubtful = select(self.journal, DOUBTFUL)
        # A payment in doubt may have been taken: then the claim is what tells the staff.
        return held + differences("terminal", taken - doubtful, "journal", known)

    def _about_submissions(self) -> list[str]:
        return differences("journal", select(self.journal, STANDS), "central", select(self.central, SUBMITTED))

    def _about_claims(self) -> list[str]:
        return differences("journal", select(self.journal, DOUBTFUL), "central", select(self.central, DOUBTFUL))

    def _about_fiscal(self) -> list[str]:
        """Each payment that stands is registered once, or the centre has its claim; amounts differ, since the fee alone may be a sale."""
        if self.fiscal is None:
            return []
        made = Counter(row["reference"] for row in self.fiscal)
        asked = {str(row["reference"]).removesuffix("-F") for row in self.central if row["outcome"] == "unregistered"}
        paid = {row["reference"] for row in self.journal if row["outcome"] == "approved"}
        doubled = [f"the register has {each} {count} times" for each, count in made.items() if count > 1]
        unknown = [f"the register has {each}, which was not paid" for each in made if each not in paid]
        return doubled + unknown + [f"{each} is not registered" for each in sorted(paid - set(made) - asked)]

    def _about_paper(self) -> list[str]:
        believed = Counter(key(row) for row in self.journal if row.get("paper") == "printed")
        whole = select(self.printer, PRINTED)
        doubled = [f"the printer has {told(row)} more than once as an original" for row in repeated(self.printer)]
        # A copy after a power cut is a second paper of the same payment; it says so on itself.
        return doubled + differences("journal's papers", believed, "printer", Counter(set(whole)))


def select(rows: Iterable[Row], outcomes: tuple[str, ...]) -> Counter[tuple[Any, int]]:
    """Count reference and amount of the rows with one of these outcomes."""
    return Counter(key(row) for row in rows if row["outcome"] in outcomes)


def repeated(rows: Iterable[Row]) -> list[Row]:
    """Return the rows whose reference and amount an original before them had already."""
    seen: set[tuple[Any, int]] = set()
    doubled = []
    for row in rows:
        if row["outcome"] == "printed":
            if key(row) in seen:
                doubled.append(row)
            seen.add(key(row))
    return doubled


def key(row: Row) -> tuple[Any, int]:
    """Return what two entries about the same payment have in common."""
    return row["reference"], row["amount_minor"]


def told(row: Row) -> str:
    """Return an entry in words."""
    return f"{row['reference'] or 'a payment without a reference'} of {row['amount_minor'] / 100:.2f}"


def differences(left: str, ours: Counter[tuple[Any, int]], right: str, theirs: Counter[tuple[Any, int]]) -> list[str]:
    """Return what one side has and the other has not."""
    both = ((left, ours - theirs, right), (right, theirs - ours, left))
    return [
        f"{has} has {told({'reference': reference, 'amount_minor': amount})}, {lacks} has not"
        for has, surplus, lacks in both
        for reference, amount in surplus.elements()
    ]
