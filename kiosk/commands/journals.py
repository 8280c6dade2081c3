"""``kiosk journal``: verify walks the chain, show is for people, export is for programs, at-rest is for the updater."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, datetime

import msgspec

from kiosk.commands.parts import data_of
from kiosk.config import Config
from kiosk.journal import Journal
from kiosk.journal.codec import to_row
from kiosk.journey.machine import replay
from kiosk.journey.reference import letters_of
from kiosk.journey.state import Kiosk
from kiosk.journey.turn import at_rest


def journal_command(config: Config, what: str, start: int) -> int:
    """Carry out one of verify, show, export, at-rest."""
    path = data_of(config) / "journal.db"
    if not path.exists():
        sys.stderr.write(f"kiosk journal: there is no journal at {path}\n")
        return 2
    journal = Journal(path, config.kiosk.id)
    try:
        if what == "verify":
            return verify(journal)
        if what == "at-rest":
            return resting(journal, config)
        for line in lines(journal, start, as_json=what == "export"):
            sys.stdout.write(line + "\n")
        return 0
    finally:
        journal.close()


def verify(journal: Journal) -> int:
    """Walk the chain and say how long it is, or where it is broken."""
    verdict, trouble = journal.verify(), journal.healthy()
    if verdict.broken_at is None and not trouble:
        sys.stdout.write(f"whole: {verdict.entries} entries\n")
        return 0
    sys.stdout.write(f"BROKEN: {verdict.reason or trouble}\n")
    return 2


def resting(journal: Journal, config: Config) -> int:
    """Say whether software may be updated now (law 8): exit status 0 at rest, 1 in a journey."""
    number, entries = journal.unfinished()
    kiosk = replay(Kiosk(config.kiosk.id, config.found_services, journey=number), entries)
    calm = at_rest(kiosk)
    sys.stdout.write("at rest\n" if calm else f"in a journey: {type(kiosk.state).__name__}\n")
    return 0 if calm else 1


def lines(journal: Journal, start: int, *, as_json: bool) -> Iterator[str]:
    """Yield one line an entry, without personal data: what the seal covers stays covered."""
    for seq, at_ms, boot_ms, journey, event, erased in journal.read(start):
        body, personal = to_row(event)
        if as_json:
            row = {
                "seq": seq,
                "epoch": journal.epoch,
                "at_ms": at_ms,
                "boot_ms": boot_ms,
                "journey": journey,
                "letters": letters_of(journal.secret, journey),
                "event": msgspec.Raw(body.encode()),
            }
            yield msgspec.json.encode({**row, "sealed": personal is not None, "erased": erased}).decode()
        else:
            when = datetime.fromtimestamp(at_ms / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S")
            seal = "  (erased)" if erased else "  (sealed)" if personal is not None else ""
            yield f"{seq:>7}  {when}  {journey:>5}  {body[:160]}{seal}"
