"""What can go wrong in a demonstration: what the bench does at which moment, and how the journey must then go.

A fault is data. ``strikes`` are carried out when their screen comes for the first time; ``sees`` are ids of the screen tree
that must have been shown, in this order; ``sales`` is how many sales the terminal must hold in the end for a paid service
(None: either is right, as long as all ledgers agree); ``papers`` likewise, how many whole papers came out.
"""

from __future__ import annotations

from typing import Any, Literal

from msgspec import Struct

Order = dict[str, Any]


class Strike(Struct, frozen=True):
    """Orders to the bench when a screen comes. ``waits``: the citizen touches nothing until another screen comes."""

    screen: str
    orders: tuple[Order, ...]
    waits: bool = False


class Fault(Struct, frozen=True, kw_only=True):
    """One way in which a journey can go wrong. ``only``: it needs a service with a question, or one that costs money."""

    story: str
    strikes: tuple[Strike, ...] = ()
    sees: tuple[str, ...] = ()
    repair: tuple[Order, ...] = ()
    sales: int | None = 1
    papers: int | None = 1
    only: Literal["", "asked", "paid"] = ""
    wrong_can: bool = False
    wrong_number: bool = False
    gives_up: bool = False
    power_cut: Literal["", "approval", "printing"] = ""


def order(device: str, word: str, **options: Any) -> Order:
    """Return a control command."""
    return {"device": device, "do": word, **options}


FAULTS: dict[str, Fault] = {
    "none": Fault(story="everything works as it should", sees=("number", "finish")),
    "paper_out": Fault(
        story="the printer has no paper: the kiosk says so before anybody's time or money is spent",
        strikes=(Strike("Welcome", (order("printer", "paper_out"),), waits=True),),
        sees=("out-of-service-devices",),
        repair=(order("printer", "paper_in"),),
        sales=0,
        papers=0,
    ),
    "paper_out_during": Fault(
        story="the paper ends while the receipt is printed: paid, delivered, and the citizen is told to note the number",
        strikes=(Strike("Choosing", (order("printer", "paper_out_after", rows=200),)),),
        sees=("paper-came-partial", "number"),
        repair=(order("printer", "paper_in"),),
        papers=0,
    ),
    "network_down": Fault(
        story="the network fails before the payment: the kiosk says so before money",
        strikes=(Strike("PresentingCard", (order("network", "cut"),)),),
        sees=("apology-no-central", "apology-nothing-taken"),
        repair=(order("network", "restore"),),
        sales=0,
        papers=0,
    ),
    "network_down_after_payment": Fault(
        story="the network fails while the citizen pays: the receipt says that the centre hears of it later, and it does",
        strikes=(Strike("TakingPayment", (order("network", "cut"),)),),
        sees=("farewell-deferred",),
        repair=(order("network", "restore"),),
        only="paid",
    ),
    "declined": Fault(
        story="the bank declines: nothing is taken, the citizen may try again or leave, and leaves",
        strikes=(Strike("Confirming", (order("terminal", "decline", code="05", once=True),)),),
        sees=("notice-declined",),
        sales=0,
        papers=0,
        only="paid",
        gives_up=True,
    ),
    "cancelled": Fault(
        story="the citizen presses stop at the terminal: nothing is taken",
        strikes=(Strike("Confirming", (order("terminal", "cancel", once=True),)),),
        sees=("notice-cancelled",),
        sales=0,
        papers=0,
        only="paid",
        gives_up=True,
    ),
    "terminal_silent": Fault(
        story="the card terminal does not answer: no payment starts",
        strikes=(Strike("Confirming", (order("terminal", "silent"),)),),
        sees=("apology-terminal-failed", "apology-nothing-taken"),
        repair=(order("terminal", "normal"),),
        sales=0,
        papers=0,
        only="paid",
    ),
    "terminal_lost": Fault(
        story="the line to the terminal breaks while the bank is asked, and comes back: it is asked, not charged again",
        strikes=(
            Strike("TakingPayment", (order("terminal", "mute_after", message="04 0F", then="silent"),)),
            Strike("CheckingPayment", (order("terminal", "normal"),)),
        ),
        sees=("checking-payment-title",),
        sales=None,
        papers=None,
        only="paid",
    ),
    "card_removed_early": Fault(
        story="the ID card is pulled out while it is read: the kiosk asks for it again",
        strikes=(Strike("EnteringKey", (order("card", "remove_at", apdu=8),)),),
        sees=("notice-removed", "number"),
    ),
    "wrong_can": Fault(
        story="the six digits are wrong the first time", sees=("notice-wrong-key", "number"), wrong_can=True
    ),
    "unknown_customer": Fault(
        story="the number is one that the centre does not know: it is asked for again",
        sees=("notice-unknown-account", "number"),
        only="asked",
        wrong_number=True,
    ),
    "power_cut": Fault(
        story="the power fails at the moment of approval, for kiosk, terminal and printer: money is taken once or not at all",
        sales=None,
        papers=None,
        only="paid",
        power_cut="approval",
    ),
    "power_cut_printing": Fault(
        story="the power fails while the paper comes out: afterwards it is printed again, marked as a copy",
        strikes=(Strike("Choosing", (order("printer", "slow", mm_per_s=60),)),),
        sees=("printing-title", "number"),
        power_cut="printing",
    ),
    "malformed_bill": Fault(
        story="the answer of the centre is rubbish: an apology, before money",
        strikes=(Strike("PresentingCard", (order("network", "rubbish"),)),),
        sees=("apology-malformed", "apology-nothing-taken"),
        repair=(order("network", "restore"),),
        sales=0,
        papers=0,
        only="asked",
    ),
}
