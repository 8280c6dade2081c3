"""Whom the kiosk takes for a technician, and how a revocation list gets into the place of another; certificates by a library."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, ObjectIdentifier

from hardware.card.piv import Holder
from hardware.card.technicians import Technicians
from kiosk.domain.faults import DeviceFault, ProtocolError
from kiosk.domain.technician import Technician, TechnicianRefusal
from tests.hardware.card.operator import DAY, NOW, Operator

KEY = ec.generate_private_key(ec.SECP256R1()).public_key()
OURS = Operator()


@pytest.fixture
def staff(tmp_path: Path) -> Technicians:
    (tmp_path / "ca.pem").write_bytes(OURS.pem)
    return Technicians(tmp_path / "ca.pem", tmp_path / "lists")


def reason(judged: Holder | TechnicianRefusal) -> str:
    assert isinstance(judged, TechnicianRefusal), judged
    return judged.reason


def remark(staff: Technicians) -> str:
    judged = staff.judge(OURS.technician(KEY, "technician"), NOW)
    assert isinstance(judged, Holder)
    return judged.technician.remark


@pytest.mark.parametrize(
    ("units", "roles"),
    [
        (("technician",), ("technician",)),
        (("cash-collector",), ("cash-collector",)),
        (("Village Kiosks", "cash-collector", "technician"), ("technician", "cash-collector")),
    ],
)
def test_the_units_of_the_subject_are_the_roles(staff: Technicians, units: tuple[str, ...], roles: tuple[str, ...]):
    """Name, serial number and each role that stands there as an OU are read; other units mean nothing."""
    judged = staff.judge(OURS.technician(KEY, *units), NOW)
    assert isinstance(judged, Holder)
    assert judged.technician == Technician("Rəna Əliyeva", "77", roles, "no_list")


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        ({"units": ()}, "no_role"),
        ({"units": ("supervisor",)}, "no_role"),
        ({"units": ("Technician",)}, "no_role"),
        ({"use": ("key_encipherment",)}, "untrusted"),
        ({"use": ()}, "untrusted"),
        ({"purposes": (ExtendedKeyUsageOID.SERVER_AUTH,)}, "untrusted"),
        ({"span": (-100, -1)}, "expired"),
        ({"span": (1, 100)}, "expired"),
    ],
)
def test_what_is_wrong_with_a_certificate_is_told(staff: Technicians, made: dict[str, object], expected: str):
    """Another role, another use of the key, or another time: each is refused for what it is."""
    units = made.pop("units", ("technician",))
    assert reason(staff.judge(OURS.technician(KEY, *units, **made), NOW)) == expected  # type: ignore[misc, arg-type]


@pytest.mark.parametrize("purpose", [None, "1.3.6.1.4.1.311.20.2.2", "2.5.29.37.0"])
def test_purposes_of_persons_are_taken(staff: Technicians, purpose: str | None):
    """No purpose named, smart card logon, or any: the certificate may authenticate a person."""
    purposes = (ObjectIdentifier(purpose),) if purpose else ()
    assert isinstance(staff.judge(OURS.technician(KEY, "technician", purposes=purposes), NOW), Holder)


def test_another_authority_of_the_same_name_is_not_believed(staff: Technicians):
    """The name is no proof: the signature must be that of an authority in the folder."""
    assert reason(staff.judge(Operator().technician(KEY, "technician"), NOW)) == "untrusted"
    assert reason(staff.judge(Operator("Other").technician(KEY, "technician"), NOW)) == "untrusted"


def test_the_authoritys_own_certificate_is_no_technicians(staff: Technicians):
    """Whoever holds the authority's certificate and nothing else does not get in."""
    assert reason(staff.judge(OURS.certificate.public_bytes(_der()), NOW)) == "untrusted"


def _der():
    from cryptography.hazmat.primitives.serialization import Encoding

    return Encoding.DER


def test_a_folder_may_hold_several_authorities(tmp_path: Path):
    """Old and new authority side by side: cards of both are taken, and a text beside them is told and does no harm."""
    new = Operator("New")
    for name, content in (("a.pem", OURS.pem), ("b.crt", new.pem)):
        (tmp_path / name).write_bytes(content)
    staff = Technicians(tmp_path, tmp_path / "lists")
    for operator in (OURS, new):
        assert isinstance(staff.judge(operator.technician(KEY, "technician"), NOW), Holder)


@pytest.mark.parametrize("content", [None, b"", b"nothing", "technician"])
def test_without_an_authority_the_kiosk_says_so(tmp_path: Path, content: bytes | str | None):
    """No file, an empty one, one of something else, or a certificate of somebody who is no authority: a fault, no_trust."""
    path = tmp_path / "ca.pem"
    if content is not None:
        path.write_bytes(OURS.technician(KEY, "technician") if isinstance(content, str) else content)
    with pytest.raises(DeviceFault) as caught:
        Technicians(path, tmp_path / "lists").judge(OURS.technician(KEY, "technician"), NOW)
    assert caught.value.reason == "no_trust"


def test_a_damaged_certificate_is_no_verdict(staff: Technicians):
    """What cannot be read is told as damaged."""
    with pytest.raises(ProtocolError):
        staff.judge(OURS.technician(KEY, "technician")[:-1], NOW)


def test_a_newer_list_revokes_and_is_kept(staff: Technicians, tmp_path: Path):
    """From the list on the certificate is refused, also by a kiosk that has been started anew."""
    assert remark(staff) == "no_list"
    assert staff.take(OURS.revoked([1], 7), NOW) == ""
    assert remark(staff) == ""
    assert staff.take(OURS.revoked([1, 0x77], 8), NOW) == ""
    again = Technicians(tmp_path / "ca.pem", tmp_path / "lists")
    assert reason(again.judge(OURS.technician(KEY, "technician"), NOW)) == "revoked"


def test_no_bad_list_removes_a_good_one(staff: Technicians):
    """Older, of the same number, without a number, signed by another, damaged, or of another name: the good one stays."""
    good = OURS.revoked([0x77], 8)
    assert staff.take(good, NOW) == ""
    assert staff.take(good, NOW) == ""
    other = ec.generate_private_key(ec.SECP256R1())
    bad = {
        "not newer": [OURS.revoked([], 7), OURS.revoked([], 8)],
        "without a number": [OURS.revoked([], None)],
        "not signed": [OURS.revoked([], 9, signer=other), Operator("Other").revoked([], 9)],
        "damaged": [good[:-1], b"", b"\x30\x00", b"-----BEGIN X509 CRL-----"],
    }
    for sentence, lists in bad.items():
        for each in lists:
            assert sentence in staff.take(each, NOW), sentence
            assert reason(staff.judge(OURS.technician(KEY, "technician"), NOW)) == "revoked"


def test_each_authority_has_a_list_of_its_own(tmp_path: Path):
    """The new authority's list leaves the old one's in its place."""
    new = Operator("New")
    (tmp_path / "ca.pem").write_bytes(OURS.pem + new.pem)
    staff = Technicians(tmp_path / "ca.pem", tmp_path / "lists")
    assert staff.take(OURS.revoked([0x77], 20), NOW) == staff.take(new.revoked([], 1), NOW) == ""
    assert reason(staff.judge(OURS.technician(KEY, "technician"), NOW)) == "revoked"
    assert isinstance(staff.judge(new.technician(KEY, "technician"), NOW), Holder)


def test_the_lists_of_all_authorities_come_in_one_piece(tmp_path: Path):
    """The centre gives them one after the other: each is taken on its own, and one that is refused does not stop the next."""
    new = Operator("New")
    (tmp_path / "ca.pem").write_bytes(OURS.pem + new.pem)
    staff = Technicians(tmp_path / "ca.pem", tmp_path / "lists")
    assert staff.take(OURS.revoked([0x77], 20) + new.revoked([], 1), NOW) == ""
    told = staff.take(OURS.revoked([], 19) + new.revoked([0x77], 2) + b"rest", NOW)
    assert "number 19 of" in told
    assert "damaged" in told
    for operator in (OURS, new):
        assert reason(staff.judge(operator.technician(KEY, "technician"), NOW)) == "revoked"


def test_an_authority_that_may_sign_no_lists_revokes_nobody(tmp_path: Path):
    """A list is taken only from a key that may sign lists (RFC 5280, 4.2.1.3)."""
    mute = Operator(may=("key_cert_sign",))
    (tmp_path / "ca.pem").write_bytes(mute.pem)
    staff = Technicians(tmp_path / "ca.pem", tmp_path / "lists")
    assert "not signed" in staff.take(mute.revoked([0x77], 1), NOW)


def test_an_overdue_list_still_revokes_and_is_told(staff: Technicians):
    """Offline for long: whoever it names stays out, whoever gets in is told that it is old."""
    assert staff.take(OURS.revoked([1], 7, due=timedelta(days=-1)), NOW) == ""
    assert remark(staff) == "list_overdue"
    assert reason(staff.judge(OURS.technician(KEY, "technician", serial=1), NOW)) == "revoked"


def test_a_list_spoilt_on_disk_is_told_and_replaced(staff: Technicians, tmp_path: Path):
    """Where the card that holds the list has lost it, the technician is told, and the next list is taken."""
    assert staff.take(OURS.revoked([1], 7), NOW) == ""
    (kept,) = (tmp_path / "lists/current").glob("*.crl")
    kept.write_bytes(kept.read_bytes()[:40])
    assert remark(staff) == "no_list"
    assert staff.take(OURS.revoked([1], 7), NOW + DAY) == ""
    assert remark(staff) == ""
