"""A card that only plays back, and one that is recorded: what carrying APDUs costs, without anybody's cryptography.

The one that plays back takes as long over each answer as the chip took: a line that rests for a moment wakes slower, whoever
speaks on it, and a playback without pauses would have a faster line than any card.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from smartcard import scard

from hardware.card.sim_chip import Chip
from hardware.card.sim_memory import Session
from hardware.card.sim_slot import AnyChip, Faults, InsertedCard
from hardware.card.virtual_reader import VirtualReader

Pair = tuple[bytes, bytes]
"""A command APDU and its response."""

APPEARS_S, LOOK_S = 5.0, 0.05


class Recorded:
    """A chip whose dialogue since its power-up is kept, and how long it thought about it."""

    def __init__(self, chip: Chip) -> None:
        self._chip = chip
        self.pairs: list[Pair] = []
        self.thoughts_ms: list[float] = []
        self.working_s = 0.0

    @property
    def session(self) -> Session:
        """What the chip saw."""
        return self._chip.session

    @property
    def atr(self) -> bytes:
        """The chip's own."""
        return self._chip.atr

    def reset(self) -> None:
        """Power on; a reset that ends a dialogue leaves it to be looked at."""
        self._chip.reset()

    def process(self, apdu: bytes) -> bytes:
        """Answer, and keep it."""
        began = time.perf_counter()
        answer = self._chip.process(apdu)
        self.thoughts_ms.append((time.perf_counter() - began) * 1000)
        self.pairs.append((apdu, answer))
        return answer

    def forget(self) -> None:
        """Begin anew."""
        self.pairs, self.thoughts_ms = [], []


class Playback:
    """Answers what was answered before, in its order, whatever it is asked, and takes as long over each as it is told to."""

    working_s = 0.0

    def __init__(self, atr: bytes, pairs: list[Pair]) -> None:
        self.atr, self._answers, self._next = atr, [answer for _, answer in pairs], 0
        self.session = Session("playback")
        self.thoughts_ms = [0.0] * len(pairs)
        self.thought_ms = 0.0

    def reset(self) -> None:
        """Begin anew."""
        self._next = 0

    def process(self, _: bytes) -> bytes:
        """Answer, when the time is up; like the chip it is busy until then."""
        began = time.perf_counter()
        answer, until = self._answers[self._next], began + self.thoughts_ms[self._next] / 1000
        self._next += 1
        while time.perf_counter() < until:
            pass
        self.thought_ms += (time.perf_counter() - began) * 1000
        return answer


@contextmanager
def lying_in(reader: VirtualReader, slot: int, chip: AnyChip) -> Iterator[str]:
    """Let a card lie in one of vpcd's two slots until pcscd has seen it go; the slot's name."""
    name = f"{reader.reader_name[:-1]}{slot}"
    card = InsertedCard("bench", chip, ("127.0.0.1", reader.port + slot), Faults(), Faults(), lambda _: None)
    wait_for(name, present=True)
    try:
        yield name
    finally:
        card.take_out()
        wait_for(name, present=False)


def wait_for(reader: str, *, present: bool) -> None:
    """Wait until pcscd sees a card, or none. TimeoutError."""
    _, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
    try:
        deadline = time.monotonic() + APPEARS_S
        while time.monotonic() < deadline:
            _, states = scard.SCardGetStatusChange(context, 0, [(reader, scard.SCARD_STATE_UNAWARE)])
            if bool(states[0][1] & scard.SCARD_STATE_PRESENT) == present:
                return
            time.sleep(LOOK_S)
        raise TimeoutError(f"pcscd does not see the card {'come' if present else 'go'}")
    finally:
        scard.SCardReleaseContext(context)


def replay(reader: str, commands: list[list[int]]) -> None:
    """Do what a driver must do at least: connect, send the same commands, reset and let go. RuntimeError."""
    _, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
    result, card, _ = scard.SCardConnect(
        context, reader, scard.SCARD_SHARE_EXCLUSIVE, scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1
    )
    for command in commands:
        result, answer = scard.SCardTransmit(card, scard.SCARD_PCI_T1, command)
        if result or len(answer) < 2:
            raise RuntimeError(f"transmit: {result:08X}")
    scard.SCardDisconnect(card, scard.SCARD_RESET_CARD)
    scard.SCardReleaseContext(context)
