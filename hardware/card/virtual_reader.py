"""A real PC/SC service of one's own, with a virtual reader, for the bench and the tests.

Each VirtualReader runs Debian's pcscd in a private mount namespace in which /run/pcscd is a folder of its own, so any
number run side by side, beside the system's own service too. Clients reach it by PCSCLITE_CSOCK_NAME, which the
client library reads once per process, before its first context. The reader is vpcd (package vsmartcard-vpcd): a TCP
port to which a simulated card connects. vpcd can also connect out to the card, which would keep the port on loopback,
but its failed connects leave a closed descriptor in use, so it listens here, as in Debian's own configuration.
"""

from __future__ import annotations

import os
import select
import shutil
import socket
import subprocess
import tempfile
import time
from functools import cache
from pathlib import Path
from typing import Self

_SOCKET_PATH_MAX = 107  # struct sockaddr_un.sun_path, less its zero byte
_DEBIAN_LIBRARY = Path("/usr/lib/pcsc/drivers/serial/libifdvpcd.so")
_LIBRARY = Path("/usr/lib/pcsc/drivers/libifdvpcd.so")  # where the copy lies inside the namespace
_START_TIMEOUT_S = 8.0
_ANSWER_TIMEOUT_S = 5.0
_TCP_LISTEN = "0A"  # proc(5), /proc/net/tcp, column st

# Runs inside the new mount namespace. It obeys words on its standard input, and at the end of that input (our process
# closed it, or died) it ends pcscd; if the script itself is killed, pcscd goes by its parent-death signal.
# In a chroot the root is no mount point and cannot be made private; then a private copy of the whole tree is laid over
# a mount that can be (hidden only in this namespace) and pcscd runs in that copy: nothing ever reaches other namespaces.
# The driver folder holds vpcd alone, so that this pcscd leaves real USB readers to the system's one.
_KEEPER = """
set -eu
run=$1 conf=$2 drivers=$3; shift 3
PATH=$PATH:/usr/sbin:/sbin
mkdir -p /run/pcscd
root=/
if ! mount --make-rprivate / 2>/dev/null; then
  root=
  for place in /sys /dev/shm /tmp /proc; do
    if mount --make-private "$place" 2>/dev/null; then root=$place; break; fi
  done
  [ -n "$root" ] || { echo "virtual reader: no mount point to work in" >&2; exit 1; }
  mount --rbind / "$root"
  mount --make-rprivate "$root"
fi
mount --bind "$run" "$root/run/pcscd"
mount --bind "$drivers" "$root/usr/lib/pcsc/drivers"
pid=
end() { [ -z "$pid" ] || { kill -KILL "$pid" || :; wait "$pid" || :; pid=; }; }
trap end EXIT
while read -r word; do
  end
  if [ "$word" = start ]; then
    rm -f "$run/pcscd.comm" "$run/pcscd.pid"
    setpriv --pdeathsig KILL chroot "$root" pcscd --foreground -c "$conf" "$@" >&2 &
    pid=$!
  fi
  echo "$word"
done
"""


class VirtualReaderError(RuntimeError):
    """The virtual reader cannot run here; the message says what is missing and quotes the service's log."""


class VirtualReader:
    """A pcscd with one virtual reader. `folder` is created and keeps the configuration, the log and the socket.

    ``port``: TCP port of the card slot. ``socket_path``: what PCSCLITE_CSOCK_NAME must say. ``reader_name``: as PC/SC
    lists it. vpcd has a second slot, ``second_name``, on the next port. All of them stay the same over restarts.
    """

    reader_name = "Virtual PCD 00 00"
    second_name = "Virtual PCD 00 01"

    def __init__(self, folder: Path) -> None:
        self.folder = folder.absolute()
        self.port = 0
        self._run = self.folder / "run"
        self._borrowed: Path | None = None
        if len(bytes(self._run / "pcscd.comm")) > _SOCKET_PATH_MAX:
            self._borrowed = Path(tempfile.mkdtemp(prefix="reader-", dir="/tmp"))
            self._run = self._borrowed
        self._keeper: subprocess.Popen[bytes] | None = None

    @property
    def socket_path(self) -> Path:
        """The Unix socket of the service."""
        return self._run / "pcscd.comm"

    def start(self, *, with_reader: bool = True) -> None:
        """Start the service and return when it answers (some 30 ms). Raises VirtualReaderError. Idempotent."""
        if self._keeper is not None:
            return
        for folder in (self.folder / "conf", self.folder / "drivers", self._run):
            folder.mkdir(parents=True, exist_ok=True)
        _install_driver(self.folder / "drivers")
        self.port = self.port or _free_port()
        try:
            with (self.folder / "pcscd.log").open("ab") as log:
                self._keeper = subprocess.Popen(
                    [*_as_root(), *self._command()],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=log,
                    bufsize=0,
                    start_new_session=True,
                )
            self._serve(with_reader=with_reader)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """End the service. Idempotent; leaves no process."""
        keeper, self._keeper = self._keeper, None
        if keeper is not None and keeper.stdin is not None and keeper.stdout is not None:
            keeper.stdin.close()
            keeper.stdout.close()
            keeper.wait(_ANSWER_TIMEOUT_S)
            self.socket_path.unlink(missing_ok=True)
        if self._borrowed is not None:
            shutil.rmtree(self._borrowed, ignore_errors=True)

    def kill_service(self) -> None:
        """Let the service die at once; restart_service() brings it back."""
        self._order("end")

    def restart_service(self, *, with_reader: bool = True) -> None:
        """Kill the service and start it again on the same socket path and port, with or without its reader."""
        self._serve(with_reader=with_reader)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _command(self) -> list[str]:
        folders = [str(self._run), str(self.folder / "conf"), str(self.folder / "drivers")]
        return ["unshare", "-m", "--propagation", "unchanged", "sh", "-c", _KEEPER, "sh", *folders, *_pcscd_options()]

    def _serve(self, *, with_reader: bool) -> None:
        self._order("end")
        reader_conf = self.folder / "conf" / "reader"
        reader_conf.write_text(self._reader_conf() if with_reader else "")
        self._order("start")
        deadline = time.monotonic() + _START_TIMEOUT_S
        while not (_answers(self.socket_path) and (not with_reader or _listens(self.port))):
            if time.monotonic() > deadline:
                raise self._error(f"pcscd does not answer within {_START_TIMEOUT_S} s")
            time.sleep(0.01)

    def _reader_conf(self) -> str:
        port = f"0x{self.port:04X}"
        return f'FRIENDLYNAME "Virtual PCD"\nDEVICENAME /dev/null:{port}\nLIBPATH {_LIBRARY}\nCHANNELID {port}\n'

    def _order(self, word: str) -> None:
        keeper = self._keeper
        if keeper is None or keeper.stdin is None or keeper.stdout is None:
            raise VirtualReaderError("the virtual reader is not started")
        try:
            keeper.stdin.write(f"{word}\n".encode())
            keeper.stdin.flush()
        except BrokenPipeError as error:
            raise self._error("the namespace could not be made") from error
        ready, _, _ = select.select([keeper.stdout], [], [], _ANSWER_TIMEOUT_S)
        answer = keeper.stdout.readline().decode().strip() if ready else "nothing"
        if answer != word:
            raise self._error(f"the namespace could not be made (asked {word!r}, got {answer!r})")

    def _error(self, what: str) -> VirtualReaderError:
        log = (self.folder / "pcscd.log").read_text(errors="replace")[-2000:]
        return VirtualReaderError(f"{what}; {self.folder / 'pcscd.log'} ends:\n{log}")


@cache
def _as_root() -> tuple[str, ...]:
    """How to run a command with the right to mount: as we are, through sudo, or as root of a user namespace of our own."""
    if os.geteuid() == 0:
        return ()
    if (
        shutil.which("sudo")
        and subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False, timeout=5).returncode == 0
    ):
        return ("sudo", "-n")
    return ("unshare", "--user", "--map-root-user")


@cache
def _pcscd_options() -> tuple[str, ...]:
    """--disable-polkit where pcscd knows it (2.x, Debian 13): its policy asks for a seat, which a test does not have."""
    program = shutil.which("pcscd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    if program is None:
        raise VirtualReaderError("pcscd is not installed (Debian package pcscd)")
    usage = subprocess.run([program, "--help"], capture_output=True, check=False, timeout=5).stdout
    return ("--disable-polkit",) if b"--disable-polkit" in usage else ()


def _install_driver(folder: Path) -> None:
    if not _DEBIAN_LIBRARY.exists():
        raise VirtualReaderError(f"{_DEBIAN_LIBRARY} is missing (Debian package vsmartcard-vpcd)")
    shutil.copy2(_DEBIAN_LIBRARY, folder / _LIBRARY.name)


def _free_port() -> int:
    """Return a port that is free together with the next one, below the range from which outgoing connections are numbered."""
    first = os.getpid() % 6000  # processes that start at the same moment look at different ports
    for port in (20000 + 2 * ((first + step) % 6000) for step in range(100)):
        if _is_free(port) and _is_free(port + 1):
            return port
    raise VirtualReaderError("no two neighbouring TCP ports between 20000 and 32000 are free")


def _is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        try:
            probe.bind(("0.0.0.0", port))
        except OSError:
            return False
        return True


def _answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        try:
            probe.connect(str(path))
        except OSError:
            return False
        return True


def _listens(port: int) -> bool:
    """Whether somebody listens on a TCP port, without connecting: a connection would be a card."""
    rows = (line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:])
    return any(row[1] == f"00000000:{port:04X}" and row[3] == _TCP_LISTEN for row in rows)
