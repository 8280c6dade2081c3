import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from PIL import Image

LIMIT_S = 90


def demo(*words, cwd, **how):
    command = [sys.executable, "-m", "hardware.demo", *words]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=LIMIT_S, check=False, **how)


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    """The normal journey, played once: the finished process and the folder it wrote."""
    folder = tmp_path_factory.mktemp("demo")
    done = demo("--headless", "--out", str(folder / "out"), "--lang", "ru", cwd=folder)
    return done, folder / "out"


def test_the_journey_ends_well(played):
    """The normal journey ends with exit status 0 and says that all agree."""
    done, _ = played
    assert done.returncode == 0, done.stdout + done.stderr
    assert "agree" in done.stdout.splitlines()[-1]


def test_a_picture_of_every_screen_is_kept(played):
    """Each screen a citizen touches is there as a picture of the panel's size, in the order in which it came."""
    _, out = played
    names = [path.name for path in sorted(out.glob("[0-9][0-9]-*.png"))]
    touched = ["welcome", "choosing", "presenting-card", "entering-key", "answering", "confirming", "taking-payment", "farewell"]  # fmt: skip
    kinds = [name[3:-4] for name in names]
    assert [kind for kind in dict.fromkeys(kinds) if kind in touched] == touched
    assert [int(name[:2]) for name in names] == list(range(1, len(names) + 1))
    for name in names:
        with Image.open(out / name) as picture:
            assert picture.size == (1280, 800)
            assert len(picture.convert("RGB").getcolors(1 << 20)) > 8


def test_the_ledgers_tell_of_one_payment(played):
    """The ledger file holds the same single payment four times, by reference and amount."""
    _, out = played
    told = json.loads((out / "ledger.json").read_text("utf-8"))
    assert told["agree"] is True
    assert told["validator"] == []
    seen = {(row["reference"], row["amount_minor"]) for name in ("terminal", "printer", "journal", "central") for row in told[name]}  # fmt: skip
    ((reference, amount_minor),) = seen
    assert re.fullmatch(r"DEMO-1-[0-9A-Z]{3}-000001-[A-Z2-9]{5}", reference)
    assert amount_minor == 2400
    assert [told[name][0]["outcome"] for name in ("terminal", "printer", "journal", "central")] == [
        "stored", "printed", "approved", "accepted"
    ]  # fmt: skip


def test_the_receipt_is_kept_as_picture_and_text(played):
    """The paper is there as the printer burnt it, and its text in the language of the journey."""
    _, out = played
    text = (out / "receipt.txt").read_text("utf-8")
    assert json.loads((out / "ledger.json").read_text("utf-8"))["journal"][0]["reference"] in text
    assert "24,00\u00a0AZN" in text
    assert "ОПЛАЧЕНО" in text
    with Image.open(out / "receipt.png") as paper:
        assert paper.width == 640
        assert paper.height > 600


def test_a_service_that_cannot_have_the_fault_is_a_sentence(tmp_path):
    """A fault of payment for a service that costs nothing is refused before anything is started."""
    done = demo("--headless", "--service", "residence-certificate", "--fault", "declined", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr == "demo: the fault declined cannot be played with residence-certificate, which costs nothing\n"


def test_every_fault_is_listed_with_its_story(tmp_path):
    """--list-faults names each fault on a line with what happens in it."""
    lines = demo("--list-faults", cwd=tmp_path).stdout.splitlines()
    names = [line.split()[0] for line in lines]
    assert {"none", "paper_out", "declined", "network_down", "power_cut"} <= set(names)
    assert all(len(line.split()) > 3 for line in lines)


def children_of(folder):
    """Return the processes whose command line names the folder."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            line = (entry / "cmdline").read_bytes()
        except OSError:
            continue
        if str(folder).encode() in line and int(entry.name) != os.getpid():
            found.append(int(entry.name))
    return found


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_nothing_stays_behind(tmp_path, number):
    """Ended from outside in any way, even by SIGKILL, the demonstration leaves no process behind."""
    stage = tmp_path / "stage"
    command = [sys.executable, "-m", "hardware.demo", "--headless", "--out", str(tmp_path / "out"), "--folder", str(stage)]  # fmt: skip
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
        deadline = time.monotonic() + 20
        while not (stage / "finger").exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        assert (stage / "finger").exists()
        running.send_signal(number)
        running.wait(20)
    deadline = time.monotonic() + 10
    while children_of(stage) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert children_of(stage) == []
