"""What has shut itself in reaches nothing any more, with everything loaded that the decoders of pages and pictures need."""

from __future__ import annotations

import subprocess
import sys
import textwrap

import pytest

from hardware import sandbox_child

KNOWN = sandbox_child.platform.machine() in sandbox_child._CALLS


CHILDREN = ("hardware.document.raster_child", "hardware.card.portrait_child")


def shut_in(code: str, before: str = "pass", module: str = CHILDREN[0]) -> str:
    """Run code in a process that has shut itself in, and return what it printed."""
    start = (
        "import mmap, os, socket, subprocess\nfrom hardware import sandbox_child as child\n"
        f"from {module} import warm_up\nwarm_up()\n"
    )
    body = textwrap.indent(textwrap.dedent(code).strip(), "    ")
    ended = "try:\n" + body + "\nexcept BaseException as error:\n    print(type(error).__name__, flush=True)\n"
    program = start + before + "\nfiltered = child.shut_in()\n" + ended + "os._exit(0)"
    done = subprocess.run(
        [sys.executable, "-I", "-c", program], capture_output=True, text=True, timeout=90, check=False
    )
    return done.stdout.strip() or f"ended by {done.returncode}"


@pytest.mark.parametrize("module", CHILDREN)
@pytest.mark.parametrize(
    "code",
    [
        "open('/etc/passwd').read()",
        "open('/tmp/sandbox-test', 'w')",
        "socket.socket()",
        "socket.socket(socket.AF_UNIX)",
        "subprocess.run(['/bin/true'])",
        "os.fork()",
        "os.execv('/bin/true', ['/bin/true'])",
        "os.listdir('/')",
        "os.kill(os.getppid(), 0)",
        "bytearray(1 << 30)",
    ],
)
def test_a_process_that_was_taken_over_reaches_nothing(code: str, module: str):
    """No file, no network, no other process, no memory without bounds: each attempt is an error."""
    assert shut_in(code, module=module) in {"PermissionError", "OSError", "MemoryError", "BlockingIOError"}


@pytest.mark.skipif(not KNOWN, reason="the filter is written for x86_64 and aarch64")
@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("print(filtered, flush=True)", "True"),
        ("mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_EXEC)", "PermissionError"),
        ("os.getcwd()", "PermissionError"),
    ],
)
def test_the_kernel_refuses_every_other_call(code: str, said: str):
    """The filter stands: no new code can be mapped, and even a harmless call that is not on the list fails."""
    assert shut_in(code) == said


def test_on_another_processor_the_limits_alone_hold_and_it_is_told():
    """Where there is no filter it is said that there is none, and still nothing can be opened."""
    before = "child.platform.machine = lambda: 'riscv64'"
    assert shut_in("print(filtered, flush=True)", before) == "False"
    assert shut_in("open('/etc/passwd')", before) == "OSError"


def test_both_processors_have_the_same_list():
    """What a process may call on the developer's machine is, by name, what it may call on a Raspberry Pi."""
    machines = list(sandbox_child._CALLS.values())
    assert len({(*without_exec, *allowed) for _, without_exec, allowed in machines}) == 1
