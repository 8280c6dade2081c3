"""What the bench can tell the simulated register (``SimulatedFiscalRegister.do``).

Token      offline {on} · later {hours}: move the register's clock on · token_expired: the access token ends
Errors     internal_error {n, done} · queue {on} · printing {on}: documents are made and not printed
Power      power_off · power_on · power_cycle · power_cut {at: before or made; stay_off}
Line       silent {on} · late {ms} · lose_answer · hang_answer · half {bytes} · double · garbage · noise · http_error {status, done};
           each but the first two for ``n`` answers, to ``operation`` (a name of `sim_words.OPERATIONS`) only
Any time   normal (ends every fault but ``later``) · state

``lose_answer`` for "sale": the document is made and nobody hears of it. An ``http_error`` with ``done`` false comes before
the register has heard of the request. A power cut ends every fault of the line.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar

import msgspec
from msgspec import Meta, Struct

from hardware.fiscal.sim_controls import Instant
from hardware.fiscal.sim_words import CHECK_TYPES
from hardware.sim_faults import How, Spoilt
from hardware.sim_manners import BadCommand

if TYPE_CHECKING:
    from hardware.fiscal.simulator import SimulatedFiscalRegister

Options = dict[str, Any]
Action = Callable[["SimulatedFiscalRegister", Options], dict[str, Any] | None]
Read = TypeVar("Read", bound=Struct)
Count = Annotated[int, Meta(ge=0, le=100)]


class Switch(Struct, forbid_unknown_fields=True):
    """On or off."""

    on: bool = True


class Wait(Struct, forbid_unknown_fields=True):
    """How long."""

    ms: Annotated[int, Meta(ge=0, le=600_000)] = 500


class Later(Struct, forbid_unknown_fields=True):
    """How far the clock goes on."""

    hours: Annotated[float, Meta(ge=0, le=10_000)]


class Errors(Struct, forbid_unknown_fields=True):
    """How many requests fail inside, and whether they were done."""

    n: Count = 1
    done: bool = False


class Cut(Struct, forbid_unknown_fields=True):
    """When the power goes."""

    at: Instant
    stay_off: bool = False


class Answers(Struct, forbid_unknown_fields=True):
    """Which answers, and what comes instead."""

    n: Count = 1
    operation: str | None = None
    bytes: Annotated[int, Meta(ge=0, le=100_000)] = 40
    status: Literal[400, 401, 403, 404, 408, 500, 502, 503, 504] = 500
    done: bool = True


def _read(options: Options, kind: type[Read]) -> Read:
    try:
        return msgspec.convert(options, kind)
    except msgspec.ValidationError as error:
        raise BadCommand(str(error)) from None


def _switch(fault: str) -> Action:
    def action(register: SimulatedFiscalRegister, options: Options) -> None:
        setattr(register.controls.faults, fault, _read(options, Switch).on)

    return action


def _late(register: SimulatedFiscalRegister, options: Options) -> None:
    register.controls.faults.late_s = _read(options, Wait).ms / 1000


def _later(register: SimulatedFiscalRegister, options: Options) -> None:
    register.controls.later_hours += _read(options, Later).hours


def _internal_error(register: SimulatedFiscalRegister, options: Options) -> None:
    told, faults = _read(options, Errors), register.controls.faults
    faults.internal_errors, faults.after_doing = told.n, told.done


def _power_cut(register: SimulatedFiscalRegister, options: Options) -> None:
    told, faults = _read(options, Cut), register.controls.faults
    faults.cut_at, faults.stay_off = told.at, told.stay_off


def _spoil(how: How) -> Action:
    def action(register: SimulatedFiscalRegister, options: Options) -> None:
        told = _read(options, Answers)
        if told.operation is not None and told.operation not in CHECK_TYPES:
            raise BadCommand(f"unknown operation {told.operation!r}; known are {', '.join(CHECK_TYPES)}")
        number = told.status if how == "http_error" else told.bytes
        early = how == "http_error" and not told.done
        spoilt = Spoilt(how, told.operation, number, b'{"code": \xff\x00', early)
        register.controls.faults.spoil(spoilt, told.n)

    return action


def _act(deed: Callable[[SimulatedFiscalRegister], object]) -> Action:
    def action(register: SimulatedFiscalRegister, _options: Options) -> None:
        deed(register)

    return action


COMMANDS: dict[str, Action] = {
    "offline": _switch("offline"),
    "queue": _switch("queue"),
    "printing": _switch("printing"),
    "silent": _switch("silent"),
    "late": _late,
    "later": _later,
    "token_expired": _act(lambda register: register.expire_token()),
    "internal_error": _internal_error,
    "power_off": _act(lambda register: register.power_off()),
    "power_on": _act(lambda register: register.power_on()),
    "power_cycle": _act(lambda register: register.power_cycle()),
    "power_cut": _power_cut,
    "lose_answer": _spoil("lost"),
    "hang_answer": _spoil("hangs"),
    "half": _spoil("half"),
    "double": _spoil("double"),
    "garbage": _spoil("garbage"),
    "noise": _spoil("noise"),
    "http_error": _spoil("http_error"),
    "normal": _act(lambda register: register.make_well()),
    "state": lambda register, _options: register.state(),
}
