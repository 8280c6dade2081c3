"""What the tests of the card driver have in common: a hand, a clock, and whom the example card names."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from msgspec.structs import replace

from hardware.card.driver import CardSettings, PcscCardReader
from hardware.card.simulator import SimulatedCardReader
from kiosk.domain.citizen import Citizen
from kiosk.domain.secret import Secret
from kiosk.domain.signals import CardRefusal

BY_ZONE = Citizen(
    document_number="AA0000001",
    personal_number="7ABC1D2",
    surname="MAMMADOVA",
    given_names="AYGUN",
    birth_date="1990-01-01",
    sex="F",
    expiry_date="2030-01-01",
    nationality="AZE",
    issuing_state="AZE",
)
"""The holder as the machine readable zone has it."""
AYGUN = replace(BY_ZONE, surname="Məmmədova", given_names="Aygün")
"""The holder as EF.DG11 has it: with all letters of the name."""
CAN = Secret("123456")
QUICK = CardSettings(reader="virtual pcd 00 00", transmit_timeout_s=0.6, read_timeout_s=5.0, settle_s=0.3)


def present(simulator: SimulatedCardReader, reader: PcscCardReader, name: str = "aygun") -> None:
    do(simulator, do="insert", card=name)
    assert reader.wait_for_card(3.0)


def do(simulator: SimulatedCardReader, **command: Any) -> None:
    answer = simulator.do(command)
    assert answer["ok"], answer


def refusal(result: Citizen | CardRefusal) -> str:
    assert isinstance(result, CardRefusal), "a citizen was read"
    return result.reason


@contextmanager
def later(action: Callable[[], Any], delay_s: float) -> Iterator[None]:
    """Do something in another thread a little later; it has happened when the block is left."""
    timer = threading.Timer(delay_s, action)
    timer.start()
    try:
        yield
    finally:
        timer.join()


def wait_until(reached: Callable[[], bool], timeout_s: float = 3.0) -> None:
    give_up = time.monotonic() + timeout_s
    while not reached():
        assert time.monotonic() < give_up, "it did not come to that"
        time.sleep(0.001)
