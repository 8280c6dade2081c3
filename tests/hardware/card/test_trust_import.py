"""Importing authorities: of each certificate it is said what became of it, and the folder is replaced whole or not at all."""

from __future__ import annotations

import base64
import hashlib
import shutil
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hardware.card import trust_folder
from hardware.card.certificates import parse_certificate
from hardware.card.trust_folder import TrustFolder, contents_of, replace_contents
from hardware.card.trust_import import Import
from kiosk.domain.faults import DeviceFault, ProtocolError
from tests.hardware.card import pki
from tests.hardware.card.pki import NOW, State

HOME, ABROAD = State(label="home"), State(label="abroad", country="GE")
LIST = pki.master_list(HOME, [HOME.authority, ABROAD.authority])
REVOKED = HOME.revocations(5)


CONFIRMED = hashlib.sha256(HOME.authority).hexdigest()


def imported(folder: Path, content: bytes, *countries: str, fingerprint: str = CONFIRMED) -> Import:
    """Import a file of this content and write what was taken. The operator has confirmed the authority at home."""
    path = folder.parent / "file"
    path.write_bytes(content)
    work = Import(folder, NOW, countries, fingerprint)
    work.take_file(path)
    if work.taken:
        work.write()
    return work


def verdicts(work: Import) -> list[str]:
    return [line.verdict for line in work.lines]


def pem(label: str, der: bytes) -> bytes:
    return f"-----BEGIN {label}-----\n{base64.encodebytes(der).decode()}-----END {label}-----\n".encode()


def ldif(*values: tuple[str, bytes]) -> bytes:
    """Return entries as a directory exports them, the values continued over lines."""
    entries = []
    for number, (attribute, der) in enumerate(values):
        text = f"{attribute}:: {base64.b64encode(der).decode()}"
        folded = "\n ".join(text[i : i + 70] for i in range(0, len(text), 70))
        entries.append(f"dn: cn={number},o=ml,c=AZ,dc=data\nobjectClass: top\n{folded}\nversion: 1\n")
    return ("version: 1\n\n" + "\n".join(entries)).encode()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "trust"


@pytest.mark.parametrize(
    ("content", "authorities", "lists"),
    [
        (LIST, 2, 0),
        (HOME.authority, 1, 0),
        (REVOKED, 1, 1),
        (pem("X509 CRL", REVOKED) + pem("CERTIFICATE", ABROAD.authority), 2, 1),
        (pem("PKCS7", LIST), 2, 0),
        (ldif(("pkdMasterListContent", LIST), ("userCertificate;binary", HOME.signer)), 2, 0),
        (ldif(("certificateRevocationList;binary", REVOKED), ("CscaMasterListData;binary", LIST)), 2, 1),
    ],
    ids=["ml", "der", "crl", "pem", "pem-ml", "ldif", "ldif-crl"],
)
def test_each_kind_of_file(folder: Path, content: bytes, authorities: int, lists: int):
    """Whatever the kind of the file, what it holds is taken and read again; a revocation list may stand before its authority."""
    imported(folder, HOME.authority)
    assert imported(folder, content).refused == 0
    certificates, revocations = contents_of(folder)
    assert set(certificates) == {HOME.authority, ABROAD.authority} if authorities == 2 else {HOME.authority}
    assert revocations == [REVOKED] * lists
    assert TrustFolder(folder).anchors().count == authorities


def test_a_master_list_cannot_vouch_for_itself(folder: Path):
    """A list whose signer only its own certificates vouch for is refused, with the fingerprint to compare; confirmed, it is taken."""
    alone = imported(folder, LIST, fingerprint="")
    assert verdicts(alone) == ["refused"]
    assert f"--fingerprint {CONFIRMED}" in alone.lines[0].why
    assert not folder.exists()
    written = " ".join(CONFIRMED.upper()[i : i + 4] for i in range(0, 64, 4))
    first = imported(folder, LIST, fingerprint=written)
    assert verdicts(first) == ["opened", "taken", "taken"]
    assert first.lines[0].why == "confirmed by its fingerprint"


def test_what_is_trusted_vouches_for_the_next_list(folder: Path):
    """Signed under an anchor that stands in the folder, a list needs nobody's word; under a stranger, it does, also then."""
    imported(folder, HOME.authority)
    assert imported(folder, LIST, fingerprint="").lines[0].why == "a trusted authority vouches for it"
    stranger = State(label="stranger")
    theirs = pki.master_list(stranger, [stranger.authority, HOME.authority])
    for fingerprint in ("", CONFIRMED):
        refused = imported(folder, theirs, fingerprint=fingerprint)
        assert verdicts(refused) == ["refused"]
        assert "nobody trusted vouches" in refused.lines[0].why
    assert stranger.authority not in contents_of(folder)[0]


@pytest.mark.parametrize("countries", [(), ("AZ",)])
def test_lists_vouch_for_each_other_in_whatever_order(folder: Path, countries: tuple[str, ...]):
    """In one file of many states' lists one confirmed fingerprint is enough: its list brings the authorities of the others."""
    theirs = pki.master_list(ABROAD, [ABROAD.authority, HOME.authority])
    work = imported(folder, ldif(("pkdMasterListContent", theirs), ("pkdMasterListContent", LIST)), *countries)
    assert verdicts(work).count("opened") == 2
    assert work.refused == 0
    assert set(contents_of(folder)[0]) == ({HOME.authority} if countries else {HOME.authority, ABROAD.authority})


def test_no_import_has_the_name_of_another(folder: Path):
    """Deleted and imported anew the folder is another one: a running kiosk does not go on with what it read before."""
    trust, names = TrustFolder(folder), set()
    for state in (HOME, ABROAD):
        imported(folder, state.authority)
        names.add(trust_folder.current_of(folder))
        assert trust.anchors().candidates(parse_certificate(state.signer))
        shutil.rmtree(folder)
    assert len(names) == 2


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (pki.master_list(HOME, [HOME.authority], "2.23.136.1.1.8"), "is no signer of master lists"),
        (pki.master_list(HOME, [HOME.authority], signed=b"another"), "not the one that was signed"),
        (pki.master_list(HOME, [HOME.authority], attributes=b""), "without signed attributes"),
        (LIST[:-4] + bytes(4), "damaged"),
    ],
)
def test_a_master_list_that_does_not_hold_is_refused_whole(folder: Path, content: bytes, why: str):
    """None of the certificates of a list is taken when its own signature, or its signer, is not right."""
    work = imported(folder, content)
    assert verdicts(work) == ["refused"]
    assert why in work.lines[0].why or "signature" in work.lines[0].why
    assert not folder.exists()


def test_a_list_whose_signer_nobody_vouches_for(folder: Path):
    """A list signed by a signer whose authority is neither in the folder nor in the list is refused."""
    stranger = State(label="stranger")
    stranger.authority = ABROAD.authority
    work = imported(folder, pki.master_list(stranger, [ABROAD.authority]))
    assert "nobody trusted vouches for" in work.lines[0].why


EXPIRED = pki.certificate(
    HOME.name, HOME.key, HOME.name, HOME.key, pki.AUTHORITY, 3, (pki.EARLY, datetime(2025, 1, 1, tzinfo=UTC))
)
NO_SIGNER = pki.certificate(HOME.name, HOME.key, HOME.name, HOME.key, (pki.AUTHORITY[0], pki.usage(6)), 4)
FALSE = pki.certificate(HOME.name, HOME.key, HOME.name, pki.new_key(label="other"), pki.AUTHORITY, 5)


@pytest.mark.parametrize(
    ("der", "why"),
    [
        (HOME.signer, "is no certificate of an authority"),
        (EXPIRED, "expired on 2025-01-01"),
        (NO_SIGNER, "its key is not for signing certificates"),
        (HOME.authority[:-6] + bytes(6), "signature"),
        (HOME.authority[:-1], "damaged certificate"),
        (HOME.authority.replace(HOME.key.point(), b"\x04" + bytes(64)), "no point of"),
    ],
    ids=["signer", "expired", "usage", "signature", "cut off", "key"],
)  # fmt: skip
def test_what_is_no_anchor_is_refused_with_its_reason(folder: Path, der: bytes, why: str):
    """Each certificate that cannot be trusted is named with the reason, and the others beside it are taken."""
    work = imported(folder, pem("CERTIFICATE", der) + pem("CERTIFICATE", ABROAD.authority))
    assert verdicts(work) == ["refused", "taken"]
    assert why in work.lines[0].why
    assert contents_of(folder)[0] == [ABROAD.authority]


def test_a_renewed_authority_is_taken_beside_the_old(folder: Path):
    """A link certificate is signed by the old key and is an anchor like the others: the list or the operator vouches for it."""
    imported(folder, HOME.authority)
    assert imported(folder, FALSE).taken == 1
    assert len(contents_of(folder)[0]) == 2


def test_only_the_countries_that_are_asked_for(folder: Path):
    """With a country the others are passed over, and counted."""
    work = imported(folder, LIST, "az")
    assert verdicts(work) == ["opened", "taken", "passed over"]
    assert contents_of(folder)[0] == [HOME.authority]


def test_a_newer_revocation_list_replaces_the_older_and_never_the_other_way(folder: Path):
    """Of each authority the newest list is kept, in whatever order they come."""
    older, newer = (HOME.revocations(number, made=datetime(2026, number, 1, tzinfo=UTC)) for number in (1, 2))
    imported(folder, pem("CERTIFICATE", HOME.authority) + pem("X509 CRL", older))
    assert imported(folder, newer).taken == 1
    assert contents_of(folder)[1] == [newer]
    assert imported(folder, older).lines[0].why == "a newer one is there, of 2026-02-01"
    assert contents_of(folder)[1] == [newer]


def test_a_revocation_list_of_a_stranger_is_refused(folder: Path):
    """A list that no trusted authority signed would let anybody revoke."""
    imported(folder, HOME.authority)
    false = pki.revocation_list(HOME.name, pki.new_key(label="stranger"), [1])
    assert imported(folder, false).lines[0].why == "no trusted authority signed it"


@pytest.mark.parametrize("content", [b"", b"hello", b"-----BEGIN CERTIFICATE-----\n", b"\x31\x00", b"<html>"])
def test_a_file_of_no_kind_is_refused(folder: Path, content: bytes):
    """Whatever else is no import, and the folder stays as it was."""
    with pytest.raises(ProtocolError):
        imported(folder, content)
    assert not folder.exists()


def test_an_import_that_breaks_off_changes_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch):
    """At whatever file the disk fails: what was trusted before is trusted still, and the next import goes well."""
    imported(folder, HOME.authority)
    real: Callable[[int], None] = trust_folder.os.fsync
    for broken in range(4):
        left = iter(range(broken))

        def fails(handle: int, left: object = left) -> None:
            if next(left, None) is None:  # type: ignore[call-overload]
                raise OSError(28, "no space left on device")
            real(handle)

        monkeypatch.setattr(trust_folder.os, "fsync", fails)
        work = Import(folder, NOW)
        path = folder.parent / "file"
        path.write_bytes(ABROAD.authority)
        work.take_file(path)
        with pytest.raises(OSError, match="no space"):
            work.write()
        if broken < 3:  # the fourth is after the link was turned
            assert contents_of(folder)[0] == [HOME.authority]
        monkeypatch.setattr(trust_folder.os, "fsync", real)
    assert imported(folder, LIST).refused == 0
    assert len(contents_of(folder)[0]) == 2


def test_a_running_kiosk_sees_the_next_import(folder: Path):
    """The anchors are read again once an import has replaced them, and only then."""
    trust = TrustFolder(folder)
    with pytest.raises(DeviceFault) as caught:
        trust.anchors()
    assert caught.value.reason == "no_trust"
    imported(folder, HOME.authority)
    first = trust.anchors()
    assert trust.anchors() is first
    imported(folder, ABROAD.authority)
    assert trust.anchors().count == 2


def test_a_damaged_anchor_is_a_fault_not_a_smaller_folder(folder: Path):
    """A folder of which something cannot be read is none: else a card would be refused for the disk's fault."""
    replace_contents(folder, {"az-1.cer": HOME.authority, "az-2.cer": b"\x30\x00"})
    with pytest.raises(DeviceFault, match="damaged certificate"):
        TrustFolder(folder).anchors()


@settings(deadline=None)
@given(st.binary(max_size=200).map(lambda tail: b"dn: x\n" + tail) | st.binary(max_size=200))
def test_nothing_but_a_protocol_error_comes_of_any_file(tmp_path_factory: pytest.TempPathFactory, content: bytes):
    """Bytes of any kind, as LDIF or not, end in lines or in a ProtocolError."""
    folder = tmp_path_factory.mktemp("any") / "trust"
    with suppress(ProtocolError):
        assert imported(folder, content).taken == 0
