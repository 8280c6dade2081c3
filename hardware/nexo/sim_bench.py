"""What the bench can tell the simulated nexo terminal (``SimulatedNexoTerminal.do``).

People     approve {delay_s, once} · decline {condition, delay_s, once} · cancel {delay_s, once} · timeout {once} · hold · card
           ``hold`` lets each payment wait for a person; while one waits, ``card``, ``decline`` and ``cancel`` act for it alone.
Host       slow_host {seconds} · refuse_reversals {on} · lose_reversal {done}
Device     busy {on} · out_of_order {on} · wrong_amount {amount_minor, currency} · in_progress {n}
Power      power_off · power_on · power_cycle · power_cut {at: card, approved, recorded, reversing or reversed; stay_off}
Line       silent {on} · late {ms} · lose_answer · hang_answer · half {bytes} · double · garbage {bytes: hex} · noise
           http_error {status, done} · wrong_service_id; each but the first two for ``n`` answers, to ``message`` (a category) only
Any time   normal (ends every plan and fault) · state · reversals

``wrong_amount`` charges another amount than the one asked; the ledger says which. ``lose_reversal`` leaves one reversal
unanswered, done or not; ``http_error`` with ``done`` false comes before the terminal has heard of the request.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar, get_args

import msgspec
from msgspec import Meta, Struct

from hardware.nexo.sim_controls import Condition, Instant, Plan, Spoiling
from hardware.nexo.sim_requests import MOST_MINOR, Category
from hardware.sim_faults import Spoilt
from hardware.sim_manners import BadCommand

if TYPE_CHECKING:
    from hardware.nexo.simulator import SimulatedNexoTerminal

Options = dict[str, Any]
Action = Callable[["SimulatedNexoTerminal", Options], dict[str, Any] | None]
Read = TypeVar("Read", bound=Struct)
Seconds = Annotated[float, Meta(ge=0, le=600)]
Count = Annotated[int, Meta(ge=0, le=100)]


class Person(Struct, forbid_unknown_fields=True):
    """How a card holder acts."""

    delay_s: Seconds | None = None
    once: bool = False
    condition: Condition = "Refusal"


class Switch(Struct, forbid_unknown_fields=True):
    """On or off."""

    on: bool = True


class Wait(Struct, forbid_unknown_fields=True):
    """How long."""

    seconds: Seconds = 5.0
    ms: Annotated[int, Meta(ge=0, le=600_000)] = 500


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


class Cut(Struct, forbid_unknown_fields=True):
    """When the power goes."""

    at: Instant
    stay_off: bool = False


class Answers(Struct, forbid_unknown_fields=True):
    """Which answers, and what comes instead. ``bytes``: how many of them leave, or what they are (hex)."""

    n: Count = 1
    message: Category | None = None
    bytes: Annotated[int, Meta(ge=0, le=100_000)] | Annotated[str, Meta(max_length=8192)] | None = None
    status: Literal[400, 401, 403, 404, 408, 500, 502, 503, 504] = 500
    done: bool = True


def _read(options: Options, kind: type[Read]) -> Read:
    try:
        return msgspec.convert(options, kind)
    except msgspec.ValidationError as error:
        raise BadCommand(str(error)) from None


def _plan(plan: Plan) -> Action:
    def action(terminal: SimulatedNexoTerminal, options: Options) -> None:
        person, controls = _read(options, Person), terminal.controls
        if plan == "decline":
            controls.condition = person.condition
        if plan in {"decline", "cancel"} and controls.plan == "hold" and terminal.phase in {"card", "pin"}:
            controls.act_now = plan
            return
        controls.plan, controls.delay_s = plan, person.delay_s
        controls.one_payment, controls.act_now = person.once, None

    return action


def _card(terminal: SimulatedNexoTerminal, _options: Options) -> None:
    if terminal.phase != "card":
        raise BadCommand("no payment waits for a card")
    terminal.controls.act_now = "approve"


def _switch(fault: str) -> Action:
    def action(terminal: SimulatedNexoTerminal, options: Options) -> None:
        setattr(terminal.controls.faults, fault, _read(options, Switch).on)

    return action


def _late(terminal: SimulatedNexoTerminal, options: Options) -> None:
    terminal.controls.faults.late_s = _read(options, Wait).ms / 1000


def _slow_host(terminal: SimulatedNexoTerminal, options: Options) -> None:
    terminal.controls.host_s = _read(options, Wait).seconds


def _lose_reversal(terminal: SimulatedNexoTerminal, options: Options) -> None:
    terminal.controls.faults.lose_reversal = "done" if _read(options, Lost).done else "undone"


def _wrong_amount(terminal: SimulatedNexoTerminal, options: Options) -> None:
    charge = _read(options, Charge)
    if charge.amount_minor is None and charge.currency is None:
        raise BadCommand("wrong_amount needs amount_minor or currency")
    terminal.controls.wrong_amount, terminal.controls.wrong_currency = charge.amount_minor, charge.currency


def _in_progress(terminal: SimulatedNexoTerminal, options: Options) -> None:
    terminal.controls.faults.in_progress = _read(options, Times).n


def _power_cut(terminal: SimulatedNexoTerminal, options: Options) -> None:
    told = _read(options, Cut)
    terminal.controls.faults.cut_at, terminal.controls.faults.stay_off = told.at, told.stay_off


def _spoil(how: Spoiling) -> Action:
    def action(terminal: SimulatedNexoTerminal, options: Options) -> None:
        told = _read(options, Answers)
        raw = told.bytes if isinstance(told.bytes, str) else b'{"SaleToPOIResponse": \xff\x00'.hex()
        number = told.status if how == "http_error" else told.bytes if isinstance(told.bytes, int) else 40
        try:
            spoilt = Spoilt(how, told.message, number, bytes.fromhex(raw), how == "http_error" and not told.done)
        except ValueError:
            raise BadCommand(f"bytes must be hex, not {told.bytes!r}") from None
        terminal.controls.faults.spoil(spoilt, told.n)

    return action


def _power(deed: Callable[[SimulatedNexoTerminal], object]) -> Action:
    def action(terminal: SimulatedNexoTerminal, _options: Options) -> None:
        deed(terminal)

    return action


COMMANDS: dict[str, Action] = {
    **{plan: _plan(plan) for plan in get_args(Plan)},
    "card": _card,
    "slow_host": _slow_host,
    "refuse_reversals": _switch("refuse_reversals"),
    "lose_reversal": _lose_reversal,
    "busy": _switch("busy"),
    "out_of_order": _switch("out_of_order"),
    "wrong_amount": _wrong_amount,
    "in_progress": _in_progress,
    "power_off": _power(lambda terminal: terminal.power_off()),
    "power_on": _power(lambda terminal: terminal.power_on()),
    "power_cycle": _power(lambda terminal: terminal.power_cycle()),
    "power_cut": _power_cut,
    "silent": _switch("silent"),
    "late": _late,
    "lose_answer": _spoil("lost"),
    "hang_answer": _spoil("hangs"),
    "half": _spoil("half"),
    "double": _spoil("double"),
    "garbage": _spoil("garbage"),
    "noise": _spoil("noise"),
    "http_error": _spoil("http_error"),
    "wrong_service_id": _spoil("wrong_service_id"),
    "normal": _power(lambda terminal: terminal.controls.reset()),
    "state": lambda terminal, _options: terminal.state(),
    "reversals": lambda terminal, _options: {"reversals": terminal.memory.reversals()},
}
