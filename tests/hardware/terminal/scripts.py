"""What a terminal says in the course of a command, for the scripted peer."""

from __future__ import annotations

from tests.hardware.terminal.peer import Peer

REGISTRATION = "06 00 0E 00 00 00 BE 09 44 06 06 26 04 0A 02 06 D3"
AUTHORISATION = "06 01 0E 04 00 00 00 00 02 40 49 09 44 01 3C 02 1E"
REPEAT_RECEIPT = "06 20 05 00 00 00 03 03"
ENQUIRY = "05 01 05 00 00 00 03 01"
ABORT = "06 B0 00"
YES = "80 00 00"


def apdu(command: str, data: str) -> str:
    return f"{command} {len(bytes.fromhex(data)):02X} {data}"


def status(
    result: str = "00",
    amount: str = "00 00 00 00 02 40",
    currency: str = "09 44",
    receipt: str = "00 23",
    more: str = "",
) -> str:
    """A 04 0F of a sale."""
    when = "0C 12 00 00 0D 11 24 29 29 00 10 06"
    return apdu("04 0F", f"27 {result} 04 {amount} 49 {currency} 87 {receipt} 0B 00 {receipt} {when} {more}".strip())


class Terminal:
    """The usual course of things, step by step."""

    def __init__(self, peer: Peer) -> None:
        self.peer = peer

    def register(self) -> None:
        self.peer.hear(REGISTRATION)
        self.peer.say(YES)
        self.peer.tell("06 0F 0A 19 00 29 29 00 10 06 49 09 44")

    def enquired(self, code: str = "00") -> None:
        self.peer.hear(ENQUIRY)
        self.peer.say(YES)
        self.peer.tell(f"06 0F 01 {code}")

    def tell_last(self, last: str | None) -> None:
        for _ in range(1 if last else 2):  # that there is none must be said twice
            self.peer.hear(REPEAT_RECEIPT)
            self.peer.say(YES)
            if last:
                self.peer.tell(last)
            self.peer.tell("06 0F 00")

    def recover(self, last: str | None) -> None:
        self.register()
        self.enquired()
        self.tell_last(last)

    def accept(self) -> None:
        """Take a sale of 2.40 AZN and say that it is under way."""
        self.register()
        self.peer.hear(AUTHORISATION)
        self.peer.say(YES)
        self.peer.tell("04 FF 01 0A")
