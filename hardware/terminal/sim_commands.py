"""The register's commands and what the terminal does about each (PA00P015 rev. 13.08, chapter 2)."""

from __future__ import annotations

from collections.abc import Callable

from hardware.terminal import sim_messages as messages
from hardware.terminal.sim_codec import CARD_DATA, CONTAINER, Malformed, data_of, fields
from hardware.terminal.sim_device import Device
from hardware.terminal.sim_messages import Session
from hardware.terminal.sim_payment import Payment, Request, prints_taken, reverse

READY, WAIT, OUT_OF_ORDER = 0x00, 0x9C, 0xDF
STATUS_ENQUIRY, REGISTRATION = bytes.fromhex("0501"), bytes.fromhex("0600")
TELL_OUTCOME, NO_PRINT = 0x01, 0x02


def obey(device: Device, command: bytes) -> None:
    """Do one command of the register to its end. Raises LinkLost when the register is gone."""
    faults = device.controls.faults
    control = command[:2]
    handler = HANDLERS.get(control)
    if faults.busy and control != STATUS_ENQUIRY:
        device.reply(messages.PLEASE_WAIT)
    elif handler is None or (faults.out_of_order and control not in {STATUS_ENQUIRY, REGISTRATION}):
        device.reply(messages.NOT_POSSIBLE)
    else:
        _try(handler, device, command)


def _try(handler: Callable[[Device, bytes], None], device: Device, command: bytes) -> None:
    """Run a handler; it reads everything before it replies, so that a malformed command is refused."""
    try:
        handler(device, data_of(command))
    except Malformed:
        device.reply(messages.PROTOCOL_ERROR)


def _register(device: Device, data: bytes) -> None:
    """06 00: password, config byte [currency [03 service byte] [06 TLV]]. Only AZN is spoken here (2.1)."""
    if len(data) < 4:
        raise Malformed(f"a registration of {len(data)} bytes")
    session = Session(registered=True, config=data[3], currency_told=len(data) >= 6)
    found = fields(data[6:])
    if CONTAINER in found:
        session.learn(found[CONTAINER])
    if data[:3] != messages.PASSWORD:
        device.reply(messages.NOT_POSSIBLE)
    elif session.currency_told and data[4:6] != messages.currency_code(messages.OWN_CURRENCY):
        device.reply(messages.refusal("84 1E", messages.WRONG_CURRENCY, currency=True))
    else:
        device.session = session
        device.reply(messages.POSITIVE)
        device.complete(messages.registered(session))


def _log_off(device: Device, _data: bytes) -> None:
    """06 02: the config byte becomes 86 and TLV ends (2.24); no completion."""
    device.session = Session(config=0x86)
    device.reply(messages.POSITIVE)


def _status(device: Device, data: bytes) -> None:
    """05 01: [password [03 service byte] [06 TLV]] (2.56)."""
    service = fields(data[3:]).get(0x03, b"\x00")[0]
    if data and not _password_right(device, data):
        return
    faults = device.controls.faults
    code = OUT_OF_ORDER if faults.out_of_order else WAIT if faults.busy else READY
    device.reply(messages.POSITIVE)
    device.complete(messages.status(code, service, tlv_active=device.session.tlv))


def _authorise(device: Device, data: bytes) -> None:
    """06 01 (2.2). Card data from the register is refused: cards are read here only."""
    request = Request.read(data)
    if CARD_DATA & fields(data).keys():
        device.reply(messages.NO_CARD_DATA)
        return
    Payment(device, request).run()


def _abort(device: Device, _data: bytes) -> None:
    """06 B0 with nothing to abort: taken, and that is all (2.23)."""
    device.reply(messages.POSITIVE)


def _reverse(device: Device, data: bytes) -> None:
    if _password_right(device, data):
        reverse(device, data)


def _repeat_receipt(device: Device, data: bytes) -> None:
    """06 20: password [03 service byte]: tell and print the last transaction executed (2.20).

    With nothing to tell of it ends at once by 06 0F, for the manual knows no other end.
    """
    service = fields(data[3:]).get(0x03, b"\x00")[0]
    if not _password_right(device, data):
        return
    device.reply(messages.POSITIVE)
    if device.controls.faults.refuse_repeat:
        device.complete(messages.refusal("06 1E", messages.IMPOSSIBLE))
        return
    deed = device.ledger.last()
    if deed and service & TELL_OUTCOME:
        original = device.ledger.by_id(deed.sale).trace if deed.sale else None
        device.ask(messages.outcome(deed, original, device.session))
    if deed and not service & NO_PRINT:
        prints_taken(device, deed)
    device.complete(messages.COMPLETION)


def _end_of_day(device: Device, data: bytes) -> None:
    """06 50: tell the totals of the batch; once they are acknowledged, begin a new one (2.16)."""
    if not _password_right(device, data):
        return
    device.reply(messages.POSITIVE)
    if device.controls.faults.refuse_batch:
        device.ask(messages.failed(messages.ACQUIRER_AWAY))
        device.complete(messages.refusal("06 1E", messages.ACQUIRER_AWAY))
        return
    totals = messages.day_end(device.ledger.open_batch(), device.ledger.next_numbers().trace, device.clock())
    if device.ask(totals) is None:
        device.complete(messages.refusal("06 1E", messages.ABORTED))
        return
    device.ledger.close_batch()
    device.complete(messages.COMPLETION)


def _nothing_to_do(device: Device, _data: bytes) -> None:
    """06 70 and 06 93: diagnosis and initialisation find all well."""
    device.reply(messages.POSITIVE)
    device.complete(messages.COMPLETION)


def _password_right(device: Device, data: bytes) -> bool:
    """Check the password that leads the data, and refuse if it is wrong (the code is ours; the manual names none)."""
    if len(data) < 3:
        raise Malformed("no password")
    if data[:3] != messages.PASSWORD:
        device.reply(messages.NOT_POSSIBLE)
        return False
    return True


HANDLERS: dict[bytes, Callable[[Device, bytes], None]] = {
    STATUS_ENQUIRY: _status,
    REGISTRATION: _register,
    bytes.fromhex("0601"): _authorise,
    bytes.fromhex("0602"): _log_off,
    bytes.fromhex("0620"): _repeat_receipt,
    bytes.fromhex("0630"): _reverse,
    bytes.fromhex("0650"): _end_of_day,
    bytes.fromhex("0670"): _nothing_to_do,
    bytes.fromhex("0693"): _nothing_to_do,
    bytes.fromhex("06B0"): _abort,
}
