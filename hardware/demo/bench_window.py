"""The bench window: a visitor's hands on everything around the kiosk.

It speaks to the bench by its control socket; the one thing the bench cannot do, a power failure of the kiosk itself, it
asks of the demonstration by a line on standard output.
"""

# mypy: disallow-subclassing-any=False
from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from kivy.app import App
from kivy.clock import Clock
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.widget import Widget

from hardware.card.sim_persons import PERSONS, TECHNICIAN
from hardware.demo.citizen import ANSWERS
from hardware.demo.hands import POWER_FAILS, Hands, Seen
from hardware.demo.settings import DEMO_PIN
from hardware.demo.staff import COLLECTOR_FILE
from hardware.demo.window_parts import BAD, GAP, GOOD, GROUND, SOFT, BenchKey, Lamp, Panel, PaperSlot, painted

FEEDS_PER_S = 30
LAMPS = {"card": "ID card", "terminal": "bank", "printer": "printer"}
NOTES = (1, 5, 10, 20, 50)
"""What the visitor has in the purse, in manat."""


class BenchWindow(App):
    """All controls at the left, the paper at the right."""

    title = "Bench"

    def __init__(self, hands: Hands) -> None:
        super().__init__()
        self._hands = hands
        self._cards: dict[str, BenchKey] = {}

    def build(self) -> Widget:
        """Place everything."""
        root = BoxLayout(padding=GAP, spacing=GAP)
        painted(root, GROUND, 0)
        left = BoxLayout(orientation="vertical", spacing=GAP, size_hint_x=0.56)
        panels = (self._card(), self._terminal(), self._printer(), self._network(), self._mains(), self._door())
        for panel in panels:
            left.add_widget(panel)
        left.add_widget(Widget())
        root.add_widget(left)
        right = BoxLayout(orientation="vertical", spacing=GAP, size_hint_x=0.44)
        right.add_widget(self._bills())
        right.add_widget(self._notes())
        right.add_widget(self._guide_lamps())
        self._slot = PaperSlot()
        right.add_widget(self._slot)
        root.add_widget(right)
        Clock.schedule_interval(self._slot.feed, 1 / FEEDS_PER_S)
        self._hands.start(lambda seen: Clock.schedule_once(lambda _dt: self._show(seen)))
        return root

    def _do(self, device: str, word: str, **options: Any) -> Callable[[], None]:
        return partial(self._hands.do, {"device": device, "do": word, **options})

    def _card(self) -> Panel:
        self._card_panel = panel = Panel("ID card")
        for name, person in PERSONS.items():
            self._cards[name] = BenchKey(f"{name.capitalize()}\n{person.can}", self._do("card", "insert", card=name))
            self._cards[name].height *= 1.25
        panel.row(*self._cards.values())
        panel.children[0].height *= 1.25
        self._take = BenchKey("Take it out", self._do("card", "remove"))
        staff = {"Technician": TECHNICIAN.name, "Collector": self._hands.beside(COLLECTOR_FILE)}
        for label, card in staff.items():
            self._cards[card] = BenchKey(label, self._do("card", "insert", card=card))
        panel.row(self._take, *(self._cards[card] for card in staff.values()))
        panel.note("The six digits are the CAN that the kiosk asks for.")
        return panel

    def _terminal(self) -> Panel:
        self._terminal_panel = panel = Panel("Bank terminal")
        self._pay = [
            BenchKey("Approve", self._do("terminal", "card")),
            BenchKey("Decline", self._do("terminal", "decline")),
            BenchKey("Stop key", self._do("terminal", "cancel")),
        ]
        panel.row(*self._pay)
        return panel

    def _printer(self) -> Panel:
        self._printer_panel = panel = Panel("Printer")
        self._paper_out = BenchKey("Pull the paper", self._do("printer", "paper_out"))
        self._paper_in = BenchKey("Put paper in", self._do("printer", "paper_in"))
        panel.row(self._paper_out, self._paper_in)
        return panel

    def _network(self) -> Panel:
        self._network_panel = panel = Panel("Network")
        self._cut = BenchKey("Cut", self._do("network", "cut"))
        self._rejoin = BenchKey("Restore", self._do("network", "restore"))
        panel.row(self._cut, self._rejoin)
        return panel

    def _mains(self) -> Panel:
        self._mains_panel = panel = Panel("Mains")
        self._mains_off = BenchKey("Cut", self._do("mains", "cut"))
        self._mains_on = BenchKey("Restore", self._do("mains", "restore"))
        panel.row(self._mains_off, self._mains_on)
        panel.row(BenchKey("Power failure, battery flat", self._power_fails))
        return panel

    def _power_fails(self) -> None:
        sys.stdout.write(POWER_FAILS + "\n")
        sys.stdout.flush()

    def _door(self) -> Panel:
        self._door_panel = panel = Panel("Door")
        self._open = BenchKey("Open", self._do("panel", "open"))
        self._close = BenchKey("Close", self._do("panel", "close"))
        panel.row(self._open, self._close)
        panel.note(f"PIN {DEMO_PIN}, with a staff card or without.")
        return panel

    def _notes(self) -> Panel:
        self._notes_panel = panel = Panel("Banknotes")
        panel.row(*(BenchKey(f"{value}", self._do("validator", "insert", value=value)) for value in NOTES))
        return panel

    def _guide_lamps(self) -> Panel:
        panel = Panel("Lamps")
        self._lamps = {name: Lamp(text) for name, text in LAMPS.items()}
        panel.row(*self._lamps.values())
        panel.children[0].height /= 2
        return panel

    def _bills(self) -> Panel:
        panel = Panel("Your bills")
        fine = ANSWERS["traffic-fine"]
        panel.note(f"Electricity: customer {ANSWERS['electricity']['customer_number']}")
        panel.note(f"Traffic fine: {fine['plate']}, ticket {fine['ticket']}")
        return panel

    def _show(self, seen: Seen) -> None:
        """Show how everything is now."""
        if seen.trouble:
            self._card_panel.say(seen.trouble, BAD)
        else:
            name = Path(seen.card).stem.capitalize()
            self._card_panel.say(f"{name}'s card is in" if name else "no card", GOOD if name else SOFT)
        for name, switch in self._cards.items():
            switch.lit, switch.disabled = name == seen.card, bool(seen.card) and name != seen.card
        self._take.disabled = not seen.card
        self._show_terminal(seen)
        for panel, well, good, bad, pair in (
            (self._printer_panel, not seen.paper_out, "has paper", "NO PAPER", (self._paper_out, self._paper_in)),
            (self._network_panel, seen.network, "connected", "CUT", (self._cut, self._rejoin)),
            (self._mains_panel, seen.mains, "on", "OFF, on battery", (self._mains_off, self._mains_on)),
            (self._door_panel, not seen.door_open, "closed", "OPEN", (self._open, self._close)),
        ):
            panel.say(good if well else bad, GOOD if well else BAD)
            pair[0].disabled, pair[1].disabled = not well, well
        takes = ", ".join(map(str, seen.notes)) or "nothing"
        held = f"holds {seen.note} AZN" if seen.note else f"takes {takes}"
        self._notes_panel.say(f"{held}; box {seen.box} AZN", GOOD if seen.notes or seen.note else SOFT)
        for name, lamp in self._lamps.items():
            lamp.light(name in seen.lamps)
        if seen.paper is not None:
            self._slot.show(seen.paper)

    def _show_terminal(self, seen: Seen) -> None:
        amount = f"  {seen.amount_minor / 100:.2f} AZN" if seen.amount_minor is not None else ""
        self._terminal_panel.say(f"{seen.display}{amount}", GOOD if amount else SOFT)
        for switch in self._pay:
            switch.disabled = seen.phase not in ("card", "pin")

    def on_stop(self) -> None:
        """Let the hands rest."""
        self._hands.stop()
