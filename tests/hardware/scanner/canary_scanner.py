"""A process to which a card is scanned, once, and which then searches its own memory for what it must have forgotten.

Arguments: the port of a serial scanner; "" for one that types like a keyboard. On standard input one JSON object: {"zone": …,
"canaries": {name: …}}, masked and in hex (the zone only where there is no port), so that what is looked for is nowhere in this
process but where a scan put it. On standard output: "listening", then one JSON object: {"held": [names found while the key is
held], "left": [names found after that]}. It runs without the environment that overwrites what is freed.
"""

from __future__ import annotations

import gc
import json
import sys
from typing import Any

from hardware.scanner.driver import SerialScanner
from hardware.scanner.settings import ScannerSettings
from kiosk.domain.access_key import Misread, MrzKey
from screens.wedge import COMMA, ENTER, Wedge
from tests.memory import Memory, unmasked

WAIT_S = 60.0
LINE = 30


class Listening(SerialScanner):
    """The driver, which says when it listens."""

    def _forget(self, port: Any) -> None:
        super()._forget(port)
        sys.stdout.write("listening\n")
        sys.stdout.flush()


def typed(zone: bytearray) -> MrzKey | Misread | None:
    """Have the keys of a zone pressed, as a scanner does on the American layout."""
    seen: list[MrzKey | Misread] = []
    wedge = Wedge(seen.append)
    for place, octet in enumerate(zone, 1):
        letter = chr(octet).isalpha()
        wedge.take(
            COMMA if octet == ord("<") else octet | 0x20 if letter else octet,
            ["shift"] if letter or octet == ord("<") else [],
        )
        if place % LINE == 0:
            wedge.take(ENTER, [])
    return seen.pop() if seen else None


def main() -> None:
    gc.disable()
    order, memory = json.loads(sys.stdin.readline()), Memory()
    if sys.argv[1]:
        key = Listening(ScannerSettings(port=sys.argv[1])).next_zone(WAIT_S)
    else:
        zone = unmasked(bytes.fromhex(order["zone"]))
        key = typed(zone)
        zone[:] = bytes(len(zone))
    assert isinstance(key, MrzKey), key
    canaries = {name: bytes.fromhex(value) for name, value in order["canaries"].items()}
    held = memory.find(canaries)
    key.wipe()
    print(json.dumps({"held": held, "left": memory.find(canaries)}))  # noqa: T201 - the answer


if __name__ == "__main__":
    main()
