"""The private PC/SC service: how fast it starts, how alone it is, and how surely it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from hardware.card import virtual_reader as module
from hardware.card.virtual_reader import VirtualReader, VirtualReaderError

LIST_READERS = """
from smartcard import scard
result, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
print(hex(result), *(scard.SCardListReaders(context, [])[1] if result == 0 else []), sep=",")
"""
OWNER = """
import signal, sys, time
signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in the background ignores it from birth
from pathlib import Path
from hardware.card.virtual_reader import VirtualReader
reader = VirtualReader(Path(sys.argv[1]))
reader.start()
print("started", flush=True)
time.sleep(30)
"""


def readers_at(reader: VirtualReader) -> str:
    """What a client process of its own sees: the client library reads the socket's name once per process."""
    environment = os.environ | {"PCSCLITE_CSOCK_NAME": str(reader.socket_path)}
    client = subprocess.run(
        [sys.executable, "-c", LIST_READERS], env=environment, capture_output=True, text=True, timeout=20, check=True
    )
    return client.stdout.strip()


def services_of(folder: Path) -> list[int]:
    """The ids of the pcscd processes that run for a folder."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            words = (entry / "cmdline").read_bytes().split(b"\0") if entry.name.isdigit() else []
        except OSError:
            continue
        if words and words[0].endswith(b"pcscd") and bytes(folder / "conf") in words:
            found.append(int(entry.name))
    return found


def wait_until_ended(folder: Path) -> None:
    """Wait until no service runs for the folder, at most 3 s."""
    deadline = time.monotonic() + 3
    while services_of(folder):
        assert time.monotonic() < deadline, "a stray pcscd remains"
        time.sleep(0.02)


def test_two_services_stand_side_by_side(tmp_path: Path):
    """Each starts within a second, has a socket and a port of its own, and lists its reader."""
    with VirtualReader(tmp_path / "one") as one:
        start = time.monotonic()
        with VirtualReader(tmp_path / "two") as two:
            assert time.monotonic() - start < 1
            assert one.port != two.port
            for reader in (one, two):
                status, *names = readers_at(reader).split(",")
                assert status == "0x0"
                assert names[0] == reader.reader_name
                assert len(services_of(reader.folder)) == 1


def test_the_systems_own_service_is_not_touched(tmp_path: Path):
    """No file appears in the system's /run/pcscd, and no mount in our namespace."""
    mounts = Path("/proc/self/mountinfo").read_text()
    before = set(Path("/run/pcscd").iterdir()) if Path("/run/pcscd").exists() else set()
    with VirtualReader(tmp_path):
        assert set(Path("/run/pcscd").iterdir()) == before
        assert Path("/proc/self/mountinfo").read_text() == mounts


def test_a_service_without_reader_and_one_that_died(tmp_path: Path):
    """Without its reader the service says so (8010002E); killed it is no service (8010001D); restarted all is well."""
    with VirtualReader(tmp_path) as reader:
        port = reader.port
        reader.restart_service(with_reader=False)
        assert readers_at(reader) == "0x0"
        reader.kill_service()
        assert readers_at(reader) == "0x8010001d"
        reader.restart_service()
        assert reader.reader_name in readers_at(reader)
        assert reader.port == port


def test_it_can_start_without_a_reader(tmp_path: Path):
    """A machine whose reader was never plugged in."""
    reader = VirtualReader(tmp_path)
    reader.start(with_reader=False)
    try:
        assert readers_at(reader) == "0x0"
    finally:
        reader.stop()


def test_stop_leaves_nothing(tmp_path: Path):
    """After stop, twice, no process and no socket are left, and it can start again."""
    reader = VirtualReader(tmp_path)
    for _ in range(2):
        reader.start()
        assert services_of(tmp_path)
        reader.stop()
        reader.stop()
        wait_until_ended(tmp_path)
        assert not reader.socket_path.exists()


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_the_service_dies_with_its_owner(end: signal.Signals, tmp_path: Path):
    """However the process that started it ends, no pcscd remains."""
    command = [sys.executable, "-c", OWNER, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as owner:
        assert owner.stdout is not None
        assert owner.stdout.readline() == "started\n"
        assert services_of(tmp_path)
        owner.send_signal(end)
        owner.wait(5)
    wait_until_ended(tmp_path)


def test_the_service_dies_with_its_keeper(tmp_path: Path):
    """If only the script in the namespace is killed, pcscd goes too, and the next order says what happened."""
    reader = VirtualReader(tmp_path)
    reader.start()
    keeper = reader._keeper
    assert keeper is not None
    if os.geteuid() == 0:
        keeper.kill()
        keeper.wait(5)
        wait_until_ended(tmp_path)
        with pytest.raises(VirtualReaderError):
            reader.restart_service()
    reader.stop()
    wait_until_ended(tmp_path)


def test_a_long_folder_gets_a_short_socket(tmp_path: Path):
    """A Unix socket's path ends at 107 bytes; in a deeper folder the socket lies elsewhere, and is cleared away."""
    with VirtualReader(tmp_path / ("d" * 100)) as reader:
        assert len(bytes(reader.socket_path)) <= 107
        assert reader.reader_name in readers_at(reader)
    assert not reader.socket_path.parent.exists()


def test_a_failure_quotes_the_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A service that cannot start is an error with the log's words, and leaves no process."""
    monkeypatch.setattr(module, "_pcscd_options", lambda: ("--no-such-option",))
    monkeypatch.setattr(module, "_START_TIMEOUT_S", 0.3)
    with pytest.raises(VirtualReaderError, match="no-such-option"):
        VirtualReader(tmp_path).start()
    wait_until_ended(tmp_path)


def test_no_order_before_the_start(tmp_path: Path):
    """Asked to restart what was never started, it says so."""
    with pytest.raises(VirtualReaderError, match="not started"):
        VirtualReader(tmp_path).restart_service()
