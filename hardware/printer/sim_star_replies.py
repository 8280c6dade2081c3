"""The simulated Star printer's commands of status, presenter and identity, in their turn.

Source: Star Line Mode Command Specifications: ETB, ESC RS a, ESC RS E, ESC SYN 0 to 4, ESC GS ETX, ESC # *, ESC ? LF NUL.
"""

from __future__ import annotations

from hardware.printer.sim_star_machine import StarMachine
from hardware.printer.sim_star_orders import choice, order

PRINT_END_TOP = 256


@order(b"\x17")
def _document_end(machine: StarMachine) -> None:
    if machine.line:
        machine.feed(machine.style.spacing_rows)
    machine.ready()
    machine.end_document()


@order(b"\x1b\x1ea", 1)
def _automatic_status(machine: StarMachine) -> None:
    machine.report_from_now(choice(machine.byte()) & 1)


@order(b"\x1b\x1eE", 1)
def _forget_counter(machine: StarMachine) -> None:
    if choice(machine.byte()) == 0:
        machine.forget_counter()


@order(b"\x1b\x06\x01")
@order(b"\x1b\x06\x18")
def _heard_already(_machine: StarMachine) -> None:
    pass


@order(b"\x1b\x160", 1)
def _retract(machine: StarMachine) -> None:
    if machine.byte() == 0 and machine.presenter:
        with machine.inbox.bell:
            machine.presenter.retract()
            machine.feel_presenter()


@order(b"\x1b\x161", 1)
def _retract_later(machine: StarMachine) -> None:
    steps = machine.byte()
    if machine.presenter:
        machine.presenter.recover_after(steps)


@order(b"\x1b\x163", 1)
def _sheets(machine: StarMachine) -> None:
    n = machine.byte()
    if machine.presenter and choice(n) <= 1:
        machine.send(b"\x1b\x163" + bytes((n,)) + machine.presenter.counts[choice(n)].to_bytes(4, "big"))


@order(b"\x1b\x164", 1)
def _forget_sheets(machine: StarMachine) -> None:
    n = choice(machine.byte())
    if machine.presenter and n <= 1:
        machine.presenter.counts[n] = 0


@order(b"\x1b\x1d\x03", 3)
def _print_end(machine: StarMachine) -> None:
    """Answer with the count of print ends: s 0 as it is, 1 after printing and counting; 2 sets it back."""
    s, n1, n2 = machine.take(3)
    if not machine.model.process_id:
        machine.count_unknown(b"\x1b\x1d\x03", 3)
        return
    if s == 1:
        if machine.line:
            machine.feed(machine.style.spacing_rows)
        machine.ready()
        machine.print_ends = (machine.print_ends + 1) % PRINT_END_TOP
    elif s == 2:
        machine.print_ends = 0
    if s <= 1:
        machine.send(b"\x1b\x1d\x03" + bytes((s, n1, n2, machine.print_ends, 0)))


@order(b"\x1b#*\n\x00")
def _identify(machine: StarMachine) -> None:
    machine.send(b"\x1b#*," + machine.model.texts[0].encode("ascii") + b"\n\x00")


@order(b"\x1b?\n\x00")
def _reset(machine: StarMachine) -> None:
    machine.reset()
