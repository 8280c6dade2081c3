"""A small cash register that speaks ZVT, written for these tests from the protocol alone (PA00P016 rev. 04, PA00P015 rev. 13.08)."""

from __future__ import annotations

import binascii
import os
import select
import time
import tty
from pathlib import Path

from hardware.sim_times import Delays
from hardware.terminal.sim_times import Timings
from hardware.terminal.simulator import SimulatedTerminal

BRISK = Timings(t1_s=0.1, t2_s=0.25, t3_s=0.5, goods_s=0.8, ask_again_s=0.02, card_s=5.0)
ACK, NAK = b"\x06", b"\x15"
REGISTER = "06 00 0E 00 00 00 BE 09 44 06 06 26 04 0A 02 06 D3"
REGISTER_QUIET = "06 00 06 00 00 00 06 09 44"
REGISTER_STATUS = "06 00 06 00 00 00 0E 09 44"
PAY_240 = "06 01 0A 04 00 00 00 00 02 40 49 09 44"
REPEAT = "06 20 05 00 00 00 03 03"
OK = "80 00 00"


def terminal_in(folder: Path, **how: object) -> SimulatedTerminal:
    """Give a terminal whose people act at once, started and ready."""
    how = {"delays": Delays.none(), "timings": BRISK, **how}
    device = SimulatedTerminal(folder / "memory", folder / "line", **how)  # type: ignore[arg-type]
    device.start()
    assert device.wait_until("idle")
    return device


def mirrored(value: int, bits: int) -> int:
    return int(f"{value:0{bits}b}"[::-1], 2)


def crc(data: bytes) -> bytes:
    """CRC-16/KERMIT, made from the other bit order's CRC of the standard library."""
    return mirrored(binascii.crc_hqx(bytes(mirrored(byte, 8) for byte in data), 0), 16).to_bytes(2, "little")


def framed(apdu: bytes) -> bytes:
    return b"\x10\x02" + apdu.replace(b"\x10", b"\x10\x10") + b"\x10\x03" + crc(apdu + b"\x03")


def spaced(raw: bytes) -> str:
    return raw.hex(" ").upper()


class Register:
    """One end of the line: frames in, frames out, each wait bounded."""

    def __init__(self, line: Path, wait_s: float = 3.0) -> None:
        self.wait_s = wait_s
        self.fd = os.open(line, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
        tty.setraw(self.fd)
        self.pending = bytearray()
        self.raw_frames: list[str] = []
        self.acks_lost = 0

    def close(self) -> None:
        os.close(self.fd)

    def byte(self, wait_s: float | None = None) -> int | None:
        """The next byte, None if none comes in time."""
        deadline = time.monotonic() + (self.wait_s if wait_s is None else wait_s)
        while not self.pending:
            ready, _, _ = select.select([self.fd], [], [], max(0.0, deadline - time.monotonic()))
            if not ready:
                return None
            self.pending += os.read(self.fd, 4096)
        return self.pending.pop(0)

    def put(self, raw: bytes) -> None:
        os.write(self.fd, raw)

    def say(self, apdu: str, *, times: int = 1) -> None:
        """Send a frame and take its ACK (frames that come first are kept)."""
        for _ in range(times):
            self.put(framed(bytes.fromhex(apdu)))
        assert self.byte() == ACK[0]

    def frame(self, *, answer: bytes = ACK, wait_s: float | None = None) -> str | None:
        """Take the next frame whatever stands before it, check it and acknowledge it; None if none comes."""
        raw = bytearray()
        while (byte := self.byte(wait_s)) is not None:
            raw.append(byte)
            start = raw.find(b"\x10\x02")
            if start >= 0 and (apdu := whole(bytes(raw[start:]))) is not None:
                self.raw_frames.append(spaced(bytes(raw[start:])))
                self.put(answer)
                return spaced(apdu)
        return None

    def talk(self, command: str, answers: dict[str, str | None] | None = None) -> list[str]:
        """Send a command and follow it to its end; give every message of the terminal. ``answers``: control field → our response."""
        self.say(command)
        return self.follow(answers)

    def follow(self, answers: dict[str, str | None] | None = None) -> list[str]:
        """Take messages until a completion or refusal; answer each with 80 00 00 or as ``answers`` says (None: not at all)."""
        heard: list[str] = []
        while (message := self.frame()) is not None:
            heard.append(message)
            control = message[:5]
            if control[:2] == "84":
                return heard
            if control[:2] != "80" and (response := (answers or {}).get(control, OK)) is not None:
                self.say(response)
            if control in {"06 0F", "06 1E"}:
                return heard
        return heard


def whole(raw: bytes) -> bytes | None:
    """The APDU of one whole frame with a right CRC; None as long as it is not whole."""
    position, apdu = 2, bytearray()
    while position + 1 < len(raw):
        if raw[position] != 0x10:
            apdu.append(raw[position])
            position += 1
        elif raw[position + 1] == 0x10:
            apdu.append(0x10)
            position += 2
        else:
            assert raw[position + 1] == 0x03, spaced(raw)
            if len(raw) < position + 4:
                return None
            assert raw[position + 2 : position + 4] == crc(bytes(apdu) + b"\x03"), spaced(raw)
            return bytes(apdu)
    return None


def controls(messages: list[str]) -> list[str]:
    """The control fields of messages, without responses and intermediate statuses."""
    return [message[:5] for message in messages if message[:2] not in {"80", "84"} and message[:5] != "04 FF"]


def outcomes(device: SimulatedTerminal) -> list[str]:
    return [row["outcome"] for row in device.ledger()]


def bmp(status: str, name: str) -> str | None:
    """One fixed-length BMP of a 04 0F, found by walking it; "22", "3C" and others of counted length are walked over."""
    data = bytes.fromhex(status)
    data = data[5:] if data[2] == 0xFF else data[3:]
    fixed = {
        0x27: 1,
        0x04: 6,
        0x49: 2,
        0x0B: 3,
        0x37: 3,
        0x0C: 3,
        0x0D: 2,
        0x17: 2,
        0x19: 1,
        0x29: 4,
        0x2A: 15,
        0x3B: 8,
    }
    fixed |= {0x87: 2, 0x88: 3, 0x8A: 1}
    counted = {0x22: 2, 0x8B: 2, 0x3C: 3, 0x60: 3}
    while data:
        field, data = data[0], data[1:]
        if field == 0x06:
            return spaced(data[1:]) if name == "06" else None
        size = fixed.get(field)
        if size is None:
            digits = counted[field]
            size = int("".join(str(byte & 15) for byte in data[:digits]))
            data = data[digits:]
        if field == int(name, 16):
            return spaced(data[:size])
        data = data[size:]
    return None
