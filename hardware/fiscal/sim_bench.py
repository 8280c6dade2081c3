"""What the bench can tell the simulated register (``SimulatedFiscalRegister.do``).

Token      offline {on} · later {hours}: move the register's clock on · token_expired: the access token ends
Errors     internal_error {n, done} · queue {on} · printing {on}: documents are made and not printed
Power      as `hardware.sim_bench` says; ``power_cut`` at before or made
Line       as `hardware.sim_bench` says; to ``operation`` (a name of `sim_words.OPERATIONS`) only
Any time   normal (ends every fault but ``later``) · state

``lose_answer`` for "sale": the document is made and nobody hears of it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

from msgspec import Meta, Struct

from hardware.fiscal.sim_controls import Instant
from hardware.fiscal.sim_words import CHECK_TYPES
from hardware.sim_bench import COMMON, HALF_BYTES, SPOILING, Answers, Bytes, Count, Cut, act, power_cut, switch
from hardware.sim_faults import How
from hardware.sim_manners import BadCommand, Command, read

if TYPE_CHECKING:
    from hardware.fiscal.simulator import SimulatedFiscalRegister

Action = Callable[["SimulatedFiscalRegister", Command], dict[str, Any] | None]
GARBAGE = b'{"code": \xff\x00'


class Later(Struct, forbid_unknown_fields=True):
    """How far the clock goes on."""

    hours: Annotated[float, Meta(ge=0, le=10_000)]


class Errors(Struct, forbid_unknown_fields=True):
    """How many requests fail inside, and whether they were done."""

    n: Count = 1
    done: bool = False


class Operations(Answers):
    """To which operations, and ``bytes``: how many of an answer leave."""

    operation: str | None = None
    bytes: Bytes = HALF_BYTES


def _later(register: SimulatedFiscalRegister, options: Command) -> None:
    register.controls.later_hours += read(options, Later).hours


def _internal_error(register: SimulatedFiscalRegister, options: Command) -> None:
    told, faults = read(options, Errors), register.controls.faults
    faults.internal_errors, faults.after_doing = told.n, told.done


def _spoil(how: How) -> Action:
    def action(register: SimulatedFiscalRegister, options: Command) -> None:
        told = read(options, Operations)
        if told.operation is not None and told.operation not in CHECK_TYPES:
            raise BadCommand(f"unknown operation {told.operation!r}; known are {', '.join(CHECK_TYPES)}")
        register.controls.faults.spoil(told.spoilt(how, told.operation, told.bytes, GARBAGE), told.n)

    return action


COMMANDS: dict[str, Action] = {
    **COMMON,
    "offline": switch("offline"),
    "queue": switch("queue"),
    "printing": switch("printing"),
    "later": _later,
    "token_expired": act(lambda register: register.expire_token()),
    "internal_error": _internal_error,
    "power_cut": power_cut(Cut[Instant]),
    **{command: _spoil(how) for command, how in SPOILING.items()},
    "normal": act(lambda register: register.make_well()),
    "state": lambda register, _options: register.state(),
}
