"""What the bench can tell the simulated terminal (``SimulatedTerminal.do``).

People     approve {delay_s, once} · decline {code: "05", delay_s, once} · cancel {delay_s, once} · hold · card
           ``hold`` lets each payment wait for a person; while one waits, ``card``, ``decline`` and ``cancel`` act for it alone.
Device     busy · out_of_order · refuse_repeat · refuse_batch · power_cycle · next_receipt {number} · wrong_amount {amount_minor, currency}
Line       silent · mute_after {message: "04 0F", times: 1, then: "silent"} · garbage {bytes: hex or a count} · noise {bytes: 3}
           late {ms} · lose_acks {n, side: "terminal" or "register"} · half {n} · corrupt {n} · double {n} · unplug · plug
Any time   normal (ends every plan and fault) · state

``mute_after`` swallows that message with all its repeats: as far as the terminal knows it was sent. ``wrong_amount`` charges
another amount than the one asked; the ledger says which. Over TCP nothing is acknowledged, damaged or doubled: there lose_acks,
corrupt and double do nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from hardware.sim_card_holder import Plan, show_card
from hardware.sim_manners import BadCommand
from hardware.terminal.sim_messages import CURRENCIES

if TYPE_CHECKING:
    from hardware.terminal.simulator import SimulatedTerminal

Options = dict[str, Any]
Action = Callable[["SimulatedTerminal", Options], dict[str, Any] | None]


def _whole(options: Options, name: str, default: int, *, most: int = 1_000_000) -> int:
    value = options.get(name, default)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= most:
        raise BadCommand(f"{name} must be a whole number from 0 to {most}, not {value!r}")
    return value


def _hex(value: object, name: str) -> bytes:
    try:
        return bytes.fromhex(value) if isinstance(value, str) else bytes(value)  # type: ignore[call-overload]
    except (TypeError, ValueError):
        raise BadCommand(f"{name} must be hex bytes, not {value!r}") from None


def _plan(plan: Plan) -> Action:
    def action(terminal: SimulatedTerminal, options: Options) -> None:
        controls = terminal.controls
        if plan == "decline":
            code = _hex(options.get("code", "05"), "code")
            if len(code) != 1 or code == b"\0":
                raise BadCommand("code must be one byte in hex, 01 to FF")
            controls.decline_code = code[0]
        delay_s = options.get("delay_s")
        if delay_s is not None and (not isinstance(delay_s, int | float) or not 0 <= delay_s <= 600):
            raise BadCommand(f"delay_s must be 0 to 600, not {delay_s!r}")
        controls.tell(plan, delay_s, once=bool(options.get("once")), phase=terminal.phase)

    return action


def _switch(fault: str) -> Action:
    def action(terminal: SimulatedTerminal, options: Options) -> None:
        setattr(terminal.controls.faults, fault, bool(options.get("on", True)))

    return action


def _count(fault: str) -> Action:
    def action(terminal: SimulatedTerminal, options: Options) -> None:
        setattr(terminal.controls.faults, fault, _whole(options, "n", 1))

    return action


def _mute_after(terminal: SimulatedTerminal, options: Options) -> None:
    control = _hex(options.get("message"), "message")
    if len(control) != 2:
        raise BadCommand('message must be a control field, as "04 0F"')
    faults = terminal.controls.faults
    faults.muted[control] = _whole(options, "times", 1)
    faults.silent_after_mute = options.get("then") == "silent"


def _wrong_amount(terminal: SimulatedTerminal, options: Options) -> None:
    currency = options.get("currency")
    if currency not in {None, *CURRENCIES}:
        raise BadCommand(f"currency must be one of {', '.join(CURRENCIES)}")
    if currency is None or "amount_minor" in options:
        terminal.controls.wrong_amount = _whole(options, "amount_minor", 99_999)
    terminal.controls.wrong_currency = currency


def _garbage(terminal: SimulatedTerminal, options: Options) -> None:
    told = options.get("bytes", 16)
    raw = (
        terminal.controls.faults.noise(_whole(options, "bytes", 16, most=4096))
        if isinstance(told, int)
        else _hex(told, "bytes")
    )
    wire = terminal.wire
    terminal.at_the_wire(lambda: wire.write(raw))


def _noise(terminal: SimulatedTerminal, options: Options) -> None:
    terminal.controls.faults.noise_bytes = _whole(options, "bytes", 3, most=4096)


def _late(terminal: SimulatedTerminal, options: Options) -> None:
    terminal.controls.faults.late_s = _whole(options, "ms", 500) / 1000


def _lose_acks(terminal: SimulatedTerminal, options: Options) -> None:
    side = options.get("side", "terminal")
    if side not in {"terminal", "register"}:
        raise BadCommand('side must be "terminal" or "register"')
    fault = "lose_own_acks" if side == "terminal" else "lose_their_acks"
    setattr(terminal.controls.faults, fault, _whole(options, "n", 1))


def _next_receipt(terminal: SimulatedTerminal, options: Options) -> None:
    number = _whole(options, "number", 1, most=9999)
    if number == 0:
        raise BadCommand("number must be 1 to 9999")
    terminal.memory.set_next_receipt(number)


def _normal(terminal: SimulatedTerminal, _options: Options) -> None:
    terminal.controls.reset()
    if terminal.phase != "off" and not terminal.wire.plugged:
        terminal.at_the_wire(terminal.wire.plug)


COMMANDS: dict[str, Action] = {
    "approve": _plan("approve"),
    "decline": _plan("decline"),
    "cancel": _plan("cancel"),
    "hold": _plan("hold"),
    "card": show_card,
    "silent": _switch("silent"),
    "busy": _switch("busy"),
    "out_of_order": _switch("out_of_order"),
    "refuse_repeat": _switch("refuse_repeat"),
    "refuse_batch": _switch("refuse_batch"),
    "mute_after": _mute_after,
    "wrong_amount": _wrong_amount,
    "garbage": _garbage,
    "noise": _noise,
    "late": _late,
    "lose_acks": _lose_acks,
    "half": _count("half"),
    "corrupt": _count("corrupt"),
    "double": _count("double"),
    "next_receipt": _next_receipt,
    "unplug": lambda terminal, _options: terminal.at_the_wire(terminal.wire.unplug),
    "plug": lambda terminal, _options: terminal.at_the_wire(terminal.wire.plug),
    "power_cycle": lambda terminal, _options: terminal.power_cycle(),
    "normal": _normal,
    "state": lambda terminal, _options: terminal.state(),
}
