"""What CCNET frames say: orders, states, the table of notes. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum

from msgspec import Struct

from kiosk.domain.faults import ProtocolError

ACK, NAK, ILLEGAL = b"\x00", b"\xff", b"\x30"


class Order(IntEnum):
    """What the kiosk asks of the validator."""

    RESET = 0x30
    GET_STATUS = 0x31
    SET_SECURITY = 0x32
    POLL = 0x33
    ENABLE_BILL_TYPES = 0x34
    STACK = 0x35
    RETURN = 0x36
    IDENTIFICATION = 0x37
    HOLD = 0x38
    GET_BILL_TABLE = 0x41
    GET_CRC32 = 0x51
    STATISTICS = 0x60


class State(IntEnum):
    """What the validator answers to POLL."""

    POWER_UP = 0x10
    POWER_UP_BILL_IN_VALIDATOR = 0x11
    POWER_UP_BILL_IN_STACKER = 0x12
    INITIALISE = 0x13
    IDLING = 0x14
    ACCEPTING = 0x15
    STACKING = 0x17
    RETURNING = 0x18
    DISABLED = 0x19
    HOLDING = 0x1A
    BUSY = 0x1B
    REJECTING = 0x1C
    CASSETTE_FULL = 0x41
    CASSETTE_REMOVED = 0x42
    VALIDATOR_JAMMED = 0x43
    CASSETTE_JAMMED = 0x44
    CHEATED = 0x45
    PAUSE = 0x46
    FAILURE = 0x47
    ESCROW = 0x80
    STACKED = 0x81
    RETURNED = 0x82


TROUBLES = {
    State.CASSETTE_FULL: "cash_full",
    State.CASSETTE_REMOVED: "cash_removed",
    State.VALIDATOR_JAMMED: "jammed",
    State.CASSETTE_JAMMED: "jammed",
    State.CHEATED: "cheated",
    State.FAILURE: "failed",
}
"""States in which nothing is accepted until somebody has come → the fault's reason."""
POWER_UPS = (State.POWER_UP, State.POWER_UP_BILL_IN_VALIDATOR, State.POWER_UP_BILL_IN_STACKER)

TABLE_ENTRIES, TABLE_BYTES = 24, 120
IDENTIFICATION_BYTES = 34
KNOWN_MANAT = frozenset((1, 5, 10, 20, 50, 100, 200))
MINOR_PER_MANAT = 100


class Told(Struct, frozen=True):
    """An answer to POLL: the state, and its byte (bill type of 80/81/82, reason of 1C, code of 47, tenths of a second of 1B)."""

    state: State
    detail: int | None = None

    def __str__(self) -> str:
        return f"{self.state:02X}" + ("" if self.detail is None else f" {self.detail:02X}")


class Identification(Struct, frozen=True):
    """Who the validator says it is."""

    part: str
    serial: str


def parse_told(data: bytes) -> Told:
    """Parse an answer to POLL. ProtocolError for a state there is none of."""
    if not data or data[0] not in State.__members__.values():
        raise ProtocolError(f"the validator told {data[:8].hex(' ') or 'nothing'}, which is no state")
    return Told(State(data[0]), data[1] if len(data) > 1 else None)


def parse_table(data: bytes, currencies: Iterable[str]) -> dict[int, int]:
    """Parse the table of notes: bill type → value in minor units. ProtocolError for a note that Azerbaijan does not have.

    An entry is a leading digit, three letters and an exponent (its highest bit: a decimal point); digit 0 or BAR is no note.
    """
    if len(data) != TABLE_BYTES:
        raise ProtocolError(f"expected a table of {TABLE_BYTES} bytes, got {len(data)}")
    table: dict[int, int] = {}
    for kind in range(TABLE_ENTRIES):
        digit, code, exponent = data[kind * 5], data[kind * 5 + 1 : kind * 5 + 4], data[kind * 5 + 4]
        name = code.decode("ascii", "replace")
        if digit == 0 or name == "BAR" or name not in currencies:
            continue
        value = 0 if exponent & 0x80 or exponent > 4 else digit * 10**exponent
        if value not in KNOWN_MANAT:
            raise ProtocolError(
                f"bill type {kind} is {digit} {name} exponent {exponent:02X}: no such note", "wrong_currency"
            )
        table[kind] = value * MINOR_PER_MANAT
    return table


def parse_identification(data: bytes) -> Identification:
    """Parse who it is: 15 characters of part number, 12 of serial number, 7 bytes of asset number."""
    if len(data) < IDENTIFICATION_BYTES:
        raise ProtocolError(f"expected {IDENTIFICATION_BYTES} bytes of identification, got {len(data)}")
    return Identification(data[:15].decode("ascii", "replace").strip(), data[15:27].decode("ascii", "replace").strip())


def enable(kinds: Iterable[int]) -> bytes:
    """Return the order that accepts these bill types, all of them with escrow: without it a note is stacked unasked.

    Three bytes what is accepted, three what is held in escrow, each big-endian: bill type 0 is the lowest bit of the third byte.
    """
    mask = sum(1 << kind for kind in set(kinds)).to_bytes(3, "big")
    return bytes((Order.ENABLE_BILL_TYPES,)) + mask + mask
