"""A citizen who loses no time: touches each screen as soon as it may be touched, and takes no pictures."""

from __future__ import annotations

import time
from collections.abc import Callable

from hardware.demo.citizen import Citizen
from hardware.demo.finger import View
from hardware.demo.play import field_of
from hardware.demo.stage import Stage

LOOK_S = 0.01
SCREEN_S = 30.0
CHECKING_S = 150.0
RESTING = ("Welcome", "OutOfService")


class Visitor:
    """Plays one visit on a stage by what is on the screen, and nothing else."""

    def __init__(self, stage: Stage, citizen: Citizen) -> None:
        self._stage, self._finger, self._citizen = stage, stage.finger, citizen
        self._changed_s = time.monotonic()
        self._before: tuple[str, int] = ("", -1)

    def visit(self) -> None:
        """Go through the whole journey until the welcome comes again. DemoError when the kiosk is no longer there."""
        wanted = f"language-{self._citizen.language}"
        view = self._finger.until(lambda view: view.state == "Welcome" and view.has(wanted), SCREEN_S, "the welcome")
        self._tap(view, wanted)
        self.leave()

    def leave(self) -> None:
        """Answer whatever the kiosk shows until it rests."""
        acts = self.acts()
        while (view := self._look()).state not in RESTING:
            if view.state in acts:
                acts[view.state](view)
            else:
                time.sleep(LOOK_S)
        self._stage.try_do("card", "remove")

    def acts(self) -> dict[str, Callable[[View], None]]:
        """Return what is done at which screen; at any other one it is waited for the next."""
        return {
            "Choosing": self._choose,
            "PresentingCard": self._present_card,
            "EnteringKey": self._enter_key,
            "Answering": self._answer,
            "Confirming": self._confirm,
            "Farewell": self._farewell,
            "Apology": self._apology,
        }

    def _look(self) -> View:
        """Look once more. TimeoutError when one screen stays for too long."""
        view = self._finger.look()
        now_s = time.monotonic()
        if (view.state, view.shown) != self._before:
            self._before, self._changed_s = (view.state, view.shown), now_s
        if now_s - self._changed_s > (CHECKING_S if view.state == "CheckingPayment" else SCREEN_S):
            raise TimeoutError(f"the kiosk stays at {view.state}: {view.words}")
        return view

    def _tap(self, view: View, item_id: str) -> None:
        """Touch something and see that another screen comes; what was touched too soon is touched again."""
        item = view.item(item_id)
        if item is None or not item.enabled:
            time.sleep(LOOK_S)
            return
        self._finger.tap(item_id)
        deadline = time.monotonic() + 1.0
        while same(self._finger.look()) == same(view) and time.monotonic() < deadline:
            time.sleep(LOOK_S)

    def _choose(self, view: View) -> None:
        self._tap(view, f"service-{self._citizen.service}")

    def _present_card(self, view: View) -> None:
        self._stage.try_do("card", "insert", card=self._citizen.card)
        self._wait_for_another(view)

    def _enter_key(self, view: View) -> None:
        self._type(view, self._citizen.can)

    def _answer(self, view: View) -> None:
        question = view.item("question")
        field = self._citizen.labels[question.label if question else ""]
        self._type(view, self._citizen.answers[field])

    def _type(self, view: View, text: str) -> None:
        while (erase := self._finger.look().item("key-erase")) is not None and erase.enabled:
            self._finger.tap("key-erase")
        for character in text:
            before = field_of(self._finger.look())
            self._finger.tap(f"key-{character}")
            if field_of(self._finger.look()) == before:
                return  # too soon: begin anew
        self._finger.tap("onward")
        self._wait_for_another(view)

    def _confirm(self, view: View) -> None:
        self._tap(view, next(name for name in ("pay", "pay-again", "apply") if view.has(name)))

    def _farewell(self, view: View) -> None:
        if view.has("take-card"):
            self._stage.try_do("card", "remove")
            time.sleep(LOOK_S)
        else:
            self._tap(view, "finish")

    def _apology(self, view: View) -> None:
        self._stage.try_do("card", "remove")
        self._tap(view, "understood")

    def _wait_for_another(self, view: View) -> None:
        deadline = time.monotonic() + SCREEN_S
        while same(self._finger.look()) == same(view) and time.monotonic() < deadline:
            time.sleep(LOOK_S)


class CashVisitor(Visitor):
    """Pays in notes (manat, one after another), and what they do not cover by card; a surplus becomes a claim's code."""

    def __init__(self, stage: Stage, citizen: Citizen, notes: list[int]) -> None:
        super().__init__(stage, citizen)
        self._notes = list(notes)

    def acts(self) -> dict[str, Callable[[View], None]]:
        """Add the screens that wait for notes."""
        return {**super().acts(), "TakingCash": self._put_in, "ChoosingSurplus": self._choose_surplus}

    def _confirm(self, view: View) -> None:
        ways = ("pay-in-cash",) if self._notes else ("pay-by-card", "pay")
        self._tap(view, next((way for way in ways if view.has(way)), "cancel"))

    def _put_in(self, view: View) -> None:
        if not self._notes:
            self._tap(view, "pay-rest-by-card")
        elif self._stage.try_do("validator", "insert", value=self._notes[0]).get("note") == "taken":
            self._notes.pop(0)
            self._wait_for_another(view)

    def _choose_surplus(self, view: View) -> None:
        self._tap(view, "surplus-claim")


def same(view: View) -> tuple[str, int, str]:
    """Tell two screens apart."""
    return view.state, view.shown, view.language
