"""The simulated printer's answers: in their turn (GS r, GS a, GS I, GS ( H) and in real time (DLE).

Source: Epson ESC/POS reference, status commands and real-time commands.
"""

from __future__ import annotations

from hardware.printer.sim_inbox import CLEAR_BUFFER
from hardware.printer.sim_machine import Machine
from hardware.printer.sim_orders import order
from hardware.printer.sim_presenter import EJECT, PRESENT, RETRACT, TELL, full_status
from hardware.printer.sim_sensors import paper_status, real_time_status

FULL_STATUS = b"\x10\x04\x14"
PRINTER_IDS = {1: 0x20, 2: 0x02, 3: 0x01}


@order(b"\x1dr")
def _status(machine: Machine) -> None:
    n = machine.byte()
    machine.ready()
    if n in {1, 49}:
        machine.send(paper_status(machine.mechanism.sensors))
    elif n in {2, 50}:
        machine.send(b"\x00")
    else:
        machine.count_unknown(bytes((0x1D, 0x72, n)))


@order(b"\x1da")
def _automatic_status(machine: Machine) -> None:
    n = machine.byte()
    if machine.model.auto_status:
        machine.report_from_now(n)
    else:
        machine.count_unknown(bytes((0x1D, 0x61, n)))


@order(b"\x1dI")
def _identify(machine: Machine) -> None:
    n = machine.byte()
    machine.ready()
    if not machine.model.identifies:
        machine.count_unknown(bytes((0x1D, 0x49, n)))
    elif n in machine.model.texts:
        machine.send(b"\x5f" + machine.model.texts[n].encode("ascii") + b"\x00")
    elif n & 0x0F in PRINTER_IDS and n < 52:
        machine.send(bytes((PRINTER_IDS[n & 0x0F],)))
    else:
        machine.count_unknown(bytes((0x1D, 0x49, n)))


@order(b"\x1d(H")
def _request_response(machine: Machine) -> None:
    size = machine.word()
    block = machine.take(size)
    machine.ready()
    if machine.model.process_id and size == 6 and block[:2] == b"00" and all(0x20 <= d <= 0x7E for d in block[2:]):
        machine.send(b"\x37\x22" + block[2:] + b"\x00")
    elif machine.model.process_id and size == 3 and block[:2] == b"10" and block[2] & 0x0F <= 2:
        machine.offline_response = block[2] & 0x0F
    else:
        machine.count_unknown(b"\x1d(H", 2 + size)


@order(b"\x1d(")
def _function_group(machine: Machine) -> None:
    """Find the function group; swallow one that this printer does not have, as its length is in the command."""
    name = b"\x1d(" + machine.take(1)
    if name in machine.orders:
        machine.orders[name](machine)
        return
    size = machine.word()
    machine.take(size)
    machine.count_unknown(name, 2 + size)


@order(b"\x1de")
def _presenter(machine: Machine) -> None:
    n = machine.byte()
    steps = machine.byte() if n == PRESENT else 0
    machine.ready()
    presenter = machine.mechanism.presenter
    if not machine.model.presents:
        machine.count_unknown(bytes((0x1D, 0x65, n)), int(n == PRESENT))
    elif n == PRESENT and steps:
        presenter.hold_out()
    elif n == RETRACT:
        presenter.retract()
    elif n == EJECT:
        presenter.eject()
    elif n == TELL:
        held = presenter.inside is not None
        machine.send(bytes((held << 2 | presenter.held_out << 3 | presenter.stuck << 7,)))


def real_time(machine: Machine, command: bytes) -> None:
    """Execute a real-time command the moment it is heard. DLE ENQ does nothing but after a recoverable error."""
    mechanism = machine.mechanism
    if command == FULL_STATUS:
        if machine.model.presents:
            machine.send(full_status(mechanism.sensors, mechanism.presenter))
    elif command[1] == 0x04:
        machine.send(real_time_status(command[2], mechanism.sensors))
    elif command == CLEAR_BUFFER:
        if machine.model.clears_buffer:
            machine.inbox.clear()
            mechanism.recover()
            machine.send(b"\x37\x25\x00")
    elif mechanism.sensors.cutter_error:
        if command[2] == 2:
            machine.inbox.clear()
        mechanism.recover()
