"""What a card said, what opened it and the keys of its session are nowhere in the process afterwards, and nowhere on disk.

The driver runs in a process of its own, with the environment that the unit file gives the kiosk, and searches its memory.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from hardware.card.sim_persons import PERSONS
from hardware.card.sim_profile import CardProfile
from hardware.card.sim_trust import export_trust
from hardware.card.simulator import SimulatedCardReader
from hardware.card.trust_folder import replace_contents
from hardware.card.virtual_reader import VirtualReader
from tests.hardware.card.hands import do
from tests.memory import masked

ROOT = Path(__file__).parents[3]
CANARY = msgspec.structs.replace(
    PERSONS["aygun"],
    name="canary",
    surname="QUXWOMBATOVA",
    given_names="ZYXJKLMNE",
    names="Quxwombatova<<Zyxjəklmne",
    document_number="QZ7391846",
    personal_number="7XK93QZ",
    address="Wolframkuche 77",
    can="839274",
)
BY_CAN = msgspec.structs.replace(CANARY, active="secp256r1")
LONG = msgspec.structs.replace(BY_CAN, extended=True, max_read=4000)
"""Read by extended APDUs: a card that goes at one of them looks like a reader that cannot carry it, and is
tried again. Up to the data it is the card above."""
BY_ZONE = msgspec.structs.replace(CANARY, access=("BAC",), active="none", chip_curve="")
TOLD = {
    "surname in the zone": b"QUXWOMBATOVA",
    "given name in the zone": b"ZYXJKLMNE",
    "name, UTF-8": b"Quxwombatova",
    "name, as Python keeps it": "Zyxjəklmne".encode("utf-16-le"),
    "document number": b"QZ7391846",
    "personal number": b"7XK93QZ",
    "address": b"Wolframkuche",
}
OPENS = {"CAN": CANARY.can.encode(), "MRZ information": CANARY.mrz_information().encode()}


def hardening() -> dict[str, str]:
    """Return what the unit file says of how memory is freed."""
    lines = (ROOT / "systemd/kiosk.service").read_text("utf-8").splitlines()
    words = [word for line in lines if line.startswith("Environment=") for word in line[12:].split()]
    return {
        name: value for name, _, value in (word.partition("=") for word in words) if "MALLOC" in name or "GLIBC" in name
    }


class Child:
    """The process with the driver, in an empty folder, with an empty folder for temporary files."""

    def __init__(self, folder: Path, trust: Path) -> None:
        self.folders = [folder / "cwd", folder / "tmp"]
        for each in self.folders:
            each.mkdir(parents=True)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.hardware.card.canary_reader", VirtualReader.reader_name, str(trust)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=self.folders[0],
            env={
                "PCSCLITE_CSOCK_NAME": os.environ["PCSCLITE_CSOCK_NAME"],
                "PYTHONPATH": str(ROOT),
                "PYTHONDONTWRITEBYTECODE": "1",
                "TMPDIR": str(self.folders[1]),
                **hardening(),
            },
        )

    def read(self, profile: CardProfile, *, keep: bool = False) -> dict[str, Any]:
        """Have the next card read, and the memory searched."""
        by_zone = profile.access == ("BAC",)
        zone = profile.holder()
        key = f"{zone.document_number}/{zone.birth:%y%m%d}/{zone.expiry:%y%m%d}" if by_zone else profile.can
        canaries = {name: masked(value).hex() for name, value in {**TOLD, **OPENS}.items()}
        order = {"key": masked(key.encode()).hex(), "mrz": by_zone, "keep": keep, "canaries": canaries}
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return dict(json.loads(self._process.stdout.readline()))

    def written(self) -> list[Path]:
        """Return every file in its folders."""
        return [path for folder in self.folders for path in folder.rglob("*")]

    def end(self) -> None:
        """Let it end by itself."""
        self._process.communicate(timeout=20)
        assert self._process.returncode == 0


@pytest.fixture
def trust(tmp_path: Path) -> Path:
    """A folder that trusts the simulated country."""
    export_trust(tmp_path / "published")
    replace_contents(tmp_path / "trust", {"az-1.cer": (tmp_path / "published/csca.der").read_bytes()})
    return tmp_path / "trust"


@pytest.fixture
def child(card_simulator: SimulatedCardReader, trust: Path, tmp_path: Path) -> Iterator[Child]:
    assert card_simulator.ledger() == []
    process = Child(tmp_path / "child", trust)
    yield process
    process.end()


def insert(simulator: SimulatedCardReader, profile: CardProfile, folder: Path) -> None:
    (folder / "canary.json").write_bytes(msgspec.json.encode(profile))
    do(simulator, do="insert", card=str(folder / "canary.json"))


@pytest.mark.parametrize(
    ("profile", "proof", "first"),
    [(BY_CAN, "genuine", 1), (LONG, "genuine", 9), (BY_ZONE, "authentic", 1)],
    ids=["CAN", "extended", "zone"],
)
def test_whenever_the_card_goes_nothing_of_it_stays(
    profile: CardProfile, proof: str, first: int, child: Child, card_simulator: SimulatedCardReader, tmp_path: Path
):
    """Read whole, or pulled at any command: "removed" each time, and of keys, numbers and names nothing is left, in memory or on disk."""
    assert set(hardening()) == {"PYTHONMALLOC", "GLIBC_TUNABLES"}
    insert(card_simulator, profile, tmp_path)
    for _ in range(2):
        told = child.read(profile)
        assert (told["outcome"], told["found"]) == (f"citizen, {proof}", [])
        assert told["keys"] >= 8, "seed and key for encryption and MAC, and the two keys of the session"
    commands = card_simulator.ledger()[-1]["apdus"]
    assert commands > 10
    for apdu in range(first, commands + 1):
        do(card_simulator, do="remove_at", apdu=apdu)
        told = child.read(profile)
        assert (told["outcome"], told["found"]) == ("removed", []), f"command {apdu}"
        do(card_simulator, do="insert", card=str(tmp_path / "canary.json"))
    assert child.read(profile)["found"] == []
    assert child.written() == []


def test_the_search_finds_what_is_there(child: Child, card_simulator: SimulatedCardReader, tmp_path: Path):
    """A citizen who is kept is found by name and number: the other searches found nothing because nothing was there."""
    insert(card_simulator, BY_CAN, tmp_path)
    found = set(child.read(BY_CAN, keep=True)["found"])
    assert found >= {"document number", "personal number", "name, as Python keeps it"}
    assert found & set(OPENS) == set()
    assert child.read(BY_CAN)["found"] == []
