"""What the bench can tell the simulated nexo terminal (``SimulatedNexoTerminal.do``).

People     approve {delay_s, once} · decline {condition, delay_s, once} · cancel {delay_s, once} · timeout {once} · hold · card
           ``hold`` lets each payment wait for a person; while one waits, ``card``, ``decline`` and ``cancel`` act for it alone.
Host       slow_host {seconds} · refuse_reversals {on} · lose_reversal {done}
Device     busy {on} · out_of_order {on} · wrong_amount {amount_minor, currency} · in_progress {n}
Power      as `hardware.sim_bench` says; ``power_cut`` at card, approved, recorded, reversing or reversed
Line       as `hardware.sim_bench` says; garbage {bytes: hex} · wrong_service_id; to ``message`` (a category) only
Any time   normal (ends every plan and fault) · state · reversals

``wrong_amount`` charges another amount than the one asked; the ledger says which. ``lose_reversal`` leaves one reversal
unanswered, done or not.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any, get_args

from msgspec import Meta, Struct

from hardware.nexo.sim_controls import Condition, Instant, Spoiling
from hardware.nexo.sim_requests import MOST_MINOR, Category
from hardware.sim_bench import COMMON, HALF_BYTES, SPOILING, Answers, Bytes, Count, Cut, act, power_cut, switch
from hardware.sim_card_holder import Plan, show_card
from hardware.sim_manners import BadCommand, Command, read

if TYPE_CHECKING:
    from hardware.nexo.simulator import SimulatedNexoTerminal

Action = Callable[["SimulatedNexoTerminal", Command], dict[str, Any] | None]
Seconds = Annotated[float, Meta(ge=0, le=600)]
GARBAGE = b'{"SaleToPOIResponse": \xff\x00'


class Person(Struct, forbid_unknown_fields=True):
    """How a card holder acts."""

    delay_s: Seconds | None = None
    once: bool = False
    condition: Condition = "Refusal"


class Wait(Struct, forbid_unknown_fields=True):
    """How long."""

    seconds: Seconds = 5.0


class Lost(Struct, forbid_unknown_fields=True):
    """A reversal that is never answered."""

    done: bool = True


class Charge(Struct, forbid_unknown_fields=True):
    """What is charged in place of what was asked."""

    amount_minor: Annotated[int, Meta(ge=1, le=MOST_MINOR)] | None = None
    currency: Annotated[str, Meta(pattern="^[A-Z]{3}$")] | None = None


class Times(Struct, forbid_unknown_fields=True):
    """How many."""

    n: Count = 1


class Messages(Answers):
    """To which messages, and ``bytes``: how many of an answer leave, or what they are (hex)."""

    message: Category | None = None
    bytes: Bytes | Annotated[str, Meta(max_length=8192)] = HALF_BYTES


def _plan(plan: Plan) -> Action:
    def action(terminal: SimulatedNexoTerminal, options: Command) -> None:
        person, controls = read(options, Person), terminal.controls
        if plan == "decline":
            controls.condition = person.condition
        controls.tell(plan, person.delay_s, once=person.once, phase=terminal.phase)

    return action


def _slow_host(terminal: SimulatedNexoTerminal, options: Command) -> None:
    terminal.controls.host_s = read(options, Wait).seconds


def _lose_reversal(terminal: SimulatedNexoTerminal, options: Command) -> None:
    terminal.controls.faults.lose_reversal = "done" if read(options, Lost).done else "undone"


def _wrong_amount(terminal: SimulatedNexoTerminal, options: Command) -> None:
    charge = read(options, Charge)
    if charge.amount_minor is None and charge.currency is None:
        raise BadCommand("wrong_amount needs amount_minor or currency")
    terminal.controls.wrong_amount, terminal.controls.wrong_currency = charge.amount_minor, charge.currency


def _in_progress(terminal: SimulatedNexoTerminal, options: Command) -> None:
    terminal.controls.faults.in_progress = read(options, Times).n


def _hex(told: str) -> bytes:
    try:
        return bytes.fromhex(told)
    except ValueError:
        raise BadCommand(f"bytes must be hex, not {told!r}") from None


def _spoil(how: Spoiling) -> Action:
    def action(terminal: SimulatedNexoTerminal, options: Command) -> None:
        told = read(options, Messages)
        half_bytes, raw = (told.bytes, GARBAGE) if isinstance(told.bytes, int) else (HALF_BYTES, _hex(told.bytes))
        terminal.controls.faults.spoil(told.spoilt(how, told.message, half_bytes, raw), told.n)

    return action


COMMANDS: dict[str, Action] = {
    **COMMON,
    **{plan: _plan(plan) for plan in get_args(Plan)},
    "card": show_card,
    "slow_host": _slow_host,
    "refuse_reversals": switch("refuse_reversals"),
    "lose_reversal": _lose_reversal,
    "busy": switch("busy"),
    "out_of_order": switch("out_of_order"),
    "wrong_amount": _wrong_amount,
    "in_progress": _in_progress,
    "power_cut": power_cut(Cut[Instant]),
    **{command: _spoil(how) for command, how in SPOILING.items()},
    "wrong_service_id": _spoil("wrong_service_id"),
    "normal": act(lambda terminal: terminal.controls.reset()),
    "state": lambda terminal, _options: terminal.state(),
    "reversals": lambda terminal, _options: {"reversals": terminal.memory.reversals()},
}
