"""The slot as a terminal sees it: waiting for cards, and sending APDUs to them through the real service."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from smartcard import scard

from hardware.card.virtual_reader import VirtualReader
from tests.hardware.card.little_reader import LittleReader, Transmit


def wait_for(context: int, reader: VirtualReader, *, present: bool) -> float:
    """Wait for a card, or for an empty slot; return how long it took."""
    start, state = time.monotonic(), scard.SCARD_STATE_UNAWARE
    while time.monotonic() < start + 3:
        result, states = scard.SCardGetStatusChange(context, 3000, [(reader.reader_name, state)])
        assert result == scard.SCARD_S_SUCCESS
        state = states[0][1]
        if bool(state & scard.SCARD_STATE_PRESENT) == present:
            return time.monotonic() - start
    raise AssertionError(f"present={present} was not seen")


@contextmanager
def wire(context: int, reader: VirtualReader) -> Iterator[Transmit]:
    """Give a way to send APDUs to the card in the slot; a failed exchange raises ConnectionError."""
    wait_for(context, reader, present=True)
    result, card, protocol = scard.SCardConnect(
        context, reader.reader_name, scard.SCARD_SHARE_EXCLUSIVE, scard.SCARD_PROTOCOL_ANY
    )
    assert result == scard.SCARD_S_SUCCESS
    assert protocol == scard.SCARD_PROTOCOL_T1

    def transmit(apdu: bytes) -> bytes:
        result, answer = scard.SCardTransmit(card, scard.SCARD_PCI_T1, list(apdu))
        if result != scard.SCARD_S_SUCCESS or len(answer) < 2:  # a card gone while it worked: success, and no answer
            raise ConnectionError(scard.SCardGetErrorMessage(result))
        return bytes(answer)

    try:
        yield transmit
    finally:
        scard.SCardDisconnect(card, scard.SCARD_RESET_CARD)


@contextmanager
def connection(context: int, reader: VirtualReader) -> Iterator[LittleReader]:
    """Talk to the card in the slot with the little reader."""
    with wire(context, reader) as transmit:
        yield LittleReader(transmit)
