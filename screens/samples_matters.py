"""Samples of the visit of somebody who comes back."""

from __future__ import annotations

from typing import Literal

from msgspec.structs import replace

from kiosk.domain.matter import Matter, Standing
from kiosk.domain.money import Money
from kiosk.journey import state as s
from kiosk.journey import state_matters as m


def matters(start: s.Journey) -> dict[str, s.State]:
    """Return how earlier payments stand, each standing by itself, and papers that are printed again."""
    days: dict[Standing, int] = {"paid": 1, "being_checked": 2, "not_paid": 3, "returned": 4, "owed": 5}
    papers: dict[Standing, Literal["receipt", "claim"]] = {"paid": "receipt", "being_checked": "claim"}
    each = {
        word: Matter(
            f"AGALI1-7KQ-00000{day}",
            "electricity",
            start.started_ms - day * 86_400_000,
            Money(day * 1_240),
            word,
            paper=papers.get(word, ""),
        )
        for word, day in days.items()
    }
    slip = Matter("AGALI1-7KQ-000006", "residence-certificate", start.started_ms, Money(0), "paid", "8QX2-77", "slip")
    shown = replace(start, matters=(slip, each["paid"], each["being_checked"]))
    after = ("printed", "unverified", "partial", "not_started", "no_central", "refused")
    return {
        "finding-matters": m.FindingMatters(start, 20),
        "showing-matters": m.ShowingMatters(replace(start, matters=tuple(each.values())[:3])),
        "showing-matters-other": m.ShowingMatters(replace(start, matters=tuple(each.values())[3:])),
        "showing-matters-none": m.ShowingMatters(start),
        "showing-matters-slip": m.ShowingMatters(shown),
        **{f"showing-matters-copy-{word.replace('_', '-')}": m.ShowingMatters(shown, f"copy_{word}") for word in after},
        "asking-copy": m.AskingCopy(shown, 31),
        "printing-copy": m.PrintingCopy(shown, 32),
        **{f"showing-matters-{word}": m.ShowingMatters(replace(start, matters=(one,))) for word, one in each.items()},
        "farewell-statement": s.Farewell(
            replace(start, reference="AGALI1-7KQ-000001"), 30, "done", "statement", "printed"
        ),
        "farewell-seen": s.Farewell(replace(start, card_inside=True), 30, "done", "statement", "", card_inside=True),
    }
