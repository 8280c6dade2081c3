"""A process that reads cards with the real driver and then searches its own memory for what it must have forgotten.

One JSON object per line, each way. To it: {"key": …, "mrz": bool, "keep": bool, "canaries": {name: …}}, what is secret masked
and in hex, so that what is looked for is nowhere in this process but where the driver put it. From it: {"outcome": …, "keys":
how many there were, "found": [names]}. The keys, which nobody can know before, it masks as they are made, and
looks for them too. Cards are read in a thread of their own, which stays, as the kiosk does it: memory of another thread is another
part of the heap. Nothing is left to the collector of cycles, which comes when it likes. "keep": do not let the citizen go, to show that the search finds what is there.
"""

from __future__ import annotations

import ctypes
import gc
import json
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from hardware.card import cipher, secure_messaging
from hardware.card.driver import CardSettings, PcscCardReader, open_driver
from kiosk.domain.access_key import MrzKey
from kiosk.domain.citizen import Citizen
from kiosk.domain.secret import Secret

MASK = 0x5A
_TURN = bytes(octet ^ MASK for octet in range(256))
_CHUNK_BYTES = 1 << 20
_OVERLAP_BYTES = 256

_keys: list[bytes] = []
_kept: list[object] = []


def masked(data: bytes | bytearray) -> bytes:
    """Return every byte turned."""
    return bytes(data.translate(_TURN))


def remember_keys() -> None:
    """Keep a masked copy of every session's keys, of what they are derived from, and of the key of the password."""
    begin, derive = secure_messaging.SecureMessaging.__init__, cipher.derive

    def begin_and_remember(
        self: Any, encryption_key: bytearray, mac_key: bytearray, *more: Any, **by_name: Any
    ) -> None:
        _keys.extend((masked(encryption_key), masked(mac_key)))
        begin(self, encryption_key, mac_key, *more, **by_name)

    def derive_and_remember(secret: bytes | bytearray, counter: int, key_bytes: int) -> bytearray:
        derived = derive(secret, counter, key_bytes)
        _keys.extend((masked(secret), masked(derived)))
        return derived

    secure_messaging.SecureMessaging.__init__ = begin_and_remember  # type: ignore[method-assign]
    cipher.derive = derive_and_remember


class Memory:
    """This process's writable memory, but for the buffer into which it is read."""

    def __init__(self) -> None:
        self._buffer = bytearray(_CHUNK_BYTES)
        self._own = ctypes.addressof(ctypes.c_char.from_buffer(self._buffer))

    def find(self, patterns: dict[str, bytes]) -> list[str]:
        """Return the names of the masked patterns that stand somewhere in plain."""
        found: set[str] = set()
        ranges = [line.split() for line in Path("/proc/self/maps").read_text("ascii").splitlines()]
        handle = os.open("/proc/self/mem", os.O_RDONLY)
        try:
            for fields in ranges:
                if fields[1].startswith("rw"):
                    start, end = (int(edge, 16) for edge in fields[0].split("-"))
                    self._search(handle, start, end, patterns, found)
        finally:
            os.close(handle)
        self._buffer[:] = bytes(_CHUNK_BYTES)
        return sorted(found)

    def _search(self, handle: int, start: int, end: int, patterns: dict[str, bytes], found: set[str]) -> None:
        place = start
        while place < end:
            edge = min(end, place + _CHUNK_BYTES)
            if place < self._own < edge:
                edge = self._own
            elif self._own <= place < self._own + _CHUNK_BYTES:
                place = self._own + _CHUNK_BYTES
                continue
            try:
                count = os.preadv(handle, [memoryview(self._buffer)[: edge - place]], place)
            except OSError:  # a guard page, or a mapping that went
                return
            if not count:
                return
            turned = self._buffer[:count].translate(_TURN)
            found.update(name for name, pattern in patterns.items() if pattern in turned)
            place += count
            if count == _CHUNK_BYTES:
                place -= _OVERLAP_BYTES


def read_one(driver: PcscCardReader, order: dict[str, Any]) -> str:
    """Read the card that comes next; return what became of it, and let everything go but what is to be kept."""
    plain = bytearray(bytes.fromhex(order["key"])).translate(_TURN)
    key = MrzKey(*plain.decode().split("/")) if order["mrz"] else Secret(plain.decode())
    plain[:] = bytes(len(plain))
    try:
        assert driver.wait_for_card(10.0)
        result = driver.read_citizen(key)
        _kept[:] = [result] if order["keep"] else []
        return f"citizen, {result.proof.level}" if isinstance(result, Citizen) else result.reason
    finally:
        key.wipe()


def main() -> None:
    gc.disable()
    remember_keys()
    memory = Memory()
    driver = open_driver(CardSettings(reader=sys.argv[1], trust=sys.argv[2] if len(sys.argv) > 2 else ""))
    crew = ThreadPoolExecutor(1)
    for line in sys.stdin:
        order = json.loads(line)
        _keys.clear()
        outcome = crew.submit(read_one, driver, order).result()
        patterns = {name: bytes.fromhex(value) for name, value in order["canaries"].items()}
        patterns |= {f"key {number}": key for number, key in enumerate(_keys)}
        found = memory.find(patterns)
        sys.stdout.write(json.dumps({"outcome": outcome, "found": found, "keys": len(_keys)}) + "\n")
        sys.stdout.flush()
    driver.close()


if __name__ == "__main__":
    main()
