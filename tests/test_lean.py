"""A lean start, each in a process of its own."""

import subprocess
import sys

import pytest

STARTED = "import gc, sys; from kiosk import lean; lean.start(); "


def run(code):
    """Run code in a fresh interpreter and return what it printed."""
    command = [sys.executable, "-W", "error", "-c", code]
    return subprocess.run(command, capture_output=True, text=True, timeout=30, check=True).stdout.strip()


def test_ornaments_are_left_out():
    """After a start the libraries are there, and nothing that only decorates them."""
    assert run(
        STARTED + "print([name for name in ('structlog', 'httpx', *lean.ORNAMENTS) if name in sys.modules])"
    ) == ("['structlog', 'httpx']")


@pytest.mark.parametrize("name", ["pygments", "click"])
def test_ornaments_can_be_had_afterwards(name):
    """What was hidden during the start is imported as ever by whoever wants it later."""
    pytest.importorskip(name)
    assert run(STARTED + f"import {name}; print({name}.__name__)") == name


def test_a_missing_library_hides_nothing_for_good():
    """Where a library cannot be imported the error comes through and nothing stays hidden."""
    code = "import sys; from kiosk import lean; lean.LIBRARIES = ('no_such_library',)\ntry:\n    lean.start()\n"
    code += (
        "except ImportError as error:\n    print(error.name, [name for name in lean.ORNAMENTS if name in sys.modules])"
    )
    assert run(code) == "no_such_library []"


def test_settling_ends_the_start():
    """Afterwards garbage is collected again, but not what the start has made."""
    code = (
        STARTED
        + "before = gc.isenabled(); lean.settle(); print(before, gc.isenabled(), gc.get_freeze_count() > 10_000)"
    )
    assert run(code) == "False True True"


def test_code_that_was_unmapped_runs_again_when_called():
    """What lets go of a library's code gives up megabytes of it, and the library works as before."""
    code = (
        "import ssl, hashlib; from kiosk import lean; lean.COMPILER = '/libcrypto'; made = ssl.create_default_context;"
    )
    code += (
        "made(); size = lean.unmap_compiler(); made(); print(size > 1_000_000, hashlib.sha256(b'abc').hexdigest()[:8])"
    )
    assert run(code) == "True ba7816bf"


def test_where_no_compiler_is_loaded_nothing_is_unmapped():
    """On a machine that draws by its own graphics processor nothing is given up."""
    assert run("from kiosk import lean; lean.COMPILER = '/libNoSuchCompiler'; print(lean.unmap_compiler())") == "0"
