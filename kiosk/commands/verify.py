"""``kiosk verify``: what the QR of a document says, who signed it, and whether that holds, without a network.

Exit status 0 all are valid, 1 one is not, 2 one could not be read. Nothing that is read is repeated before its signature holds.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from kiosk.uplink.messages import SigningKeys
from kiosk.uplink.seal import TEXT_AT_MOST, NotASeal, Sealed, read_seal
from kiosk.uplink.trust import judged, key_of, read_keys

PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp", ".pgm", ".ppm", ".tif", ".tiff")
READ_S = 20
REASONS = {
    "tampered": "the signature does not hold: the code was changed, or never came from the centre",
    "unknown_key": "signed with a key that is not among the keys here; fetch them anew if the document is newer than they are",
    "key_withdrawn": "signed with a key that was withdrawn",
    "key_not_valid": "signed at a time at which its key did not sign",
    "revoked": "taken back by its issuer",
    "not_yet_valid": "issued in the future: is the clock of this machine right?",
    "expired": "no longer valid",
}
LABELS = {"fin": "FIN", "born": "date of birth", "since": "registered since"}
Told = dict[str, Any]


def verify(source: str, keys_file: Path, *, as_json: bool, now_ms: int | None = None) -> int:
    """Judge one text, the codes in one picture, or each line of the input. ConfigError without keys that can be read."""
    keys = read_keys(keys_file)
    now_ms = time.time_ns() // 1_000_000 if now_ms is None else now_ms
    status, read = 0, 0
    for text in texts_of(source):
        told = judgement(text, keys, now_ms)
        status, read = max(status, {"valid": 0, "not_valid": 1}.get(told["verdict"], 2)), read + 1
        sys.stdout.write(msgspec.json.encode(told).decode() + "\n" if as_json else in_words(told))
        sys.stdout.flush()  # somebody is waiting at a scanner
    if not read:
        told = unreadable("expected the text of a code, got nothing")
        sys.stdout.write(msgspec.json.encode(told).decode() + "\n" if as_json else in_words(told))
        return 2
    return status


def texts_of(source: str) -> Iterator[str | NotASeal]:
    """Yield the texts to judge, or why there is none."""
    if source == "-":
        while line := sys.stdin.buffer.readline(4 * TEXT_AT_MOST):
            if text := line.decode("utf-8", "replace").strip():
                yield text
    elif source.lower().endswith(PICTURES) and "#" not in source:
        yield from codes_in(Path(source))
    else:
        yield source.strip()


def codes_in(path: Path) -> Iterator[str | NotASeal]:
    """Yield the text of each QR code in a picture, read by zbarimg."""
    program = shutil.which("zbarimg")
    if program is None:
        yield NotASeal(
            "pictures are read by zbarimg, which is not installed: apt install zbar-tools, or give the code's text"
        )
        return
    if not path.is_file():
        yield NotASeal("there is no such picture")
        return
    command = [program, "--quiet", "--raw", "--nodbus", "-Sdisable", "-Sqrcode.enable", str(path.absolute())]
    try:
        done = subprocess.run(command, capture_output=True, timeout=READ_S, check=False)
    except (OSError, subprocess.TimeoutExpired):
        yield NotASeal("zbarimg could not read the picture")
        return
    codes = [line.strip() for line in done.stdout.decode("utf-8", "replace").splitlines() if line.strip()]
    yield from codes
    if not codes:
        yield NotASeal("no QR code was found in the picture")


def judgement(text: str | NotASeal, keys: SigningKeys, now_ms: int) -> Told:
    """Return what there is to tell of one text."""
    try:
        if isinstance(text, NotASeal):
            raise text
        sealed = read_seal(text)
    except NotASeal as error:
        return unreadable(str(error))
    reason = judged(sealed, keys, now_ms)
    if reason in ("tampered", "unknown_key"):  # nothing of it can be believed, so nothing of it is told
        return {
            "verdict": "not_valid",
            "reason": reason,
            "explanation": REASONS[reason],
            "key": sealed.seal.key_id.hex(),
        }
    verdict = (
        {"verdict": "not_valid", "reason": reason, "explanation": REASONS[reason]} if reason else {"verdict": "valid"}
    )
    return verdict | contents(sealed, keys)


def unreadable(why: str) -> Told:
    """Return what there is to tell of what is no seal."""
    return {"verdict": "unreadable", "reason": "unreadable", "explanation": why}


def contents(sealed: Sealed, keys: SigningKeys) -> Told:
    """Return what a seal says whose signature holds."""
    seal, key = sealed.seal, key_of(sealed, keys)
    return {
        "kind": seal.kind,
        "number": seal.number,
        "holder": seal.holder,
        "facts": seal.facts,
        "issued_at": moment(seal.issued_at_s),
        "valid_until": moment(seal.valid_until_s),
        "kiosk": seal.kiosk,
        "language": seal.language,
        "issuer": key.issuer if key else "",
        "key": seal.key_id.hex(),
        "address": sealed.address,
    }


def moment(at_s: int) -> str:
    """Return a time as ISO 8601, UTC; one that no calendar has as seconds."""
    try:
        return datetime.fromtimestamp(at_s, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (ValueError, OverflowError, OSError):
        return f"{at_s} s"


def in_words(told: Told) -> str:
    """Return a judgement for people: the verdict first, then what is signed."""
    heads = {"valid": "VALID", "not_valid": "NOT VALID", "unreadable": "NOT READABLE"}
    head = heads[told["verdict"]]
    lines = [f"{head}: {told['explanation']}" if "explanation" in told else head]
    if "issuer" in told:
        facts = {LABELS.get(name, name): value for name, value in told["facts"].items()}
        rows = {"document": told["kind"], "number": told["number"], "holder": told["holder"], **facts}
        rows |= {"issued at": f"{told['issued_at']} by kiosk {told['kiosk']}", "valid until": told["valid_until"]}
        rows |= {"signed by": f"{told['issuer']}, key {told['key']}", "checked online at": told["address"]}
        lines += [f"  {name:<18}{printable(value)}" for name, value in rows.items()]
    return "\n".join(lines) + "\n"


def printable(text: str) -> str:
    """Return a text that cannot play tricks with a terminal."""
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in text)
