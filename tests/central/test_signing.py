"""The centre's keys: made once, read by their owner alone, rolled over, withdrawn; and documents that were taken back."""

from __future__ import annotations

import os
import stat
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from central.__main__ import main
from central.days import now_ms
from central.signing.keys import SIGNS_FOR_MS, Keyring, keyring_of, write_private
from central.signing.revoking import revoke
from central.store import Store, StoreError
from kiosk.uplink.messages import SigningKeys
from kiosk.uplink.seal import read_seal
from kiosk.uplink.trust import judged, read_keys
from tests.central.requests import certificate, reference, submit
from tests.central.server import RunningCentral, with_store
from tests.uplink import seals


def published(central: RunningCentral, tmp_path: Path) -> SigningKeys:
    """Return the keys as anybody gets them, without a token."""
    path = tmp_path / "keys.json"
    path.write_bytes(httpx.get(f"{central.url}/v1/signing-keys", trust_env=False).content)
    return read_keys(path)


def test_a_certificate_is_sealed_with_a_published_key(
    http: httpx.Client, central: RunningCentral, tmp_path: Path
) -> None:
    """The QR holds who, what and until when, as the slip has it, and holds by what the centre publishes."""
    answer = submit(http, certificate(reference(), "ru")).json()
    sealed = read_seal(answer["verification_url"])
    assert judged(sealed, published(central, tmp_path), now_ms()) == ""
    paper = "\n".join(answer["document"])
    seal = sealed.seal
    assert all(text in paper for text in (seal.number, seal.holder, *seal.facts.values()))
    assert (seal.kind, seal.kiosk, seal.language) == ("residence-certificate", "K1", "ru")
    assert set(seal.facts) == {"fin", "born", "address", "since"}
    assert 30 * seals.DAY_S <= seal.valid_until_s - seal.issued_at_s <= 31 * seals.DAY_S


def test_a_repeated_submission_has_the_same_seal(http: httpx.Client) -> None:
    """The same submission is the same document, to the last letter of its QR."""
    body = certificate(reference())
    assert submit(http, body).json() == submit(http, body).json()


def test_keys_are_their_owners_alone(tmp_path: Path) -> None:
    """A key's file is 0600 in a folder of 0700 whatever the umask; one that others may read is not used."""
    before = os.umask(0)
    try:
        keyring = Keyring(tmp_path / "keys")
        keyring.prepare()
    finally:
        os.umask(before)
    (path,) = keyring.folder.iterdir()
    assert (stat.S_IMODE(path.stat().st_mode), stat.S_IMODE(keyring.folder.stat().st_mode)) == (0o600, 0o700)
    path.chmod(0o640)
    with pytest.raises(StoreError, match="can be read by others"):
        keyring.all()


def test_the_first_key_is_made_once(tmp_path: Path) -> None:
    """A start makes a key where there is none that signs, and no other; it signs what is issued in that very second."""
    keyring = Keyring(tmp_path / "keys")
    keyring.prepare()
    (first,) = keyring.all()
    assert first.public.not_before_ms % 1000 == 0
    keyring.prepare()
    assert [key.public for key in keyring.all()] == [first.public]


def test_the_newest_valid_key_signs(tmp_path: Path) -> None:
    """A key that begins later waits for its day, an old one ends, a withdrawn one signs no more and stays known."""
    keyring = Keyring(tmp_path / "keys")
    old, new = keyring.add(1_000), keyring.add(5_000)

    def signs_at(at_ms: int) -> str | None:
        found = keyring.signing(at_ms)
        return found.public.key_id if found else None

    assert [signs_at(at_ms) for at_ms in (999, 1_000, 4_999, 5_000)] == [None, old.key_id, old.key_id, new.key_id]
    assert signs_at(5_000 + SIGNS_FOR_MS) is None
    keyring.withdraw(new.key_id)
    assert signs_at(5_000) == old.key_id
    assert {key.public.key_id: key.public.withdrawn for key in keyring.all()} == {old.key_id: False, new.key_id: True}


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff", b'{"public": 1, "seed": ""}'])
def test_a_spoilt_key_is_told_with_its_path(tmp_path: Path, content: bytes) -> None:
    """A file that is no key, or whose halves do not belong together, is a sentence for the operator."""
    keyring = Keyring(tmp_path / "keys")
    (keyring.folder).mkdir()
    path = keyring.folder / "0011223344556677.seal-key.json"
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(StoreError, match=r"0011223344556677"):
        keyring.all()


def test_a_key_with_another_public_half_is_not_used(tmp_path: Path) -> None:
    """Nothing is signed that nobody could check."""
    keyring = Keyring(tmp_path / "keys")
    first, second = keyring.add(1_000), keyring.add(2_000)
    path = keyring.folder / f"{first.key_id}.seal-key.json"
    path.write_text(path.read_text("utf-8").replace(first.public_key, second.public_key), "utf-8")
    with pytest.raises(StoreError, match="halves"):
        keyring.all()


def test_keys_roll_over_on_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """new-key says the new id and the key signs from now on; withdraw-key marks one and says of an unknown id so."""
    database = f"sqlite:///{tmp_path / 'central.db'}"
    assert main(["migrate", "--database", database]) == 0
    capsys.readouterr()
    assert main(["new-key", "--issuer", "Şəhər", "--database", database]) == 0
    name = capsys.readouterr().out.strip()
    keyring = with_store(database, keyring_of)
    signing = keyring.signing(now_ms())
    assert signing is not None
    assert (signing.public.key_id, signing.public.issuer) == (name, "Şəhər")
    assert main(["withdraw-key", name, "--database", database]) == 0
    after = keyring.signing(now_ms())
    assert after is not None
    assert after.public.key_id != name
    for unknown in ("0000", "../x"):
        assert main(["withdraw-key", unknown, "--database", database]) == 1
        assert "there is no key" in capsys.readouterr().err


def test_a_document_is_taken_back(http: httpx.Client, central: RunningCentral, tmp_path: Path) -> None:
    """A revoked number is published, its seal is refused by it, and its code says so; an unknown number is told."""
    url = submit(http, certificate(reference())).json()["verification_url"]
    sealed = read_seal(url)

    def take_back(store: Store) -> None:
        for _ in range(2):
            revoke(store, sealed.seal.number, 1)
        with pytest.raises(StoreError, match="no document"):
            revoke(store, "26-NONE", 1)

    with_store(central.database, take_back)
    assert judged(sealed, published(central, tmp_path), now_ms()) == "revoked"
    path = sealed.address.removeprefix("https://central.example")
    answer = httpx.get(central.url + path, trust_env=False).json()
    assert (answer["valid"], answer["standing"]) == (False, "revoked")


def test_a_private_file_is_its_owners_whatever_lay_there_before(tmp_path: Path) -> None:
    """What a crash left behind, open to all and with this process's number, is not written into."""
    (tmp_path / f".key.{os.getpid()}").write_bytes(b"")
    (tmp_path / f".key.{os.getpid()}").chmod(0o644)
    write_private(tmp_path / "key", b"secret")
    assert stat.S_IMODE((tmp_path / "key").stat().st_mode) == 0o600


def test_threads_that_make_the_same_file_leave_one_of_theirs_whole(tmp_path: Path) -> None:
    """Each writes beside the others, none fails, and nothing is left over."""
    together, contents = threading.Barrier(8), [bytes([each]) * 100_000 for each in range(8)]

    def make(content: bytes) -> None:
        together.wait(60)
        write_private(tmp_path / "key", content)

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(make, contents))
    assert (tmp_path / "key").read_bytes() in contents
    assert [each.name for each in tmp_path.iterdir()] == ["key"]
