"""Keys: which are believed, from when to when, and what a seal is worth by them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from kiosk.domain.faults import ConfigError
from kiosk.uplink.messages import SigningKeys
from kiosk.uplink.seal import read_seal
from kiosk.uplink.trust import AHEAD_MS, judged, read_keys, write_keys
from tests.uplink import seals

ISSUED_MS = seals.ISSUED_S * 1000
ENDS_MS = ISSUED_MS + 30 * seals.DAY_S * 1000
SEALED = read_seal(seals.text())


@pytest.mark.parametrize(
    ("now_ms", "reason"),
    [
        (ISSUED_MS, ""),
        (ISSUED_MS - AHEAD_MS, ""),
        (ISSUED_MS - AHEAD_MS - 1, "not_yet_valid"),
        (0, "not_yet_valid"),
        (ENDS_MS - 1, ""),
        (ENDS_MS, "expired"),
        (1 << 60, "expired"),
        (None, ""),
    ],
)
def test_the_clock_decides_about_the_dates_alone(now_ms: int | None, reason: str) -> None:
    """A seal is good from ten minutes before it was issued until its end; without a clock its dates do not count."""
    assert judged(SEALED, seals.keys(), now_ms) == reason


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"withdrawn": True}, "key_withdrawn"),
        ({"not_before_ms": ISSUED_MS + 1}, "key_not_valid"),
        ({"not_before_ms": ISSUED_MS}, ""),
        ({"not_after_ms": ISSUED_MS}, "key_not_valid"),
        ({"not_after_ms": ISSUED_MS + 1}, ""),
        ({"public_key": seals.public(8).public_key}, "tampered"),
        ({"public_key": "no hex"}, "tampered"),
        ({"public_key": ""}, "tampered"),
        ({"key_id": seals.public(8).key_id}, "unknown_key"),
    ],
    ids=str,
)
def test_a_key_is_good_for_its_own_time_and_seals(change: dict[str, Any], reason: str) -> None:
    """Withdrawn, not yet or no longer signing, another one or rubbish: each has its reason."""
    assert judged(SEALED, SigningKeys([seals.public(7, **change)]), ISSUED_MS) == reason


def test_keys_roll_over() -> None:
    """With the new key beside it the old one's seals stay good, and the new one's are; neither key knows the other's."""
    both, new = seals.keys(7, 8), read_seal(seals.text(8))
    assert [judged(each, both, ISSUED_MS) for each in (SEALED, new)] == ["", ""]
    assert judged(new, seals.keys(7), ISSUED_MS) == "unknown_key"
    assert judged(SEALED, seals.keys(8), ISSUED_MS) == "unknown_key"


def test_a_document_that_was_taken_back_is_no_longer_good() -> None:
    """A number among the revoked ones is refused whatever its signature; another number is none of its business."""
    keys = replace(seals.keys(), revoked=["26-000000"])
    assert judged(SEALED, keys, ISSUED_MS) == ""
    assert judged(SEALED, replace(keys, revoked=["26-FCZDZK"]), ISSUED_MS) == "revoked"


def test_keys_are_kept_whole(tmp_path: Path) -> None:
    """A file of keys reads as what was written, and writing leaves nothing else behind."""
    path = tmp_path / "keys.json"
    write_keys(path, seals.keys(8))
    write_keys(path, seals.keys(7, 8))
    assert read_keys(path) == seals.keys(7, 8)
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("content", [None, b"", b"[]", b"\xff\xfe", b'{"keys": [{"key_id": 7}]}', b"[" * 100_000])
def test_what_is_no_file_of_keys_is_told(tmp_path: Path, content: bytes | None) -> None:
    """A file that is missing or holds no keys is a sentence with its path."""
    path = tmp_path / "keys.json"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ConfigError, match="keys"):
        read_keys(path)
