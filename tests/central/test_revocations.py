"""The revocation list of technicians' cards at the centre: put in on the command line, fetched over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from central.__main__ import main
from hardware.card.technicians import Technicians
from tests.central.server import RunningCentral
from tests.hardware.card.operator import NOW, Operator

PATH = "/v1/technicians/revocations"
OURS, OTHER = Operator(), Operator()

Put = Callable[..., int]


@pytest.fixture
def fresh(tmp_path: Path):
    """A centre that has no list yet."""
    with RunningCentral(tmp_path / "central") as running:
        yield running


@pytest.fixture
def http(fresh: RunningCentral):
    headers = {"Authorization": f"Bearer {fresh.token}"}
    with httpx.Client(base_url=fresh.url, headers=headers, timeout=10, trust_env=False) as client:
        yield client


@pytest.fixture
def put(fresh: RunningCentral, tmp_path: Path) -> Put:
    """Put a list in as the operator does."""

    def put_in(content: bytes, ca: bytes = OURS.pem) -> int:
        (tmp_path / "list").write_bytes(content)
        (tmp_path / "ca.pem").write_bytes(ca)
        files = [str(tmp_path / "list"), "--ca", str(tmp_path / "ca.pem")]
        return main(["put-revocations", *files, "--database", fresh.database])

    return put_in


def test_before_the_first_list_there_is_none(http: httpx.Client):
    """204: a kiosk that asks is told that there is nothing, and that is no error."""
    answer = http.get(PATH)
    assert (answer.status_code, answer.content) == (204, b"")


def test_a_list_is_served_as_it_is(http: httpx.Client, put: Put, capsys: pytest.CaptureFixture[str]):
    """In DER whatever it was put in as, with a tag; who has it already gets nothing, who has another gets it."""
    der = OURS.revoked([0x77, 0x78], 5)
    pem = x509.load_der_x509_crl(der).public_bytes(Encoding.PEM)
    assert put(pem) == 0
    assert "revocation list 5: 2 revoked" in capsys.readouterr().out
    answer = http.get(PATH)
    assert (answer.status_code, answer.content) == (200, der)
    assert answer.headers["content-type"] == "application/pkix-crl"
    assert put(der) == 0
    assert "already" in capsys.readouterr().out
    known = {"If-None-Match": answer.headers["etag"]}
    assert http.get(PATH, headers=known).status_code == 304
    assert put(OURS.revoked([0x77], 6)) == 0
    assert http.get(PATH, headers=known).status_code == 200


@pytest.mark.parametrize(
    ("content", "ca", "words"),
    [
        (OURS.revoked([], 5), OURS.pem, "not newer than number 5"),
        (OURS.revoked([], 4), OURS.pem, "not newer than number 5"),
        (OURS.revoked([], None), OURS.pem, "without a CRL number"),
        (OURS.revoked([], 9, signer=ec.generate_private_key(ec.SECP256R1())), OURS.pem, "not signed"),
        (OURS.revoked([], 9), OTHER.pem, "not signed"),
        (OURS.revoked([], 9), b"nothing", "no certificates"),
        (b"nothing", OURS.pem, "no revocation list"),
        (bytes(2_000_000), OURS.pem, "more than"),
    ],
    ids=[
        "same number",
        "older",
        "no number",
        "another key",
        "another authority",
        "no authority",
        "no list",
        "too long",
    ],
)
def test_a_bad_list_is_told_and_the_good_one_stays(
    http: httpx.Client, put: Put, capsys: pytest.CaptureFixture[str], content: bytes, ca: bytes, words: str
):
    """Not newer, not signed, or no list at all: one sentence, status 1, and kiosks get what they got before."""
    good = OURS.revoked([0x77], 5)
    assert put(good) == 0
    assert put(content, ca) == 1
    assert words in capsys.readouterr().err
    assert http.get(PATH).content == good


def test_each_authority_keeps_a_list_of_its_own(
    http: httpx.Client, put: Put, capsys: pytest.CaptureFixture[str], tmp_path: Path
):
    """Another authority's list neither replaces the first one's nor lets an older one of it in; kiosks get both."""
    new = Operator("New")
    ours, theirs = OURS.revoked([0x77, 0x78], 5), new.revoked([], 1)
    assert put(ours) == put(theirs, new.pem) == 0
    assert put(OURS.revoked([0x77], 4)) == 1
    assert "not newer than number 5" in capsys.readouterr().err
    (tmp_path / "both.pem").write_bytes(OURS.pem + new.pem)
    staff = Technicians(tmp_path / "both.pem", tmp_path / "kept")
    assert http.get(PATH).content == ours + theirs
    assert staff.take(http.get(PATH).content, NOW) == ""
    newer = new.revoked([0x79], 2)
    assert put(newer, new.pem) == 0
    assert http.get(PATH).content == ours + newer


def test_a_file_that_is_not_there_is_told(fresh: RunningCentral, capsys: pytest.CaptureFixture[str]):
    """The sentence names the file."""
    assert main(["put-revocations", "/no/list", "--ca", "/no/ca", "--database", fresh.database]) == 1
    assert "/no/list" in capsys.readouterr().err


def test_only_kiosks_get_the_list(fresh: RunningCentral):
    """Without a token there is nothing to be had."""
    assert httpx.get(f"{fresh.url}{PATH}", trust_env=False).status_code == 401
