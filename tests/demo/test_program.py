import os
import stat
import time

import pytest

from hardware.demo import program
from hardware.demo.program import DemoError, Program


@pytest.fixture
def script(tmp_path, monkeypatch):
    """Make a console script of shell words."""
    monkeypatch.setattr(program, "SCRIPTS", tmp_path)

    def make(words, name="part"):
        path = tmp_path / name
        path.write_text(f"#!/bin/sh\n{words}\n")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        return Program(tmp_path, name, [name])

    return make


def alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_program_is_waited_for_until_it_says_that_it_is_ready(script):
    """The wait ends as soon as the program has said its line."""
    part = script("echo ready; exec sleep 20")
    assert part.until(lambda: "ready" in part.said, 5, "ready")
    part.end()
    assert not part.running


def test_one_that_ends_too_early_is_named_with_the_end_of_its_log(script):
    """The error says which part ended, with which status, and what its log says last."""
    part = script("echo no such printer >&2; exit 3")
    with pytest.raises(DemoError, match=r"(?s)part ended with status 3 instead of ready.*no such printer") as caught:
        part.until(lambda: False, 5, "ready")
    assert "part.log" in str(caught.value)


def test_a_wait_has_an_end(script):
    """A program that lives on and says nothing is given up after its limit."""
    part = script("exec sleep 20")
    started = time.monotonic()
    with pytest.raises(DemoError, match="part is not ready after 0 s"):
        part.until(lambda: False, 0.2, "ready")
    assert time.monotonic() - started < 2
    part.kill()


def test_the_status_of_a_command_counts(script):
    """A command that fails is an error with its log; one that succeeds gives its output."""
    assert script("echo token", "good").finish(5) == "token\n"
    with pytest.raises(DemoError, match="bad ended with status 1"):
        script("exit 1", "bad").finish(5)


def test_a_program_that_does_not_want_to_end_is_killed(script, monkeypatch):
    """One that ignores SIGTERM is killed after the grace, so that nothing stays behind."""
    monkeypatch.setattr(program, "END_S", 0.3)
    part = script("trap '' TERM; echo ready; while :; do sleep 0.05; done")
    part.until(lambda: "ready" in part.said, 5, "ready")
    part.end()
    assert not part.running


def test_a_missing_program_is_a_sentence(tmp_path, monkeypatch):
    """A console script that is not installed is told as an error of that part, not as a traceback."""
    monkeypatch.setattr(program, "SCRIPTS", tmp_path)
    with pytest.raises(DemoError, match="ghost ended with status 127"):
        Program(tmp_path, "ghost", ["ghost"]).finish(5)
