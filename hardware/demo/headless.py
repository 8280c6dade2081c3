"""Without a display: one journey is played, its pictures and papers are kept, and the ledgers are compared."""

from __future__ import annotations

import json
import shutil
import sys
import time
from pathlib import Path

from PIL import Image, ImageOps

from hardware.demo.citizen import Citizen
from hardware.demo.faults import Fault
from hardware.demo.ledgers import Ledgers
from hardware.demo.play import Player
from hardware.demo.program import DemoError
from hardware.demo.stage import Stage
from hardware.demo.truths import ask_all

AGREE_S = 90.0
"""The outbox waits longer after each failure; until the last delivery the centre's ledger may lag behind."""
LOOK_S = 0.5
MARGIN_DOTS = 32
"""Paper is wider than what the head can print: 80 mm of which 72 are dots."""
OURS = ("[0-9][0-9]-*.png", "receipt.png", "receipt.txt", "ledger.json")


def say(line: str) -> None:
    """Tell what happens, at once."""
    sys.stdout.write(f"demo: {line}\n")
    sys.stdout.flush()


def play_headless(stage: Stage, citizen: Citizen, fault: Fault, out: Path) -> int:
    """Play, write ``out``, compare. Exit status 0: as it must go, and all ledgers agree; 1: not."""
    clear(out)
    say(f"{fault.story}.")
    with stage:
        say(f"the kiosk shows its first screen after {stage.took_s:.1f} s")
        earlier = ask_all(stage) if stage.used else Ledgers()
        player = Player(stage, citizen, fault, out, say)
        player.play()
        for order in fault.repair:
            stage.bench(order)
        ledgers = settled(stage)
        stage.check()
        keep_receipt(stage, earlier, ledgers, out)
        wrong = [*player.shortfalls(), *ledgers.quarrels(), *miscounts(earlier, ledgers, citizen, fault)]
        stage.keep = stage.keep or bool(wrong)
    (out / "ledger.json").write_text(json.dumps(ledgers.to_json(), ensure_ascii=False, indent=2) + "\n", "utf-8")
    for sentence in wrong:
        say(f"WRONG: {sentence}")
    if wrong:
        say(f"logs and memories are in {stage.folder}/")
    else:
        register = "" if ledgers.fiscal is None else f", the register with {len(ledgers.fiscal)} document(s) too"
        say(f"terminal, printer, journal and central system agree{register}. Look at {out}/")
    return 1 if wrong else 0


def clear(out: Path) -> None:
    """Make the folder, without what an earlier demonstration left in it."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        for pattern in OURS:
            for path in out.glob(pattern):
                path.unlink()
    except OSError as error:
        raise DemoError(f"{out} cannot be written: {error}") from error


def settled(stage: Stage) -> Ledgers:
    """Return the ledgers as soon as they agree, or as they are when they do not in time."""
    deadline = time.monotonic() + AGREE_S
    while True:
        ledgers = ask_all(stage)
        if ledgers.agree() or time.monotonic() > deadline:
            return ledgers
        time.sleep(LOOK_S)


def keep_receipt(stage: Stage, earlier: Ledgers, ledgers: Ledgers, out: Path) -> None:
    """Keep the last whole paper as picture and text. No paper: neither."""
    whole = [row for row in ledgers.printer[len(earlier.printer) :] if row["outcome"] != "partial"]
    if whole:
        last = whole[-1]
        with Image.open(stage.folder / "bench/memory/printer" / last["paper"]) as dots:
            ImageOps.expand(dots.convert("L"), (MARGIN_DOTS, 0), 255).save(out / "receipt.png")
        shutil.copyfile(stage.papers / f"{last['reference']}.txt", out / "receipt.txt")


def miscounts(earlier: Ledgers, ledgers: Ledgers, citizen: Citizen, fault: Fault) -> list[str]:
    """Return what there is too much or too little of for this fault, beyond what earlier demonstrations left in the folder."""
    sales, papers = sales_in(ledgers) - sales_in(earlier), papers_in(ledgers) - papers_in(earlier)
    expected = fault.sales if citizen.pays else 0
    wrong = []
    if expected is not None and sales != expected:
        wrong.append(f"the terminal holds {sales} sales of this journey; expected {expected}")
    if fault.papers is not None and papers != fault.papers:
        wrong.append(f"{papers} whole papers came out; expected {fault.papers}")
    return wrong


def sales_in(ledgers: Ledgers) -> int:
    """Count the sales that stand."""
    return sum(row["outcome"] == "stored" for row in ledgers.terminal)


def papers_in(ledgers: Ledgers) -> int:
    """Count the whole papers."""
    return sum(row["outcome"] in ("printed", "copy") for row in ledgers.printer)
