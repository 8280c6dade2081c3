"""A crash-state explorer: what a disk may hold after a power cut, from a trace of what a program wrote and synced.

``record`` runs a writer under strace. ``crash_state`` then builds one possible disk after a cut behind any system call:
what was synced stays; of what was not, each 512-byte sector survives or not at random; lengths of files survive in order,
as ext4 keeps them (data=ordered). A drive that lies about its flushes is outside this model.
"""

from __future__ import annotations

import random
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

SECTOR = 512
CALLS = "openat,close,pwrite64,write,fdatasync,fsync,ftruncate,unlink"
LINE = re.compile(r"^(?:\[pid +\d+\] |\d+ +)?(\w+)\((.*)\) += (-?\d+)")


@dataclass
class Act:
    """One system call on one of the watched files, or an acknowledgement (``kind`` "ack")."""

    kind: str
    name: str = ""
    offset: int = 0
    data: bytes = b""


@dataclass
class Disk:
    """Files as they surely are, and the writes that may or may not have reached them."""

    sure: dict[str, bytearray] = field(default_factory=dict)
    pending: dict[str, list[Act]] = field(default_factory=dict)


def record(writer: str, folder: Path, *arguments: str) -> list[Act]:
    """Run a Python program under strace and return what it did to the files in ``folder``, and its ACK lines."""
    trace = folder.parent / "trace"
    command = ["strace", "-f", "-xx", "-s", "1000000", "-e", f"trace={CALLS}", "-o", str(trace)]
    subprocess.run([*command, sys.executable, "-c", writer, str(folder), *arguments], check=True, timeout=120)
    return parse(trace.read_text(), folder)


def parse(trace: str, folder: Path) -> list[Act]:
    """Read a trace."""
    names: dict[int, str] = {}
    acts: list[Act] = []
    for line in trace.splitlines():
        match = LINE.match(line)
        if not match or int(match[3]) < 0:
            continue
        call, arguments, result = match[1], match[2], int(match[3])
        if call == "openat":
            path = Path(text(arguments.split(", ")[1]).decode())
            names.pop(result, None)
            if path.parent == folder:
                names[result] = path.name
            continue
        if call == "unlink":
            acts.append(Act("unlink", Path(text(arguments).decode()).name))
            continue
        descriptor = int(arguments.split(",")[0])
        if call == "write" and descriptor == 1:
            acts.append(Act("ack"))
        elif descriptor in names:
            acts += act(call, names[descriptor], arguments)
            if call == "close":
                names.pop(descriptor)
    return acts


def act(call: str, name: str, arguments: str) -> list[Act]:
    """Turn one call on a watched file into an act."""
    if call == "pwrite64":
        _, data, _, offset = arguments.split(", ")
        return [Act("write", name, int(offset), text(data))]
    if call == "ftruncate":
        return [Act("truncate", name, int(arguments.split(", ")[1]))]
    if call in ("fdatasync", "fsync"):
        return [Act("sync", name)]
    return []


def text(quoted: str) -> bytes:
    """Decode strace's -xx string."""
    return bytes.fromhex(quoted.strip('"').replace("\\x", ""))


def crash_state(acts: list[Act], cut: int, dice: random.Random) -> tuple[dict[str, bytes], int]:
    """Return (files, acknowledged): one possible disk after a cut behind ``acts[:cut]``, and what had been promised."""
    disk, acknowledged = Disk(), 0
    for each in acts[:cut]:
        if each.kind == "ack":
            acknowledged += 1
        elif each.kind == "unlink":
            disk.sure.pop(each.name, None)
            disk.pending.pop(each.name, None)
        elif each.kind == "sync":
            for write in disk.pending.pop(each.name, []):
                apply(disk.sure.setdefault(each.name, bytearray()), write)
        else:
            disk.pending.setdefault(each.name, []).append(each)
    for name, writes in disk.pending.items():
        survive(disk.sure.setdefault(name, bytearray()), writes, dice)
    return {name: bytes(data) for name, data in disk.sure.items()}, acknowledged


def apply(data: bytearray, write: Act) -> None:
    """Carry out one write or truncation for good."""
    if write.kind == "truncate":
        del data[write.offset :]
        data.extend(bytes(write.offset - len(data)))
        return
    data.extend(bytes(max(0, write.offset + len(write.data) - len(data))))
    data[write.offset : write.offset + len(write.data)] = write.data


def survive(data: bytearray, writes: list[Act], dice: random.Random) -> None:
    """Let an ordered part of the lengths, and any of the sectors within it, reach the disk."""
    odds = dice.choice((0.0, 0.1, 0.5, 0.9, 1.0))
    for write in writes[: dice.randint(0, len(writes))]:
        if write.kind == "truncate":
            apply(data, write)
            continue
        data.extend(bytes(max(0, write.offset + len(write.data) - len(data))))
        for start in range(0, len(write.data), SECTOR):
            if dice.random() < odds:
                part = write.data[start : start + SECTOR]
                data[write.offset + start : write.offset + start + len(part)] = part
