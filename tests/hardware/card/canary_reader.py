"""A process that reads cards with the real driver and then searches its own memory for what it must have forgotten.

One JSON object per line, each way. To it: {"key": …, "mrz": bool, "keep": bool, "canaries": {name: …}}, what is secret masked
and in hex, so that what is looked for is nowhere in this process but where the driver put it. From it: {"outcome": …, "keys":
how many there were, "found": [names]}. The keys, which nobody can know before, it masks as they are made, and
looks for them too. Cards are read in a thread of their own, which stays, as the kiosk does it: memory of another thread is another
part of the heap. Nothing is left to the collector of cycles, which comes when it likes. "keep": do not let the citizen go, to show that the search finds what is there.
"""

from __future__ import annotations

import gc
import json
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from hardware.card import cipher, secure_messaging
from hardware.card.driver import CardSettings, PcscCardReader, open_driver
from kiosk.domain.access_key import MrzKey
from kiosk.domain.citizen import Citizen
from kiosk.domain.secret import Secret
from tests.memory import Memory, masked, unmasked

_keys: list[bytes] = []
_kept: list[object] = []


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


def read_one(driver: PcscCardReader, order: dict[str, Any]) -> str:
    """Read the card that comes next; return what became of it, and let everything go but what is to be kept."""
    plain = unmasked(bytes.fromhex(order["key"]))
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
