"""Plays one citizen's journey: looks at each screen as it comes, takes a picture of it, and touches what a citizen would."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path

from hardware.demo.citizen import UNKNOWN, WRONG_CAN, Citizen
from hardware.demo.faults import Fault
from hardware.demo.finger import View
from hardware.demo.program import DemoError
from hardware.demo.stage import Stage

SCREEN_S = 60.0
"""No screen of a journey stays longer than this without a touch, except while the terminal is being asked again."""
CHECKING_S = 150.0
TOUCH_S = 2.0
SETTLED_S = 0.4
"""A person looks at a new screen before touching it; the kiosk drops touches that come sooner."""
POWER_S = 30.0
LINE = 100
BEFORE_APPROVAL = ("card", "pin", "bank", "remove")
CUT_ON = {"approval": "TakingPayment", "printing": "Printing"}


class Player:
    """One journey from the welcome to the welcome. ``seen`` collects the ids of every screen, in order."""

    def __init__(self, stage: Stage, citizen: Citizen, fault: Fault, out: Path, say: Callable[[str], None]) -> None:
        self._stage, self._finger = stage, stage.finger
        self._citizen, self._fault, self._out, self._say = citizen, fault, out, say
        self._struck: set[str] = set()
        self._pictures = 0
        self._begun = self._over = False
        self._wrong_can, self._wrong_number = fault.wrong_can, fault.wrong_number
        self.seen: list[frozenset[str]] = []

    def play(self) -> None:
        """Play it to its end. DemoError if the kiosk does not come on."""
        view: View | None = None
        while not self._over:
            view = self._next(view)
            self.seen.append(view.ids)
            self._begun = self._begun or view.state != "Welcome"
            waits = self._strike(view)
            if not waits and not self._power_fails(view):
                self._act(view)
            elif waits:
                self._picture(view)

    def shortfalls(self) -> list[str]:
        """Return what should have been seen and was not."""
        missing, at = [], 0
        for wanted in self._fault.sees:
            found = next((n for n, ids in enumerate(self.seen[at:], at) if wanted in ids), None)
            if found is None:
                missing.append(f"{wanted} was never shown, or too early")
            else:
                at = found
        return missing

    def _next(self, last: View | None) -> View:
        limit_s = CHECKING_S if last is not None and last.state == "CheckingPayment" else SCREEN_S
        return self._finger.until(
            lambda view: last is None or same(view) != same(last), limit_s, f"what follows {last.state if last else ''}"
        )

    def _strike(self, view: View) -> bool:
        """Let the fault happen, if this is its moment; say whether the citizen then only waits."""
        waits = False
        for strike in self._fault.strikes:
            if strike.screen == view.state and strike.screen not in self._struck:
                self._struck.add(strike.screen)
                for command in strike.orders:
                    self._say(f"   the bench: {command['device']} {command['do']}")
                    self._stage.bench(command)
                waits = waits or strike.waits
        return waits

    def _power_fails(self, view: View) -> bool:
        """Cut the power at the fault's moment, once; say whether it was cut."""
        if view.state != CUT_ON.get(self._fault.power_cut) or "power" in self._struck:
            return False
        self._struck.add("power")
        self._picture(view)
        if self._fault.power_cut == "approval":
            self._await_approval()
        self._stage.cut_power()
        self._say("   the power fails, and comes back")
        self._stage.start_kiosk()
        return True

    def _await_approval(self) -> None:
        """Return at the moment at which the terminal has approved; the kiosk may know it or not."""
        deadline = time.monotonic() + POWER_S
        begun = False
        while time.monotonic() < deadline:
            phase = self._stage.do("terminal", "state")["phase"]
            begun = begun or phase in BEFORE_APPROVAL
            if begun and phase not in BEFORE_APPROVAL:
                return

    def _act(self, view: View) -> None:
        acts: dict[str, Callable[[View], None]] = {
            "Welcome": self._welcome,
            "OutOfService": self._out_of_service,
            "Choosing": lambda seen: self._touch(seen, f"service-{self._citizen.service}"),
            "PresentingCard": self._present_card,
            "EnteringKey": self._enter_key,
            "Answering": self._answer,
            "Confirming": self._confirm,
            "StillThere": lambda seen: self._touch(seen, "still-there-yes"),
            "Farewell": self._farewell,
            "Apology": self._apology,
        }
        acts.get(view.state, self._picture)(view)

    def _welcome(self, view: View) -> None:
        if self._begun:
            self._take_card()
            self._over = True
            return
        self._touch(view, f"language-{self._citizen.language}")

    def _out_of_service(self, view: View) -> None:
        self._picture(view)
        self._over = True

    def _present_card(self, view: View) -> None:
        self._picture(view)
        self._stage.do("card", "insert", card=self._citizen.card)

    def _enter_key(self, view: View) -> None:
        can, self._wrong_can = WRONG_CAN if self._wrong_can else self._citizen.can, False
        self._type(can)
        self._touch(self._finger.look(), "onward", view)

    def _answer(self, view: View) -> None:
        question = view.item("question")
        field = self._citizen.labels.get(question.label if question else "")
        if field is None:
            raise DemoError(f"the kiosk asks a question nobody expects: {view.words}")
        answers = UNKNOWN if self._wrong_number else self._citizen.answers
        if field == list(self._citizen.answers)[-1]:
            self._wrong_number = False
        self._erase()
        self._type(answers[field])
        self._touch(self._finger.look(), "onward", view)

    def _confirm(self, view: View) -> None:
        if self._fault.gives_up and any(item_id.startswith("notice-") for item_id in view.ids):
            self._touch(view, "cancel")
            return
        self._touch(view, next(name for name in ("pay", "pay-again", "apply") if view.has(name)))

    def _farewell(self, view: View) -> None:
        self._picture(view)
        if view.has("take-card"):
            self._take_card()
        else:
            self._touch(view, "finish", view, picture=False)

    def _apology(self, view: View) -> None:
        self._take_card()
        self._touch(view, "understood")

    def _take_card(self) -> None:
        answer = self._stage.try_do("card", "remove")
        if answer.get("ok"):
            self._say("   the citizen takes the ID card")

    def _erase(self) -> None:
        while (key := self._finger.look().item("key-erase")) is not None and key.enabled:
            self._press("key-erase")

    def _type(self, text: str) -> None:
        time.sleep(SETTLED_S)
        for character in text:
            self._press(f"key-{character}")

    def _press(self, key: str) -> None:
        """Press a key and see that the field took it; a key pressed too soon after a new screen counts for nothing."""
        before = field_of(self._finger.look())
        for _ in range(3):
            self._finger.tap(key)
            deadline = time.monotonic() + TOUCH_S
            while time.monotonic() < deadline:
                if field_of(self._finger.look()) != before:
                    return
        raise DemoError(f"the kiosk takes no {key}")

    def _touch(self, view: View, item_id: str, shown: View | None = None, *, picture: bool = True) -> None:
        """Take a picture, touch something, and see that the screen goes on."""
        if picture:
            self._picture(view)
        item = view.item(item_id)
        if item is None or not item.enabled:
            raise DemoError(f"there is no {item_id} to touch on {view.state}: {view.words}")
        before = same(shown or view)
        time.sleep(SETTLED_S)
        for _ in range(3):
            self._finger.tap(item_id)
            deadline = time.monotonic() + TOUCH_S
            while time.monotonic() < deadline:
                if same(self._finger.look()) != before:
                    return
                time.sleep(0.02)
        raise DemoError(f"touching {item_id} on {view.state} does nothing: {view.words}")

    def _picture(self, view: View) -> None:
        """Keep a picture of the screen; none of a screen that has gone while it was taken: the next one gets its own."""
        self._say(f"{view.state}: {view.words[:LINE]}")
        path = self._out / f"{self._pictures + 1:02}-{kebab(view.state)}.png"
        self._finger.picture(path)
        if same(self._finger.look()) == same(view):
            self._pictures += 1
        else:
            path.unlink(missing_ok=True)


def same(view: View) -> tuple[object, ...]:
    """Tell two screens apart as a citizen does: other words, another question, something new to touch."""
    question = view.item("question")
    things = frozenset(item.id for item in view.items if not item.id.startswith("key-"))
    return view.state, view.shown, view.language, question.label if question else "", things


def field_of(view: View) -> str:
    """Return what the field says it holds."""
    field = view.item("field")
    return field.say if field else ""


def kebab(name: str) -> str:
    """Return a state's name as part of a file's: TakingPayment is taking-payment."""
    return re.sub(r"(?<!^)(?=[A-Z])", "-", name).lower()
