"""The command that makes cards, and the bench that writes what they are checked against."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from hardware.bench import main
from hardware.bench.bench import Bench
from hardware.card.sim_persons import PERSONS
from hardware.card.sim_profile import CardFaults, CardProfile, PaceOffer, TechnicianProfile, load_card


def made(tmp_path: Path, *options: str) -> CardProfile | TechnicianProfile:
    assert main(["card", "make", "--out", str(tmp_path / "card.json"), *options]) == 0
    return load_card(tmp_path / "card.json")


def test_without_options_it_is_the_first_citizen(tmp_path: Path):
    """A bare make is a copy to start from."""
    assert made(tmp_path) == PERSONS["aygun"]


def test_every_option_ends_up_in_the_file(tmp_path: Path):
    """What was asked for is what the card is."""
    words = (
        "--from leyla --name odd --access PACE,BAC --pace DH-IM:AES-256:2 --pace ECDH-CAM:AES-128:13 --can 999999 --form TD3 "
        "--groups 1,2,14 --photo jpeg2000 --active rsa-1024 --chip dh-1:3DES,AES-192 --signer rsa-pss --digest sha384 "
        "--max-read 2000 --fault slow --fault cloned_chip --fault silent_at=12 --set wrong_delay_ms=10"
    )
    card = made(tmp_path, *words.split())
    assert isinstance(card, CardProfile)
    assert (card.name, card.surname, card.can, card.form) == ("odd", PERSONS["leyla"].surname, "999999", "TD3")
    assert card.access == ("PACE", "BAC")
    assert card.pace == (
        PaceOffer(mapping="DH-IM", cipher="AES-256", parameter_id=2),
        PaceOffer(mapping="ECDH-CAM", cipher="AES-128", parameter_id=13),
    )
    assert (card.data_groups, card.photo, card.active) == ((1, 2, 14), "jpeg2000", "rsa-1024")
    assert (card.chip_curve, card.chip_ciphers) == ("dh-1", ("3DES", "AES-192"))
    assert (card.signer, card.digest, card.max_read, card.extended) == ("rsa-pss", "sha384", 2000, True)
    assert card.faults == CardFaults(slow_ms=60, cloned_chip=True, silent_at=12)
    assert card.wrong_delay_ms == 10


def test_a_technicians_card_can_be_made(tmp_path: Path):
    """PIN, role and a field of the technician's own are taken."""
    card = made(tmp_path, "--from", "technician", "--pin", "135791", "--role", "supervisor", "--set", "key=rsa-2048")
    assert isinstance(card, TechnicianProfile)
    assert (card.pin, card.role, card.key) == ("135791", "supervisor", "rsa-2048")


@pytest.mark.parametrize(
    "options",
    [
        "--from nobody",
        "--fault bent",
        "--fault bent=1",
        "--pace ECDH-GM:AES-128",
        "--pace ECDH-GM:AES-128:0",
        "--pin 123456",
        "--groups one",
        "--signer dsa",
        "--set colour=red",
        "--form TD2",
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(options: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """Exit status 2, a sentence on standard error, and no file."""
    extra = "--set personal_number=7ABC1D2XX" if options == "--form TD2" else ""
    with pytest.raises(SystemExit) as end:
        made(tmp_path, *options.split(), *extra.split())
    assert end.value.code == 2
    assert len(capsys.readouterr().err) > 20
    assert not (tmp_path / "card.json").exists()


def test_the_names_are_listed(capsys: pytest.CaptureFixture[str]):
    """List says who is there, and how to break a card."""
    assert main(["card", "list"]) == 0
    lines = capsys.readouterr().out.split()
    assert {"aygun", "rashid", "leyla", "technician", "NAME:tampered"} <= set(lines)


def test_trust_is_the_same_everywhere(tmp_path: Path, virtual_reader):
    """What the bench writes at its start and what the command writes are the same files, and OpenSSL can read each."""
    assert main(["card", "trust", "--out", str(tmp_path / "trust")]) == 0
    bench = Bench(tmp_path / "bench", reader=virtual_reader)
    bench.start()
    bench.stop()
    files = {file.name: file.read_bytes() for file in (tmp_path / "trust").iterdir()}
    assert {file.name: file.read_bytes() for file in bench.trust_folder.iterdir()} == files
    assert {"csca.der", "csca.crl", "csca-rsa.der", "operator.der"} <= set(files)
    for file in sorted((tmp_path / "trust").iterdir()):
        reading = {".der": ["x509"], ".crl": ["crl"], ".ml": ["cms", "-cmsout"]}[file.suffix]
        command = ["openssl", *reading, "-inform", "DER", "-noout", "-in", str(file)]
        assert subprocess.run(command, check=False, timeout=60).returncode == 0, file.name
